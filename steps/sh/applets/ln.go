package applets

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

func ln(c *Context) int {
	o, ok := c.parse("s,symbolic f,force n,no-dereference v,verbose r,relative T,no-target-directory t,target-directory: i L P b")
	if !ok {
		return 1
	}
	args := o.args
	dir, toDir := o.get("t")
	switch {
	case len(args) == 0:
		c.Errorf("missing file operand")
		return 1
	case toDir:
	case len(args) == 1:
		dir, toDir = ".", true
	default:
		dir, args = args[len(args)-1], args[:len(args)-1]
		stat := os.Stat
		if o.has("n") {
			stat = os.Lstat
		}
		info, err := stat(c.Path(dir))
		toDir = err == nil && info.IsDir() && !o.has("T")
	}
	code := 0
	for _, source := range args {
		target := dir
		if toDir {
			target = filepath.Join(dir, filepath.Base(source))
		}
		if err := c.makeLink(o, source, target); err != nil {
			c.Errorf("%v", err)
			code = 1
		}
	}
	return code
}

func (c *Context) makeLink(o *options, source, target string) error {
	path := c.Path(target)
	if o.has("f") {
		if info, err := os.Lstat(path); err == nil && !info.IsDir() {
			os.Remove(path)
		}
	}
	if o.has("s") {
		text := source
		if o.has("r") {
			if relative, err := filepath.Rel(filepath.Dir(path), c.Path(source)); err == nil {
				text = relative
			}
		}
		if err := os.Symlink(text, path); err != nil {
			hint := ""
			if filepath.IsAbs(text) && !errors.Is(err, fs.ErrExist) {
				hint = " (the sandbox allows relative links only)"
			}
			return fmt.Errorf("failed to create symbolic link '%s': %s%s", target, reason(err), hint)
		}
	} else if err := os.Link(c.Path(source), path); err != nil {
		return fmt.Errorf("failed to create hard link '%s' => '%s': %s", target, source, reason(err))
	}
	if o.has("v") {
		arrow := "=>"
		if o.has("s") {
			arrow = "->"
		}
		c.Printf("'%s' %s '%s'\n", target, arrow, source)
	}
	return nil
}
