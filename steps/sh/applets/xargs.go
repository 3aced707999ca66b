package applets

import (
	"io"
	"strings"
)

// xargs runs its batches one after the other: -P is accepted and has no effect.
func xargs(c *Context) int {
	o, ok := c.parse("+ 0,null n,max-args: I: i? L,max-lines: P,max-procs: r,no-run-if-empty d,delimiter: t,verbose a,arg-file: s,max-chars: x E: p")
	if !ok {
		return 1
	}
	input := c.Stdin
	if name, ok := o.get("a"); ok {
		f, err := c.Open(name)
		if err != nil {
			return c.Fail(name, err)
		}
		defer f.Close()
		input = f
	}
	replace, replacing := o.get("I")
	if o.has("i") {
		replace, replacing = "{}", true
	}
	command := o.args
	if len(command) == 0 {
		command = []string{"echo"}
	}
	items, err := xargsItems(input, o, replacing)
	if err != nil {
		c.Errorf("%v", err)
		return 1
	}
	x := xargsRun{c: c, verbose: o.has("t")}
	switch {
	case replacing:
		x.replaceEach(command, replace, items)
	case len(items) > 0:
		x.batches(command, items, o)
	case !o.has("r"):
		x.call(command)
	}
	return x.code
}

type xargsRun struct {
	c       *Context
	verbose bool
	code    int
}

func (x *xargsRun) replaceEach(command []string, mark string, items []string) {
	for _, item := range items {
		args := make([]string, len(command))
		for i, arg := range command {
			args[i] = strings.ReplaceAll(arg, mark, item)
		}
		if !x.call(args) {
			return
		}
	}
}

// batches gives each call up to -n items, or the words of -L lines.
func (x *xargsRun) batches(command, items []string, o *options) {
	size := max(1, atoi(o.value("n", o.value("L", itoa(len(items))))))
	for len(items) > 0 {
		n := min(size, len(items))
		batch := items[:n]
		if o.has("L") {
			batch = strings.Fields(strings.Join(batch, " "))
		}
		if !x.call(append(append([]string{}, command...), batch...)) {
			return
		}
		items = items[n:]
	}
}

// call runs one command and reports whether to go on.
func (x *xargsRun) call(args []string) bool {
	if x.verbose {
		io.WriteString(x.c.Stderr, strings.Join(args, " ")+"\n")
	}
	switch code := x.c.runIn(x.c.Dir, x.c.Env, empty{}, args); {
	case code == 0:
	case code == 255:
		x.c.Errorf("%s: exited with status 255; aborting", args[0])
		x.code = 124
		return false
	case code == 126 || code == 127:
		x.code = code
		return false
	default:
		x.code = 123
	}
	return true
}

// xargs runs its batches one after the other: -P is accepted and has no effect.
func xargsItems(r io.Reader, o *options, byLine bool) ([]string, error) {
	if o.has("0") {
		return readLines(r, 0)
	}
	if delim, ok := o.get("d"); ok {
		if delim = unescapeText(delim); delim == "" {
			delim = "\x00"
		}
		return readLines(r, delim[0])
	}
	if byLine || o.has("L") {
		lines, err := readLines(r, '\n')
		var kept []string
		for _, line := range lines {
			if line = strings.TrimLeft(line, " \t"); line != "" {
				kept = append(kept, unquoteItem(line))
			}
		}
		return kept, err
	}
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	return splitQuoted(string(data))
}

func unquoteItem(line string) string {
	if strings.ContainsAny(line, `"'\`) {
		if items, err := splitQuoted(strings.ReplaceAll(line, " ", `\ `)); err == nil && len(items) == 1 {
			return strings.ReplaceAll(items[0], `\ `, " ")
		}
	}
	return line
}

// splitQuoted splits at blanks, honouring quotes and backslashes as xargs does.
func splitQuoted(text string) (items []string, err error) {
	var sb strings.Builder
	inItem := false
	quote := rune(0)
	escaped := false
	for _, r := range text {
		switch {
		case escaped:
			sb.WriteRune(r)
			escaped = false
		case quote != 0:
			if r == quote {
				quote = 0
			} else if r == '\n' {
				return nil, errUnmatchedQuote
			} else {
				sb.WriteRune(r)
			}
		case r == '\'' || r == '"':
			quote, inItem = r, true
		case r == '\\':
			escaped, inItem = true, true
		case r == ' ' || r == '\t' || r == '\n':
			if inItem {
				items = append(items, sb.String())
				sb.Reset()
				inItem = false
			}
		default:
			sb.WriteRune(r)
			inItem = true
		}
	}
	if quote != 0 {
		return nil, errUnmatchedQuote
	}
	if inItem {
		items = append(items, sb.String())
	}
	return items, nil
}
