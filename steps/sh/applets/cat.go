package applets

import "io"

func cat(c *Context) int {
	code := 0
	names := c.Args[1:]
	if len(names) == 0 {
		names = []string{"-"}
	}
	for _, name := range names {
		f, err := c.Open(name)
		if err != nil {
			code = c.Fail(name, err)
			continue
		}
		if _, err := io.Copy(c, f); err != nil {
			code = c.Fail(name, err)
		}
		f.Close()
	}
	return code
}
