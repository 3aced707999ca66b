// Package shell wires the interpreter to the applets and to what WASI has.
package shell

import (
	"context"
	"errors"
	"fmt"
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
	}
	if applet, ok := applets.Lookup(name); ok {
		return applets.Call(&applets.Context{
			Context: context.Background(),
			Args:    append([]string{name}, argv[1:]...),
			Dir:     workingDirectory(),
			Env:     os.Environ(),
			Stdin:   os.Stdin,
			Stdout:  os.Stdout,
			Stderr:  os.Stderr,
			Run:     runCommand,
		}, applet)
	}
	call, err := parseInvocation(name, argv[1:])
	if err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", name, err)
		return 2
	}
	return call.run(context.Background(), streams{os.Stdin, os.Stdout, os.Stderr}, workingDirectory(), os.Environ())
}

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
	}
	return 1
}
