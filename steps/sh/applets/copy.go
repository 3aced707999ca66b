package applets

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// transfer copies or moves sources to a file or into a directory.
type transfer struct {
	c           *Context
	recursive   bool
	keepLinks   bool // copy a link as a link
	preserve    bool // keep times
	noClobber   bool
	update      bool
	verbose     bool
	link        bool // hard links instead of copies
	symbolic    bool
	intoParents bool
	removeFirst bool
}

func cp(c *Context) int {
	o, ok := c.parse("r,recursive R a,archive d p f,force n,no-clobber u,update v,verbose i,interactive L,dereference P,no-dereference H l,link s,symbolic-link t,target-directory: T,no-target-directory preserve? parents reflink? x,one-file-system remove-destination attributes-only no-preserve:")
	if !ok {
		return 1
	}
	recursive := o.has("r") || o.has("R") || o.has("a")
	t := transfer{
		c: c, recursive: recursive,
		keepLinks: (recursive || o.has("P") || o.has("d")) && !o.has("L") && !o.has("H"),
		preserve:  o.has("p") || o.has("a") || o.has("preserve"),
		noClobber: o.has("n"), update: o.has("u"), verbose: o.has("v"),
		link: o.has("l"), symbolic: o.has("s"), intoParents: o.has("parents"),
		removeFirst: o.has("remove-destination"),
	}
	return t.run(o, t.copy)
}

func mv(c *Context) int {
	o, ok := c.parse("f,force n,no-clobber u,update v,verbose i,interactive t,target-directory: T,no-target-directory b backup? Z")
	if !ok {
		return 1
	}
	t := transfer{c: c, recursive: true, keepLinks: true, preserve: true, noClobber: o.has("n"), update: o.has("u"), verbose: o.has("v")}
	return t.run(o, t.move)
}

// run finds each source's destination and does the work there.
func (t *transfer) run(o *options, do func(source, target string) error) int {
	args := o.args
	dir, toDir := o.get("t")
	if !toDir {
		if len(args) < 2 {
			if len(args) == 0 {
				t.c.Errorf("missing file operand")
			} else {
				t.c.Errorf("missing destination file operand after '%s'", args[0])
			}
			return 1
		}
		dir, args = args[len(args)-1], args[:len(args)-1]
		info, err := os.Stat(t.c.Path(dir))
		toDir = err == nil && info.IsDir() && !o.has("T")
		if !toDir && len(args) > 1 {
			t.c.Errorf("target '%s' is not a directory", dir)
			return 1
		}
		if !toDir && strings.HasSuffix(dir, "/") {
			if source, err := os.Stat(t.c.Path(args[0])); err == nil && !source.IsDir() {
				t.c.Errorf("cannot create regular file '%s': Not a directory", dir)
				return 1
			}
		}
	}
	code := 0
	for _, source := range args {
		target := dir
		if toDir {
			target = strings.TrimRight(dir, "/") + "/" + filepath.Base(filepath.Clean(source))
			if filepath.Base(source) == ".." || filepath.Base(source) == "." || strings.HasSuffix(source, "/.") {
				target = dir
			}
			if t.intoParents {
				target = filepath.Join(dir, source)
				os.MkdirAll(filepath.Dir(t.c.Path(target)), 0o777)
			}
		}
		if err := do(source, target); err != nil {
			var told toldError
			if !errors.As(err, &told) {
				t.c.Errorf("%v", err)
			}
			code = 1
		}
	}
	return code
}

// toldError is an error that has been reported already.
type toldError struct{ error }

func (t *transfer) copy(source, target string) error {
	stat := os.Stat
	if t.keepLinks {
		stat = os.Lstat
	}
	if _, isDevice := Device(source); isDevice {
		return t.copyFile(source, target)
	}
	info, err := stat(t.c.Path(source))
	if err != nil {
		return fmt.Errorf("cannot stat '%s': %s", source, reason(err))
	}
	existing, err := os.Lstat(t.c.Path(target))
	exists := err == nil
	if exists && os.SameFile(existing, info) && !info.IsDir() {
		return fmt.Errorf("'%s' and '%s' are the same file", source, target)
	}
	switch {
	case info.IsDir():
		return t.copyDir(source, target, info)
	case exists && existing.IsDir():
		return fmt.Errorf("cannot overwrite directory '%s' with non-directory", target)
	case exists && (t.noClobber || t.update && !info.ModTime().After(existing.ModTime())):
		return nil
	}
	if exists && (t.removeFirst || t.symbolic || t.link || existing.Mode()&fs.ModeSymlink != 0 && info.Mode()&fs.ModeSymlink != 0) {
		os.Remove(t.c.Path(target))
	}
	if t.verbose {
		t.c.Printf("'%s' -> '%s'\n", source, target)
	}
	switch {
	case info.Mode()&fs.ModeSymlink != 0:
		return t.copyLink(source, target)
	case t.symbolic:
		return os.Symlink(source, t.c.Path(target))
	case t.link:
		return os.Link(t.c.Path(source), t.c.Path(target))
	}
	if err := t.copyFile(source, target); err != nil {
		return err
	}
	t.keep(t.c.Path(target), info, Mode(t.c.Path(source), info))
	return nil
}

func (t *transfer) copyDir(source, target string, info fs.FileInfo) error {
	if !t.recursive {
		return fmt.Errorf("-r not specified; omitting directory '%s'", source)
	}
	from, to := t.c.Path(source), t.c.Path(target)
	if to == from || strings.HasPrefix(to, from+"/") {
		return fmt.Errorf("cannot copy a directory, '%s', into itself, '%s'", source, target)
	}
	if existing, err := os.Stat(to); err == nil && !existing.IsDir() {
		return fmt.Errorf("cannot overwrite non-directory '%s' with directory '%s'", target, source)
	} else if err != nil {
		if err := os.Mkdir(to, 0o777); err != nil {
			return fmt.Errorf("cannot create directory '%s': %s", target, reason(err))
		}
		if t.verbose {
			t.c.Printf("'%s' -> '%s'\n", source, target)
		}
	}
	entries, err := os.ReadDir(from)
	if err != nil {
		return fmt.Errorf("cannot access '%s': %s", source, reason(err))
	}
	var failed error
	for _, entry := range entries {
		name := "/" + entry.Name()
		if err := t.copy(strings.TrimRight(source, "/")+name, strings.TrimRight(target, "/")+name); err != nil {
			var told toldError
			if !errors.As(err, &told) {
				t.c.Errorf("%v", err)
			}
			failed = toldError{err}
		}
	}
	t.keep(to, info, 0o755)
	return failed
}

func (t *transfer) copyLink(source, target string) error {
	text, err := os.Readlink(t.c.Path(source))
	if err == nil {
		err = os.Symlink(text, t.c.Path(target))
	}
	if err != nil {
		return fmt.Errorf("cannot create symbolic link '%s': %s", target, reason(err))
	}
	return nil
}

func (t *transfer) copyFile(source, target string) error {
	in, err := t.c.Open(source)
	if err != nil {
		return fmt.Errorf("cannot open '%s' for reading: %s", source, reason(err))
	}
	defer in.Close()
	out, err := t.c.Create(target, os.O_CREATE|os.O_WRONLY|os.O_TRUNC)
	if err != nil {
		return fmt.Errorf("cannot create regular file '%s': %s", target, reason(err))
	}
	_, err = io.Copy(out, in)
	if e := out.Close(); err == nil {
		err = e
	}
	if err != nil {
		return fmt.Errorf("error writing '%s': %s", target, reason(err))
	}
	return nil
}

func (t *transfer) keep(path string, info fs.FileInfo, mode fs.FileMode) {
	if t.preserve {
		os.Chtimes(path, info.ModTime(), info.ModTime())
	}
	if info.Mode().IsRegular() && mode != 0o644 {
		SetMode(path, mode)
	}
}

func (t *transfer) move(source, target string) error {
	from, to := t.c.Path(source), t.c.Path(target)
	info, err := os.Lstat(from)
	if err != nil {
		return fmt.Errorf("cannot stat '%s': %s", source, reason(err))
	}
	existing, err := os.Lstat(to)
	if err == nil {
		switch {
		case from == to || os.SameFile(existing, info) && !info.IsDir():
			return fmt.Errorf("'%s' and '%s' are the same file", source, target)
		case t.noClobber || t.update && !info.ModTime().After(existing.ModTime()):
			return nil
		case existing.IsDir() && !info.IsDir():
			return fmt.Errorf("cannot overwrite directory '%s' with non-directory", target)
		case !existing.IsDir() && info.IsDir():
			return fmt.Errorf("cannot overwrite non-directory '%s' with directory '%s'", target, source)
		}
	}
	if info.IsDir() && strings.HasPrefix(to, from+"/") {
		return fmt.Errorf("cannot move '%s' to a subdirectory of itself, '%s'", source, target)
	}
	mode := Mode(from, info)
	err = os.Rename(from, to)
	if err != nil && !errors.Is(err, fs.ErrNotExist) && err != errIsDirectory {
		if entries, e := os.ReadDir(to); e == nil && len(entries) > 0 {
			return fmt.Errorf("cannot move '%s' to '%s': Directory not empty", source, target)
		}
		// another preopened directory: copy, then remove
		if err = t.copy(source, target); err == nil {
			err = t.c.remove(source, true, false, false)
		}
	}
	if err != nil {
		return fmt.Errorf("cannot move '%s' to '%s': %s", source, target, reason(err))
	}
	if info.Mode().IsRegular() && mode != 0o644 {
		SetMode(to, mode)
	}
	if t.verbose {
		t.c.Printf("renamed '%s' -> '%s'\n", source, target)
	}
	return nil
}
