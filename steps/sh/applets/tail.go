package applets

import (
	"bytes"
	"io"
	"strings"
)

func tail(c *Context) int {
	if len(c.Args) > 1 && len(c.Args[1]) > 1 && c.Args[1][0] == '+' && strings.Trim(c.Args[1][1:], "0123456789") == "" {
		c.Args = append([]string{c.Args[0], "-n", c.Args[1]}, c.Args[2:]...)
	}
	o, ok := c.parse("# n,lines: c,bytes: q,quiet v,verbose z,zero-terminated f,follow? F s: retry pid:")
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
	count, ok := parseSize(strings.TrimLeft(text, "+-"))
	if !ok {
		c.Errorf("invalid number of %s: '%s'", unit, text)
		return 1
	}
	delim := byte('\n')
	if o.has("z") {
		delim = 0
	}
	fromStart := strings.HasPrefix(text, "+")
	show := c.headers(o)
	return c.eachInput(o.args, func(name string, r io.Reader) error {
		show(name)
		data, err := io.ReadAll(r)
		n := int(count)
		switch {
		case unit == "bytes" && fromStart:
			data = data[min(len(data), max(0, n-1)):]
		case unit == "bytes":
			data = data[max(0, len(data)-n):]
		case fromStart:
			for ; n > 1 && len(data) > 0; n-- {
				i := bytes.IndexByte(data, delim)
				if i < 0 {
					i = len(data) - 1
				}
				data = data[i+1:]
			}
		default:
			data = lastLines(data, n, delim)
		}
		c.Write(data)
		return err
	})
}

func lastLines(data []byte, n int, delim byte) []byte {
	if n == 0 {
		return nil
	}
	end := len(data)
	if end > 0 && data[end-1] == delim {
		end--
	}
	for ; n > 0; n-- {
		i := bytes.LastIndexByte(data[:end], delim)
		if i < 0 {
			return data
		}
		end = i
	}
	return data[end+1:]
}
