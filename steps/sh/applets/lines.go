package applets

import (
	"bufio"
	"bytes"
	"io"
)

// lineReader reads lines of any length.
type lineReader struct {
	r     *bufio.Reader
	delim byte
}

func newLineReader(r io.Reader, delim byte) *lineReader {
	return &lineReader{bufio.NewReaderSize(r, 32<<10), delim}
}

// next returns a line without its end; complete is false for a last line that has none.
func (l *lineReader) next() (line []byte, complete, ok bool) {
	line, err := l.r.ReadSlice(l.delim)
	if err == bufio.ErrBufferFull {
		rest, e := l.r.ReadBytes(l.delim)
		line, err = append(bytes.Clone(line), rest...), e
	}
	if err != nil {
		return line, false, len(line) > 0
	}
	return line[:len(line)-1], true, true
}

// eachInput runs do over the named files, or standard input without any.
func (c *Context) eachInput(names []string, do func(name string, r io.Reader) error) int {
	if len(names) == 0 {
		names = []string{"-"}
	}
	code := 0
	for _, name := range names {
		f, err := c.Open(name)
		if err != nil {
			code = c.Fail(name, err)
			continue
		}
		if err := do(name, f); err != nil {
			code = c.Fail(name, err)
		}
		f.Close()
	}
	return code
}

// eachLine runs do over every line of the named files.
func (c *Context) eachLine(names []string, delim byte, do func(line []byte)) int {
	return c.eachInput(names, func(_ string, r io.Reader) error {
		lines := newLineReader(r, delim)
		for {
			line, _, ok := lines.next()
			if !ok {
				return nil
			}
			do(line)
		}
	})
}

// readLines reads all lines of one input.
func readLines(r io.Reader, delim byte) (lines []string, err error) {
	data, err := io.ReadAll(r)
	if len(data) == 0 {
		return nil, err
	}
	data = bytes.TrimSuffix(data, []byte{delim})
	for _, line := range bytes.Split(data, []byte{delim}) {
		lines = append(lines, string(line))
	}
	return lines, err
}
