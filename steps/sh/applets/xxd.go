package applets

import (
	"encoding/hex"
	"fmt"
	"io"
	"strings"
)

// xxd supports the plain dump, -p and -r -p.
func xxd(c *Context) int {
	o, ok := c.parse("p ps plain r revert c: l: s: g: u")
	if !ok {
		return 1
	}
	return c.eachInput(o.args, func(_ string, r io.Reader) error {
		data, err := io.ReadAll(r)
		if err != nil {
			return err
		}
		if o.has("r") {
			text := strings.Map(func(r rune) rune {
				if strings.ContainsRune("0123456789abcdefABCDEF", r) {
					return r
				}
				return -1
			}, string(data))
			plain, _ := hex.DecodeString(text[:len(text)/2*2])
			c.Write(plain)
			return nil
		}
		if text, ok := o.get("l"); ok {
			data = data[:min(len(data), atoi(text))]
		}
		if o.has("p") {
			width := atoi(o.value("c", "30"))
			for len(data) > 0 {
				n := len(data)
				if width > 0 {
					n = min(n, width)
				}
				c.Puts(hex.EncodeToString(data[:n]) + "\n")
				data = data[n:]
			}
			return nil
		}
		for at := 0; at < len(data); at += 16 {
			c.Puts(xxdRow(at, data[at:min(len(data), at+16)]))
		}
		return nil
	})
}

func xxdRow(at int, row []byte) string {
	var sb, text strings.Builder
	fmt.Fprintf(&sb, "%08x:", at)
	for i := range 16 {
		if i%2 == 0 {
			sb.WriteByte(' ')
		}
		if i >= len(row) {
			sb.WriteString("  ")
			continue
		}
		fmt.Fprintf(&sb, "%02x", row[i])
		if row[i] >= 32 && row[i] < 127 {
			text.WriteByte(row[i])
		} else {
			text.WriteByte('.')
		}
	}
	return sb.String() + "  " + text.String() + "\n"
}
