package sed

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

func (m *Machine) substitute(cmd *command) error {
	re := cmd.regex
	if re == nil {
		re = m.last
	}
	if re == nil {
		return fmt.Errorf("no previous regular expression")
	}
	m.last = re
	var out []byte
	from, count, done := 0, 0, false
	re.All(m.space, func(loc []int) bool {
		count++
		if cmd.flags.number > 0 && count < cmd.flags.number {
			return true
		}
		out = append(out, m.space[from:loc[0]]...)
		out = m.expand(out, cmd.replacement, loc)
		from, done = loc[1], true
		return cmd.flags.global
	})
	if !done {
		return nil
	}
	m.space = append(out, m.space[from:]...)
	m.replaced = true
	if cmd.flags.print {
		m.write(m.space, true)
	}
	if cmd.flags.file != "" {
		w, err := m.writer(cmd.flags.file)
		if err != nil {
			return err
		}
		m.writeTo(w, m.space, true)
	}
	return nil
}

// expand builds the replacement, with \U \L \u \l \E.
func (m *Machine) expand(out []byte, pieces []piece, loc []int) []byte {
	mode, once := byte(0), byte(0)
	for _, p := range pieces {
		if p.mode != 0 {
			switch p.mode {
			case 'u', 'l':
				once = p.mode
			default:
				mode, once = p.mode, 0
			}
			continue
		}
		text := p.text
		if p.group >= 0 {
			text = ""
			if 2*p.group+1 < len(loc) && loc[2*p.group] >= 0 {
				text = string(m.space[loc[2*p.group]:loc[2*p.group+1]])
			}
		}
		switch mode {
		case 'U':
			text = strings.ToUpper(text)
		case 'L':
			text = strings.ToLower(text)
		}
		if once != 0 && text != "" {
			r, n := utf8.DecodeRuneInString(text)
			if once == 'u' {
				r = unicode.ToUpper(r)
			} else {
				r = unicode.ToLower(r)
			}
			text, once = string(r)+text[n:], 0
		}
		out = append(out, text...)
	}
	return out
}

// visible is the `l` command: escapes, and lines folded at 70 columns.
func visible(text []byte, width int) string {
	if width == 0 {
		width = 70
	}
	var sb strings.Builder
	column := 0
	for _, b := range text {
		item := string(rune(b))
		if i := bytes.IndexByte([]byte("\\\a\b\f\n\r\t\v"), b); i >= 0 {
			item = `\` + `\abfnrtv`[i:i+1]
		} else if b < 32 || b >= 127 {
			item = fmt.Sprintf(`\%03o`, b)
		}
		if width > 1 && column+len(item) > width-1 {
			sb.WriteString("\\\n")
			column = 0
		}
		sb.WriteString(item)
		column += len(item)
	}
	return sb.String() + "$\n"
}
