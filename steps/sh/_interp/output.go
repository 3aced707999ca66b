// echo and printf.

package interp

import (
	"io"
	"strings"

	"mvdan.cc/sh/v3/expand"
	"mvdan.cc/sh/v3/syntax"
)

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
