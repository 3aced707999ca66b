package applets

import (
	"io"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// Open opens a file for reading; `-` is standard input.
func (c *Context) Open(name string) (io.ReadCloser, error) {
	if name == "-" {
		return io.NopCloser(c.Stdin), nil
	}
	if stream, ok, err := c.device(name); ok {
		if err != nil {
			return nil, err
		}
		if r, ok := stream.(io.Reader); ok {
			return io.NopCloser(r), nil
		}
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
	}
	f, err := os.Open(c.Path(name))
	if err != nil {
		return nil, err
	}
	if info, err := f.Stat(); err == nil && info.IsDir() {
		f.Close()
		return nil, &fs.PathError{Op: "read", Path: name, Err: syscall.EISDIR}
	}
	return f, nil
}

// Create opens a file for writing with the given os.O_ flags.
func (c *Context) Create(name string, flags int) (io.WriteCloser, error) {
	if stream, ok, err := c.device(name); ok {
		if err != nil {
			return nil, err
		}
		if w, ok := stream.(io.Writer); ok {
			return nopCloser{w}, nil
		}
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
	}
	return os.OpenFile(c.Path(name), flags, 0o666)
}

// Device resolves the /dev names that scripts use and WASI lacks.
func Device(name string) (descriptor int, ok bool) {
	switch name {
	case "/dev/null", "/dev/zero", "/dev/tty":
		return -1, true
	case "/dev/stdin":
		return 0, true
	case "/dev/stdout":
		return 1, true
	case "/dev/stderr":
		return 2, true
	}
	digits, found := strings.CutPrefix(name, "/dev/fd/")
	if !found {
		return 0, false
	}
	n, err := strconv.Atoi(digits)
	return n, err == nil && n >= 0
}

func (c *Context) device(name string) (stream any, ok bool, err error) {
	n, ok := Device(name)
	switch {
	case !ok:
		return nil, false, nil
	case name == "/dev/null":
		return Null{}, true, nil
	case name == "/dev/zero":
		return zeros{}, true, nil
	case n == 0:
		return c.Stdin, true, nil
	case n == 1:
		return c, true, nil
	case n == 2:
		return c.Stderr, true, nil
	}
	if c.Descriptor != nil && n > 2 {
		if stream := c.Descriptor(n); stream != nil {
			return stream, true, nil
		}
	}
	return nil, true, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

// Null is /dev/null.
type Null struct{}

func (Null) Read([]byte) (int, error)    { return 0, io.EOF }
func (Null) Write(b []byte) (int, error) { return len(b), nil }
func (Null) Close() error                { return nil }

type zeros struct{ Null }

func (zeros) Read(b []byte) (int, error) {
	clear(b)
	return len(b), nil
}

type nopCloser struct{ io.Writer }

func (nopCloser) Close() error { return nil }
