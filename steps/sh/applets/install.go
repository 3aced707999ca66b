package applets

import (
	"os"
	"path/filepath"
)

func install(c *Context) int {
	o, ok := c.parse("m,mode: d,directory D v,verbose t,target-directory: T,no-target-directory o,owner: g,group: p,preserve-timestamps s,strip b c C")
	if !ok {
		return 1
	}
	mode, ok := applyMode(o.value("m", "755"), 0, false)
	if !ok {
		c.Errorf("invalid mode '%s'", o.value("m", ""))
		return 1
	}
	if o.has("d") {
		for _, name := range o.args {
			if err := os.MkdirAll(c.Path(name), 0o777); err != nil {
				return c.Fail(name, err)
			}
		}
		return 0
	}
	if o.has("D") {
		parent := o.value("t", "")
		if parent == "" && len(o.args) > 1 {
			parent = filepath.Dir(o.args[len(o.args)-1])
		}
		if err := os.MkdirAll(c.Path(parent), 0o777); err != nil {
			return c.Fail(parent, err)
		}
	}
	t := transfer{c: c, preserve: o.has("p"), verbose: o.has("v"), removeFirst: true}
	return t.run(o, func(source, target string) error {
		if err := t.copy(source, target); err != nil {
			return err
		}
		SetMode(c.Path(target), mode)
		return nil
	})
}
