package applets

import (
	"os"
)

func mkdir(c *Context) int {
	o, ok := c.parse("p,parents v,verbose m,mode: Z")
	if !ok {
		return 1
	}
	if len(o.args) == 0 {
		c.Errorf("missing operand")
		return 1
	}
	code := 0
	for _, name := range o.args {
		path := c.Path(name)
		var err error
		if o.has("p") {
			err = c.makeParents(name, o.has("v"))
		} else {
			err = os.Mkdir(path, 0o777)
		}
		if err != nil {
			c.Errorf("cannot create directory '%s': %s", name, reason(err))
			code = 1
			continue
		}
		if o.has("v") && !o.has("p") {
			c.Printf("mkdir: created directory '%s'\n", name)
		}
	}
	return code
}

// makeParents is `mkdir -p`; with -v it names each directory it makes.
func (c *Context) makeParents(name string, verbose bool) error {
	info, err := os.Stat(c.Path(name))
	if err == nil && info.IsDir() {
		return nil
	}
	if !verbose {
		return os.MkdirAll(c.Path(name), 0o777)
	}
	if parent := dirOf(name); parent != name {
		if err := c.makeParents(parent, true); err != nil {
			return err
		}
	}
	if err := os.Mkdir(c.Path(name), 0o777); err != nil {
		return err
	}
	c.Printf("mkdir: created directory '%s'\n", name)
	return nil
}
