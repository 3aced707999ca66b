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
			c.pasteSerial(r, between, end)
		}
		return 0
	}
	c.pasteParallel(readers, between, end)
	return 0
}

func (c *Context) pasteSerial(r *lineReader, between func(int) string, end string) {
	for i := 0; ; i++ {
		line, _, ok := r.next()
		if !ok {
			c.Puts(end)
			return
		}
		if i > 0 {
			c.Puts(between(i - 1))
		}
		c.Write(line)
	}
}

func (c *Context) pasteParallel(readers []*lineReader, between func(int) string, end string) {
	for {
		var sb strings.Builder
		found := false
		for i, r := range readers {
			if i > 0 {
				sb.WriteString(between(i - 1))
			}
			line, _, ok := r.next()
			found = found || ok
			sb.Write(line)
		}
		if !found {
			return
		}
		c.Puts(sb.String() + end)
	}
}
