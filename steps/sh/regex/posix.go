// Package regex translates POSIX regular expressions (with GNU's additions)
// to Go's, and finds leftmost-longest matches as POSIX wants.
package regex

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// Options of one pattern.
type Options struct {
	Extended bool // ERE instead of BRE
	FoldCase bool
	Literal  bool // grep -F
	Perl     bool // grep -P, as far as RE2 goes
	// Multiline lets ^ and $ match at every line of the text.
	Multiline bool
}

// Compile translates and compiles a pattern. Patterns with back-references
// become a Backtracker-backed Regexp; all others run on Go's engine.
func Compile(pattern string, o Options) (*Regexp, error) {
	source, groups, err := Translate(pattern, o)
	if errors.Is(err, errBackReference) {
		return compileBacktracking(pattern, o)
	}
	if err != nil {
		return nil, err
	}
	re, err := regexp.Compile(source)
	if err != nil {
		return nil, fmt.Errorf("invalid regular expression: %s", pattern)
	}
	if !o.Perl {
		re.Longest()
	}
	return &Regexp{re: re, groups: groups}, nil
}

var errBackReference = errors.New("back-reference")

// Translate turns a POSIX pattern into Go syntax and counts its groups.
func Translate(pattern string, o Options) (source string, groups int, err error) {
	flags := "(?s"
	if o.FoldCase {
		flags += "i"
	}
	if o.Multiline {
		flags += "m"
	}
	flags += ")"
	switch {
	case o.Literal:
		return flags + regexp.QuoteMeta(pattern), 0, nil
	case o.Perl:
		return flags + pattern, strings.Count(pattern, "("), nil
	}
	t := translator{src: pattern, ere: o.Extended, start: true}
	if err := t.run(); err != nil {
		return "", 0, err
	}
	return flags + t.out.String(), t.groups, nil
}

// translator walks a pattern once; start means "an anchor or a literal * may stand here".
type translator struct {
	src    string
	pos    int
	ere    bool
	out    strings.Builder
	start  bool
	depth  int
	groups int
}

func (t *translator) run() error {
	for t.pos < len(t.src) {
		c := t.src[t.pos]
		t.pos++
		var err error
		switch {
		case c == '\\':
			err = t.escape()
		case c == '[':
			err = t.bracket()
		case c == '.':
			t.atom(".")
		case c == '*':
			if t.start {
				t.literal('*')
			} else {
				t.repeat("*")
			}
		case c == '^':
			t.caret()
		case c == '$':
			t.dollar()
		case t.ere && strings.IndexByte("+?", c) >= 0:
			if t.start {
				t.literal(c)
			} else {
				t.repeat(string(c))
			}
		case t.ere && c == '(':
			t.open()
		case t.ere && c == ')':
			if t.depth == 0 {
				return errors.New("Unmatched ) or \\)")
			}
			t.close()
		case t.ere && c == '|':
			t.alternative()
		case t.ere && c == '{':
			err = t.interval("}")
		default:
			t.literal(c)
		}
		if err != nil {
			return err
		}
	}
	if t.depth > 0 {
		return errors.New("Unmatched ( or \\(")
	}
	return nil
}

func (t *translator) literal(c byte) {
	if strings.IndexByte(`\.+*?()|[]{}^$`, c) >= 0 {
		t.out.WriteByte('\\')
	}
	t.out.WriteByte(c)
	t.start = false
}

func (t *translator) atom(text string) {
	t.out.WriteString(text)
	t.start = false
}

// repeat drops what Go calls a bad repetition, such as `a**`.
func (t *translator) repeat(op string) {
	s := t.out.String()
	if n := len(s); n > 0 && strings.IndexByte("*+?", s[n-1]) >= 0 && (n < 2 || s[n-2] != '\\') {
		if s[n-1] == op[0] {
			return
		}
		if op == "*" || s[n-1] == '*' {
			t.out.Reset()
			t.out.WriteString(s[:n-1] + "*")
			return
		}
	}
	t.out.WriteString(op)
}

func (t *translator) open() {
	t.out.WriteByte('(')
	t.depth++
	t.groups++
	t.start = true
}

func (t *translator) close() {
	t.out.WriteByte(')')
	t.depth--
	t.start = false
}

func (t *translator) alternative() {
	t.out.WriteByte('|')
	t.start = true
}

// caret is an anchor everywhere in an ERE, but only at a beginning in a BRE.
func (t *translator) caret() {
	if t.ere || t.start {
		t.out.WriteByte('^')
		t.start = true
		return
	}
	t.literal('^')
}

func (t *translator) dollar() {
	rest := t.src[t.pos:]
	if t.ere || rest == "" || strings.HasPrefix(rest, `\)`) || strings.HasPrefix(rest, `\|`) || strings.HasPrefix(rest, "\n") {
		t.out.WriteByte('$')
		return
	}
	t.literal('$')
}

func (t *translator) escape() error {
	if t.pos == len(t.src) {
		return errors.New("Trailing backslash")
	}
	c := t.src[t.pos]
	t.pos++
	switch {
	case !t.ere && c == '(':
		t.open()
	case !t.ere && c == ')':
		if t.depth == 0 {
			return errors.New("Unmatched ) or \\)")
		}
		t.close()
	case !t.ere && c == '{':
		return t.interval(`\}`)
	case !t.ere && c == '|':
		t.alternative()
	case !t.ere && (c == '+' || c == '?'):
		if t.start {
			t.literal(c)
		} else {
			t.repeat(string(c))
		}
	case c >= '1' && c <= '9':
		return errBackReference
	case c == '<':
		t.atom(`\b`)
		t.start = true
	case c == '>':
		t.atom(`\b`)
	case strings.IndexByte("bBwWsS", c) >= 0:
		t.atom(`\` + string(c))
	case c == '`':
		t.atom(`\A`)
		t.start = true
	case c == '\'':
		t.atom(`\z`)
	case c == 'n':
		t.atom(`\n`)
	case c == 't':
		t.atom(`\t`)
	default:
		t.literal(c)
	}
	return nil
}

func (t *translator) interval(end string) error {
	n := strings.Index(t.src[t.pos:], end)
	if n < 0 || strings.Trim(t.src[t.pos:t.pos+max(n, 0)], "0123456789,") != "" || n == 0 {
		if t.ere {
			t.literal('{')
			return nil
		}
		return errors.New("Unmatched { or \\{")
	}
	if t.start {
		if t.ere {
			t.literal('{')
			return nil
		}
		return errors.New("Invalid preceding regular expression")
	}
	bounds := t.src[t.pos : t.pos+n]
	t.pos += n + len(end)
	if strings.HasPrefix(bounds, ",") {
		bounds = "0" + bounds
	}
	t.out.WriteString("{" + bounds + "}")
	return nil
}

// bracket copies a [...] expression; in POSIX a backslash is no escape there.
func (t *translator) bracket() error {
	end := bracketEnd(t.src, t.pos)
	if end < 0 {
		return errors.New("Unmatched [, [^, [:, [., or [=")
	}
	body := t.src[t.pos:end]
	t.pos = end + 1
	t.out.WriteByte('[')
	if strings.HasPrefix(body, "^") {
		t.out.WriteByte('^')
		body = body[1:]
	}
	for i := 0; i < len(body); i++ {
		switch c := body[i]; {
		case c == '[' && i+1 < len(body) && strings.IndexByte(":.=", body[i+1]) >= 0:
			close := strings.Index(body[i+2:], string(body[i+1])+"]")
			if close < 0 {
				return errors.New("Unmatched [, [^, [:, [., or [=")
			}
			name := body[i+2 : i+2+close]
			if body[i+1] == ':' {
				if !strings.Contains(" alpha digit alnum upper lower space blank punct print graph cntrl xdigit ", " "+name+" ") {
					return errors.New("Invalid character class name")
				}
				t.out.WriteString("[:" + name + ":]")
			} else {
				t.out.WriteString(regexp.QuoteMeta(name))
			}
			i += close + 3
		case c == '\\' && i+1 < len(body) && (body[i+1] == 'n' || body[i+1] == 't'):
			// GNU sed and awk read these two as control characters
			t.out.WriteString(body[i : i+2])
			i++
		case strings.IndexByte(`\[]^&~`, c) >= 0:
			t.out.WriteString(`\` + string(c))
		case c == '-' && (i == 0 || i == len(body)-1):
			t.out.WriteString(`\-`)
		default:
			t.out.WriteByte(c)
		}
	}
	t.out.WriteByte(']')
	t.start = false
	return nil
}

// bracketEnd finds the closing bracket of an expression whose body starts at pos.
func bracketEnd(src string, pos int) int {
	i := pos
	if i < len(src) && src[i] == '^' {
		i++
	}
	if i < len(src) && src[i] == ']' {
		i++
	}
	for ; i < len(src); i++ {
		switch {
		case src[i] == ']':
			return i
		case src[i] == '[' && i+1 < len(src) && strings.IndexByte(":.=", src[i+1]) >= 0:
			if close := strings.Index(src[i+2:], string(src[i+1])+"]"); close >= 0 {
				i += close + 3
			}
		}
	}
	return -1
}
