// Builtins that the interpreter lacks or has with too few of bash's options.

package interp

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

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

func (r *Runner) echo(args []string) uint8 {
	newline, escapes := true, r.opts[optPosix]
	for len(args) > 0 && len(args[0]) > 1 && args[0][0] == '-' && strings.Trim(args[0][1:], "neE") == "" {
		for _, c := range args[0][1:] {
			switch c {
			case 'n':
				newline = false
			case 'e':
				escapes = true
			case 'E':
				escapes = false
			}
		}
		args = args[1:]
	}
	text := strings.Join(args, " ")
	if escapes && strings.Contains(text, `\`) && r.state.shared != nil {
		out, code, _ := r.state.Format("%b", []string{text})
		text = out
		if code == stopOutput {
			newline = false
		}
	}
	if newline {
		text += "\n"
	}
	return r.emit(text)
}

// stopOutput is Format's code for a `\c`: print no more.
const stopOutput = 255

func (r *Runner) emit(text string) uint8 {
	if _, err := io.WriteString(r.stdout, text); err != nil {
		if w, ok := r.stdout.(*pipeWriter); !ok || !w.isBroken() {
			r.complain("write error: %s", wording(err))
		}
		return 1
	}
	return 0
}

func (r *Runner) printf(args []string) uint8 {
	variable := ""
	if len(args) >= 2 && args[0] == "-v" {
		variable, args = args[1], args[2:]
	}
	if len(args) > 0 && args[0] == "--" {
		args = args[1:]
	}
	if len(args) == 0 || r.state.shared == nil {
		r.complain("printf: usage: printf [-v var] format [arguments]")
		return 2
	}
	text, code, errs := r.state.Format(args[0], args[1:])
	for _, err := range errs {
		r.complain("printf: %s", err)
	}
	if code == stopOutput {
		code = 0
	}
	if variable == "" {
		return max(code, r.emit(text))
	}
	return max(code, r.assign(variable, text))
}

// assign sets a variable or an array element named by an argument.
func (r *Runner) assign(target, value string) uint8 {
	name, index, ok := cutElemSubscript(target)
	if !ok {
		if !syntax.ValidName(target) {
			r.complain("`%s': not a valid identifier", target)
			return 1
		}
		prev := r.lookupVar(target)
		next := prev
		if n, v := prev.Resolve(r.writeEnv); n != "" {
			target, next = n, v
		}
		next.Set, next.Kind, next.Str = true, expand.String, value
		r.setVar(target, next)
		return r.exit.code
	}
	prev := r.lookupVar(name)
	var expr syntax.ArithmExpr = &syntax.Word{Parts: []syntax.WordPart{&syntax.SglQuoted{Value: index}}}
	if prev.Kind != expand.Associative {
		var err error
		if expr, err = syntax.NewParser().Arithmetic(strings.NewReader(index)); err != nil {
			r.complain("%s: bad array subscript", target)
			return 1
		}
	}
	r.setVarWithIndex(prev, name, expr, expand.Variable{Set: true, Kind: expand.String, Str: value})
	return 0
}

type readOptions struct {
	raw     bool
	array   string
	delim   byte
	limit   int // characters; -1: no limit
	exact   bool
	timeout time.Duration
	fd      int
	names   []string
}

func (r *Runner) readOptions(args []string) (o readOptions, ok bool) {
	o = readOptions{delim: '\n', limit: -1, timeout: -1}
	for len(args) > 0 && len(args[0]) > 1 && args[0][0] == '-' {
		arg := args[0]
		args = args[1:]
		if arg == "--" {
			break
		}
		for i := 1; i < len(arg); i++ {
			letter := arg[i]
			value := ""
			if strings.IndexByte("adinNptu", letter) >= 0 {
				switch {
				case i+1 < len(arg):
					value = arg[i+1:]
				case len(args) > 0:
					value, args = args[0], args[1:]
				default:
					r.complain("read: -%c: option requires an argument", letter)
					return o, false
				}
				i = len(arg)
			}
			switch letter {
			case 'r':
				o.raw = true
			case 'a':
				o.array = value
			case 'd':
				o.delim = 0
				if value != "" {
					o.delim = value[0]
				}
			case 'n', 'N':
				o.limit, o.exact = int(atoi(value)), letter == 'N'
			case 'p', 'i', 's', 'e':
			case 't':
				seconds, _ := strconv.ParseFloat(value, 64)
				o.timeout = time.Duration(seconds * float64(time.Second))
			case 'u':
				o.fd = int(atoi(value))
			default:
				r.complain("read: -%c: invalid option", letter)
				return o, false
			}
		}
	}
	o.names = args
	return o, true
}

func (r *Runner) read(ctx context.Context, args []string) uint8 {
	o, ok := r.readOptions(args)
	if !ok {
		return 2
	}
	for _, name := range o.names {
		if base, _, ok := cutElemSubscript(name); !syntax.ValidName(name) && !ok || ok && !syntax.ValidName(base) {
			r.complain("read: `%s': not a valid identifier", name)
			return 1
		}
	}
	in, _ := r.descriptor(o.fd).(io.Reader)
	line, err := readUntil(in, o)
	if o.exact {
		name := shellReplyVar
		if len(o.names) > 0 {
			name = o.names[0]
		}
		r.assign(name, string(line))
	} else {
		r.storeRead(o, string(line))
	}
	if err != nil {
		return 1
	}
	return r.exit.code
}

func (r *Runner) storeRead(o readOptions, line string) {
	switch {
	case o.array != "":
		values := expand.SplitLine(r.ecfg, line, -1, o.raw)
		r.setVar(o.array, expand.Variable{Set: true, Kind: expand.Indexed, List: values})
	case len(o.names) == 0:
		if !o.raw {
			line = unescape(line)
		}
		r.setVarString(shellReplyVar, line)
	default:
		values := expand.SplitLine(r.ecfg, line, len(o.names), o.raw)
		for i, name := range o.names {
			value := ""
			if i < len(values) {
				value = values[i]
			}
			r.assign(name, value)
		}
	}
}

func unescape(line string) string {
	var sb strings.Builder
	for i := 0; i < len(line); i++ {
		if line[i] == '\\' && i+1 < len(line) {
			i++
		}
		sb.WriteByte(line[i])
	}
	return sb.String()
}

// readUntil takes single bytes: what follows belongs to the next reader.
func readUntil(in io.Reader, o readOptions) ([]byte, error) {
	if in == nil || o.timeout == 0 {
		return nil, io.EOF
	}
	var line []byte
	var b [1]byte
	escaped := false
	for o.limit < 0 || len(line) < o.limit {
		n, err := in.Read(b[:])
		if n == 0 {
			if err != nil {
				return line, err
			}
			continue
		}
		switch {
		case b[0] == 0 && o.delim != 0:
			continue
		case escaped && b[0] == '\n':
			line = line[:len(line)-1]
			escaped = false
			continue
		case b[0] == o.delim && !escaped && !o.exact:
			return line, nil
		}
		escaped = !o.raw && b[0] == '\\' && !escaped
		line = append(line, b[0])
	}
	return line, nil
}

func (r *Runner) mapfile(command string, args []string) uint8 {
	name, delim, keepDelim, limit, skip, origin, fd := "MAPFILE", byte('\n'), true, 0, 0, -1, 0
	for len(args) > 0 && len(args[0]) > 1 && args[0][0] == '-' {
		arg := args[0]
		args = args[1:]
		if arg == "-t" {
			keepDelim = false
			continue
		}
		value := arg[2:]
		if value == "" || arg[1] == 't' {
			if arg[1] == 't' { // -td ''
				keepDelim = false
				arg = "-" + arg[2:]
			}
			if len(args) == 0 {
				r.complain("%s: %s: option requires an argument", command, arg)
				return 2
			}
			value, args = args[0], args[1:]
		}
		switch arg[1] {
		case 'd':
			delim = 0
			if value != "" {
				delim = value[0]
			}
		case 'n':
			limit = int(atoi(value))
		case 's':
			skip = int(atoi(value))
		case 'O':
			origin = int(atoi(value))
		case 'u':
			fd = int(atoi(value))
		default:
			r.complain("%s: %s: invalid option", command, arg)
			return 2
		}
	}
	if len(args) > 0 {
		name = args[0]
	}
	lines := []string{}
	if in, ok := r.descriptor(fd).(io.Reader); ok {
		scanner := bufio.NewReader(in)
		for limit == 0 || len(lines) < limit+skip {
			line, err := scanner.ReadString(delim)
			if line != "" {
				if !keepDelim || delim == 0 {
					line = strings.TrimSuffix(line, string(rune(delim)))
				}
				lines = append(lines, line)
			}
			if err != nil {
				break
			}
		}
	}
	lines = lines[min(skip, len(lines)):]
	if origin >= 0 {
		prev := r.lookupVar(name)
		kept := prev.List[:min(origin, len(prev.List))]
		lines = append(slices.Clone(kept), lines...)
	}
	r.setVar(name, expand.Variable{Set: true, Kind: expand.Indexed, List: lines})
	return 0
}

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

// find looks up a command as the exec handler does.
func (r *Runner) find(name string) (string, bool) {
	if r.state.shared == nil || r.state.Lookup == nil {
		return "", false
	}
	return r.state.Lookup(r.Dir, r.writeEnv, name)
}

func (r *Runner) commandPath(verbose bool, args []string) uint8 {
	code := uint8(1)
	for _, arg := range args {
		if arg == "--" {
			continue
		}
		kind, path := r.kindOf(arg)
		switch {
		case kind == "":
			if verbose {
				r.complain("command: %s: not found", arg)
			}
			continue
		case verbose:
			r.describe(arg, kind, path)
		case kind == "file":
			r.outf("%s\n", path)
		case kind == "alias":
			r.outf("alias %s\n", arg)
		default:
			r.outf("%s\n", arg)
		}
		code = 0
	}
	return code
}

func (r *Runner) kindOf(name string) (kind, path string) {
	if _, ok := r.alias[name]; ok && r.opts[optExpandAliases] {
		return "alias", ""
	}
	switch {
	case syntax.IsKeyword(name):
		return "keyword", ""
	case r.Funcs[name] != nil:
		return "function", ""
	case IsBuiltin(name):
		return "builtin", ""
	}
	if path, ok := r.find(name); ok {
		return "file", path
	}
	return "", ""
}

func (r *Runner) describe(name, kind, path string) {
	switch kind {
	case "function":
		var buf bytes.Buffer
		syntax.NewPrinter(syntax.Indent(4)).Print(&buf, r.Funcs[name])
		r.outf("%s is a function\n%s () \n%s\n", name, name, buf.String())
	case "file":
		r.outf("%s is %s\n", name, path)
	case "alias":
		r.outf("%s is an alias\n", name)
	default:
		r.outf("%s is a shell %s\n", name, kind)
	}
}

func (r *Runner) typeOf(args []string) uint8 {
	mode := byte(0)
	for len(args) > 0 && len(args[0]) > 1 && args[0][0] == '-' {
		for _, letter := range args[0][1:] {
			if strings.ContainsRune("pPt", letter) {
				mode = byte(letter)
			}
		}
		args = args[1:]
	}
	code := uint8(0)
	for _, arg := range args {
		kind, path := r.kindOf(arg)
		if mode == 'P' {
			kind, path = "file", ""
			if found, ok := r.find(arg); ok {
				path = found
			}
		}
		switch {
		case kind == "" || mode == 'P' && path == "":
			if mode == 0 {
				r.complain("type: %s: not found", arg)
			}
			code = 1
		case mode == 't':
			r.outf("%s\n", kind)
		case mode == 'p' || mode == 'P':
			if path != "" {
				r.outf("%s\n", path)
			}
		default:
			r.describe(arg, kind, path)
		}
	}
	return code
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

// shoptHarmless accepts options that change nothing here.
func (r *Runner) shoptHarmless(args []string) bool {
	harmless := len(args) > 1 && (args[0] == "-s" || args[0] == "-u")
	for _, name := range args[min(1, len(args)):] {
		opt, supported := r.bashOptByName(name)
		harmless = harmless && opt != nil && !supported
	}
	return harmless
}

func (r *Runner) shoptQuery(args []string) uint8 {
	posix, quiet, set := false, false, byte(0)
	for len(args) > 0 && len(args[0]) > 1 && args[0][0] == '-' {
		for _, letter := range args[0][1:] {
			switch letter {
			case 'o':
				posix = true
			case 'q':
				quiet = true
			case 's', 'u':
				set = byte(letter)
			}
		}
		args = args[1:]
	}
	code := uint8(0)
	for _, name := range args {
		opt, _ := r.bashOptByName(name)
		if posix {
			opt = r.posixOptByName(name)
		}
		if opt == nil {
			r.complain("shopt: %s: invalid shell option name", name)
			code = 1
			continue
		}
		if set != 0 {
			*opt = set == 's'
			continue
		}
		if !*opt {
			code = 1
		}
		letter := "u"
		if *opt {
			letter = "s"
		}
		if !quiet {
			r.outf("shopt -%s %s\n", letter, name)
		}
	}
	r.updateExpandOpts()
	return code
}

func (r *Runner) compgen(args []string) uint8 {
	if len(args) == 0 || args[0] != "-v" && args[0] != "-A" {
		return 1
	}
	prefix := ""
	names := map[string]bool{}
	if args[0] == "-A" {
		if len(args) > 2 {
			prefix = args[2]
		}
		if len(args) > 1 && args[1] == "function" {
			for name := range r.Funcs {
				names[name] = true
			}
		}
	} else {
		if len(args) > 1 {
			prefix = args[1]
		}
		r.writeEnv.Each(func(name string, vr expand.Variable) bool {
			names[name] = vr.IsSet()
			return true
		})
	}
	var found []string
	for name, ok := range names {
		if ok && strings.HasPrefix(name, prefix) {
			found = append(found, name)
		}
	}
	slices.Sort(found)
	for _, name := range found {
		r.outf("%s\n", name)
	}
	return 0
}
