package applets

import (
	"bytes"
	"errors"
	"io"
	"os"
	"strings"
	"time"

	"github.com/benhoyt/goawk/interp"
	"github.com/benhoyt/goawk/parser"

	"wasi-runner/steps/sh/regex"
)

func awk(c *Context) int {
	o, ok := c.parse("+ F,field-separator: v,assign: f,file: e,source: posix traditional re-interval sandbox b W: version")
	if !ok {
		return 2
	}
	args := o.args
	var source []string
	for _, opt := range o.list {
		switch opt.key {
		case "f":
			f, err := c.Open(opt.value)
			if err != nil {
				c.Errorf("fatal: cannot open source file `%s' for reading: %s", opt.value, reason(err))
				return 2
			}
			data, _ := io.ReadAll(f)
			f.Close()
			source = append(source, string(data))
		case "e":
			source = append(source, opt.value)
		}
	}
	if source == nil {
		if len(args) == 0 {
			c.Errorf("usage: awk [-F fs][-v var=value][prog | -f progfile][file ...]")
			return 2
		}
		source, args = args[:1], args[1:]
	}
	functions := c.awkFunctions()
	program, err := parser.ParseProgram([]byte(strings.Join(source, "\n")), &parser.ParserConfig{Funcs: functions})
	if err != nil {
		c.Errorf("%v", err)
		return 2
	}
	config := c.awkConfig(o, args, functions)
	code, err := interp.ExecProgram(program, config)
	if err != nil {
		if errors.Is(err, io.ErrClosedPipe) {
			return 128 + 13
		}
		c.Errorf("%s", awkReason(err))
		return 2
	}
	return code
}

func awkReason(err error) string {
	var pe *os.PathError
	if errors.As(err, &pe) {
		return "fatal: cannot open file `" + pe.Path + "' for reading: " + reason(err)
	}
	return err.Error()
}

func (c *Context) awkConfig(o *options, args []string, functions map[string]any) *interp.Config {
	vars := []string{}
	if fs, ok := o.get("F"); ok {
		if fs == "t" {
			fs = `\t`
		}
		vars = append(vars, "FS", fs)
	}
	for _, assignment := range o.all("v") {
		name, value, _ := strings.Cut(assignment, "=")
		vars = append(vars, name, value)
	}
	environ := []string{}
	for _, pair := range c.Env {
		name, value, _ := strings.Cut(pair, "=")
		environ = append(environ, name, value)
	}
	return &interp.Config{
		Stdin: flushing{c.Stdin, c}, Output: c, Error: c.Stderr, Argv0: "awk", Args: args,
		Vars: vars, Environ: environ, Funcs: functions, Chars: true,
		Host: interp.Host{Open: c.awkOpen, Command: c.awkCommand},
	}
}

func (c *Context) awkOpen(name string, flags int) (io.ReadWriteCloser, error) {
	if flags&os.O_WRONLY == 0 {
		f, err := c.Open(name)
		return readWriteCloser{f, nil, f}, err
	}
	f, err := c.Create(name, flags)
	return readWriteCloser{nil, f, f}, err
}

type readWriteCloser struct {
	io.Reader
	io.Writer
	io.Closer
}

// awkCommand serves system(), `print | "…"` and `"…" | getline`.
func (c *Context) awkCommand(code string, stdin io.Reader, stdout, stderr io.Writer) int {
	c.Flush()
	if stdout == io.Writer(c) {
		stdout = c.Stdout
	}
	return c.Run(&Context{
		Context: c.Context, Args: []string{"sh", "-c", code}, Dir: c.Dir, Env: c.Env, Where: "awk",
		Stdin: stdin, Stdout: stdout, Stderr: stderr, Descriptor: c.Descriptor,
	})
}

// awkFunctions are the ones of gawk that scripts use.
func (c *Context) awkFunctions() map[string]any {
	return map[string]any{
		"systime": func() int { return int(time.Now().Unix()) },
		"strftime": func(layout string, stamp float64) string {
			when := time.Now()
			if stamp != 0 {
				when = time.Unix(int64(stamp), 0)
			}
			if layout == "" {
				layout = "%a %b %e %H:%M:%S %Z %Y"
			}
			return formatDate(when.In(c.location()), layout)
		},
		"gensub": gensub,
	}
}

func gensub(pattern, replacement, how, target string) (string, error) {
	re, err := regex.Compile(pattern, regex.Options{Extended: true})
	if err != nil {
		return "", err
	}
	text := []byte(target)
	var out bytes.Buffer
	from, count := 0, 0
	re.All(text, func(loc []int) bool {
		count++
		isAll := how == "" || how[0]|32 == 'g'
		if !isAll && count != max(1, atoi(how)) {
			return true
		}
		out.Write(text[from:loc[0]])
		for i := 0; i < len(replacement); i++ {
			b := replacement[i]
			group := -1
			if b == '&' {
				group = 0
			} else if b == '\\' && i+1 < len(replacement) {
				i++
				if b = replacement[i]; b >= '0' && b <= '9' {
					group = int(b - '0')
				}
			}
			switch {
			case group < 0:
				out.WriteByte(b)
			case 2*group+1 < len(loc) && loc[2*group] >= 0:
				out.Write(text[loc[2*group]:loc[2*group+1]])
			}
		}
		from = loc[1]
		return isAll
	})
	out.Write(text[from:])
	return out.String(), nil
}
