package applets

import (
	"bytes"
	"fmt"
	"io"
	"strings"
)

func od(c *Context) int {
	o, ok := c.parse("A,address-radix: t,format: N,read-bytes: j,skip-bytes: v,output-duplicates w,width? c x b d o a")
	if !ok {
		return 1
	}
	data, code := c.odInput(o)
	if code != 0 {
		return code
	}
	skip, _ := parseSize(o.value("j", "0"))
	width := odWidth(o)
	formats := odFormats(o)
	address := func(n int) string { return odAddress(o.value("A", "o"), n+int(skip)) }
	var previous []byte
	starred := false
	for at := 0; at < len(data); at += width {
		row := data[at:min(len(data), at+width)]
		if !o.has("v") && bytes.Equal(row, previous) && len(row) == width {
			if !starred {
				c.Puts("*\n")
			}
			starred = true
			continue
		}
		previous, starred = row, false
		for i, format := range formats {
			prefix := address(at)
			if i > 0 {
				prefix = strings.Repeat(" ", len(prefix))
			}
			text := dumpRow(row, format)
			if strings.HasSuffix(format, "z") {
				text += strings.Repeat(" ", max(0, len(dumpRow(make([]byte, width), format))-len(text))) + "  >" + printable(row) + "<"
			}
			c.Puts(prefix + text + "\n")
		}
	}
	if end := address(len(data)); end != "" {
		c.Puts(end + "\n")
	}
	return 0
}

// odInput reads all files, and of that what -j and -N leave.
func (c *Context) odInput(o *options) (data []byte, code int) {
	code = c.eachInput(o.args, func(_ string, r io.Reader) error {
		more, err := io.ReadAll(r)
		data = append(data, more...)
		return err
	})
	skip, _ := parseSize(o.value("j", "0"))
	data = data[min(len(data), int(skip)):]
	if text, ok := o.get("N"); ok {
		n, _ := parseSize(text)
		data = data[:min(len(data), int(n))]
	}
	return data, code
}

func odWidth(o *options) int {
	if text := o.value("w", "16"); text != "" {
		return max(1, atoi(text))
	}
	return 32
}

func odFormats(o *options) []string {
	var formats []string
	for _, opt := range o.list {
		switch opt.key {
		case "t":
			formats = append(formats, opt.value)
		case "c", "a":
			formats = append(formats, opt.key)
		case "x":
			formats = append(formats, "x2")
		case "b":
			formats = append(formats, "o1")
		case "d":
			formats = append(formats, "u2")
		case "o":
			formats = append(formats, "o2")
		}
	}
	if len(formats) == 0 {
		return []string{"o2"}
	}
	return formats
}

func odAddress(radix string, n int) string {
	switch radix {
	case "n":
		return ""
	case "x":
		return fmt.Sprintf("%06x", n)
	case "d":
		return fmt.Sprintf("%07d", n)
	}
	return fmt.Sprintf("%07o", n)
}

func printable(row []byte) string {
	return strings.Map(func(r rune) rune {
		if r < 32 || r > 126 {
			return '.'
		}
		return r
	}, string(row))
}

func dumpRow(row []byte, format string) string {
	var sb strings.Builder
	kind, size := format[0], 4
	switch strings.TrimRight(format[1:], "z") {
	case "1", "C":
		size = 1
	case "2", "S":
		size = 2
	case "8", "L":
		size = 8
	}
	if kind == 'c' || kind == 'a' {
		size = 1
	}
	for i := 0; i < len(row); i += size {
		value := uint64(0)
		for k := min(size, len(row)-i) - 1; k >= 0; k-- {
			value = value<<8 | uint64(row[i+k])
		}
		switch kind {
		case 'x':
			fmt.Fprintf(&sb, " %0*x", 2*size, value)
		case 'o':
			fmt.Fprintf(&sb, " %0*o", (8*size+2)/3, value)
		case 'u':
			fmt.Fprintf(&sb, " %*d", []int{0, 3, 5, 0, 10, 0, 0, 0, 20}[size], value)
		case 'd':
			signed := int64(value<<(64-8*size)) >> (64 - 8*size)
			fmt.Fprintf(&sb, " %*d", []int{0, 4, 6, 0, 11, 0, 0, 0, 20}[size], signed)
		default:
			sb.WriteString(padLeft(charName(byte(value)), 4))
		}
	}
	return sb.String()
}

func charName(b byte) string {
	if i := bytes.IndexByte([]byte("\x00\a\b\f\n\r\t\v"), b); i >= 0 {
		return `\` + "0abfnrtv"[i:i+1]
	}
	if b < 32 || b > 126 {
		return fmt.Sprintf("%03o", b)
	}
	return string(rune(b))
}
