// Package sed parses and runs sed scripts.
package sed

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"wasi-runner/steps/sh/regex"
)

type addressKind int

const (
	none addressKind = iota
	line
	last
	pattern
	step   // first~step
	offset // +N, second address only
	align  // ~N, second address only
	zero   // 0,/re/
)

type address struct {
	kind  addressKind
	n     int
	step  int
	regex *regex.Regexp // nil: the last one used
}

// command is one parsed command; blocks are jumps to the index after `}`.
type command struct {
	first, second address
	negated       bool
	name          byte
	text          string // a, i, c, y source, label, file name
	number        int    // q, l
	target        int    // b, t, T, {
	regex         *regex.Regexp
	replacement   []piece
	flags         substitution
	mapping       map[rune]rune // y

	// state of a range while it runs
	active  bool
	endLine int
}

// substitution holds the flags of s.
type substitution struct {
	global bool
	print  bool
	number int
	file   string
	exec   bool
}

// piece is literal text, a group, or a case conversion of the replacement.
type piece struct {
	text  string
	group int  // -1: none
	mode  byte // U L E u l
}

// Script is a parsed program.
type Script struct {
	commands []*command
	labels   map[string]int
	quiet    bool // `#n` on the first line
}

type parser struct {
	src      string
	pos      int
	extended bool
	zero     bool
	script   *Script
	blocks   []int
}

// Parse reads a script; extended is -E.
func Parse(text string, extended, zeroEnds bool) (*Script, error) {
	p := &parser{src: text, extended: extended, zero: zeroEnds, script: &Script{labels: map[string]int{}}}
	if strings.HasPrefix(text, "#n\n") || text == "#n" {
		p.script.quiet = true
	}
	for {
		p.skip(" \t\n;")
		if p.pos >= len(p.src) {
			break
		}
		if p.src[p.pos] == '#' {
			p.untilLineEnd()
			continue
		}
		if err := p.command(); err != nil {
			return nil, fmt.Errorf("-e expression #1, char %d: %w", p.pos, err)
		}
	}
	if len(p.blocks) > 0 {
		return nil, errors.New("-e expression #1, char 0: unmatched `{'")
	}
	for _, cmd := range p.script.commands {
		if strings.IndexByte("btT", cmd.name) < 0 {
			continue
		}
		cmd.target = len(p.script.commands)
		if cmd.text != "" {
			target, ok := p.script.labels[cmd.text]
			if !ok {
				return nil, fmt.Errorf("-e expression #1, char %d: can't find label for jump to `%s'", len(text), cmd.text)
			}
			cmd.target = target
		}
	}
	return p.script, nil
}

func (p *parser) skip(set string) {
	for p.pos < len(p.src) && strings.IndexByte(set, p.src[p.pos]) >= 0 {
		p.pos++
	}
}

func (p *parser) peek() byte {
	if p.pos < len(p.src) {
		return p.src[p.pos]
	}
	return 0
}

func (p *parser) untilLineEnd() string {
	end := strings.IndexByte(p.src[p.pos:], '\n')
	if end < 0 {
		end = len(p.src) - p.pos
	}
	text := p.src[p.pos : p.pos+end]
	p.pos += end
	return text
}

func (p *parser) command() error {
	cmd := &command{}
	var err error
	if cmd.first, err = p.address(false); err != nil {
		return err
	}
	p.skip(" \t")
	if cmd.first.kind != none && p.peek() == ',' {
		p.pos++
		p.skip(" \t")
		if cmd.second, err = p.address(true); err != nil {
			return err
		}
		if cmd.second.kind == none {
			return errors.New("unexpected `,'")
		}
	}
	if cmd.first.kind == line && cmd.first.n == 0 {
		if cmd.second.kind != pattern {
			return errors.New("invalid usage of line address 0")
		}
		cmd.first.kind = zero
	}
	p.skip(" \t")
	for p.peek() == '!' {
		cmd.negated = true
		p.pos++
		p.skip(" \t")
	}
	if p.pos >= len(p.src) {
		return errors.New("missing command")
	}
	cmd.name = p.src[p.pos]
	p.pos++
	return p.body(cmd)
}

func (p *parser) address(second bool) (address, error) {
	number := func() int {
		start := p.pos
		for p.pos < len(p.src) && p.src[p.pos] >= '0' && p.src[p.pos] <= '9' {
			p.pos++
		}
		n, _ := strconv.Atoi(p.src[start:p.pos])
		return n
	}
	switch c := p.peek(); {
	case c >= '0' && c <= '9':
		a := address{kind: line, n: number()}
		if p.peek() == '~' {
			p.pos++
			a.kind, a.step = step, number()
		}
		return a, nil
	case c == '$':
		p.pos++
		return address{kind: last}, nil
	case c == '+' && second:
		p.pos++
		return address{kind: offset, n: number()}, nil
	case c == '~' && second:
		p.pos++
		return address{kind: align, n: number()}, nil
	case c == '/' || c == '\\':
		p.pos++
		delim := c
		if c == '\\' {
			delim = p.peek()
			p.pos++
		}
		text, ok := p.delimited(delim, true)
		if !ok {
			return address{}, errors.New("unterminated address regex")
		}
		options := regex.Options{Extended: p.extended}
		for p.peek() == 'I' || p.peek() == 'M' {
			options.FoldCase = options.FoldCase || p.peek() == 'I'
			options.Multiline = options.Multiline || p.peek() == 'M'
			p.pos++
		}
		re, err := p.compile(text, options)
		return address{kind: pattern, regex: re}, err
	}
	return address{}, nil
}

func (p *parser) compile(text string, o regex.Options) (*regex.Regexp, error) {
	if text == "" {
		return nil, nil
	}
	return regex.Compile(text, o)
}

// delimited reads up to an unescaped delimiter; in a regex brackets hide it.
func (p *parser) delimited(delim byte, isRegex bool) (string, bool) {
	var sb strings.Builder
	for p.pos < len(p.src) {
		c := p.src[p.pos]
		switch {
		case c == delim:
			p.pos++
			return sb.String(), true
		case c == '\\' && p.pos+1 < len(p.src):
			next := p.src[p.pos+1]
			p.pos += 2
			switch {
			case next == delim && isRegex && strings.IndexByte("|+?(){}", next) < 0:
				if strings.IndexByte(".*[]^$", next) >= 0 {
					sb.WriteByte('\\')
				}
				sb.WriteByte(next)
			case next == delim && isRegex: // `s|a\|b|…|` means a literal bar
				if p.extended {
					sb.WriteByte('\\')
				}
				sb.WriteByte(next)
			case next == delim:
				sb.WriteByte(next)
			case next == '\n' && isRegex:
				sb.WriteString("\n")
			case isRegex && strings.IndexByte("rfva", next) >= 0:
				sb.WriteByte("\r\f\v\a"[strings.IndexByte("rfva", next)])
			case isRegex && next == 'x':
				p.hexadecimal(&sb)
			default:
				sb.WriteByte('\\')
				sb.WriteByte(next)
			}
			continue
		case c == '[' && isRegex:
			if end := bracketLength(p.src[p.pos:]); end > 0 {
				sb.WriteString(controls.Replace(p.src[p.pos : p.pos+end]))
				p.pos += end
				continue
			}
		case c == '\n' && isRegex:
			return "", false
		}
		sb.WriteByte(c)
		p.pos++
	}
	return "", false
}

// controls are escapes that a bracket expression of sed knows, POSIX's does not.
var controls = strings.NewReplacer(`\r`, "\r", `\f`, "\f", `\v`, "\v")

// hexadecimal reads the digits of `\xHH`; what they make is no operator.
func (p *parser) hexadecimal(sb *strings.Builder) {
	end := p.pos
	for end < len(p.src) && end < p.pos+2 && strings.IndexByte("0123456789abcdefABCDEF", p.src[end]) >= 0 {
		end++
	}
	n, err := strconv.ParseUint(p.src[p.pos:end], 16, 8)
	if err != nil {
		sb.WriteString("x")
		return
	}
	p.pos = end
	if strings.IndexByte(`.*[]^$\`, byte(n)) >= 0 {
		sb.WriteByte('\\')
	}
	sb.WriteByte(byte(n))
}

func bracketLength(s string) int {
	i := 1
	if i < len(s) && s[i] == '^' {
		i++
	}
	if i < len(s) && s[i] == ']' {
		i++
	}
	for ; i < len(s) && s[i] != '\n'; i++ {
		if s[i] == ']' {
			return i + 1
		}
		if strings.HasPrefix(s[i:], "[:") {
			if end := strings.Index(s[i:], ":]"); end > 0 {
				i += end + 1
			}
		}
	}
	return 0
}
