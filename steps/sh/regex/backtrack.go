package regex

import (
	"bytes"
	"errors"
	"regexp"
	"strconv"
	"strings"
)

// backtracker matches patterns with back-references, which RE2 cannot. Every
// piece between references stays a Go regexp; this engine only walks the tree.
type backtracker struct {
	root   node
	groups int
	fold   bool
}

// errTooManySteps ends a search that explodes.
const maxSteps = 2_000_000

type matcher struct {
	text  []byte
	caps  []int
	fold  bool
	steps int
}

// node tries to match at pos and calls next with every place it can end at.
type node func(m *matcher, pos int, next func(pos int) bool) bool

func compileBacktracking(pattern string, o Options) (*Regexp, error) {
	p := &backParser{t: translator{src: pattern, ere: o.Extended}, o: o}
	root, err := p.alternatives()
	if err != nil {
		return nil, err
	}
	if p.t.pos < len(pattern) {
		return nil, errors.New("Unmatched ) or \\)")
	}
	return &Regexp{back: &backtracker{root: root, groups: p.groups, fold: o.FoldCase}, groups: p.groups}, nil
}

func (b *backtracker) find(text []byte, from int) []int {
	for start := from; start <= len(text); start++ {
		m := &matcher{text: text, caps: make([]int, 2*(b.groups+1)), fold: b.fold}
		for i := range m.caps {
			m.caps[i] = -1
		}
		var best []int
		b.root(m, start, func(end int) bool {
			if best == nil || end > best[1] {
				best = append([]int{start, end}, m.caps[2:]...)
			}
			return end == len(text) || m.steps > maxSteps
		})
		if best != nil {
			return best
		}
	}
	return nil
}

type backParser struct {
	t      translator
	o      Options
	groups int
}

func (p *backParser) rest() string { return p.t.src[p.t.pos:] }

func (p *backParser) take(bre, ere string) bool {
	want := bre
	if p.t.ere {
		want = ere
	}
	if want == "" || !strings.HasPrefix(p.rest(), want) {
		return false
	}
	p.t.pos += len(want)
	return true
}

func (p *backParser) alternatives() (node, error) {
	var options []node
	for {
		seq, err := p.sequence()
		if err != nil {
			return nil, err
		}
		options = append(options, seq)
		if !p.take(`\|`, "|") {
			break
		}
	}
	if len(options) == 1 {
		return options[0], nil
	}
	return func(m *matcher, pos int, next func(int) bool) bool {
		for _, option := range options {
			if option(m, pos, next) {
				return true
			}
		}
		return false
	}, nil
}

func (p *backParser) sequence() (node, error) {
	var items []node
	for p.rest() != "" {
		rest := p.rest()
		if p.t.ere && (rest[0] == '|' || rest[0] == ')') || !p.t.ere && (strings.HasPrefix(rest, `\|`) || strings.HasPrefix(rest, `\)`)) {
			break
		}
		item, err := p.atom(len(items) == 0)
		if err != nil {
			return nil, err
		}
		if item, err = p.repetition(item); err != nil {
			return nil, err
		}
		items = append(items, item)
	}
	return concatenate(items), nil
}

func concatenate(items []node) node {
	if len(items) == 0 {
		return func(_ *matcher, pos int, next func(int) bool) bool { return next(pos) }
	}
	head, tail := items[0], concatenate(items[1:])
	if len(items) == 1 {
		return head
	}
	return func(m *matcher, pos int, next func(int) bool) bool {
		return head(m, pos, func(mid int) bool { return tail(m, mid, next) })
	}
}

func (p *backParser) atom(first bool) (node, error) {
	if p.take(`\(`, "(") {
		p.groups++
		group := p.groups
		inner, err := p.alternatives()
		if err != nil {
			return nil, err
		}
		if !p.take(`\)`, ")") {
			return nil, errors.New("Unmatched ( or \\(")
		}
		return capture(inner, group), nil
	}
	rest := p.rest()
	if len(rest) > 1 && rest[0] == '\\' && rest[1] >= '1' && rest[1] <= '9' {
		p.t.pos += 2
		group := int(rest[1] - '0')
		if group > p.groups {
			return nil, errors.New("Invalid back reference")
		}
		return reference(group), nil
	}
	return p.single(first)
}

// single takes one character, bracket expression or anchor.
func (p *backParser) single(first bool) (node, error) {
	rest := p.rest()
	n := 1
	switch {
	case rest[0] == '\\':
		if len(rest) == 1 {
			return nil, errors.New("Trailing backslash")
		}
		n = 2
	case rest[0] == '[':
		end := bracketEnd(rest, 1)
		if end < 0 {
			return nil, errors.New("Unmatched [")
		}
		n = end + 1
	case rest[0] >= 0x80:
		for n < len(rest) && rest[n]&0xC0 == 0x80 {
			n++
		}
	}
	p.t.pos += n
	t := translator{src: rest[:n], ere: p.t.ere, start: first}
	if rest[0] == '$' && !p.t.ere && p.rest() != "" && !strings.HasPrefix(p.rest(), `\)`) && !strings.HasPrefix(p.rest(), `\|`) {
		t.src = `\$`
	}
	if err := t.run(); err != nil {
		return nil, err
	}
	flags := "(?s"
	if p.o.FoldCase {
		flags += "i"
	}
	if p.o.Multiline {
		flags += "m"
	}
	source := t.out.String()
	switch source {
	case "^", "$", `\b`, `\B`, `\A`, `\z`:
		re, err := regexp.Compile(flags + ")" + source)
		if err != nil {
			return nil, err
		}
		return assertion(re), nil
	}
	re, err := regexp.Compile(flags + `)\A` + source)
	if err != nil {
		return nil, err
	}
	return func(m *matcher, pos int, next func(int) bool) bool {
		m.steps++
		loc := re.FindIndex(m.text[pos:min(len(m.text), pos+4)])
		return loc != nil && m.steps <= maxSteps && next(pos+loc[1])
	}, nil
}

func assertion(re *regexp.Regexp) node {
	return func(m *matcher, pos int, next func(int) bool) bool {
		for _, loc := range re.FindAllIndex(m.text, -1) {
			if loc[0] == pos {
				return next(pos)
			}
		}
		return false
	}
}

func capture(inner node, group int) node {
	return func(m *matcher, pos int, next func(int) bool) bool {
		return inner(m, pos, func(end int) bool {
			oldStart, oldEnd := m.caps[2*group], m.caps[2*group+1]
			m.caps[2*group], m.caps[2*group+1] = pos, end
			if next(end) {
				return true
			}
			m.caps[2*group], m.caps[2*group+1] = oldStart, oldEnd
			return false
		})
	}
}

func reference(group int) node {
	return func(m *matcher, pos int, next func(int) bool) bool {
		if m.caps[2*group] < 0 {
			return false
		}
		want := m.text[m.caps[2*group]:m.caps[2*group+1]]
		have := m.text[pos:min(len(m.text), pos+len(want))]
		if bytes.Equal(want, have) || m.fold && bytes.EqualFold(want, have) {
			return next(pos + len(want))
		}
		return false
	}
}

func (p *backParser) repetition(item node) (node, error) {
	for {
		least, most := 1, 1
		switch {
		case p.take("*", "*"):
			least, most = 0, -1
		case p.take(`\+`, "+"):
			least, most = 1, -1
		case p.take(`\?`, "?"):
			least, most = 0, 1
		case p.take(`\{`, "{"):
			var err error
			if least, most, err = p.bounds(); err != nil {
				return nil, err
			}
		default:
			return item, nil
		}
		item = repeat(item, least, most)
	}
}

func (p *backParser) bounds() (least, most int, err error) {
	end := `\}`
	if p.t.ere {
		end = "}"
	}
	n := strings.Index(p.rest(), end)
	if n < 0 {
		return 0, 0, errors.New("Unmatched { or \\{")
	}
	low, high, comma := strings.Cut(p.rest()[:n], ",")
	p.t.pos += n + len(end)
	least, _ = strconv.Atoi(low)
	most = least
	if comma {
		most = -1
		if high != "" {
			most, err = strconv.Atoi(high)
		}
	}
	return least, most, err
}

func repeat(item node, least, most int) node {
	var step func(m *matcher, pos, count int, next func(int) bool) bool
	step = func(m *matcher, pos, count int, next func(int) bool) bool {
		if most < 0 || count < most {
			if item(m, pos, func(end int) bool {
				return (end > pos || count < least) && step(m, end, count+1, next)
			}) {
				return true
			}
		}
		return count >= least && next(pos)
	}
	return func(m *matcher, pos int, next func(int) bool) bool { return step(m, pos, 0, next) }
}
