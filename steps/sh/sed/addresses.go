package sed

import (
	"wasi-runner/steps/sh/regex"
)

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
