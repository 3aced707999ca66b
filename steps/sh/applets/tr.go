package applets

import (
	"bufio"
	"strconv"
	"strings"
	"unicode/utf8"
)

// translator is one call of tr.
type translator struct {
	delete, squeeze, complement bool
	first                       map[rune]bool
	mapping                     map[rune]rune
	second                      []rune
	squeezed                    map[rune]bool
}

func tr(c *Context) int {
	o, ok := c.parse("+ d,delete s,squeeze-repeats c,complement C t,truncate-set1")
	if !ok {
		return 1
	}
	if len(o.args) == 0 || len(o.args) == 1 && !o.has("d") && !o.has("s") {
		c.Errorf("missing operand")
		return 1
	}
	t := newTranslator(o)
	reader := bufio.NewReader(flushing{c.Stdin, c})
	last, hasLast := rune(0), false
	for {
		r, size, err := reader.ReadRune()
		if err != nil {
			return 0
		}
		raw := r == utf8.RuneError && size == 1
		if raw {
			reader.UnreadRune()
			b, _ := reader.ReadByte()
			r = rune(b)
		}
		to, keep := t.translate(r)
		if !keep || t.squeeze && hasLast && to == last && t.squeezes(to) {
			continue
		}
		last, hasLast = to, true
		if raw && to == r {
			c.Write([]byte{byte(r)})
		} else {
			c.Puts(string(to))
		}
	}
}

func newTranslator(o *options) *translator {
	t := &translator{delete: o.has("d"), squeeze: o.has("s"), complement: o.has("c") || o.has("C")}
	first := expandSet(o.args[0], 0)
	if t.complement {
		first = complementSet(first)
	}
	t.first = runeSet(first)
	t.squeezed = t.first
	if len(o.args) > 1 {
		t.second = expandSet(o.args[1], len(first))
		t.squeezed = runeSet(t.second)
	}
	t.mapping = map[rune]rune{}
	for i, r := range first {
		if t.delete || len(t.second) == 0 || i >= len(t.second) && o.has("t") {
			break
		}
		t.mapping[r] = t.second[min(i, len(t.second)-1)]
	}
	return t
}

// translate gives what stands for r, or says that it is deleted.
func (t *translator) translate(r rune) (to rune, keep bool) {
	beyond := t.complement && r > 255
	switch {
	case t.delete:
		return r, !t.first[r] && !beyond
	case len(t.second) == 0:
		return r, true
	case beyond:
		return t.second[len(t.second)-1], true
	}
	if to, ok := t.mapping[r]; ok {
		return to, true
	}
	return r, true
}

func (t *translator) squeezes(r rune) bool {
	return t.squeezed[r] || t.complement && len(t.second) == 0 && r > 255
}

func runeSet(list []rune) map[rune]bool {
	set := make(map[rune]bool, len(list))
	for _, r := range list {
		set[r] = true
	}
	return set
}

func complementSet(list []rune) []rune {
	in := runeSet(list)
	var out []rune
	for r := rune(0); r < 256; r++ {
		if !in[r] {
			out = append(out, r)
		}
	}
	return out
}

var trClasses = [...]struct{ name, members string }{
	{"digit", "0-9"}, {"lower", "a-z"}, {"upper", "A-Z"}, {"alpha", "A-Za-z"}, {"alnum", "0-9A-Za-z"},
	{"space", `\t\n\v\f\r `}, {"blank", `\t `}, {"punct", "!-/:-@[-`{-~"}, {"xdigit", "0-9A-Fa-f"},
	{"cntrl", `\000-\037\177`}, {"print", " -~"}, {"graph", "!-~"},
}

// expandSet lists the characters of a tr set; fill is the length `[c*]` stretches to.
func expandSet(set string, fill int) []rune {
	var out []rune
	text := []rune(set)
	for i := 0; i < len(text); {
		if text[i] == '[' && i+1 < len(text) && (text[i+1] == ':' || text[i+1] == '=') {
			if end := strings.Index(string(text[i:]), string(text[i+1])+"]"); end > 0 {
				name := string(text[i:])[2:end]
				if text[i+1] == '=' {
					out = append(out, []rune(name)...)
				} else {
					for _, class := range trClasses {
						if class.name == name {
							out = append(out, expandSet(class.members, 0)...)
						}
					}
				}
				i += len([]rune(string(text[i:])[:end])) + 2
				continue
			}
		}
		if text[i] == '[' && i+2 < len(text) && text[i+2] == '*' {
			if end := strings.IndexRune(string(text[i:]), ']'); end > 0 {
				n, err := strconv.Atoi(string(text[i+3 : i+end]))
				if err != nil || n == 0 {
					n = max(0, fill-len(out))
				}
				for range n {
					out = append(out, text[i+1])
				}
				i += end + 1
				continue
			}
		}
		r, n := trEscape(text[i:])
		i += n
		if i+1 < len(text) && text[i] == '-' {
			to, n := trEscape(text[i+1:])
			i += 1 + n
			for ; r <= to; r++ {
				out = append(out, r)
			}
			continue
		}
		out = append(out, r)
	}
	return out
}

func trEscape(text []rune) (r rune, n int) {
	if text[0] != '\\' || len(text) < 2 {
		return text[0], 1
	}
	if i := strings.IndexRune(`abfnrtv\`, text[1]); i >= 0 {
		return rune("\a\b\f\n\r\t\v\\"[i]), 2
	}
	if text[1] >= '0' && text[1] <= '7' {
		n = 1
		for n < len(text) && n < 4 && text[n] >= '0' && text[n] <= '7' {
			r = r*8 + text[n] - '0'
			n++
		}
		return r, n
	}
	return text[1], 2
}
