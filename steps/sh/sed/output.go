package sed

import (
	"bufio"
	"io"
	"strings"
)

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
