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
	p, ok := c.readPart(o, "-")
	if !ok {
		return 1
	}
	fromEnd := p.sign == '-'
	show := c.headers(o)
	return c.eachInput(o.args, func(name string, r io.Reader) error {
		show(name)
		switch {
		case p.inBytes && fromEnd:
			data, err := io.ReadAll(r)
			c.Write(data[:max(0, len(data)-int(p.count))])
			return err
		case p.inBytes:
			_, err := io.CopyN(c, r, p.count)
			if err == io.EOF {
				err = nil
			}
			return err
		case fromEnd:
			return c.allButLast(r, int(p.count), p.delim)
		}
		return c.firstLines(r, p.count, p.delim)
	})
}

// part is the share of an input that head and tail are asked for: so many lines or bytes.
type part struct {
	inBytes bool
	sign    byte // what stood before the number, 0 for nothing
	count   int64
	delim   byte
}

// readPart reads -n, -c, -NUM and -z; signs are those that may stand before the number.
func (c *Context) readPart(o *options, signs string) (part, bool) {
	unit, text := "lines", "10"
	for _, opt := range o.list {
		switch opt.key {
		case "#", "n":
			unit, text = "lines", opt.value
		case "c":
			unit, text = "bytes", opt.value
		}
	}
	p := part{inBytes: unit == "bytes", delim: '\n'}
	digits := text
	if text != "" && strings.IndexByte(signs, text[0]) >= 0 {
		p.sign, digits = text[0], text[1:]
	}
	count, ok := parseSize(digits)
	if !ok {
		c.Errorf("invalid number of %s: '%s'", unit, text)
		return p, false
	}
	if o.has("z") {
		p.delim = 0
	}
	p.count = count
	return p, true
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
