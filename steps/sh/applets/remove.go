package applets

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

func rmdir(c *Context) int {
	o, ok := c.parse("p,parents v,verbose ignore-fail-on-non-empty")
	if !ok {
		return 1
	}
	code := 0
	for _, name := range o.args {
		for name != "" && name != "." && name != "/" {
			if err := removeDirectory(c.Path(name)); err != nil {
				c.Errorf("failed to remove '%s': %s", name, reason(err))
				code = 1
				break
			}
			if !o.has("p") {
				break
			}
			name = filepath.Dir(name)
		}
	}
	return code
}

func removeDirectory(path string) error {
	info, err := os.Lstat(path)
	if err != nil {
		return err
	}
	if !info.IsDir() {
		return errNotDirectory
	}
	return os.Remove(path)
}

func rm(c *Context) int {
	o, ok := c.parse("r,recursive R f,force d,dir v,verbose i I one-file-system preserve-root no-preserve-root interactive?")
	if !ok {
		return 1
	}
	force, recursive := o.has("f"), o.has("r") || o.has("R")
	if len(o.args) == 0 && !force {
		c.Errorf("missing operand")
		return 1
	}
	code := 0
	for _, name := range o.args {
		if base := filepath.Base(name); base == "." || base == ".." {
			c.Errorf("refusing to remove '.' or '..' directory: skipping '%s'", name)
			code = 1
			continue
		}
		if err := c.remove(name, recursive, o.has("d"), o.has("v")); err != nil && !(force && errors.Is(err, fs.ErrNotExist)) {
			c.Errorf("cannot remove '%s': %s", name, reason(err))
			code = 1
		}
	}
	return code
}

func (c *Context) remove(name string, recursive, emptyDirs, verbose bool) error {
	path := c.Path(name)
	info, err := os.Lstat(path)
	if err != nil {
		return err
	}
	if strings.HasSuffix(name, "/") && !info.IsDir() {
		return errNotDirectory
	}
	if info.IsDir() {
		if !recursive && !emptyDirs {
			return errIsDirectory
		}
		entries, err := os.ReadDir(path)
		if err != nil {
			return err
		}
		for _, entry := range entries {
			if !recursive {
				break
			}
			if err := c.remove(filepath.Join(name, entry.Name()), true, false, verbose); err != nil {
				return err
			}
		}
	}
	if err := os.Remove(path); err != nil {
		return err
	}
	if verbose {
		kind := ""
		if info.IsDir() {
			kind = "directory "
		}
		c.Printf("removed %s'%s'\n", kind, strings.TrimRight(name, "/"))
	}
	return nil
}
