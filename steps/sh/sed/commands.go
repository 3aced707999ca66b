package sed

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"wasi-runner/steps/sh/regex"
)

// body reads what follows a command's letter.
func (p *parser) body(cmd *command) error {
	index := len(p.script.commands)
	switch cmd.name {
	case '{':
		p.blocks = append(p.blocks, index)
		p.script.commands = append(p.script.commands, cmd)
		return nil
	case '}':
		if len(p.blocks) == 0 {
			return errors.New("unexpected `}'")
		}
		if cmd.first.kind != none {
			return errors.New("} doesn't want any addresses")
		}
		open := p.blocks[len(p.blocks)-1]
		p.blocks = p.blocks[:len(p.blocks)-1]
		p.script.commands[open].target = index
		return p.end()
	case ':':
		p.skip(" \t")
		label := strings.TrimRight(p.word(false), " \t")
		if label == "" {
			return errors.New("\":\" lacks a label")
		}
		p.script.labels[label] = index
		return nil
	case 'a', 'i', 'c':
		p.text(cmd)
		p.script.commands = append(p.script.commands, cmd)
		return nil
	case 'b', 't', 'T':
		p.skip(" \t")
		cmd.text = strings.TrimRight(p.word(true), " \t")
	case 'r', 'R', 'w', 'W':
		p.skip(" \t")
		if cmd.text = p.untilLineEnd(); cmd.text == "" {
			return errors.New("missing filename in r/R/w/W commands")
		}
	case 's':
		if err := p.substitute(cmd); err != nil {
			return err
		}
	case 'y':
		if err := p.transliterate(cmd); err != nil {
			return err
		}
	case 'q', 'Q', 'l', 'L':
		p.skip(" \t")
		start := p.pos
		for p.peek() >= '0' && p.peek() <= '9' {
			p.pos++
		}
		cmd.number, _ = strconv.Atoi(p.src[start:p.pos])
	case '=', 'd', 'D', 'g', 'G', 'h', 'H', 'n', 'N', 'p', 'P', 'x', 'z', 'F':
	default:
		return fmt.Errorf("unknown command: `%c'", cmd.name)
	}
	p.script.commands = append(p.script.commands, cmd)
	return p.end()
}

// end checks that nothing but a separator follows.
func (p *parser) end() error {
	p.skip(" \t")
	switch p.peek() {
	case 0, '\n', ';', '}', '#':
		return nil
	}
	return errors.New("extra characters after command")
}

// word reads a label; semicolons end it, in `b` and `t` also a closing brace.
func (p *parser) word(isJump bool) string {
	stop := "\n;"
	if isJump {
		stop += "}"
	}
	end := strings.IndexAny(p.src[p.pos:], stop)
	if end < 0 {
		end = len(p.src) - p.pos
	}
	text := p.src[p.pos : p.pos+end]
	p.pos += end
	return text
}

// text reads `a\` + lines, or GNU's one-line `a text`.
func (p *parser) text(cmd *command) {
	p.skip(" \t")
	if p.peek() == '\\' {
		p.pos++
		rest := p.pos
		p.skip(" \t")
		if p.peek() == '\n' {
			p.pos++
		} else {
			p.pos = rest
			p.skip(" \t")
		}
		if p.peek() == '\\' {
			p.pos++ // keeps leading blanks
		}
	}
	var sb strings.Builder
	for p.pos < len(p.src) {
		c := p.src[p.pos]
		p.pos++
		if c == '\n' {
			break
		}
		if c == '\\' && p.pos < len(p.src) {
			c = p.src[p.pos]
			p.pos++
			if c == 't' {
				c = '\t'
			}
		}
		sb.WriteByte(c)
	}
	cmd.text = sb.String() + "\n"
}

func (p *parser) substitute(cmd *command) error {
	delim := p.peek()
	p.pos++
	source, ok := p.delimited(delim, true)
	if !ok {
		return errors.New("unterminated `s' command")
	}
	replacement, ok := p.delimitedReplacement(delim)
	if !ok {
		return errors.New("unterminated `s' command")
	}
	options := regex.Options{Extended: p.extended}
	for {
		switch c := p.peek(); {
		case c == 'g':
			cmd.flags.global = true
		case c == 'p':
			cmd.flags.print = true
		case c == 'i' || c == 'I':
			options.FoldCase = true
		case c == 'm' || c == 'M':
			options.Multiline = true
		case c >= '1' && c <= '9':
			start := p.pos
			for p.peek() >= '0' && p.peek() <= '9' {
				p.pos++
			}
			cmd.flags.number, _ = strconv.Atoi(p.src[start:p.pos])
			p.pos--
		case c == 'e':
			return errors.New("the e flag is not supported: no process can be started in the sandbox")
		case c == 'w':
			p.pos++
			p.skip(" \t")
			cmd.flags.file = p.untilLineEnd()
			p.pos--
		default:
			re, err := p.compile(source, options)
			if err != nil {
				return err
			}
			cmd.regex = re
			cmd.replacement, err = parseReplacement(replacement, re)
			return err
		}
		p.pos++
	}
}

// delimitedReplacement keeps escapes for parseReplacement, but frees the delimiter.
func (p *parser) delimitedReplacement(delim byte) (string, bool) {
	var sb strings.Builder
	for p.pos < len(p.src) {
		c := p.src[p.pos]
		p.pos++
		if c == delim {
			return sb.String(), true
		}
		if c == '\\' && p.pos < len(p.src) {
			next := p.src[p.pos]
			p.pos++
			if next != delim || next == '&' || next >= '0' && next <= '9' {
				sb.WriteByte('\\')
			}
			sb.WriteByte(next)
			continue
		}
		sb.WriteByte(c)
	}
	return "", false
}

func parseReplacement(text string, re *regex.Regexp) ([]piece, error) {
	var pieces []piece
	var literal strings.Builder
	flush := func() {
		if literal.Len() > 0 {
			pieces = append(pieces, piece{text: literal.String(), group: -1})
			literal.Reset()
		}
	}
	for i := 0; i < len(text); i++ {
		c := text[i]
		if c == '&' {
			flush()
			pieces = append(pieces, piece{group: 0})
			continue
		}
		if c != '\\' || i+1 == len(text) {
			literal.WriteByte(c)
			continue
		}
		i++
		switch c = text[i]; {
		case c >= '0' && c <= '9':
			if re != nil && int(c-'0') > re.Groups() {
				return nil, fmt.Errorf("invalid reference \\%c on `s' command's RHS", c)
			}
			flush()
			pieces = append(pieces, piece{group: int(c - '0')})
		case strings.IndexByte("ULEul", c) >= 0:
			flush()
			pieces = append(pieces, piece{group: -1, mode: c})
		default:
			if j := strings.IndexByte("ntrafv", c); j >= 0 {
				c = "\n\t\r\a\f\v"[j]
			}
			literal.WriteByte(c)
		}
	}
	flush()
	return pieces, nil
}

func (p *parser) transliterate(cmd *command) error {
	delim := p.peek()
	p.pos++
	from, ok1 := p.delimited(delim, false)
	to, ok2 := p.delimited(delim, false)
	if !ok1 || !ok2 {
		return errors.New("unterminated `y' command")
	}
	source, target := transliterationSet(from), transliterationSet(to)
	if len(source) != len(target) {
		return errors.New("strings for `y' command are different lengths")
	}
	cmd.mapping = map[rune]rune{}
	for i, r := range source {
		cmd.mapping[r] = target[i]
	}
	return nil
}

func transliterationSet(text string) []rune {
	var set []rune
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		i += n
		if r == '\\' && i < len(text) {
			switch text[i] {
			case 'n':
				r = '\n'
			case 't':
				r = '\t'
			default:
				r = rune(text[i])
			}
			i++
		}
		set = append(set, r)
	}
	return set
}
