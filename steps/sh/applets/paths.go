package applets

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

func basename(c *Context) int {
	o, ok := c.parse("+ a,multiple s,suffix: z,zero")
	if !ok {
		return 1
	}
	if len(o.args) == 0 {
		c.Errorf("missing operand")
		return 1
	}
	names, suffix := o.args, o.value("s", "")
	if !o.has("a") && !o.has("s") && len(names) > 1 {
		names, suffix = names[:1], names[1]
	}
	end := lineEnd(o.has("z"))
	for _, name := range names {
		base := filepath.Base(name)
		if name == "" {
			base = ""
		}
		if base != suffix {
			base = strings.TrimSuffix(base, suffix)
		}
		c.Puts(base + end)
	}
	return 0
}

func lineEnd(zero bool) string {
	if zero {
		return "\x00"
	}
	return "\n"
}

func dirname(c *Context) int {
	o, ok := c.parse("z,zero")
	if !ok {
		return 1
	}
	if len(o.args) == 0 {
		c.Errorf("missing operand")
		return 1
	}
	for _, name := range o.args {
		c.Puts(dirOf(name) + lineEnd(o.has("z")))
	}
	return 0
}

// dirOf keeps `./` and `..`, unlike filepath.Dir.
func dirOf(name string) string {
	trimmed := strings.TrimRight(name, "/")
	if trimmed == "" {
		if name == "" {
			return "."
		}
		return "/"
	}
	i := strings.LastIndexByte(trimmed, '/')
	if i < 0 {
		return "."
	}
	if dir := strings.TrimRight(trimmed[:i], "/"); dir != "" {
		return dir
	}
	return "/"
}

func readlink(c *Context) int {
	o, ok := c.parse("f,canonicalize e,canonicalize-existing m,canonicalize-missing n,no-newline q s v z,zero")
	if !ok {
		return 1
	}
	if !o.has("f") && !o.has("e") && !o.has("m") {
		code := 0
		for _, name := range o.args {
			text, err := os.Readlink(c.Path(name))
			if err != nil {
				code = 1
				continue
			}
			c.Puts(text)
			if !o.has("n") {
				c.Puts(lineEnd(o.has("z")))
			}
		}
		return code
	}
	return c.realPaths(o, !o.has("n"))
}

func realpath(c *Context) int {
	o, ok := c.parse("e,canonicalize-existing m,canonicalize-missing s,no-symlinks strip q,quiet z,zero relative-to: relative-base: L,logical P,physical")
	if !ok {
		return 1
	}
	return c.realPaths(o, true)
}

func (c *Context) realPaths(o *options, newline bool) int {
	if len(o.args) == 0 {
		c.Errorf("missing operand")
		return 1
	}
	code := 0
	for _, name := range o.args {
		path := c.Path(name)
		var err error
		switch {
		case name == "":
			err = fs.ErrNotExist
		case o.has("s"):
		default:
			path, err = resolve(path, o.has("e"), o.has("m"))
		}
		if err != nil {
			if !o.has("q") && c.Args[0] == "realpath" {
				c.Fail(name, err)
			}
			code = 1
			continue
		}
		if base, ok := o.get("relative-to"); ok {
			base, _ = resolve(c.Path(base), false, true)
			if relative, err := filepath.Rel(base, path); err == nil {
				path = relative
			}
		}
		c.Puts(path)
		if newline {
			c.Puts(lineEnd(o.has("z")))
		}
	}
	return code
}

// resolve follows every symbolic link; by default the last part may be missing.
func resolve(path string, mustExist, mayMiss bool) (string, error) {
	parts := strings.Split(strings.Trim(filepath.Clean(path), "/"), "/")
	done := "/"
	for links := 0; len(parts) > 0; {
		part := parts[0]
		parts = parts[1:]
		switch part {
		case "", ".":
			continue
		case "..":
			done = filepath.Dir(done)
			continue
		}
		next := filepath.Join(done, part)
		info, err := os.Lstat(next)
		if err != nil {
			// the directories above a preopened one cannot be looked at
			if _, e := os.Stat(next); e == nil || isAbovePreopen(next) {
				done = next
				continue
			}
			if mustExist || len(parts) > 0 && !mayMiss || !errors.Is(err, fs.ErrNotExist) && !mayMiss {
				return "", err
			}
			done = next
			continue
		}
		if info.Mode()&fs.ModeSymlink == 0 {
			done = next
			continue
		}
		if links++; links > 40 {
			return "", errors.New("Too many levels of symbolic links")
		}
		text, err := os.Readlink(next)
		if err != nil {
			return "", err
		}
		if filepath.IsAbs(text) {
			done = "/"
		}
		parts = append(strings.Split(text, "/"), parts...)
	}
	return done, nil
}

func isAbovePreopen(path string) bool {
	return path == "/workspace" || path == "/runner" || path == "/tmp" || path == "/plugin"
}
