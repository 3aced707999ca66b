package applets

import (
	"io"
	"strings"
	"unicode"
	"unicode/utf8"
)

type counts struct{ lines, words, chars, bytes, longest int }

func wc(c *Context) int {
	o, ok := c.parse("l,lines w,words c,bytes m,chars L,max-line-length files0-from:")
	if !ok {
		return 1
	}
	var total counts
	var rows []counts
	var names []string
	code := c.eachInput(o.args, func(name string, r io.Reader) error {
		data, err := io.ReadAll(r)
		n := count(data)
		rows, names = append(rows, n), append(names, name)
		total.lines, total.words, total.chars, total.bytes = total.lines+n.lines, total.words+n.words, total.chars+n.chars, total.bytes+n.bytes
		total.longest = max(total.longest, n.longest)
		return err
	})
	if len(o.args) > 1 {
		rows, names = append(rows, total), append(names, "total")
	}
	width := c.countWidth(o, total)
	for i, row := range rows {
		name := names[i]
		if len(o.args) == 0 {
			name = ""
		}
		c.Puts(countLine(o, row, width, name))
	}
	return code
}

func count(data []byte) counts {
	n := counts{bytes: len(data), chars: utf8.RuneCount(data)}
	inWord, column := false, 0
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		i += size
		if r == '\n' {
			n.lines++
			n.longest, column = max(n.longest, column), 0
		} else if r == '\t' {
			column += 8 - column%8
		} else {
			column++
		}
		if unicode.IsSpace(r) {
			inWord = false
		} else if !inWord {
			inWord = true
			n.words++
		}
	}
	n.longest = max(n.longest, column)
	return n
}

// countWidth follows GNU: one number alone is not padded, files by the size of all.
func (c *Context) countWidth(o *options, total counts) int {
	chosen := 0
	for _, key := range []string{"l", "w", "m", "c", "L"} {
		if o.has(key) {
			chosen++
		}
	}
	if chosen == 1 && len(o.args) < 2 {
		return 1
	}
	if len(o.args) == 0 || len(o.args) == 1 && o.args[0] == "-" {
		return 7
	}
	return len(itoa(total.bytes))
}

func countLine(o *options, n counts, width int, name string) string {
	var fields []string
	add := func(value int) { fields = append(fields, padLeft(itoa(value), width)) }
	all := !o.has("l") && !o.has("w") && !o.has("c") && !o.has("m") && !o.has("L")
	if all || o.has("l") {
		add(n.lines)
	}
	if all || o.has("w") {
		add(n.words)
	}
	if o.has("m") {
		add(n.chars)
	}
	if all || o.has("c") {
		add(n.bytes)
	}
	if o.has("L") {
		add(n.longest)
	}
	if name != "" {
		fields = append(fields, name)
	}
	return strings.Join(fields, " ") + "\n"
}
