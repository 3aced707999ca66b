package applets

import (
	"io"
	"os"
)

func tee(c *Context) int {
	o, ok := c.parse("a,append i,ignore-interrupts p")
	if !ok {
		return 1
	}
	flags := os.O_CREATE | os.O_WRONLY | os.O_TRUNC
	if o.has("a") {
		flags = os.O_CREATE | os.O_WRONLY | os.O_APPEND
	}
	code := 0
	outputs := []io.Writer{c}
	for _, name := range o.args {
		f, err := c.Create(name, flags)
		if err != nil {
			code = c.Fail(name, err)
			continue
		}
		defer f.Close()
		outputs = append(outputs, f)
	}
	if _, err := io.Copy(io.MultiWriter(outputs...), flushing{c.Stdin, c}); err != nil {
		return 1
	}
	return code
}
