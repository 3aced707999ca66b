package shell

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"mvdan.cc/sh/v3/expand"
	"mvdan.cc/sh/v3/interp"

	"wasi-runner/steps/sh/applets"
)

// execute runs what is neither a function nor a builtin.
func execute(ctx context.Context, args []string) error {
	hc := interp.HandlerCtx(ctx)
	code := runCommand(&applets.Context{
		Context: ctx,
		Args:    args,
		Dir:     hc.Dir,
		Env:     exported(hc.Env),
		Stdin:   hc.Stdin,
		Stdout:  hc.Stdout,
		Stderr:  hc.Stderr,
	})
	if code == 0 {
		return nil
	}
	return interp.ExitStatus(code)
}

// runCommand runs an applet, a shell or a script file.
func runCommand(c *applets.Context) int {
	c.Run = runCommand
	name := c.Args[0]
	if applet, ok := applets.Lookup(name); ok {
		return applets.Call(c, applet)
	}
	if name == "bash" || name == "sh" {
		call, err := parseInvocation(name, c.Args[1:])
		if err != nil {
			fmt.Fprintf(c.Stderr, "%s: %v\n", name, err)
			return 2
		}
		return call.run(c.Context, streams{c.Stdin, c.Stdout, c.Stderr}, c.Dir, c.Env)
	}
	fmt.Fprintf(c.Stderr, "%s: command not found\n", name)
	return 127
}

func exported(env expand.Environ) []string {
	var list []string
	seen := map[string]int{}
	env.Each(func(name string, v expand.Variable) bool {
		if i, ok := seen[name]; ok {
			list[i] = ""
			delete(seen, name)
		}
		if v.IsSet() && v.Exported && v.Kind == expand.String {
			seen[name] = len(list)
			list = append(list, name+"="+v.Str)
		}
		return true
	})
	kept := list[:0]
	for _, pair := range list {
		if pair != "" {
			kept = append(kept, pair)
		}
	}
	return kept
}

func openFile(ctx context.Context, name string, flag int, perm os.FileMode) (io.ReadWriteCloser, error) {
	hc := interp.HandlerCtx(ctx)
	if name == "/dev/null" {
		return applets.Null{}, nil
	}
	if name != "" && !filepath.IsAbs(name) {
		name = filepath.Join(hc.Dir, name)
	}
	return os.OpenFile(name, flag, perm)
}
