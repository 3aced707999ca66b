package shell

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"regexp"
	"strings"
	"syscall"

	"mvdan.cc/sh/v3/expand"
	"mvdan.cc/sh/v3/interp"
	"mvdan.cc/sh/v3/syntax"

	"wasi-runner/steps/sh/applets"
	"wasi-runner/steps/sh/printf"
	"wasi-runner/steps/sh/regex"
)

const bashVersion = "5.2.15(1)-release"

// run interprets the script and returns its exit code.
func (call *invocation) run(c *applets.Context) int {
	source, err := call.source(c)
	if err != nil {
		reason := "No such file or directory"
		if !errors.Is(err, fs.ErrNotExist) {
			reason = "cannot be read"
		}
		fmt.Fprintf(c.Stderr, "%s: %s: %s\n", call.program, call.file, reason)
		return notFound
	}
	source = quoteKeys(source)
	runner, err := call.newRunner(c)
	if err != nil {
		fmt.Fprintf(c.Stderr, "%s: %v\n", call.program, err)
		return 2
	}
	file, parseErr := syntax.NewParser(call.language()).Parse(strings.NewReader(source), call.name)
	if parseErr != nil {
		return call.runUntilError(c, runner, source, parseErr)
	}
	code := exitCode(runner.Run(c.Context, file))
	runner.Finish()
	return code
}

// runUntilError does what bash does: a script runs up to its syntax error.
func (call *invocation) runUntilError(c *applets.Context, runner *interp.Runner, source string, parseErr error) int {
	file := &syntax.File{Name: call.name}
	for st, err := range syntax.NewParser(call.language()).StmtsSeq(strings.NewReader(source)) {
		if err != nil {
			break
		}
		file.Stmts = append(file.Stmts, st)
	}
	var place syntax.ParseError
	if errors.As(parseErr, &place) && len(file.Stmts) > 0 {
		for len(file.Stmts) > 0 && file.Stmts[len(file.Stmts)-1].End().Line() >= place.Pos.Line() {
			file.Stmts = file.Stmts[:len(file.Stmts)-1]
		}
	}
	code := exitCode(runner.Run(c.Context, file))
	runner.Finish()
	if runner.Exited() {
		return code
	}
	if errors.As(parseErr, &place) {
		fmt.Fprintf(c.Stderr, "%s: line %d: syntax error: %s\n", call.name, place.Pos.Line(), place.Text)
	} else {
		fmt.Fprintf(c.Stderr, "%s: %v\n", call.name, parseErr)
	}
	return 2
}

func (call *invocation) language() syntax.ParserOption {
	return syntax.Variant(syntax.LangBash)
}

func (call *invocation) newRunner(c *applets.Context) (*interp.Runner, error) {
	params := append(append([]string{}, call.options...), "--")
	script := call.file
	options := []interp.RunnerOption{
		interp.Env(expand.ListEnviron(c.Env...)),
		interp.Dir(c.Dir),
		interp.StdIO(c.Stdin, c.Stdout, c.Stderr),
		interp.Params(append(params, call.params...)...),
		interp.OpenHandler(openFile),
		interp.AccessHandler(access),
		interp.ExecHandlers(func(interp.ExecHandlerFunc) interp.ExecHandlerFunc { return execute }),
		interp.Extend(interp.Host{
			Name: call.name, Script: script,
			Lookup: lookup, Format: printf.Format, Regexp: compileRegexp,
		}),
	}
	if call.posix {
		options = append(options, interp.PosixMode)
	}
	if len(call.shopts) > 0 {
		options = append(options, interp.BashOpts(append([]string{"-s"}, call.shopts...)...))
	}
	runner, err := interp.New(options...)
	if err != nil {
		return nil, err
	}
	call.setVariables(runner)
	return runner, nil
}

func (call *invocation) setVariables(runner *interp.Runner) {
	runner.SetVariable("PS4", "+ ", false)
	if call.program != "bash" {
		return
	}
	runner.SetVariable("BASH", "/usr/bin/bash", false)
	runner.SetVariable("BASH_VERSION", bashVersion, false)
	runner.SetVariable("HOSTNAME", "runner", false)
	runner.SetVariable("HOSTTYPE", "wasm32", false)
	runner.SetVariable("MACHTYPE", "wasm32-unknown-wasip1", false)
	runner.SetVariable("OSTYPE", "linux-gnu", false)
	runner.SetArray("BASH_VERSINFO", "5", "2", "15", "1", "release", "wasm32-unknown-wasip1")
}

func (call *invocation) source(c *applets.Context) (string, error) {
	switch {
	case call.inline:
		return call.command, nil
	case call.file == "":
		if c.Stdin == nil {
			return "", nil
		}
		data, err := io.ReadAll(c.Stdin)
		return string(data), err
	}
	file, err := c.Open(call.file)
	if errors.Is(err, fs.ErrNotExist) && !strings.Contains(call.file, "/") {
		if found, ok := findScript(c.Dir, c.Getenv("PATH"), call.file); ok {
			file, err = os.Open(found)
		}
	}
	if err != nil {
		return "", err
	}
	defer file.Close()
	data, err := io.ReadAll(file)
	return string(data), err
}

func compileRegexp(pattern string, foldCase bool) (*regexp.Regexp, error) {
	re, err := regex.Compile(pattern, regex.Options{Extended: true, FoldCase: foldCase})
	if err != nil {
		return nil, err
	}
	if re.Std() == nil {
		return nil, errors.New("back-references are not supported in [[ =~ ]]")
	}
	return re.Std(), nil
}

func openFile(ctx context.Context, name string, flag int, perm os.FileMode) (io.ReadWriteCloser, error) {
	if name == "" {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	path := absolute(interp.HandlerCtx(ctx).Dir, name)
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return nil, &fs.PathError{Op: "open", Path: name, Err: syscall.EISDIR}
	}
	return os.OpenFile(path, flag, perm)
}

// access answers `test -r`, `-w` and `-x`: WASI keeps no permission bits.
func access(ctx context.Context, path string, mode interp.AccessMode) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if mode&interp.AccessExec != 0 && applets.Mode(path, info)&0o111 == 0 {
		return fs.ErrPermission
	}
	if mode&interp.AccessWrite != 0 && !applets.Writable(path, info) {
		return fs.ErrPermission
	}
	return nil
}
