package applets

import (
	"encoding/base32"
	"encoding/base64"
	"io"
	"strings"
)

func base64Applet(c *Context) int {
	o, ok := c.parse("d,decode D i,ignore-garbage w,wrap:")
	if !ok {
		return 1
	}
	width := atoi(o.value("w", "76"))
	return c.eachInput(o.args, func(_ string, r io.Reader) error {
		data, err := io.ReadAll(r)
		if err != nil {
			return err
		}
		encode, decode := base64.StdEncoding.EncodeToString, base64.StdEncoding.DecodeString
		alphabet := "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="
		if c.Args[0] == "base32" {
			encode, decode = base32.StdEncoding.EncodeToString, base32.StdEncoding.DecodeString
		}
		if o.has("d") || o.has("D") {
			text := strings.Map(func(r rune) rune {
				if r == '\n' || r == '\r' || o.has("i") && !strings.ContainsRune(alphabet, r) {
					return -1
				}
				return r
			}, string(data))
			plain, err := decode(text)
			c.Write(plain)
			if err != nil {
				c.Errorf("invalid input")
				panic(quit(1))
			}
			return nil
		}
		text := encode(data)
		for width > 0 && len(text) > width {
			c.Puts(text[:width] + "\n")
			text = text[width:]
		}
		c.Puts(text)
		if width > 0 && text != "" {
			c.Puts("\n")
		}
		return nil
	})
}
