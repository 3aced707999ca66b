// Pipelines, background jobs and traps.

package interp

import (
	"context"
	"strings"
	"sync"

	"mvdan.cc/sh/v3/syntax"
)

// jobBase keeps the numbers of background jobs apart from small integers.
const jobBase = 1000

type stage struct {
	stmt    *syntax.Stmt
	joinErr bool // followed by |&
}

func stages(cmd *syntax.BinaryCmd) []stage {
	flatten := func(st *syntax.Stmt) []stage {
		inner, ok := st.Cmd.(*syntax.BinaryCmd)
		if !ok || inner.Op != syntax.Pipe && inner.Op != syntax.PipeAll || st.Negated || len(st.Redirs) > 0 {
			return []stage{{stmt: st}}
		}
		return stages(inner)
	}
	list := flatten(cmd.X)
	list[len(list)-1].joinErr = cmd.Op == syntax.PipeAll
	return append(list, flatten(cmd.Y)...)
}

// runPipe runs every stage in its own subshell, as bash does without lastpipe.
func (r *Runner) runPipe(ctx context.Context, cmd *syntax.BinaryCmd) {
	list := stages(cmd)
	runners := make([]*Runner, len(list))
	statuses := make([]exitStatus, len(list))
	var wg sync.WaitGroup
	in := r.stdin
	for i, stage := range list {
		if i == len(list)-1 {
			break
		}
		reader, writer, err := newPipe()
		if err != nil {
			r.exit.fatal(err)
			return
		}
		r2 := r.subshell(true)
		runners[i] = r2
		r2.stdin, r2.stdout = in, writer
		if stage.joinErr {
			r2.stderr = writer
		}
		source := in
		wg.Go(func() {
			r2.stmt(ctx, stage.stmt)
			r2.leave(ctx)
			writer.Close()
			if i > 0 {
				source.Close()
			}
			statuses[i] = r2.exit
		})
		in = reader
	}
	last := r
	if !r.opts[optLastPipe] {
		last = r.subshell(true)
	}
	oldIn := last.stdin
	last.stdin = in
	last.stmt(ctx, list[len(list)-1].stmt)
	last.stdin = oldIn
	if last != r {
		last.leave(ctx)
	}
	in.Close()
	wg.Wait()
	statuses[len(list)-1] = last.exit
	r.exit = last.exit
	codes := make([]int, len(list))
	for i, status := range statuses {
		codes[i] = int(status.code)
		if status.fatalExit {
			r.exit.fatal(status.err)
		}
	}
	for i := len(list) - 1; i >= 0 && r.opts[optPipeFail] && r.exit.ok(); i-- {
		if !statuses[i].ok() {
			r.exit = statuses[i]
		}
	}
	r.state.pipeStatus = codes
}

// leave ends a subshell: its own EXIT trap runs, its `exit` goes no further.
func (r *Runner) leave(ctx context.Context) {
	r.exitTrap(ctx)
	if !r.exit.fatalExit {
		r.exit.exiting = false
	}
	r.exit.returning = false
}

func (r *Runner) runBackground(ctx context.Context, st *syntax.Stmt) {
	r2 := r.subshell(true)
	st2 := *st
	st2.Background, st2.Disown = false, false
	if r2.stdin != nil {
		r2.stdin, _ = newStdinFile(nullStream{})
	}
	ctx, cancel := context.WithCancelCause(ctx)
	bg := bgProc{done: make(chan struct{}), exit: new(exitStatus), cancel: cancel}
	r.bgProcs = append(r.bgProcs, bg)
	go func() {
		r2.stmt(ctx, &st2)
		r2.leave(ctx)
		if killed, ok := context.Cause(ctx).(signal); ok {
			r2.exit = exitStatus{code: 128 + uint8(killed)}
		}
		*bg.exit = r2.exit
		close(bg.done)
	}()
}

type signal uint8

func (s signal) Error() string { return "killed" }

var signals = map[string]signal{"HUP": 1, "INT": 2, "QUIT": 3, "KILL": 9, "USR1": 10, "USR2": 12, "PIPE": 13, "ALRM": 14, "TERM": 15, "CHLD": 17, "CONT": 18, "STOP": 19}

func signalNumber(name string) (signal, bool) {
	if n := atoi(name); n > 0 && n < 65 {
		return signal(n), true
	}
	if name == "0" {
		return 0, true
	}
	n, ok := signals[strings.TrimPrefix(strings.ToUpper(name), "SIG")]
	return n, ok
}

func (r *Runner) job(pid string) (bgProc, bool) {
	n := atoi(strings.TrimPrefix(pid, "%"))
	if !strings.HasPrefix(pid, "%") {
		n -= jobBase
	}
	if n < 1 || n > int64(len(r.bgProcs)) {
		return bgProc{}, false
	}
	return r.bgProcs[n-1], true
}

// compound commands do not fire the ERR trap: the command within them did.
func compound(cmd syntax.Command) bool {
	switch cmd.(type) {
	case *syntax.Block, *syntax.IfClause, *syntax.WhileClause, *syntax.ForClause, *syntax.CaseClause:
		return true
	}
	return false
}

func (r *Runner) errTrap(ctx context.Context) {
	if r.callbackErr == "" || r.exit.exiting || len(r.state.frames) > 0 && !r.opts[optErrTrace] {
		return
	}
	r.runTrap(ctx, r.callbackErr)
}

func (r *Runner) exitTrap(ctx context.Context) {
	callback := r.callbackExit
	r.callbackExit = ""
	if callback != "" && !r.exit.fatalExit {
		r.runTrap(ctx, callback)
	}
}

// runTrap keeps the status of what fired it, unless the trap itself exits.
func (r *Runner) runTrap(ctx context.Context, callback string) {
	if r.state.inTrap {
		return
	}
	file, err := syntax.NewParser().Parse(strings.NewReader(callback), "trap")
	if err != nil {
		r.complain("trap: %v", err)
		return
	}
	oldExit, oldLast, oldLine := r.exit, r.lastExit, r.state.line
	r.state.inTrap = true
	r.lastExit, r.exit = r.exit, exitStatus{}
	r.lastExit.exiting, r.lastExit.returning = false, false
	for _, st := range file.Stmts {
		r.stmt(ctx, st)
	}
	r.state.inTrap = false
	if r.exit.exiting {
		return
	}
	r.exit, r.lastExit, r.state.line = oldExit, oldLast, oldLine
}
