package applets

import (
	"strings"
)

func paste(c *Context) int {
	o, ok := c.parse("d,delimiters: s,serial z,zero-terminated")
	if !ok {
		return 1
	}
	delims := []rune(unescapeText(o.value("d", "\t")))
	if o.value("d", "x") == `\0` {
		delims = nil
	}
	between := func(i int) string {
		if len(delims) == 0 {
			return ""
		}
		return string(delims[i%len(delims)])
	}
	end := lineEnd(o.has("z"))
	names := o.args
	if len(names) == 0 {
		names = []string{"-"}
	}
	stdin := newLineReader(c.Stdin, end[0])
	var readers []*lineReader
	for _, name := range names {
		if name == "-" {
			readers = append(readers, stdin)
			continue
		}
		f, err := c.Open(name)
		if err != nil {
			return c.Fail(name, err)
		}
		defer f.Close()
		readers = append(readers, newLineReader(f, end[0]))
	}
	if o.has("s") {
		for _, r := range readers {
			for i := 0; ; i++ {
				line, _, ok := r.next()
				if !ok {
					break
				}
				if i > 0 {
					c.Puts(between(i - 1))
				}
				c.Write(line)
			}
			c.Puts(end)
		}
		return 0
	}
	for {
		var sb strings.Builder
		any := false
		for i, r := range readers {
			if i > 0 {
				sb.WriteString(between(i - 1))
			}
			line, _, ok := r.next()
			any = any || ok
			sb.Write(line)
		}
		if !any {
			return 0
		}
		c.Puts(sb.String() + end)
	}
}
