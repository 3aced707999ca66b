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
	p, ok := c.readPart(o, "+-")
	if !ok {
		return 1
	}
	fromStart := p.sign == '+'
	show := c.headers(o)
	return c.eachInput(o.args, func(name string, r io.Reader) error {
		show(name)
		data, err := io.ReadAll(r)
		n := int(p.count)
		switch {
		case p.inBytes && fromStart:
			data = data[min(len(data), max(0, n-1)):]
		case p.inBytes:
			data = data[max(0, len(data)-n):]
		case fromStart:
			for ; n > 1 && len(data) > 0; n-- {
				i := bytes.IndexByte(data, p.delim)
				if i < 0 {
					i = len(data) - 1
				}
				data = data[i+1:]
			}
		default:
			data = lastLines(data, n, p.delim)
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
