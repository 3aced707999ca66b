package applets

import (
	"io"
	"strings"
)

func head(c *Context) int {
	o, ok := c.parse("# n,lines: c,bytes: q,quiet v,verbose z,zero-terminated")
	if !ok {
		return 1
	}
	unit, text := "lines", "10"
	for _, opt := range o.list {
		switch opt.key {
		case "#", "n":
			unit, text = "lines", opt.value
		case "c":
			unit, text = "bytes", opt.value
		}
	}
	count, ok := parseSize(strings.TrimPrefix(text, "-"))
	if !ok {
		c.Errorf("invalid number of %s: '%s'", unit, text)
		return 1
	}
	delim := byte('\n')
	if o.has("z") {
		delim = 0
	}
	show := c.headers(o)
	return c.eachInput(o.args, func(name string, r io.Reader) error {
		show(name)
		switch {
		case unit == "bytes" && strings.HasPrefix(text, "-"):
			data, err := io.ReadAll(r)
			c.Write(data[:max(0, len(data)-int(count))])
			return err
		case unit == "bytes":
			_, err := io.CopyN(c, r, count)
			if err == io.EOF {
				err = nil
			}
			return err
		case strings.HasPrefix(text, "-"):
			return c.allButLast(r, int(count), delim)
		}
		return c.firstLines(r, count, delim)
	})
}

// headers prints `==> name <==` before each of several files.
func (c *Context) headers(o *options) func(name string) {
	first := true
	verbose := len(o.args) > 1
	for _, opt := range o.list {
		switch opt.key {
		case "q":
			verbose = false
		case "v":
			verbose = true
		}
	}
	return func(name string) {
		if !verbose {
			return
		}
		if name == "-" {
			name = "standard input"
		}
		if !first {
			c.Puts("\n")
		}
		first = false
		c.Printf("==> %s <==\n", name)
	}
}

func (c *Context) firstLines(r io.Reader, count int64, delim byte) error {
	lines := newLineReader(r, delim)
	for ; count > 0; count-- {
		line, complete, ok := lines.next()
		if !ok {
			return nil
		}
		c.Write(line)
		if complete {
			c.Write([]byte{delim})
		}
	}
	return nil
}

func (c *Context) allButLast(r io.Reader, count int, delim byte) error {
	lines := newLineReader(r, delim)
	var held []string
	for {
		line, complete, ok := lines.next()
		if !ok {
			return nil
		}
		text := string(line)
		if complete {
			text += string(rune(delim))
		}
		held = append(held, text)
		if len(held) > count {
			c.Puts(held[0])
			held = held[1:]
		}
	}
}
