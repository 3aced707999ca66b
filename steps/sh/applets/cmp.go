package applets

import (
	"io"
)

func cmp(c *Context) int {
	o, ok := c.parse("s,quiet l,verbose b,print-bytes i: n,bytes:")
	if !ok || len(o.args) < 1 {
		return 2
	}
	names := append(o.args, "-")[:2]
	var data [2][]byte
	for i, name := range names {
		f, err := c.Open(name)
		if err != nil {
			c.Fail(name, err)
			return 2
		}
		data[i], _ = io.ReadAll(f)
		f.Close()
		if text, ok := o.get("n"); ok {
			data[i] = data[i][:min(len(data[i]), atoi(text))]
		}
	}
	a, b := data[0], data[1]
	line, code := 1, 0
	for i := range min(len(a), len(b)) {
		if a[i] == b[i] {
			if a[i] == '\n' {
				line++
			}
			continue
		}
		code = 1
		if o.has("s") {
			return 1
		}
		if o.has("l") {
			c.Printf("%d %3o %3o\n", i+1, a[i], b[i])
			continue
		}
		c.Printf("%s %s differ: byte %d, line %d\n", names[0], names[1], i+1, line)
		return 1
	}
	if len(a) == len(b) {
		return code
	}
	if !o.has("s") {
		short := names[0]
		if len(b) < len(a) {
			short = names[1]
		}
		c.Errorf("EOF on %s after byte %d", short, min(len(a), len(b)))
	}
	return 1
}
