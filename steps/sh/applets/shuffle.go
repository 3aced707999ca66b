package applets

import (
	"io"
	"math/rand/v2"
	"strings"
)

func tac(c *Context) int {
	o, ok := c.parse("b r s,separator:")
	if !ok {
		return 1
	}
	return c.eachInput(o.args, func(_ string, r io.Reader) error {
		data, err := io.ReadAll(r)
		parts := strings.SplitAfter(string(data), unescapeText(o.value("s", "\n")))
		for i := len(parts) - 1; i >= 0; i-- {
			c.Puts(parts[i])
		}
		return err
	})
}

func rev(c *Context) int {
	return c.eachInput(c.Args[1:], func(_ string, r io.Reader) error {
		lines := newLineReader(r, '\n')
		for {
			line, complete, ok := lines.next()
			if !ok {
				return nil
			}
			runes := []rune(string(line))
			for i, j := 0, len(runes)-1; i < j; i, j = i+1, j-1 {
				runes[i], runes[j] = runes[j], runes[i]
			}
			c.Puts(string(runes))
			if complete {
				c.Puts("\n")
			}
		}
	})
}

func shuf(c *Context) int {
	o, ok := c.parse("e,echo i,input-range: n,head-count: o: r,repeat z,zero-terminated random-source:")
	if !ok {
		return 1
	}
	var lines []string
	switch text, ranged := o.get("i"); {
	case ranged:
		from, to, _ := strings.Cut(text, "-")
		for n := atoi(from); n <= atoi(to); n++ {
			lines = append(lines, itoa(n))
		}
	case o.has("e"):
		lines = o.args
	default:
		if code := c.eachLine(o.args, lineEnd(o.has("z"))[0], func(line []byte) { lines = append(lines, string(line)) }); code != 0 {
			return code
		}
	}
	rand.Shuffle(len(lines), func(i, j int) { lines[i], lines[j] = lines[j], lines[i] })
	if text, ok := o.get("n"); ok {
		lines = lines[:min(len(lines), atoi(text))]
	}
	for _, line := range lines {
		c.Puts(line + lineEnd(o.has("z")))
	}
	return 0
}
