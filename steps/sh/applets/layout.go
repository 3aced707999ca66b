package applets

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

func nl(c *Context) int {
	o, ok := c.parse("b,body-numbering: n,number-format: s,number-separator: v,starting-line-number: w,number-width: i,line-increment: h: f: p l: d:")
	if !ok {
		return 1
	}
	style, width, n := o.value("b", "t"), atoi(o.value("w", "6")), atoi(o.value("v", "1"))
	separator := o.value("s", "\t")
	return c.eachLine(o.args, '\n', func(line []byte) {
		if style == "n" || style == "t" && len(line) == 0 {
			c.Puts(strings.Repeat(" ", width+len(separator)))
			c.Write(line)
			c.Puts("\n")
			return
		}
		text := padLeft(itoa(n), width)
		switch o.value("n", "rn") {
		case "ln":
			text = padRight(itoa(n), width)
		case "rz":
			text = fmt.Sprintf("%0*d", width, n)
		}
		n += atoi(o.value("i", "1"))
		c.Puts(text + separator)
		c.Write(line)
		c.Puts("\n")
	})
}

func fold(c *Context) int {
	o, ok := c.parse("# w,width: s,spaces b,bytes c")
	if !ok {
		return 1
	}
	width := atoi(o.value("w", o.value("#", "80")))
	if width < 1 {
		c.Errorf("invalid number of columns: '%s'", o.value("w", ""))
		return 1
	}
	return c.eachInput(o.args, func(_ string, r io.Reader) error {
		lines := newLineReader(r, '\n')
		for {
			line, complete, ok := lines.next()
			if !ok {
				return nil
			}
			text := string(line)
			for utf8.RuneCountInString(text) > width {
				cut := len(string([]rune(text)[:width]))
				if o.has("s") {
					if at := strings.LastIndexAny(text[:cut], " \t"); at >= 0 {
						cut = at + 1
					}
				}
				c.Puts(text[:cut] + "\n")
				text = text[cut:]
			}
			c.Puts(text)
			if complete {
				c.Puts("\n")
			}
		}
	})
}

func expand(c *Context) int {
	o, ok := c.parse("# t,tabs: i,initial")
	if !ok {
		return 1
	}
	width := max(1, atoi(o.value("t", o.value("#", "8"))))
	return c.eachLine(o.args, '\n', func(line []byte) {
		column := 0
		for _, r := range string(line) {
			if r != '\t' {
				c.Puts(string(r))
				column++
				continue
			}
			n := width - column%width
			c.Puts(strings.Repeat(" ", n))
			column += n
		}
		c.Puts("\n")
	})
}

// column supports -t, the table form that scripts use.
func column(c *Context) int {
	o, ok := c.parse("t,table s,separator: o,output-separator: n c: x N: R:")
	if !ok {
		return 1
	}
	var rows [][]string
	var widths []int
	code := c.eachLine(o.args, '\n', func(line []byte) {
		text := string(line)
		if strings.TrimSpace(text) == "" {
			return
		}
		var cells []string
		if separators, ok := o.get("s"); ok {
			cells = strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(separators, r) })
			if len(separators) > 0 {
				cells = strings.Split(strings.Map(func(r rune) rune {
					if strings.ContainsRune(separators, r) {
						return rune(separators[0])
					}
					return r
				}, text), separators[:1])
			}
		} else {
			cells = strings.Fields(text)
		}
		for i, cell := range cells {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
		rows = append(rows, cells)
	})
	if !o.has("t") {
		for _, cells := range rows {
			c.Puts(strings.Join(cells, " ") + "\n")
		}
		return code
	}
	between := o.value("o", "  ")
	for _, cells := range rows {
		for i, cell := range cells {
			c.Puts(cell)
			if i < len(cells)-1 {
				c.Puts(strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell)) + between)
			}
		}
		c.Puts("\n")
	}
	return code
}
