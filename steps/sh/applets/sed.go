package applets

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"wasi-runner/steps/sh/sed"
)

func sedApplet(c *Context) int {
	o, ok := c.parse("n,quiet silent e,expression: f,file: E,regexp-extended r i,in-place? s,separate z,null-data u,unbuffered l: posix debug sandbox b")
	if !ok {
		return 1
	}
	text, names, err := c.sedScript(o)
	if err != nil {
		c.Errorf("%v", err)
		return 1
	}
	delim := byte('\n')
	if o.has("z") {
		delim = 0
	}
	script, err := sed.Parse(text, o.has("E") || o.has("r"), o.has("z"))
	if err != nil {
		c.Errorf("%v", err)
		return 1
	}
	var created []io.Closer
	defer func() {
		for _, f := range created {
			f.Close()
		}
	}()
	machine := sed.New(script, sed.Options{
		Quiet: o.has("n") || o.has("silent"), Delim: delim, Open: c.Open,
		Create: func(name string) (io.Writer, error) {
			f, err := c.Create(name, os.O_CREATE|os.O_WRONLY|os.O_TRUNC)
			if err == nil {
				created = append(created, f)
			}
			return f, err
		},
	})
	if o.has("i") {
		return c.sedInPlace(machine, names, o.value("i", ""), delim)
	}
	return c.sedFiles(machine, names, o.has("s"), delim)
}

// sedScript joins -e, -f or the first operand, and returns the files after it.
func (c *Context) sedScript(o *options) (text string, names []string, err error) {
	var parts []string
	for _, opt := range o.list {
		switch opt.key {
		case "e":
			parts = append(parts, opt.value)
		case "f":
			f, err := c.Open(opt.value)
			if err != nil {
				return "", nil, fmt.Errorf("couldn't open file %s: %s", opt.value, reason(err))
			}
			data, _ := io.ReadAll(f)
			f.Close()
			parts = append(parts, strings.TrimSuffix(string(data), "\n"))
		}
	}
	names = o.args
	if parts == nil {
		if len(names) == 0 {
			return "", nil, errors.New("no script specified")
		}
		parts, names = names[:1], names[1:]
	}
	return strings.Join(parts, "\n"), names, nil
}

func (c *Context) sedFiles(machine *sed.Machine, names []string, separate bool, delim byte) int {
	groups := [][]string{names}
	if len(names) == 0 {
		groups = [][]string{{"-"}}
	} else if separate {
		groups = nil
		for _, name := range names {
			groups = append(groups, []string{name})
		}
	}
	code := 0
	for _, group := range groups {
		in := &sedInput{c: c, names: group, delim: delim}
		if separate {
			machine.ResetLines()
		}
		exit, quit, err := machine.Run(in, c)
		if err != nil {
			c.Errorf("%s", reason(err))
			return 4
		}
		code = max(code, in.code)
		if quit {
			return max(exit, code)
		}
	}
	return code
}

func (c *Context) sedInPlace(machine *sed.Machine, names []string, suffix string, delim byte) int {
	code := 0
	for _, name := range names {
		path := c.Path(name)
		info, err := os.Stat(path)
		if err != nil {
			c.Errorf("can't read %s: %s", name, reason(err))
			code = 2
			continue
		}
		if !info.Mode().IsRegular() {
			c.Errorf("couldn't edit %s: not a regular file", name)
			code = 4
			continue
		}
		in := &sedInput{c: c, names: []string{name}, delim: delim}
		var out bytes.Buffer
		machine.ResetLines()
		exit, quit, err := machine.Run(in, &out)
		if err == nil && quit {
			in.copyRest(&out)
		}
		if err == nil && suffix != "" {
			backup := path + suffix
			if strings.Contains(suffix, "*") {
				backup = strings.ReplaceAll(suffix, "*", path[strings.LastIndexByte(path, '/')+1:])
				backup = path[:strings.LastIndexByte(path, '/')+1] + backup
			}
			err = os.Rename(path, backup)
		}
		if err == nil {
			err = os.WriteFile(path, out.Bytes(), 0o666)
		}
		if err != nil {
			c.Errorf("%s: %s", name, reason(err))
			return 4
		}
		if quit {
			return exit
		}
	}
	return code
}

// sedInput reads one line ahead, to know the last one.
type sedInput struct {
	c       *Context
	names   []string
	delim   byte
	current string
	lines   *lineReader
	file    io.Closer
	ahead   []byte
	ended   bool
	hasNext bool
	primed  bool
	code    int
}

func (in *sedInput) advance() {
	in.hasNext = false
	for {
		if in.lines == nil {
			if len(in.names) == 0 {
				return
			}
			name := in.names[0]
			in.names = in.names[1:]
			f, err := in.c.Open(name)
			if err != nil {
				if reason(err) == "Is a directory" {
					in.c.Errorf("couldn't read %s: %s", name, reason(err))
				} else {
					in.c.Errorf("can't read %s: %s", name, reason(err))
				}
				in.code = 2
				continue
			}
			in.current, in.file, in.lines = name, f, newLineReader(flushing{f, in.c}, in.delim)
		}
		line, ended, ok := in.lines.next()
		if ok {
			in.ahead, in.ended, in.hasNext = bytes.Clone(line), ended, true
			return
		}
		in.file.Close()
		in.lines = nil
	}
}

func (in *sedInput) Next() (line []byte, ended, ok bool) {
	if !in.primed {
		in.primed = true
		in.advance()
	}
	if !in.hasNext {
		return nil, false, false
	}
	line, ended = in.ahead, in.ended
	in.advance()
	return line, ended, true
}

func (in *sedInput) IsLast() bool { return !in.hasNext }

func (in *sedInput) File() string { return in.current }

// copyRest writes what `q` left unread: an edited file is never cut short.
func (in *sedInput) copyRest(out io.Writer) {
	for {
		line, ended, ok := in.Next()
		if !ok {
			return
		}
		out.Write(line)
		if ended {
			out.Write([]byte{in.delim})
		}
	}
}
