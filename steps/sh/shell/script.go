package shell

import (
	"bytes"
	"fmt"
	"os"
	"path"
	"strings"

	"wasi-runner/steps/sh/applets"
)

// runScript runs a file by its `#!` line, or as a bash script without one.
func runScript(c *applets.Context, file string) int {
	info, err := os.Stat(file)
	if err == nil && info.IsDir() {
		fmt.Fprintf(c.Stderr, "%s: %s: Is a directory\n", c.Where, c.Args[0])
		return notExecutable
	}
	data, err := os.ReadFile(file)
	if err != nil {
		fmt.Fprintf(c.Stderr, "%s: %s: Permission denied\n", c.Where, c.Args[0])
		return notExecutable
	}
	if kind := binaryKind(data); kind != "" {
		fmt.Fprintf(c.Stderr, "%s: %s: cannot execute %s\n", c.Where, c.Args[0], kind)
		fmt.Fprintf(c.Stderr, "hint: a WebAssembly program runs as a plugin of its own: `uses:` a folder with step.yml\n")
		return notExecutable
	}
	line, _, _ := bytes.Cut(data, []byte("\n"))
	interpreter := []string{"bash"}
	if shebang, found := strings.CutPrefix(string(line), "#!"); found {
		if interpreter = splitShebang(shebang); len(interpreter) == 0 {
			interpreter = []string{"bash"}
		}
	}
	name := path.Base(interpreter[0])
	if _, ok := applet(name); !ok {
		fmt.Fprintf(c.Stderr, "%s: %s: %s: bad interpreter: no such program in the sandbox\n", c.Where, c.Args[0], strings.TrimSpace(strings.TrimPrefix(string(line), "#!")))
		fmt.Fprintf(c.Stderr, "hint: programs run as WebAssembly plugins: give `%s` its own step with `uses:`\n", name)
		return notExecutable
	}
	call := *c
	script := file
	if strings.Contains(c.Args[0], "/") {
		script = c.Args[0]
	}
	call.Args = append(append([]string{name}, interpreter[1:]...), append([]string{script}, c.Args[1:]...)...)
	return runCommand(&call)
}

// splitShebang reads `/usr/bin/env [-S] NAME ARGS` and `/path/NAME ARG`.
func splitShebang(text string) []string {
	words := strings.Fields(text)
	if len(words) > 0 && path.Base(words[0]) == "env" {
		words = words[1:]
		if len(words) > 0 && words[0] == "-S" {
			words = words[1:]
		}
	}
	return words
}

func binaryKind(data []byte) string {
	switch {
	case bytes.HasPrefix(data, []byte("\x00asm")):
		return "a WebAssembly module as a command"
	case bytes.HasPrefix(data, []byte("\x7fELF")):
		return "binary file: Exec format error"
	}
	line, _, _ := bytes.Cut(data, []byte("\n"))
	if bytes.IndexByte(line, 0) >= 0 {
		return "binary file"
	}
	return ""
}
