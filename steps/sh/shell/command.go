package shell

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"mvdan.cc/sh/v3/expand"
	"mvdan.cc/sh/v3/interp"

	"wasi-runner/steps/sh/applets"
)

const (
	notExecutable = 126
	notFound      = 127
)

// execute runs what is neither a function nor a builtin.
func execute(ctx context.Context, args []string) error {
	hc := interp.HandlerCtx(ctx)
	call := &applets.Context{
		Context:    ctx,
		Args:       args,
		Dir:        hc.Dir,
		Env:        exported(hc.Env),
		Stdin:      hc.Stdin,
		Stdout:     hc.Stdout,
		Stderr:     hc.Stderr,
		Descriptor: hc.Descriptor,
	}
	call.Where = hc.Origin()
	if code := runCommand(call); code != 0 {
		return interp.ExitStatus(code)
	}
	return nil
}

// runCommand runs an applet, a shell or a script file and returns its exit code.
func runCommand(c *applets.Context) int {
	c.Run = runCommand
	c.Find = func(name string) (string, bool) { return findCommand(c.Dir, c.Getenv("PATH"), name) }
	name := c.Args[0]
	if file, ok := findOverride(c.Dir, c.Getenv("PATH"), name); ok {
		return runScript(c, file)
	}
	if base, ok := applet(name); ok {
		if run, ok := applets.Lookup(base); ok {
			return applets.Call(c, run)
		}
		return runShell(c)
	}
	file, ok := findScript(c.Dir, c.Getenv("PATH"), name)
	if !ok {
		return complainMissing(c)
	}
	return runScript(c, file)
}

// runShell is `bash …` and `sh …`.
func runShell(c *applets.Context) int {
	call, err := parseInvocation(filepath.Base(c.Args[0]), c.Args[1:])
	if err != nil {
		fmt.Fprintf(c.Stderr, "%s: %v\n", c.Args[0], err)
		return 2
	}
	if call.isVersion {
		fmt.Fprintf(c.Stdout, "GNU bash, version %s (wasm32-wasip1)\n", bashVersion)
		return 0
	}
	return call.run(c)
}

// applet tells whether name, perhaps with the directory of a system's
// commands before it, is built in, and gives its bare name.
func applet(name string) (string, bool) {
	base := name
	if dir, file := filepath.Split(name); dir != "" {
		if !isSystemFolder(filepath.Clean(dir)) {
			return "", false
		}
		base = file
	}
	if base == "bash" || base == "sh" || base == "dash" {
		return base, true
	}
	_, ok := applets.Lookup(base)
	return base, ok
}

// lookup is what `command -v` and `type` see.
func lookup(dir string, env expand.Environ, name string) (string, bool) {
	return findCommand(dir, env.Get("PATH").String(), name)
}

func findCommand(dir, path, name string) (string, bool) {
	if file, ok := findOverride(dir, path, name); ok {
		return file, true
	}
	if base, ok := applet(name); ok {
		if strings.Contains(name, "/") {
			return name, true
		}
		return "/usr/bin/" + base, true
	}
	return findScript(dir, path, name)
}

// isSystemFolder names where a Linux machine keeps what the applets stand for.
func isSystemFolder(dir string) bool {
	switch dir {
	case "/bin", "/usr/bin", "/usr/local/bin", "/sbin", "/usr/sbin", "/usr/local/sbin":
		return true
	}
	return false
}

// findOverride finds a script in a folder that was put on PATH: it goes
// before an applet of the same name.
func findOverride(dir, path, name string) (string, bool) {
	if strings.Contains(name, "/") {
		return "", false
	}
	for _, folder := range filepath.SplitList(path) {
		if isSystemFolder(folder) {
			continue
		}
		file := filepath.Join(absolute(dir, folder), name)
		if info, err := os.Stat(file); err == nil && info.Mode().IsRegular() {
			return file, true
		}
	}
	return "", false
}

func findScript(dir, path, name string) (string, bool) {
	if strings.Contains(name, "/") {
		file := absolute(dir, name)
		_, err := os.Stat(file)
		return file, err == nil
	}
	for _, folder := range filepath.SplitList(path) {
		file := filepath.Join(absolute(dir, folder), name)
		if info, err := os.Stat(file); err == nil && info.Mode().IsRegular() {
			return file, true
		}
	}
	return "", false
}

func complainMissing(c *applets.Context) int {
	name := c.Args[0]
	if strings.Contains(name, "/") {
		fmt.Fprintf(c.Stderr, "%s: %s: No such file or directory\n", c.Where, name)
		return notFound
	}
	fmt.Fprintf(c.Stderr, "%s: %s: command not found\n", c.Where, name)
	fmt.Fprintf(c.Stderr, "hint: no process can be started in the sandbox; programs run as WebAssembly plugins: give `%s` its own step with `uses:`\n", name)
	return notFound
}

func absolute(dir, name string) string {
	if filepath.IsAbs(name) {
		return filepath.Clean(name)
	}
	return filepath.Join(dir, name)
}

// exported lists the environment of a command.
func exported(env expand.Environ) []string {
	values := map[string]string{}
	var names []string
	env.Each(func(name string, v expand.Variable) bool {
		if !v.IsSet() || !v.Exported || v.Kind != expand.String {
			delete(values, name)
			return true
		}
		if _, known := values[name]; !known {
			names = append(names, name)
		}
		values[name] = v.Str
		return true
	})
	list := make([]string, 0, len(values))
	for _, name := range names {
		if value, ok := values[name]; ok {
			list = append(list, name+"="+value)
			delete(values, name)
		}
	}
	return list
}
