// Package applets holds the command line tools that scripts call. WASI starts
// no processes, so each tool is a function that is handed all it may touch.
package applets

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// Context is one invocation of an applet.
type Context struct {
	context.Context

	Args   []string // Args[0] is the name it was called by
	Dir    string   // absolute current directory
	Env    []string // NAME=value
	Stdin  io.Reader
	Stdout io.Writer
	Stderr io.Writer
	Where  string // `script: line N`, for messages about the command itself

	// Descriptor gives the stream behind /dev/fd/N; nil when N is not open.
	Descriptor func(n int) any
	// Run starts another command with its own streams and returns its exit code.
	Run func(call *Context) int

	// Find tells where a command is, as `command -v` does.
	Find func(name string) (path string, ok bool)

	out *bufio.Writer
}

// Applet runs one command and returns its exit code.
type Applet func(c *Context) int

// Call runs a registered applet with buffered output.
func Call(c *Context, run Applet) int {
	if c.Stdin == nil {
		c.Stdin = empty{}
	}
	c.out = bufio.NewWriterSize(c.Stdout, 32<<10)
	code, quit := guard(c, run)
	if err := c.out.Flush(); err != nil && !quit {
		if errors.Is(err, syscall.EPIPE) {
			return 128 + 13
		}
		c.Errorf("write error: %v", reason(err))
		return max(code, 1)
	}
	return code
}

// Getenv returns the last value of name in the environment.
func (c *Context) Getenv(name string) string {
	for i := len(c.Env) - 1; i >= 0; i-- {
		if v := c.Env[i]; len(v) > len(name) && v[len(name)] == '=' && v[:len(name)] == name {
			return v[len(name)+1:]
		}
	}
	return ""
}

// Path makes name absolute within the current directory.
func (c *Context) Path(name string) string {
	if name == "" || filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(c.Dir, name)
}

// Errorf reports on stderr the way the tools do: `NAME: message`.
func (c *Context) Errorf(format string, a ...any) {
	c.out.Flush()
	fmt.Fprintf(c.Stderr, "%s: %s\n", c.Args[0], fmt.Sprintf(format, a...))
}

// Fail reports err on name and returns exit code 1.
func (c *Context) Fail(name string, err error) int {
	c.Errorf("%s: %v", name, reason(err))
	return 1
}

// quit unwinds an applet whose output nobody reads any more.
type quit int

func guard(c *Context, run Applet) (code int, quitted bool) {
	defer func() {
		if p := recover(); p != nil {
			q, ok := p.(quit)
			if !ok {
				panic(p)
			}
			code, quitted = int(q), true
		}
	}()
	return run(c), false
}

// Write buffers output; an applet whose reader went away ends as by SIGPIPE.
func (c *Context) Write(b []byte) (int, error) {
	n, err := c.out.Write(b)
	if err != nil {
		if errors.Is(err, syscall.EPIPE) {
			panic(quit(128 + 13))
		}
		fmt.Fprintf(c.Stderr, "%s: write error: %v\n", c.Args[0], reason(err))
		panic(quit(1))
	}
	return n, err
}

// Print and Printf write to the buffered standard output.
func (c *Context) Print(a ...any)                 { fmt.Fprint(c, a...) }
func (c *Context) Printf(format string, a ...any) { fmt.Fprintf(c, format, a...) }

// Puts writes s as it is.
func (c *Context) Puts(s string) { c.Write([]byte(s)) }

// Flush hands what was written so far to the reader.
func (c *Context) Flush() { c.out.Flush() }

type empty struct{}

func (empty) Read([]byte) (int, error) { return 0, io.EOF }

// reason words an error as C tools do, without Go's operation and path.
func reason(err error) string {
	var pe *fs.PathError
	var le *os.LinkError
	var se *os.SyscallError
	switch {
	case errors.As(err, &pe):
		err = pe.Err
	case errors.As(err, &le):
		err = le.Err
	case errors.As(err, &se):
		err = se.Err
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "No such file or directory"
	case errors.Is(err, fs.ErrExist):
		return "File exists"
	case errors.Is(err, syscall.EISDIR):
		return "Is a directory"
	case errors.Is(err, syscall.ENOTDIR):
		return "Not a directory"
	case errors.Is(err, syscall.ENOTEMPTY):
		return "Directory not empty"
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EBADF):
		return "Permission denied"
	}
	return err.Error()
}
