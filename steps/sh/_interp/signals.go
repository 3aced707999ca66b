// trap, kill and wait.

package interp

import (
	"slices"
	"strconv"
	"strings"
)

func (r *Runner) trap(args []string) uint8 {
	print := false
	for len(args) > 0 && len(args[0]) > 1 && args[0][0] == '-' {
		arg := args[0]
		args = args[1:]
		if arg == "--" {
			break
		}
		switch arg {
		case "-p":
			print = true
		case "-l":
			return 0
		default:
			r.complain("trap: %s: invalid option", arg)
			return 2
		}
	}
	if print || len(args) == 0 {
		for _, t := range []struct{ text, name string }{{r.callbackExit, "EXIT"}, {r.callbackErr, "ERR"}} {
			if t.text != "" && (len(args) == 0 || slices.Contains(args, t.name)) {
				r.outf("trap -- '%s' %s\n", strings.ReplaceAll(t.text, "'", `'\''`), t.name)
			}
		}
		return 0
	}
	callback := args[0]
	if _, isSignal := signalNumber(callback); len(args) == 1 || isSignal && callback != "" && isNumber(callback) {
		callback = "-"
	} else {
		args = args[1:]
	}
	if callback == "-" {
		callback = ""
	}
	code := uint8(0)
	for _, arg := range args {
		switch name := strings.TrimPrefix(strings.ToUpper(arg), "SIG"); name {
		case "ERR":
			r.callbackErr = callback
		case "EXIT", "0":
			r.callbackExit = callback
		case "DEBUG", "RETURN": // not kept: nothing fires them
		default:
			if _, ok := signalNumber(name); !ok {
				r.complain("trap: %s: invalid signal specification", arg)
				code = 1
			}
		}
	}
	return code
}

func isNumber(text string) bool {
	_, err := strconv.Atoi(text)
	return err == nil
}

func (r *Runner) kill(args []string) uint8 {
	sig := signal(15)
	for len(args) > 0 && len(args[0]) > 1 && args[0][0] == '-' {
		name := args[0][1:]
		args = args[1:]
		if name == "-" {
			break
		}
		if (name == "s" || name == "n") && len(args) > 0 {
			name, args = args[0], args[1:]
		}
		if name == "l" || name == "L" {
			return 0
		}
		n, ok := signalNumber(name)
		if !ok {
			r.complain("kill: %s: invalid signal specification", name)
			return 1
		}
		sig = n
	}
	code := uint8(0)
	for _, pid := range args {
		bg, ok := r.job(pid)
		running := ok
		if ok {
			select {
			case <-bg.done:
				running = false
			default:
			}
		}
		switch {
		case !running:
			r.complain("kill: (%s) - No such process", pid)
			code = 1
		case sig != 0:
			bg.cancel(sig)
		}
	}
	return code
}

func (r *Runner) wait(args []string) (exit exitStatus) {
	for len(args) > 0 && strings.HasPrefix(args[0], "-") {
		if args[0] == "-n" && len(args) == 1 {
			for i := range r.bgProcs {
				if bg := &r.bgProcs[i]; !bg.waited {
					bg.waited = true
					<-bg.done
					return exitStatus{code: bg.exit.code}
				}
			}
			return exitStatus{code: 127}
		}
		args = args[1:]
	}
	if len(args) == 0 {
		for _, bg := range r.bgProcs {
			<-bg.done
		}
		return exit
	}
	for _, arg := range args {
		bg, ok := r.job(arg)
		if !ok {
			r.complain("wait: pid %s is not a child of this shell", arg)
			exit = exitStatus{code: 127}
			continue
		}
		<-bg.done
		exit = exitStatus{code: bg.exit.code}
	}
	return exit
}
