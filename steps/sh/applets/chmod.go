package applets

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

func chmod(c *Context) int {
	o, ok := c.parseChmod()
	if !ok {
		return 1
	}
	if len(o.args) < 2 && !o.has("reference") {
		c.Errorf("missing operand")
		return 1
	}
	mode, names := "", o.args
	if !o.has("reference") {
		mode, names = o.args[0], o.args[1:]
	}
	code := 0
	for _, name := range names {
		path := c.Path(name)
		apply := func(path string, info fs.FileInfo) error {
			bits, ok := applyMode(mode, Mode(path, info), info.IsDir())
			if !ok {
				return errors.New("invalid mode: '" + mode + "'")
			}
			SetMode(path, bits)
			return nil
		}
		info, err := os.Stat(path)
		if err == nil && o.has("R") && info.IsDir() {
			err = filepath.Walk(path, func(path string, info fs.FileInfo, err error) error {
				if err != nil || info.Mode()&fs.ModeSymlink != 0 {
					return err
				}
				return apply(path, info)
			})
		} else if err == nil {
			err = apply(path, info)
		}
		if err != nil {
			if o.has("f") {
				code = 1
				continue
			}
			c.Errorf("cannot access '%s': %s", name, reason(err))
			code = 1
		}
	}
	return code
}

// parseChmod keeps modes such as `-x` apart from options.
func (c *Context) parseChmod() (*options, bool) {
	args := append([]string{}, c.Args...)
	for i, arg := range args[1:] {
		if len(arg) > 1 && arg[0] == '-' && strings.Trim(arg[1:], "rwxXst") == "" {
			args[i+1] = "a" + arg
			break
		}
	}
	call := *c
	call.Args = args
	return call.parse("R,recursive f,silent v,verbose c,changes reference:")
}

// applyMode reads an octal or symbolic mode.
func applyMode(text string, old fs.FileMode, isDir bool) (fs.FileMode, bool) {
	if text != "" && strings.Trim(text, "01234567") == "" {
		var bits fs.FileMode
		for _, digit := range text {
			bits = bits*8 + fs.FileMode(digit-'0')
		}
		return bits & 0o777, true
	}
	for _, clause := range strings.Split(text, ",") {
		var ok bool
		if old, ok = applyClause(clause, old, isDir); !ok {
			return 0, false
		}
	}
	return old, true
}

// applyClause reads one `u+x`.
func applyClause(clause string, old fs.FileMode, isDir bool) (fs.FileMode, bool) {
	i := strings.IndexAny(clause, "+-=")
	if i < 0 || strings.Trim(clause[:i], "ugoa") != "" || strings.Trim(clause[i+1:], "rwxXst") != "" {
		return 0, false
	}
	who := fs.FileMode(0)
	for _, letter := range clause[:i] {
		who |= map[rune]fs.FileMode{'u': 0o700, 'g': 0o070, 'o': 0o007, 'a': 0o777}[letter]
	}
	bits := fs.FileMode(0)
	for _, letter := range clause[i+1:] {
		switch letter {
		case 'r':
			bits |= 0o444
		case 'w':
			bits |= 0o222
		case 'x':
			bits |= 0o111
		case 'X':
			if isDir || old&0o111 != 0 {
				bits |= 0o111
			}
		}
	}
	if who == 0 { // the umask counts when nobody is named
		who = 0o777
		bits &^= 0o022
	}
	switch clause[i] {
	case '+':
		old |= bits & who
	case '-':
		old &^= bits & who
	default:
		old = old&^who | bits&who
	}
	return old, true
}

func nothing(c *Context) int { return 0 }
