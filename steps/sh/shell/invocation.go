package shell

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"mvdan.cc/sh/v3/expand"
	"mvdan.cc/sh/v3/interp"
	"mvdan.cc/sh/v3/syntax"
)

// invocation is a parsed `bash` or `sh` command line.
type invocation struct {
	name    string   // argv[0]
	posix   bool     // called as sh
	options []string // for `set`
	command string   // the text of -c
	inline  bool     // -c was given
	file    string   // the script; empty: standard input
	params  []string
}

type streams struct {
	in       io.Reader
	out, err io.Writer
}

func parseInvocation(name string, args []string) (*invocation, error) {
	call := &invocation{name: name, posix: name == "sh" || name == "dash"}
	fromStdin := false
	for len(args) > 0 {
		arg := args[0]
		if arg == "--" || arg == "-" {
			args = args[1:]
			break
		}
		if len(arg) < 2 || (arg[0] != '-' && arg[0] != '+') {
			break
		}
		args = args[1:]
		if strings.HasPrefix(arg, "--") {
			if err := call.longOption(arg, &args); err != nil {
				return nil, err
			}
			continue
		}
		for _, letter := range arg[1:] {
			switch letter {
			case 'c':
				call.inline = true
			case 's':
				fromStdin = true
			case 'l', 'i', 'r', 'D':
			case 'o', 'O':
				if len(args) == 0 {
					return nil, fmt.Errorf("-%c: option requires an argument", letter)
				}
				if letter == 'o' {
					call.options = append(call.options, arg[:1]+"o", args[0])
				}
				args = args[1:]
			default:
				call.options = append(call.options, arg[:1]+string(letter))
			}
		}
	}
	switch {
	case call.inline:
		if len(args) == 0 {
			return nil, fmt.Errorf("-c: option requires an argument")
		}
		call.command, args = args[0], args[1:]
		if len(args) > 0 {
			call.name, args = args[0], args[1:]
		}
	case !fromStdin && len(args) > 0:
		call.file, args = args[0], args[1:]
		call.name = call.file
	}
	call.params = args
	return call, nil
}

func (call *invocation) longOption(arg string, args *[]string) error {
	switch arg {
	case "--noprofile", "--norc", "--login", "--noediting", "--restricted", "--verbose":
	case "--posix":
		call.posix = true
	case "--rcfile", "--init-file":
		if len(*args) > 0 {
			*args = (*args)[1:]
		}
	default:
		return fmt.Errorf("%s: invalid option", arg)
	}
	return nil
}

// run interprets the script and returns its exit code.
func (call *invocation) run(ctx context.Context, std streams, dir string, env []string) int {
	source, code, err := call.source(std.in, dir)
	if err != nil {
		fmt.Fprintf(std.err, "bash: %v\n", err)
		return code
	}
	file, err := syntax.NewParser().Parse(strings.NewReader(source), call.name)
	if err != nil {
		fmt.Fprintf(std.err, "%v\n", err)
		return 2
	}
	runner, err := interp.New(
		interp.Env(expand.ListEnviron(env...)),
		interp.StdIO(std.in, std.out, std.err),
		interp.Params(append(append([]string{}, call.options...), append([]string{"--"}, call.params...)...)...),
		interp.OpenHandler(openFile),
		interp.ExecHandlers(func(interp.ExecHandlerFunc) interp.ExecHandlerFunc { return execute }),
	)
	if err != nil {
		fmt.Fprintf(std.err, "bash: %v\n", err)
		return 2
	}
	interp.Dir(dir)(runner)
	return exitCode(runner.Run(ctx, file))
}

func (call *invocation) source(stdin io.Reader, dir string) (text string, code int, err error) {
	switch {
	case call.inline:
		return call.command, 0, nil
	case call.file == "":
		if stdin == nil {
			return "", 0, nil
		}
		data, err := io.ReadAll(stdin)
		return string(data), 1, err
	}
	file := call.file
	if !filepath.IsAbs(file) {
		file = filepath.Join(dir, file)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return "", 127, fmt.Errorf("%s: No such file or directory", call.file)
	}
	return string(data), 0, nil
}
