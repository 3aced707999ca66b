// Takes the place of stdin_os.go: WASI has no os.Pipe, so the pipes between
// the commands of one shell live in memory.

package interp

import (
	"errors"
	"io"
	"sync"
	"syscall"
	"time"
)

// pipeCapacity is what a Linux pipe holds before its writer has to wait.
const pipeCapacity = 64 << 10

type stdinFile interface {
	io.ReadCloser
	SetReadDeadline(t time.Time) error
}

// stdinReader adapts a plain reader; WASI cannot interrupt a blocked read.
type stdinReader struct{ io.Reader }

func (r stdinReader) Close() error {
	if c, ok := r.Reader.(io.Closer); ok {
		return c.Close()
	}
	return nil
}

func (stdinReader) SetReadDeadline(time.Time) error { return nil }

func newPipe() (stdinFile, *pipeWriter, error) {
	p := &pipe{}
	p.changed.L = &p.mu
	return &pipeReader{p}, &pipeWriter{p}, nil
}

func newStdinFile(r io.Reader) (stdinFile, error) {
	switch r := r.(type) {
	case nil:
		return nil, nil
	case stdinFile:
		return r, nil
	default:
		return stdinReader{r}, nil
	}
}

func stdinTerminal(stdinFile) (int, bool) { return -1, false }

type pipe struct {
	mu      sync.Mutex
	changed sync.Cond
	data    []byte
	readEnd bool // the reader is gone
	written bool // the writer is gone
	broken  bool // somebody wrote after the reader had gone
}

type pipeReader struct{ p *pipe }

func (r *pipeReader) Read(b []byte) (int, error) {
	p := r.p
	p.mu.Lock()
	defer p.mu.Unlock()
	for len(p.data) == 0 && !p.written && !p.readEnd && len(b) > 0 {
		p.changed.Wait()
	}
	if p.readEnd {
		return 0, io.ErrClosedPipe
	}
	n := copy(b, p.data)
	p.data = p.data[n:]
	if n == 0 && len(b) > 0 {
		return 0, io.EOF
	}
	p.changed.Broadcast()
	return n, nil
}

func (r *pipeReader) Close() error {
	r.p.mu.Lock()
	defer r.p.mu.Unlock()
	r.p.readEnd, r.p.data = true, nil
	r.p.changed.Broadcast()
	return nil
}

func (*pipeReader) SetReadDeadline(time.Time) error { return nil }

type pipeWriter struct{ p *pipe }

func (w *pipeWriter) Write(b []byte) (int, error) {
	p := w.p
	p.mu.Lock()
	defer p.mu.Unlock()
	for n := 0; ; {
		if p.readEnd {
			p.broken = true
			return n, syscall.EPIPE
		}
		if p.written {
			return n, errors.New("write on a closed pipe")
		}
		k := min(len(b)-n, pipeCapacity-len(p.data))
		p.data = append(p.data, b[n:n+k]...)
		p.changed.Broadcast()
		if n += k; n == len(b) {
			return n, nil
		}
		p.changed.Wait()
	}
}

func (w *pipeWriter) Close() error {
	w.p.mu.Lock()
	defer w.p.mu.Unlock()
	w.p.written = true
	w.p.changed.Broadcast()
	return nil
}
