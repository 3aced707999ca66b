package applets

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
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

func touch(c *Context) int {
	o, ok := c.parse("a m c,no-create r,reference: d,date: t: h,no-dereference time:")
	if !ok {
		return 1
	}
	when, err := c.touchTime(o)
	if err != nil {
		c.Errorf("%v", err)
		return 1
	}
	code := 0
	for _, name := range o.args {
		path := c.Path(name)
		_, err := os.Stat(path)
		if errors.Is(err, fs.ErrNotExist) {
			if o.has("c") {
				continue
			}
			var f *os.File
			if f, err = os.OpenFile(path, os.O_CREATE|os.O_WRONLY, 0o666); err == nil {
				f.Close()
			}
		}
		if err == nil {
			err = os.Chtimes(path, when, when)
		}
		if err != nil {
			c.Errorf("cannot touch '%s': %s", name, reason(err))
			code = 1
		}
	}
	return code
}

func (c *Context) touchTime(o *options) (time.Time, error) {
	if name, ok := o.get("r"); ok {
		info, err := os.Stat(c.Path(name))
		if err != nil {
			return time.Time{}, errors.New("failed to get attributes of '" + name + "': " + reason(err))
		}
		return info.ModTime(), nil
	}
	if text, ok := o.get("d"); ok {
		return parseDate(text, time.Now().In(c.location()))
	}
	if stamp, ok := o.get("t"); ok {
		layout := "200601021504"
		if strings.Contains(stamp, ".") {
			layout += ".05"
		}
		if len(strings.Split(stamp, ".")[0]) == 10 {
			layout = layout[2:]
		}
		when, err := time.ParseInLocation(layout, stamp, c.location())
		if err != nil {
			return when, errors.New("invalid date format '" + stamp + "'")
		}
		return when, nil
	}
	return time.Now(), nil
}

func truncate(c *Context) int {
	o, ok := c.parse("s,size: c,no-create r,reference: o,io-blocks")
	if !ok {
		return 1
	}
	text := o.value("s", "")
	if name, ok := o.get("r"); ok {
		info, err := os.Stat(c.Path(name))
		if err != nil {
			return c.Fail(name, err)
		}
		text = itoa(int(info.Size()))
	}
	sign := byte(0)
	if text != "" && strings.IndexByte("+-<>/%", text[0]) >= 0 {
		sign, text = text[0], text[1:]
	}
	size, ok := parseSize(text)
	if !ok || text == "" {
		c.Errorf("you must specify either '--size' or '--reference'")
		return 1
	}
	code := 0
	for _, name := range o.args {
		if err := truncateOne(c.Path(name), sign, size, o.has("c")); err != nil {
			code = c.Fail(name, err)
		}
	}
	return code
}

func truncateOne(path string, sign byte, size int64, noCreate bool) error {
	flags := os.O_RDWR | os.O_CREATE
	if noCreate {
		flags = os.O_RDWR
	}
	f, err := os.OpenFile(path, flags, 0o666)
	if err != nil {
		if noCreate && errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	switch sign {
	case '+':
		size += info.Size()
	case '-':
		size = max(0, info.Size()-size)
	case '<':
		size = min(size, info.Size())
	case '>':
		size = max(size, info.Size())
	}
	return f.Truncate(size)
}

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
		i := strings.IndexAny(clause, "+-=")
		if i < 0 {
			return 0, false
		}
		who := fs.FileMode(0)
		for _, letter := range clause[:i] {
			switch letter {
			case 'u':
				who |= 0o700
			case 'g':
				who |= 0o070
			case 'o':
				who |= 0o007
			case 'a':
				who |= 0o777
			default:
				return 0, false
			}
		}
		if who == 0 {
			who = 0o777
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
			case 's', 't':
			default:
				return 0, false
			}
		}
		if i == 0 && clause[0] != '-' || i == 0 {
			bits &^= 0o022 & bits // the umask counts when nobody is named
		}
		switch clause[i] {
		case '+':
			old |= bits & who
		case '-':
			old &^= bits & who
		case '=':
			old = old&^who | bits&who
		}
	}
	return old, true
}

func nothing(c *Context) int { return 0 }

func mktemp(c *Context) int {
	o, ok := c.parse("d,directory u,dry-run q,quiet p,tmpdir? t suffix:")
	if !ok {
		return 1
	}
	dir := c.Getenv("TMPDIR")
	if dir == "" {
		dir = "/tmp"
	}
	template, inDir := "tmp.XXXXXXXXXX", true
	if len(o.args) > 0 {
		template, inDir = o.args[0], o.has("t") || o.has("p")
	}
	if value, ok := o.get("p"); ok && value != "" {
		dir = value
	} else if ok && value == "" && len(o.args) > 1 {
		dir, template = o.args[0], o.args[1] // `mktemp -p DIR TEMPLATE`
	}
	template += o.value("suffix", "")
	end := strings.LastIndexByte(template, 'X') + 1
	start := end
	for start > 0 && template[start-1] == 'X' {
		start--
	}
	if end-start < 3 {
		c.Errorf("too few X's in template '%s'", template)
		return 1
	}
	if inDir {
		template = filepath.Join(dir, template)
		shift := len(template) - len(filepath.Base(template))
		end = strings.LastIndexByte(template, 'X') + 1
		start = end
		for start > shift && template[start-1] == 'X' {
			start--
		}
	}
	for range 100 {
		name := template[:start] + randomLetters(end-start) + template[end:]
		path := c.Path(name)
		var err error
		if o.has("d") {
			err = os.Mkdir(path, 0o700)
		} else if o.has("u") {
			if _, err = os.Lstat(path); err == nil {
				continue
			}
			err = nil
		} else {
			var f *os.File
			if f, err = os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600); err == nil {
				f.Close()
			}
		}
		if err == nil {
			c.Puts(name + "\n")
			return 0
		}
		if !errors.Is(err, fs.ErrExist) {
			if !o.has("q") {
				c.Errorf("failed to create file via template '%s': %s", template, reason(err))
			}
			return 1
		}
	}
	return 1
}

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
