package applets

import (
	"io"
	"os"
	"strings"
)

func split(c *Context) int {
	o, ok := c.parse("# l,lines: b,bytes: n,number: d,numeric-suffixes? a,suffix-length: additional-suffix: e C: x verbose")
	if !ok {
		return 1
	}
	input, prefix := "-", "x"
	if len(o.args) > 0 {
		input = o.args[0]
	}
	if len(o.args) > 1 {
		prefix = o.args[1]
	}
	f, err := c.Open(input)
	if err != nil {
		c.Errorf("cannot open '%s' for reading: %s", input, reason(err))
		return 1
	}
	defer f.Close()
	data, err := io.ReadAll(f)
	if err != nil {
		return c.Fail(input, err)
	}
	chunks, ok := splitChunks(data, o)
	if !ok {
		c.Errorf("invalid number")
		return 1
	}
	length := atoi(o.value("a", "2"))
	for i, chunk := range chunks {
		suffix := ""
		for n, k := i, 0; k < length; k++ {
			if o.has("d") {
				suffix, n = string(rune('0'+n%10))+suffix, n/10
			} else {
				suffix, n = string(rune('a'+n%26))+suffix, n/26
			}
		}
		if err := os.WriteFile(c.Path(prefix+suffix+o.value("additional-suffix", "")), chunk, 0o666); err != nil {
			return c.Fail(prefix+suffix, err)
		}
	}
	return 0
}

func splitChunks(data []byte, o *options) (chunks [][]byte, ok bool) {
	if text, given := o.get("b"); given {
		size, ok := parseSize(text)
		for ok && size > 0 && len(data) > 0 {
			n := min(len(data), int(size))
			chunks, data = append(chunks, data[:n]), data[n:]
		}
		return chunks, ok && size > 0
	}
	if text, given := o.get("n"); given {
		n := atoi(text[strings.LastIndexByte(text, '/')+1:])
		if n < 1 {
			return nil, false
		}
		size := len(data) / n
		for i := range n {
			end := size
			if i == n-1 {
				end = len(data)
			} else if strings.HasPrefix(text, "l/") {
				for end < len(data) && end > 0 && data[end-1] != '\n' {
					end++
				}
			}
			chunks, data = append(chunks, data[:end]), data[end:]
		}
		return chunks, true
	}
	count := atoi(o.value("l", o.value("#", "1000")))
	for count > 0 && len(data) > 0 {
		end, lines := 0, 0
		for end < len(data) && lines < count {
			if data[end] == '\n' {
				lines++
			}
			end++
		}
		chunks, data = append(chunks, data[:end]), data[end:]
	}
	return chunks, count > 0
}
