package sed

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

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

func (m *Machine) write(text []byte, ended bool) {
	m.writeTo(m.out, text, ended)
}

func (m *Machine) writeTo(w io.Writer, text []byte, ended bool) {
	if w == m.out {
		if m.unended {
			w.Write([]byte{m.o.Delim})
		}
		m.unended = !ended
	}
	if _, err := w.Write(text); err != nil {
		m.errOutput = err
	}
	if ended {
		w.Write([]byte{m.o.Delim})
	}
}

// endCycle prints the pattern space and what `a` and `r` queued.
func (m *Machine) endCycle(print bool) {
	if print && !m.o.Quiet {
		m.write(m.space, m.ended)
	}
	for _, emit := range m.appended {
		emit()
	}
	m.appended = m.appended[:0]
}

func (m *Machine) raw(text string) {
	if m.unended {
		m.out.Write([]byte{m.o.Delim})
		m.unended = false
	}
	io.WriteString(m.out, text)
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

func (m *Machine) copyFile(name string) {
	f, err := m.o.Open(name)
	if err != nil {
		return // a missing file is no error
	}
	defer f.Close()
	data, _ := io.ReadAll(f)
	if len(data) > 0 {
		m.raw(string(data))
		m.unended = data[len(data)-1] != m.o.Delim
	}
}

func (m *Machine) queueLine(name string) {
	reader, ok := m.readers[name]
	if !ok {
		f, err := m.o.Open(name)
		if err != nil {
			return
		}
		reader = bufio.NewReader(f)
		m.readers[name] = reader
	}
	text, err := reader.ReadString(m.o.Delim)
	if text == "" && err != nil {
		return
	}
	text = strings.TrimSuffix(text, string(rune(m.o.Delim))) + string(rune(m.o.Delim))
	m.appended = append(m.appended, func() { m.raw(text) })
}

func (m *Machine) writer(name string) (io.Writer, error) {
	if name == "/dev/stdout" {
		return m.out, nil
	}
	if w, ok := m.writers[name]; ok {
		return w, nil
	}
	w, err := m.o.Create(name)
	if err == nil {
		m.writers[name] = w
	}
	return w, err
}

func (m *Machine) matches(re *regex.Regexp) bool {
	if re == nil {
		re = m.last
	}
	m.last = re
	return re != nil && re.Match(m.space)
}

func (m *Machine) single(a address) bool {
	switch a.kind {
	case line:
		return m.number == a.n
	case last:
		return m.in.IsLast()
	case pattern:
		return m.matches(a.regex)
	case step:
		if a.step <= 0 {
			return m.number == a.n
		}
		return m.number >= a.n && (m.number-a.n)%a.step == 0
	}
	return true
}

// selects tells whether the addresses choose the current line.
func (m *Machine) selects(cmd *command) bool {
	if cmd.second.kind == none {
		return m.single(cmd.first)
	}
	if cmd.active {
		return m.inRange(cmd)
	}
	if cmd.first.kind == zero {
		if m.number == 1 {
			cmd.active = true
			return m.inRange(cmd)
		}
		return false
	}
	if !m.single(cmd.first) {
		return false
	}
	switch cmd.second.kind {
	case line:
		cmd.active = cmd.second.n > m.number
		cmd.endLine = cmd.second.n
	case offset:
		cmd.endLine = m.number + cmd.second.n
		cmd.active = cmd.second.n > 0
	case align:
		cmd.endLine = m.number
		if n := cmd.second.n; n > 0 && m.number%n != 0 {
			cmd.endLine = (m.number/n + 1) * n
		}
		cmd.active = cmd.endLine > m.number
	case last:
		cmd.active = !m.in.IsLast()
	default:
		cmd.active = true
	}
	return true
}

func (m *Machine) inRange(cmd *command) bool {
	switch cmd.second.kind {
	case line, offset, align:
		if m.number >= cmd.endLine {
			cmd.active = false
		}
		return m.number <= cmd.endLine
	case last:
		cmd.active = !m.in.IsLast()
	case pattern:
		if m.matches(cmd.second.regex) {
			cmd.active = false
		}
	}
	return true
}

func (m *Machine) substitute(cmd *command) error {
	re := cmd.regex
	if re == nil {
		re = m.last
	}
	if re == nil {
		return fmt.Errorf("no previous regular expression")
	}
	m.last = re
	var out []byte
	from, count, done := 0, 0, false
	re.All(m.space, func(loc []int) bool {
		count++
		if cmd.flags.number > 0 && count < cmd.flags.number {
			return true
		}
		out = append(out, m.space[from:loc[0]]...)
		out = m.expand(out, cmd.replacement, loc)
		from, done = loc[1], true
		return cmd.flags.global
	})
	if !done {
		return nil
	}
	m.space = append(out, m.space[from:]...)
	m.replaced = true
	if cmd.flags.print {
		m.write(m.space, true)
	}
	if cmd.flags.file != "" {
		w, err := m.writer(cmd.flags.file)
		if err != nil {
			return err
		}
		m.writeTo(w, m.space, true)
	}
	return nil
}

// expand builds the replacement, with \U \L \u \l \E.
func (m *Machine) expand(out []byte, pieces []piece, loc []int) []byte {
	mode, once := byte(0), byte(0)
	for _, p := range pieces {
		if p.mode != 0 {
			switch p.mode {
			case 'u', 'l':
				once = p.mode
			default:
				mode, once = p.mode, 0
			}
			continue
		}
		text := p.text
		if p.group >= 0 {
			text = ""
			if 2*p.group+1 < len(loc) && loc[2*p.group] >= 0 {
				text = string(m.space[loc[2*p.group]:loc[2*p.group+1]])
			}
		}
		switch mode {
		case 'U':
			text = strings.ToUpper(text)
		case 'L':
			text = strings.ToLower(text)
		}
		if once != 0 && text != "" {
			r, n := utf8.DecodeRuneInString(text)
			if once == 'u' {
				r = unicode.ToUpper(r)
			} else {
				r = unicode.ToLower(r)
			}
			text, once = string(r)+text[n:], 0
		}
		out = append(out, text...)
	}
	return out
}

// visible is the `l` command: escapes, and lines folded at 70 columns.
func visible(text []byte, width int) string {
	if width == 0 {
		width = 70
	}
	var sb strings.Builder
	column := 0
	for _, b := range text {
		item := string(rune(b))
		if i := bytes.IndexByte([]byte("\\\a\b\f\n\r\t\v"), b); i >= 0 {
			item = `\` + `\abfnrtv`[i:i+1]
		} else if b < 32 || b >= 127 {
			item = fmt.Sprintf(`\%03o`, b)
		}
		if width > 1 && column+len(item) > width-1 {
			sb.WriteString("\\\n")
			column = 0
		}
		sb.WriteString(item)
		column += len(item)
	}
	return sb.String() + "$\n"
}
