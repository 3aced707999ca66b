// Redirections of any descriptor, and the /dev names that WASI lacks.

package interp

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"strconv"
	"strings"
	"syscall"

	"mvdan.cc/sh/v3/expand"
	"mvdan.cc/sh/v3/syntax"
)

// Descriptor returns the stream of an open file descriptor, or nil.
func (hc HandlerContext) Descriptor(n int) any { return hc.runner.descriptor(n) }

var errExpansion = errors.New("cannot expand")

func (w *pipeWriter) isBroken() bool {
	w.p.mu.Lock()
	defer w.p.mu.Unlock()
	return w.p.broken
}

func (r *Runner) descriptor(n int) any {
	switch n {
	case 0:
		if r.stdin == nil {
			return nil
		}
		return r.stdin
	case 1:
		return r.stdout
	case 2:
		return r.stderr
	}
	return r.state.fds[n]
}

func (r *Runner) setDescriptor(n int, stream any) {
	switch n {
	case 0:
		r.stdin = nil
		if in, ok := stream.(io.Reader); ok {
			r.stdin, _ = newStdinFile(in)
		}
	case 1, 2:
		out, ok := stream.(io.Writer)
		if !ok {
			out = closedWriter{}
		}
		if n == 1 {
			r.stdout = out
		} else {
			r.stderr = out
		}
	default:
		fds := maps.Clone(r.state.fds)
		if fds == nil {
			fds = map[int]any{}
		}
		fds[n] = stream
		if stream == nil {
			delete(fds, n)
		}
		r.state.fds = fds
	}
}

func (r *Runner) setInput(rd *syntax.Redirect, in stdinFile) {
	n := 0
	if rd.N != nil {
		n, _ = r.target(rd, 0)
	}
	r.setDescriptor(n, in)
}

// target reads the number before the operator, or names a free one for `{var}>`.
func (r *Runner) target(rd *syntax.Redirect, otherwise int) (int, error) {
	if rd.N == nil {
		return otherwise, nil
	}
	name, found := strings.CutPrefix(rd.N.Value, "{")
	if !found {
		return strconv.Atoi(rd.N.Value)
	}
	name = strings.TrimSuffix(name, "}")
	if rd.Op == syntax.DplOut || rd.Op == syntax.DplIn {
		if r.wordIsDash(rd) {
			return strconv.Atoi(r.envGet(name))
		}
	}
	n := 10
	for r.state.fds[n] != nil {
		n++
	}
	r.setVarString(name, strconv.Itoa(n))
	return n, nil
}

func (r *Runner) wordIsDash(rd *syntax.Redirect) bool { return rd.Word.Lit() == "-" }

func (r *Runner) redirect(ctx context.Context, rd *syntax.Redirect, arg string) (io.Closer, error) {
	otherwise := 1
	switch rd.Op {
	case syntax.RdrIn, syntax.DplIn, syntax.RdrInOut:
		otherwise = 0
	}
	n, err := r.target(rd, otherwise)
	if err != nil {
		return nil, fmt.Errorf("%s: ambiguous redirect", rd.N.Value)
	}
	both := rd.Op == syntax.RdrAll || rd.Op == syntax.AppAll
	if rd.Op == syntax.DplIn || rd.Op == syntax.DplOut {
		moved := strings.TrimSuffix(arg, "-")
		source, err := strconv.Atoi(moved)
		switch {
		case arg == "-":
			r.setDescriptor(n, nil)
			return nil, nil
		case err == nil:
			stream := r.descriptor(source)
			if stream == nil && source != 0 {
				return nil, fmt.Errorf("%s: Bad file descriptor", moved)
			}
			r.setDescriptor(n, stream)
			if moved != arg {
				r.setDescriptor(source, nil)
			}
			return nil, nil
		case rd.Op == syntax.DplIn || rd.N != nil && rd.N.Value != "1":
			return nil, fmt.Errorf("%s: ambiguous redirect", arg)
		}
		both = true
	}
	f, err := r.open(ctx, arg, r.openFlags(rd.Op), 0o666, false)
	if err != nil {
		if r.exit.fatalExit {
			return nil, err
		}
		return nil, fmt.Errorf("%s: %s", arg, wording(err))
	}
	r.setDescriptor(n, f)
	if both {
		r.setDescriptor(2, f)
	}
	return f, nil
}

func (r *Runner) openFlags(op syntax.RedirOperator) int {
	switch op {
	case syntax.RdrIn:
		return os.O_RDONLY
	case syntax.RdrInOut:
		return os.O_RDWR | os.O_CREATE
	case syntax.AppOut, syntax.AppAll:
		return os.O_WRONLY | os.O_CREATE | os.O_APPEND
	case syntax.RdrOut:
		if r.opts[optNoClobber] {
			return os.O_WRONLY | os.O_CREATE | os.O_EXCL
		}
	}
	return os.O_WRONLY | os.O_CREATE | os.O_TRUNC
}

// openStream resolves the names below /dev; ok is false for any other path.
func (r *Runner) openStream(path string, flags int) (io.ReadWriteCloser, bool, error) {
	n := -1
	switch path {
	case "/dev/null":
		return nullStream{}, true, nil
	case "/dev/stdin":
		n = 0
	case "/dev/stdout":
		n = 1
	case "/dev/stderr":
		n = 2
	default:
		digits, found := strings.CutPrefix(path, "/dev/fd/")
		if !found {
			return nil, false, nil
		}
		var err error
		if n, err = strconv.Atoi(digits); err != nil {
			return nil, false, nil
		}
	}
	stream := r.descriptor(n)
	if stream == nil {
		if n == 0 {
			return nullStream{}, true, nil
		}
		return nil, true, &fs.PathError{Op: "open", Path: path, Err: fs.ErrNotExist}
	}
	in, _ := stream.(io.Reader)
	out, _ := stream.(io.Writer)
	if flags&(os.O_WRONLY|os.O_RDWR) == 0 && in == nil || flags&os.O_WRONLY != 0 && out == nil {
		return nil, true, &fs.PathError{Op: "open", Path: path, Err: fs.ErrPermission}
	}
	return sharedStream{in, out}, true, nil
}

// sharedStream is a second name of an open stream: closing it closes nothing.
type sharedStream struct {
	io.Reader
	io.Writer
}

func (sharedStream) Close() error { return nil }

type nullStream struct{}

func (nullStream) Read([]byte) (int, error)    { return 0, io.EOF }
func (nullStream) Write(b []byte) (int, error) { return len(b), nil }
func (nullStream) Close() error                { return nil }

type closedWriter struct{}

func (closedWriter) Write([]byte) (int, error) { return 0, syscall.EBADF }

// temporary is the shell's end of a process substitution.
type temporary struct {
	stream io.Closer
	fd     int
	done   chan struct{} // nil: nobody waits for the command
}

// substituteProcess runs `<(…)` or `>(…)` behind a pipe named /dev/fd/N.
func (r *Runner) substituteProcess(ctx context.Context, r2 *Runner, bg bgProc, ps *syntax.ProcSubst) (string, error) {
	reader, writer, err := newPipe()
	if err != nil {
		return "", err
	}
	fd := 63
	for r.state.fds[fd] != nil {
		fd--
	}
	ours := temporary{fd: fd}
	var theirs io.Closer = writer
	if ps.Op == syntax.CmdIn {
		r2.stdout = writer
		ours.stream = reader
		r.setDescriptor(fd, reader)
	} else {
		r2.stdin, theirs = reader, reader
		ours.stream, ours.done = writer, bg.done
		r.setDescriptor(fd, writer)
	}
	r.state.temps = append(r.state.temps, ours)
	go func() {
		r2.stmts(ctx, ps.Stmts)
		r2.leave(ctx)
		theirs.Close()
		*bg.exit = r2.exit
		close(bg.done)
	}()
	return "/dev/fd/" + strconv.Itoa(fd), nil
}

// closeTemps ends the process substitutions of the statement that made them;
// those that `exec` gave to the shell itself live as long as the shell.
func (r *Runner) closeTemps(mark int, keep bool) {
	temps := r.state.temps[mark:]
	if len(temps) == 0 {
		return
	}
	r.state.temps = r.state.temps[:mark]
	for _, t := range temps {
		if keep && r.state.shared != nil {
			r.state.pending = append(r.state.pending, t)
			continue
		}
		r.setDescriptor(t.fd, nil)
		t.close()
	}
}

func (t temporary) close() {
	t.stream.Close()
	if t.done != nil {
		<-t.done
	}
}

// Finish waits for commands that still take the shell's output.
func (r *Runner) Finish() {
	for _, t := range r.state.pending {
		t.close()
	}
}

func wording(err error) string {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		err = pe.Err
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "No such file or directory"
	case errors.Is(err, syscall.EISDIR):
		return "Is a directory"
	case errors.Is(err, syscall.ENOTDIR):
		return "Not a directory"
	case errors.Is(err, fs.ErrExist):
		return "cannot overwrite existing file"
	case errors.Is(err, fs.ErrPermission):
		return "Permission denied"
	}
	return err.Error()
}

// regexText builds the pattern of `=~`: what is quoted matches literally.
func (r *Runner) regexText(word *syntax.Word) string {
	var sb strings.Builder
	for _, part := range word.Parts {
		switch part := part.(type) {
		case *syntax.Lit:
			sb.WriteString(part.Value)
		case *syntax.SglQuoted, *syntax.DblQuoted:
			sb.WriteString(quoteRegex(r.literal(&syntax.Word{Parts: []syntax.WordPart{part}})))
		default:
			sb.WriteString(r.literal(&syntax.Word{Parts: []syntax.WordPart{part}}))
		}
	}
	return sb.String()
}

func quoteRegex(text string) string {
	var sb strings.Builder
	for _, c := range text {
		if strings.ContainsRune(`\.+*?()|[]{}^$`, c) {
			sb.WriteByte('\\')
		}
		sb.WriteRune(c)
	}
	return sb.String()
}

func (r *Runner) matchRegex(text, pattern string) bool {
	if r.state.shared == nil || r.state.Regexp == nil {
		r.exit.code = 2
		return false
	}
	re, err := r.state.Regexp(pattern, r.opts[optNoCaseMatch])
	if err != nil {
		r.exit.code = 2
		return false
	}
	groups := re.FindStringSubmatch(text)
	r.setVar("BASH_REMATCH", expand.Variable{Set: true, Kind: expand.Indexed, List: append([]string{}, groups...)})
	return groups != nil
}
