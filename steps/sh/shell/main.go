// Package shell wires the interpreter to the applets and to what WASI has.
package shell

import (
	"context"
	"errors"
	"io"
	"os"
	"path"
	"strings"

	"mvdan.cc/sh/v3/interp"

	"wasi-runner/steps/sh/applets"
)

// Main runs one command line, argv[0] choosing what to be, and returns the exit code.
func Main(argv []string) int {
	name := "bash"
	if len(argv) > 0 {
		name = strings.TrimSuffix(path.Base(argv[0]), ".wasm")
	} else {
		argv = []string{name}
	}
	if _, ok := applets.Lookup(name); !ok && name != "sh" && name != "dash" {
		name = "bash"
	}
	return runCommand(&applets.Context{
		Context:    context.Background(),
		Args:       append([]string{name}, argv[1:]...),
		Dir:        workingDirectory(),
		Env:        os.Environ(),
		Stdin:      os.Stdin,
		Stdout:     os.Stdout,
		Stderr:     os.Stderr,
		Descriptor: noDescriptor,
	})
}

type streams struct {
	in       io.Reader
	out, err io.Writer
}

func noDescriptor(int) any { return nil }

// workingDirectory comes from PWD: WASI has no current directory.
func workingDirectory() string {
	if dir := os.Getenv("PWD"); path.IsAbs(dir) {
		return path.Clean(dir)
	}
	return "/"
}

func exitCode(err error) int {
	var status interp.ExitStatus
	switch {
	case err == nil:
		return 0
	case errors.As(err, &status):
		return int(status)
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return 128 + 15
	}
	return 1
}
