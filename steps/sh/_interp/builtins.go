// Builtins that the interpreter lacks or has with too few of bash's options.

package interp

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"mvdan.cc/sh/v3/expand"
	"mvdan.cc/sh/v3/syntax"
)

// bashBuiltin runs name if this file has it; ok is false for all others.
func (r *Runner) bashBuiltin(ctx context.Context, pos syntax.Pos, name string, args []string) (exit exitStatus, ok bool) {
	code := uint8(0)
	switch name {
	case "echo":
		code = r.echo(args)
	case "printf":
		code = r.printf(args)
	case "read":
		code = r.read(ctx, args)
	case "readarray", "mapfile":
		code = r.mapfile(name, args)
	case "trap":
		code = r.trap(args)
	case "type":
		code = r.typeOf(args)
	case "command":
		if len(args) == 0 || args[0] != "-v" && args[0] != "-V" && args[0] != "-p" {
			return exit, false
		}
		if args[0] == "-p" {
			return r.builtin(ctx, pos, "command", args[1:]), true
		}
		code = r.commandPath(args[0] == "-V", args[1:])
	case "hash":
		for _, arg := range args {
			if _, found := r.find(arg); !found && !strings.HasPrefix(arg, "-") {
				r.complain("hash: %s: not found", arg)
				code = 1
			}
		}
	case "kill":
		code = r.kill(args)
	case "wait":
		return r.wait(args), true
	case "jobs":
		for i, bg := range r.bgProcs {
			select {
			case <-bg.done:
			default:
				r.outf("[%d]+  Running\n", i+1)
			}
		}
	case "disown", "bind", "complete", "compopt", "enable", "history", "suspend", "bg", "fg", "fc":
	case "logout":
		return r.builtin(ctx, pos, "exit", args), true
	case "umask":
		if len(args) == 0 {
			r.out("0022\n")
		} else if args[0] == "-S" {
			r.out("u=rwx,g=rx,o=rx\n")
		}
	case "ulimit":
		if len(args) == 0 || len(args) == 1 && strings.HasPrefix(args[0], "-") {
			r.out("unlimited\n")
		}
	case "return":
		if len(args) == 0 && (r.inFunc || r.inSource) {
			exit = r.lastExit
			exit.returning = true
			return exit, true
		}
		return exit, false
	case "exit":
		if len(args) == 1 {
			if _, err := strconv.Atoi(args[0]); err != nil {
				r.complain("exit: %s: numeric argument required", args[0])
				return exitStatus{code: 2, exiting: true}, true
			}
		}
		return exit, false
	case "shift":
		if len(args) == 1 {
			if n, err := strconv.Atoi(args[0]); err == nil && (n > len(r.Params) || n < 0) {
				return exitStatus{code: 1}, true
			}
		} else if len(args) == 0 && len(r.Params) == 0 {
			return exitStatus{code: 1}, true
		}
		return exit, false
	case "cd":
		code = r.cd(ctx, args)
	case "shopt":
		if !slices.ContainsFunc(args, func(arg string) bool { return len(arg) > 1 && arg[0] == '-' && strings.ContainsAny(arg, "qp") }) {
			return exit, r.shoptHarmless(args)
		}
		code = r.shoptQuery(args)
	case "caller":
		if n := len(r.state.frames); n > 0 {
			f := r.state.frames[n-1]
			r.outf("%d %s\n", f.line, f.source)
		} else {
			code = 1
		}
	case "exec":
		for len(args) > 0 && (args[0] == "-c" || args[0] == "-l" || args[0] == "--" || args[0] == "-a") {
			if args[0] == "-a" && len(args) > 1 {
				args = args[1:]
			}
			args = args[1:]
		}
		if len(args) == 0 {
			r.keepRedirs = true
			return exit, true
		}
		r.exec(ctx, pos, args)
		exit = r.exit
		exit.exiting = true
		return exit, true
	case "[", "test":
		// the classic parser lacks string order
		if n := len(args); n >= 3 && (args[1] == "<" || args[1] == ">") && (name == "test" && n == 3 || n == 4 && args[3] == "]") {
			exit.oneIf((args[0] < args[2]) != (args[1] == "<") || args[0] == args[2])
			return exit, true
		}
		return exit, false
	case "compgen":
		code = r.compgen(args)
	default:
		return exit, false
	}
	return exitStatus{code: code}, true
}

func (r *Runner) cd(ctx context.Context, args []string) uint8 {
	physical := false
	for len(args) > 0 && len(args[0]) > 1 && args[0][0] == '-' {
		if args[0] == "-P" {
			physical = true
		}
		args = args[1:]
	}
	_ = physical
	if len(args) > 1 {
		r.complain("cd: too many arguments")
		return 1
	}
	target := r.envGet("HOME")
	if len(args) == 0 {
		if target == "" {
			r.complain("cd: HOME not set")
			return 1
		}
	} else if target = args[0]; target == "" {
		return 0
	}
	if target == "-" {
		if target = r.envGet("OLDPWD"); target == "" {
			r.complain("cd: OLDPWD not set")
			return 1
		}
		r.outf("%s\n", target)
	}
	path := r.absPath(target)
	info, err := r.stat(ctx, path)
	switch {
	case err != nil:
		r.complain("cd: %s: %s", target, wording(err))
		return 1
	case !info.IsDir():
		r.complain("cd: %s: Not a directory", target)
		return 1
	}
	old := r.lookupVar("PWD")
	r.Dir = path
	r.setVarString("OLDPWD", old.Str)
	old.Str, old.Set, old.Kind = path, true, expand.String
	r.setVar("PWD", old)
	r.dirStack[len(r.dirStack)-1] = path
	return 0
}
