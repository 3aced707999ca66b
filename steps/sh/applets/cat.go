package applets

import "io"

func cat(c *Context) int {
	o, ok := c.parse("n,number b,number-nonblank A,show-all E,show-ends T,show-tabs s,squeeze-blank v,show-nonprinting e t u")
	if !ok {
		return 1
	}
	if len(o.list) == 0 || len(o.list) == 1 && o.has("u") {
		return c.eachInput(o.args, func(_ string, r io.Reader) error {
			_, err := io.Copy(c, flushing{r, c})
			return err
		})
	}
	ends := o.has("E") || o.has("A") || o.has("e")
	tabs := o.has("T") || o.has("A") || o.has("t")
	visible := o.has("v") || o.has("A") || o.has("e") || o.has("t")
	count, blanks := 0, 0
	return c.eachInput(o.args, func(_ string, r io.Reader) error {
		lines := newLineReader(r, '\n')
		for {
			line, complete, ok := lines.next()
			if !ok {
				return nil
			}
			if blanks++; len(line) > 0 {
				blanks = 0
			}
			if o.has("s") && blanks > 1 {
				continue
			}
			if o.has("b") && len(line) > 0 || o.has("n") && !o.has("b") {
				count++
				c.Printf("%6d\t", count)
			}
			c.Write(showBytes(line, tabs, visible))
			if complete {
				if ends {
					c.Puts("$")
				}
				c.Puts("\n")
			}
		}
	})
}

// flushing hands on what is there before it waits for more.
type flushing struct {
	io.Reader
	c *Context
}

func (f flushing) Read(b []byte) (int, error) {
	f.c.Flush()
	return f.Reader.Read(b)
}

func showBytes(line []byte, tabs, visible bool) []byte {
	if !tabs && !visible {
		return line
	}
	var out []byte
	for _, b := range line {
		switch {
		case b == '\t':
			if tabs {
				out = append(out, "^I"...)
			} else {
				out = append(out, b)
			}
			continue
		case !visible:
			out = append(out, b)
			continue
		}
		if b >= 0x80 {
			out = append(out, "M-"...)
			b &= 0x7f
		}
		switch {
		case b < 32:
			out = append(out, '^', b+64)
		case b == 127:
			out = append(out, "^?"...)
		default:
			out = append(out, b)
		}
	}
	return out
}
