// What bash keeps and this interpreter lacks: descriptors above 2, PIPESTATUS,
// the call stack, variable attributes. One value per (sub)shell.

package interp

import (
	"cmp"
	"maps"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"mvdan.cc/sh/v3/expand"
	"mvdan.cc/sh/v3/syntax"
)

// Host is what the program around the interpreter provides.
type Host struct {
	Name   string // $0
	Script string // the main script's path; empty for -c and standard input

	// Lookup finds a command: an applet or a script on PATH.
	Lookup func(dir string, env expand.Environ, name string) (path string, ok bool)
	// Format is printf; errs go to stderr.
	Format func(format string, args []string) (text string, code uint8, errs []string)
	// Regexp compiles a POSIX extended regular expression.
	Regexp func(pattern string, foldCase bool) (*regexp.Regexp, error)
}

// Extend gives a runner what it needs from the program around it.
func Extend(host Host) RunnerOption {
	return func(r *Runner) error {
		r.state.shared = &shared{Host: host, started: time.Now()}
		r.state.name = host.Name
		return nil
	}
}

// SetVariable sets a shell variable before the first run.
func (r *Runner) SetVariable(name, value string, readOnly bool) {
	if !r.didReset {
		r.Reset()
	}
	r.setVar(name, expand.Variable{Set: true, Kind: expand.String, Str: value, ReadOnly: readOnly})
}

// SetArray sets an indexed array before the first run.
func (r *Runner) SetArray(name string, items ...string) {
	r.setVar(name, expand.Variable{Set: true, Kind: expand.Indexed, List: items})
}

// Origin names the place of the running command: `script: line N`.
func (hc HandlerContext) Origin() string { return hc.runner.origin() }

// PosixMode makes the runner follow `sh` where bash and `sh` part.
func PosixMode(r *Runner) error {
	r.opts[optPosix] = true
	return nil
}

type state struct {
	*shared
	name         string
	line         uint
	fds          map[int]any // never changed in place
	pipeStatus   []int
	frames       []frame
	attributes   map[string]string // name -> letters of i, l, u; never changed in place
	depth        int
	ticks        uint
	inTrap       bool
	expandFailed bool
	temps        []temporary // streams of process substitutions
	command      string
}

type shared struct {
	Host
	started time.Time
	pending []temporary // to be closed and awaited when the shell ends
	files   map[string]string
}

type frame struct {
	function string
	source   string
	line     uint // where it was called
}

func (s state) clone() state {
	s.depth++
	s.frames = slices.Clip(s.frames)
	s.pipeStatus = slices.Clone(s.pipeStatus)
	s.temps = nil
	s.inTrap = false
	return s
}

func (s *state) enter(name string, pos syntax.Pos) {
	s.frames = append(s.frames, frame{name, s.functionFile(name), pos.Line()})
}

// at notes the running line; a trap keeps the line of what fired it.
func (s *state) at(st *syntax.Stmt) {
	if !s.inTrap {
		s.line = st.Pos().Line()
	}
}

func (s *state) exit() { s.frames = s.frames[:len(s.frames)-1] }

func (s *state) defined(decl *syntax.FuncDecl, source string) {
	if s.shared == nil || source == s.Script {
		return
	}
	if s.files == nil {
		s.files = map[string]string{}
	}
	s.files[decl.Name.Value] = source
}

func (s *state) functionFile(name string) string {
	if s.shared == nil {
		return ""
	}
	if file, ok := s.files[name]; ok {
		return file
	}
	return s.Script
}

// source is the file whose text is running.
func (r *Runner) source() string {
	if n := len(r.state.frames); n > 0 {
		return r.state.frames[n-1].source
	}
	if r.state.shared == nil {
		return ""
	}
	return r.state.Script
}

// interrupted lets other goroutines run (nothing preempts in WebAssembly) and
// ends a shell whose output nobody reads any more, as SIGPIPE would.
func (r *Runner) interrupted() bool {
	if r.state.ticks++; r.state.ticks%64 == 0 {
		runtime.Gosched()
	}
	if w, ok := r.stdout.(*pipeWriter); ok && w.isBroken() && r.state.depth > 0 {
		r.exit = exitStatus{code: 128 + 13, exiting: true}
		return true
	}
	return false
}

func (r *Runner) expansionFailed() bool {
	failed := r.state.expandFailed
	r.state.expandFailed = false
	return failed
}

func (r *Runner) setPipeStatus(st *syntax.Stmt) {
	switch cmd := st.Cmd.(type) {
	case *syntax.BinaryCmd, *syntax.Block, *syntax.IfClause, *syntax.WhileClause, *syntax.ForClause, *syntax.CaseClause:
		_ = cmd
	default:
		r.state.pipeStatus = append(r.state.pipeStatus[:0:0], int(r.exit.code))
	}
}

func (r *Runner) dynamicVar(name string) (expand.Variable, bool) {
	text := func(s string) (expand.Variable, bool) {
		return expand.Variable{Set: true, Kind: expand.String, Str: s}, true
	}
	list := func(items []string) (expand.Variable, bool) {
		if items == nil {
			items = []string{}
		}
		return expand.Variable{Set: len(items) > 0, Kind: expand.Indexed, List: items}, true
	}
	now := time.Now()
	switch name {
	case "PIPESTATUS":
		var items []string
		for _, code := range r.state.pipeStatus {
			items = append(items, strconv.Itoa(code))
		}
		return list(items)
	case "FUNCNAME", "BASH_SOURCE", "BASH_LINENO":
		return list(r.callStack(name))
	case "SECONDS":
		if r.state.shared == nil {
			return text("0")
		}
		return text(strconv.Itoa(int(now.Sub(r.state.started).Seconds())))
	case "EPOCHSECONDS":
		return text(strconv.FormatInt(now.Unix(), 10))
	case "EPOCHREALTIME":
		return text(strconv.FormatInt(now.Unix(), 10) + "." + strconv.FormatInt(1e6+int64(now.Nanosecond()/1000), 10)[1:])
	case "BASHPID":
		return text(strconv.Itoa(jobBase + r.state.depth))
	case "BASH_SUBSHELL":
		return text(strconv.Itoa(r.state.depth))
	case "BASH_COMMAND":
		return text(r.state.command)
	case "GROUPS":
		return list([]string{"0"})
	case "SHELLOPTS":
		var on []string
		for i, opt := range posixOptsTable {
			if r.opts[i] {
				on = append(on, opt.name)
			}
		}
		slices.Sort(on)
		return text(strings.Join(on, ":"))
	case "BASHOPTS":
		var on []string
		for i, opt := range bashOptsTable {
			if r.opts[len(posixOptsTable)+i] {
				on = append(on, opt.name)
			}
		}
		slices.Sort(on)
		return text(strings.Join(on, ":"))
	}
	return expand.Variable{}, false
}

func (r *Runner) callStack(name string) []string {
	frames := r.state.frames
	var items []string
	for _, f := range slices.Backward(frames) {
		switch name {
		case "FUNCNAME":
			items = append(items, f.function)
		case "BASH_SOURCE":
			items = append(items, f.source)
		case "BASH_LINENO":
			items = append(items, strconv.Itoa(int(f.line)))
		}
	}
	script := ""
	if r.state.shared != nil {
		script = r.state.Script
	}
	switch {
	case name == "FUNCNAME" && len(frames) > 0 && script != "":
		items = append(items, "main")
	case name == "BASH_SOURCE" && script != "":
		items = append(items, script)
	case name == "BASH_LINENO" && script != "":
		items = append(items, "0")
	}
	return items
}

// isSet is `[[ -v name ]]` and `[[ -v name[key] ]]`.
func (r *Runner) isSet(text string) bool {
	name, key, ok := cutElemSubscript(text)
	if !ok {
		vr := r.lookupVar(text)
		if vr.Kind == expand.Indexed {
			return vr.IsSet() && len(vr.List) > 0 && (vr.Indexes == nil || vr.Indexes[0] == 0)
		}
		return vr.IsSet() && (vr.Kind != expand.Associative || vr.Map["0"] != "")
	}
	vr := r.lookupVar(name)
	if vr.Kind == expand.Associative {
		_, found := vr.Map[strings.Trim(key, `"'`)]
		return found
	}
	n := r.evaluate(key)
	if vr.Kind != expand.Indexed {
		return vr.IsSet() && n == 0
	}
	if vr.Indexes != nil {
		return slices.Contains(vr.Indexes, n)
	}
	return n >= -len(vr.List) && n < len(vr.List)
}

// withAttributes applies `declare -i`, `-l` and `-u` to a value being assigned.
func (r *Runner) withAttributes(name string, vr expand.Variable) expand.Variable {
	if name == "SECONDS" && r.state.shared != nil && vr.Kind == expand.String {
		r.state.started = time.Now().Add(-time.Duration(atoi(vr.Str)) * time.Second)
	}
	letters := r.state.attributes[name]
	if letters == "" || vr.Kind != expand.String {
		return vr
	}
	if strings.Contains(letters, "i") {
		vr.Str = strconv.Itoa(r.evaluate(vr.Str))
	}
	switch {
	case strings.Contains(letters, "l"):
		vr.Str = strings.ToLower(vr.Str)
	case strings.Contains(letters, "u"):
		vr.Str = strings.ToUpper(vr.Str)
	}
	return vr
}

func (r *Runner) setAttributes(name, letters string) {
	if r.state.attributes[name] == letters {
		return
	}
	attributes := maps.Clone(r.state.attributes)
	if attributes == nil {
		attributes = map[string]string{}
	}
	attributes[name] = letters
	r.state.attributes = attributes
}

// evaluate computes an arithmetic expression given as text.
func (r *Runner) evaluate(text string) int {
	if n, err := strconv.Atoi(text); err == nil && !strings.HasPrefix(text, "0") {
		return n
	}
	expr, err := syntax.NewParser().Arithmetic(strings.NewReader(text))
	if err != nil {
		r.complain("%s: syntax error in expression", text)
		r.exit.code = 1
		return 0
	}
	if expr == nil {
		return 0
	}
	return r.arithm(expr)
}

// letValue evaluates one argument of `let`, which may be quoted.
func (r *Runner) letValue(expr syntax.ArithmExpr) int {
	if word, ok := expr.(*syntax.Word); ok {
		return r.evaluate(r.literal(word))
	}
	return r.arithm(expr)
}

// origin names the place for an error message: `script: line N`.
func (r *Runner) origin() string {
	return cmp.Or(r.state.name, "bash") + ": line " + strconv.Itoa(int(r.state.line))
}

func (r *Runner) complain(format string, args ...any) {
	r.errf(r.origin()+": "+format+"\n", args...)
}
