package sed

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"strings"

	"wasi-runner/steps/sh/regex"
)

// Input yields the lines of all files, one file's end being known to the next call.
type Input interface {
	// Next returns a line without its end; ended tells whether it had one.
	Next() (line []byte, ended, ok bool)
	// IsLast reports whether the line returned last is the last one of the input.
	IsLast() bool
	// File is the name of the current file.
	File() string
}

// Options of one run.
type Options struct {
	Quiet  bool
	Delim  byte
	Open   func(name string) (io.ReadCloser, error)
	Create func(name string) (io.Writer, error)
}

// Machine runs a script; range states live as long as it does.
type Machine struct {
	script    *Script
	o         Options
	out       io.Writer
	in        Input
	space     []byte
	hold      []byte
	number    int
	ended     bool // the line had a line end
	unended   bool // a line without end was written: the next output needs one
	appended  []func()
	replaced  bool
	last      *regex.Regexp
	writers   map[string]io.Writer
	readers   map[string]*bufio.Reader
	quit      bool
	exitCode  int
	restart   bool
	errOutput error
}

// New prepares a run of the script.
func New(script *Script, o Options) *Machine {
	o.Quiet = o.Quiet || script.quiet
	return &Machine{script: script, o: o, writers: map[string]io.Writer{}, readers: map[string]*bufio.Reader{}}
}

// ResetLines starts line numbers and ranges anew, as -s and -i do for each file.
func (m *Machine) ResetLines() {
	m.number = 0
	for _, cmd := range m.script.commands {
		cmd.active = false
	}
}

// Run edits all of in to out. It returns the exit code and whether `q` ended it.
func (m *Machine) Run(in Input, out io.Writer) (code int, quit bool, err error) {
	m.in, m.out, m.unended = in, out, false
	for !m.quit {
		if !m.restart {
			if !m.read() {
				break
			}
		}
		m.restart = false
		if err := m.cycle(); err != nil {
			return 1, true, err
		}
	}
	return m.exitCode, m.quit, m.errOutput
}

func (m *Machine) read() bool {
	text, ended, ok := m.in.Next()
	if !ok {
		return false
	}
	m.space = append(m.space[:0], text...)
	m.ended = ended
	m.number++
	return true
}

func (m *Machine) cycle() error {
	commands := m.script.commands
	for i := 0; i < len(commands); i++ {
		cmd := commands[i]
		if m.selects(cmd) == cmd.negated {
			if cmd.name == '{' {
				i = cmd.target - 1
			}
			continue
		}
		switch cmd.name {
		case '{':
		case 'b':
			i = cmd.target - 1
		case 't', 'T':
			if m.replaced == (cmd.name == 't') {
				i = cmd.target - 1
			}
			m.replaced = false
		case 'd':
			m.endCycle(false)
			return nil
		case 'D':
			if at := bytes.IndexByte(m.space, '\n'); at >= 0 {
				m.endCycle(false)
				m.space = append(m.space[:0], m.space[at+1:]...)
				m.restart = true
				return nil
			}
			m.endCycle(false)
			return nil
		case 'n', 'N':
			if !m.nextLine(cmd.name == 'N') {
				return nil
			}
		case 'q':
			m.quit, m.exitCode = true, cmd.number
			m.endCycle(true)
			return nil
		case 'Q':
			m.quit, m.exitCode = true, cmd.number
			return nil
		case 'c':
			if cmd.second.kind == none || cmd.negated || !cmd.active {
				m.raw(cmd.text)
			}
			m.endCycle(false)
			return nil
		default:
			if err := m.simple(cmd); err != nil {
				return err
			}
		}
	}
	m.replaced = false
	m.endCycle(true)
	return nil
}

// nextLine does n and N; false means the input is at its end and the cycle over.
func (m *Machine) nextLine(join bool) bool {
	if m.in.IsLast() {
		// GNU prints the pattern space before it leaves
		m.endCycle(true)
		m.quit = true
		return false
	}
	if !join {
		if !m.o.Quiet {
			m.write(m.space, m.ended)
		}
		for _, emit := range m.appended {
			emit()
		}
		m.appended = m.appended[:0]
		m.read()
		return true
	}
	kept := append(bytes.Clone(m.space), '\n')
	m.read()
	m.space = append(kept, m.space...)
	return true
}

func (m *Machine) simple(cmd *command) error {
	switch cmd.name {
	case 'p':
		m.write(m.space, true)
	case 'P':
		first, _, _ := bytes.Cut(m.space, []byte("\n"))
		m.write(first, true)
	case '=':
		m.raw(fmt.Sprintf("%d\n", m.number))
	case 'l':
		m.raw(visible(m.space, cmd.number))
	case 'F':
		m.raw(m.in.File() + "\n")
	case 'g':
		m.space = append(m.space[:0], m.hold...)
	case 'G':
		m.space = append(append(m.space, '\n'), m.hold...)
	case 'h':
		m.hold = append(m.hold[:0], m.space...)
	case 'H':
		m.hold = append(append(m.hold, '\n'), m.space...)
	case 'x':
		m.space, m.hold = m.hold, m.space
	case 'z':
		m.space = m.space[:0]
	case 'a':
		text := cmd.text
		m.appended = append(m.appended, func() { m.raw(text) })
	case 'i':
		m.raw(cmd.text)
	case 'y':
		m.space = []byte(strings.Map(func(r rune) rune {
			if to, ok := cmd.mapping[r]; ok {
				return to
			}
			return r
		}, string(m.space)))
	case 's':
		return m.substitute(cmd)
	case 'w', 'W':
		text := m.space
		if cmd.name == 'W' {
			text, _, _ = bytes.Cut(m.space, []byte("\n"))
		}
		w, err := m.writer(cmd.text)
		if err != nil {
			return err
		}
		m.writeTo(w, text, true)
	case 'r':
		name := cmd.text
		m.appended = append(m.appended, func() { m.copyFile(name) })
	case 'R':
		m.queueLine(cmd.text)
	}
	return nil
}
