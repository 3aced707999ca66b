// declare, local, export, readonly with bash's flags and scopes.

package interp

import (
	"bytes"
	"maps"
	"slices"
	"strconv"
	"strings"

	"mvdan.cc/sh/v3/expand"
	"mvdan.cc/sh/v3/syntax"
)

type declaration struct {
	command  string
	set      string // letters given with -
	clear    string // letters given with +
	local    bool
	names    []*syntax.Assign
	noMore   bool
	readOnly bool
}

func (r *Runner) declareClause(cm *syntax.DeclClause) {
	d := declaration{command: cm.Variant.Value}
	for as := range r.flattenAssigns(cm.Args) {
		word := as.Name.Value
		if !d.noMore && as.Naked && len(d.names) == 0 && len(word) > 1 && (word[0] == '-' || word[0] == '+') {
			switch {
			case word == "--":
				d.noMore = true
			case strings.Trim(word[1:], "aAfFgilnprtux") != "":
				r.complain("%s: %s: invalid option", d.command, word)
				r.exit.code = 2
				return
			case word[0] == '-':
				d.set += word[1:]
			default:
				d.clear += word[1:]
			}
			continue
		}
		d.names = append(d.names, as)
	}
	if r.expansionFailed() {
		return
	}
	switch d.command {
	case "local":
		if !r.inFunc {
			r.complain("local: can only be used in a function")
			r.exit.code = 1
			return
		}
		d.local = true
	case "declare", "typeset":
		d.local = r.inFunc && !strings.Contains(d.set, "g")
	case "export":
		if strings.Contains(d.set, "n") {
			d.set, d.clear = strings.ReplaceAll(d.set, "n", ""), d.clear+"x"
		} else {
			d.set += "x"
		}
	case "readonly":
		d.set += "r"
	case "nameref":
		d.set += "n"
	}
	query := strings.ContainsAny(d.set, "fF")
	switch {
	case query && d.command == "export":
		return // functions cannot be handed to another process: there is none
	case query:
		r.showFunctions(&d)
	case strings.Contains(d.set, "p") || len(d.names) == 0:
		r.showVariables(&d)
	default:
		status := r.lastExpandExit
		for _, as := range d.names {
			r.declareOne(&d, as)
		}
		_ = status // like bash, `local x=$(false)` succeeds
	}
}

func (r *Runner) declareOne(d *declaration, as *syntax.Assign) {
	name := as.Name.Value
	if !syntax.ValidName(name) {
		r.complain("%s: `%s': not a valid identifier", d.command, name)
		r.exit.code = 1
		return
	}
	vr := r.lookupVar(name)
	if d.local && !r.hasLocal(name) {
		vr = expand.Variable{}
		r.setAttributes(name, "")
	}
	letters := d.attributes(r.state.attributes[name])
	r.setAttributes(name, letters)
	valType := d.valueType()
	if vr.ReadOnly && (!as.Naked || d.local) {
		r.complain("%s: readonly variable", name)
		r.exit.code = 1
		return
	}
	name, vr = r.declaredValue(as, name, vr, valType, strings.Contains(letters, "i"))
	if r.expansionFailed() {
		return
	}
	vr.Exported = (vr.Exported || strings.Contains(d.set, "x")) && !strings.Contains(d.clear, "x")
	vr.Local = d.local || vr.Local && !strings.Contains(d.set, "g")
	makeReadOnly := strings.Contains(d.set, "r")
	if !vr.Set && vr.Kind == expand.Unknown && !vr.Exported && !vr.Local && !makeReadOnly {
		return
	}
	if prev := r.lookupVar(name); prev.ReadOnly && as.Naked {
		keep := prev
		keep.Kind, keep.Exported = expand.KeepValue, vr.Exported
		r.setVar(name, keep)
		return
	}
	vr.ReadOnly = makeReadOnly
	if !vr.Set && vr.Local {
		r.setLocalUnset(name, vr)
		return
	}
	r.setVar(name, vr)
}

// attributes are the letters of i, l and u that hold after this declaration.
func (d *declaration) attributes(before string) string {
	letters := ""
	for _, letter := range "ilu" {
		if strings.ContainsRune(d.set, letter) || strings.ContainsRune(before, letter) && !strings.ContainsRune(d.clear, letter) {
			letters += string(letter)
		}
	}
	return letters
}

func (d *declaration) valueType() string {
	for _, letter := range "Aan" {
		if strings.ContainsRune(d.set, letter) {
			return "-" + string(letter)
		}
	}
	return ""
}

// declaredValue gives the variable its value, or its kind if it has none.
func (r *Runner) declaredValue(as *syntax.Assign, name string, vr expand.Variable, valType string, isInteger bool) (string, expand.Variable) {
	switch {
	case !as.Naked && as.Index != nil:
		_, elem := r.assignVal(name, vr, &syntax.Assign{Name: as.Name, Value: as.Value, Append: as.Append}, "")
		r.setVarWithIndex(vr, name, as.Index, elem)
		vr = r.lookupVar(name)
	case !as.Naked:
		if isInteger && as.Append && as.Value != nil {
			vr.Str = strconv.Itoa(r.evaluate(vr.Str) + r.evaluate(r.literal(as.Value)))
			vr.Set, vr.Kind = true, expand.String
		} else {
			name, vr = r.assignVal(name, vr, as, valType)
		}
	case valType == "-A" && vr.Kind != expand.Associative:
		vr.Set, vr.Kind, vr.Map = true, expand.Associative, map[string]string{}
	case valType == "-a" && vr.Kind != expand.Indexed:
		if vr.Set {
			vr.List = []string{vr.Str}
		} else {
			vr.List = []string{}
		}
		vr.Set, vr.Kind = true, expand.Indexed
	case valType == "-n":
		vr.Kind = expand.NameRef
	}
	return name, vr
}

// hasLocal reports whether the running function declared name already.
func (r *Runner) hasLocal(name string) bool {
	env, ok := r.writeEnv.(*overlayEnviron)
	if !ok {
		return false
	}
	v, ok := env.values[name]
	return ok && v.Local
}

// setLocalUnset hides an outer variable behind a local one without a value.
func (r *Runner) setLocalUnset(name string, vr expand.Variable) {
	env, ok := r.writeEnv.(*overlayEnviron)
	if !ok {
		r.setVar(name, vr)
		return
	}
	if env.values == nil {
		env.values = map[string]namedVariable{}
	}
	env.values[name] = namedVariable{name, vr}
}

func (r *Runner) showFunctions(d *declaration) {
	names := slices.Sorted(maps.Keys(r.Funcs))
	if len(d.names) > 0 {
		names = nil
		for _, as := range d.names {
			names = append(names, as.Name.Value)
		}
	}
	for _, name := range names {
		body := r.Funcs[name]
		switch {
		case body == nil:
			r.exit.code = 1
		case strings.Contains(d.set, "F") && len(d.names) > 0:
			r.outf("%s\n", name)
		case strings.Contains(d.set, "F"):
			r.outf("declare -f %s\n", name)
		default:
			var buf bytes.Buffer
			syntax.NewPrinter(syntax.Indent(4)).Print(&buf, body)
			r.outf("%s () \n%s\n", name, buf.String())
		}
	}
}

func (r *Runner) showVariables(d *declaration) {
	var names []string
	for _, as := range d.names {
		names = append(names, as.Name.Value)
	}
	if len(names) == 0 {
		r.writeEnv.Each(func(name string, _ expand.Variable) bool {
			names = append(names, name)
			return true
		})
		slices.Sort(names)
		names = slices.Compact(names)
	}
	for _, name := range names {
		vr := r.lookupVar(name)
		if !vr.Declared() {
			if len(d.names) > 0 {
				r.complain("%s: %s: not found", d.command, name)
				r.exit.code = 1
			}
			continue
		}
		if len(d.names) == 0 && (strings.Contains(d.set, "x") && !vr.Exported || strings.Contains(d.set, "r") && !vr.ReadOnly || strings.Contains(d.set, "A") && vr.Kind != expand.Associative || strings.Contains(d.set, "a") && vr.Kind != expand.Indexed || d.command == "local" && !vr.Local) {
			continue
		}
		r.outf("declare -%s %s\n", r.flagsOf(name, vr), assignment(name, vr))
	}
}

func (r *Runner) flagsOf(name string, vr expand.Variable) string {
	flags := ""
	switch vr.Kind {
	case expand.Indexed:
		flags = "a"
	case expand.Associative:
		flags = "A"
	case expand.NameRef:
		flags = "n"
	}
	letters := r.state.attributes[name]
	if strings.Contains(letters, "i") {
		flags += "i"
	}
	if vr.ReadOnly {
		flags += "r"
	}
	if vr.Exported {
		flags += "x"
	}
	flags += strings.Trim(letters, "i")
	if flags == "" {
		return "-"
	}
	return flags
}

func assignment(name string, vr expand.Variable) string {
	var sb strings.Builder
	sb.WriteString(name)
	switch {
	case !vr.Set:
		return name
	case vr.Kind == expand.Indexed:
		sb.WriteString("=(")
		for i, v := range vr.List {
			if i > 0 {
				sb.WriteByte(' ')
			}
			index := i
			if vr.Indexes != nil {
				index = vr.Indexes[i]
			}
			sb.WriteString("[" + strconv.Itoa(index) + "]=" + doubleQuote(v))
		}
		sb.WriteByte(')')
	case vr.Kind == expand.Associative:
		sb.WriteString("=(")
		for _, key := range slices.Sorted(maps.Keys(vr.Map)) {
			sb.WriteString("[" + key + "]=" + doubleQuote(vr.Map[key]) + " ")
		}
		sb.WriteByte(')')
	default:
		sb.WriteString("=" + doubleQuote(vr.Str))
	}
	return sb.String()
}

func doubleQuote(text string) string {
	if strings.ContainsAny(text, "\n\t\x1b") {
		quoted, err := syntax.Quote(text, syntax.LangBash)
		if err == nil {
			return quoted
		}
	}
	var sb strings.Builder
	sb.WriteByte('"')
	for _, c := range text {
		if strings.ContainsRune("\"\\$`", c) {
			sb.WriteByte('\\')
		}
		sb.WriteRune(c)
	}
	sb.WriteByte('"')
	return sb.String()
}
