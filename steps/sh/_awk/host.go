// Files and commands of an awk program come from the shell around it: WASI has
// no current directory, no /dev and no processes.

package interp

import (
	"io"
	"os"
	"sync"
)

// Host is what the program around the interpreter provides.
type Host struct {
	Open    func(name string, flags int) (io.ReadWriteCloser, error)
	Command func(code string, stdin io.Reader, stdout, stderr io.Writer) int
}

func (p *interp) openFile(name string, flags int) (io.ReadWriteCloser, error) {
	if p.host.Open == nil {
		return os.OpenFile(name, flags, 0o666)
	}
	return p.host.Open(name, flags)
}

// command is a running `print | "…"` or `"…" | getline`.
type command struct {
	io.Writer
	io.Reader
	ends   func()
	done   chan int
	code   int
	closed bool
}

func (c *command) Flush() error { return nil }

func (c *command) ExitCode() int { return c.code }

func (c *command) Close() error {
	if c.closed {
		return errDoubleClose
	}
	c.closed = true
	c.ends()
	c.code = <-c.done
	return nil
}

func (p *interp) outCommand(code string) outputStream {
	reader, writer := io.Pipe()
	c := &command{Writer: writer, ends: func() { writer.Close() }, done: make(chan int, 1), code: notClosedExitCode}
	go func() {
		n := p.host.Command(code, reader, p.output, p.errorOutput)
		reader.Close()
		c.done <- n
	}()
	return c
}

func (p *interp) inCommand(code string) inputStream {
	reader, writer := io.Pipe()
	var once sync.Once
	c := &command{Reader: reader, ends: func() { once.Do(func() { reader.Close() }) }, done: make(chan int, 1), code: notClosedExitCode}
	go func() {
		n := p.host.Command(code, p.stdin, writer, p.errorOutput)
		writer.Close()
		c.done <- n
	}()
	return c
}
