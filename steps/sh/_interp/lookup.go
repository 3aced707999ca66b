// type, command -v and compgen: what a name stands for.

package interp

import (
	"bytes"
	"slices"
	"strings"

	"mvdan.cc/sh/v3/expand"
	"mvdan.cc/sh/v3/syntax"
)

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
