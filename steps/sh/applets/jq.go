package applets

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/itchyny/gojq"
)

// jqRun is one call of jq.
type jqRun struct {
	c         *Context
	names     []string // $variables
	values    []any
	named     map[string]any
	args      []any // positional
	filter    string
	hasFilter bool
	files     []string

	raw, join, compact, null, slurp, rawInput, status, ascii, zero, sequence bool
	indent                                                                   string
	keys                                                                     *keyOrder
}

func jq(c *Context) int {
	j := &jqRun{c: c, indent: "  ", named: map[string]any{}, keys: newKeyOrder()}
	if code := j.options(c.Args[1:]); code != 0 {
		return code
	}
	if !j.hasFilter {
		c.Errorf("error: no filter given")
		return 2
	}
	if err := gojq.LoadBuiltins(); err != nil {
		c.Errorf("error: %v", err)
		return 5
	}
	query, err := gojq.Parse(j.filter)
	if err != nil {
		c.Errorf("error: %v (compile error)", err)
		return 3
	}
	j.keys.learnFilter(query)
	j.variable("ARGS", map[string]any{"named": j.named, "positional": j.args})
	inputs, err := j.inputs()
	if err != nil {
		c.Errorf("error: %v", err)
		return 2
	}
	code, err := gojq.Compile(query, gojq.WithVariables(j.names), gojq.WithInputIter(inputs),
		gojq.WithEnvironLoader(func() []string { return c.Env }),
		gojq.WithFunction("input_filename", 0, 0, func(any, []any) any { return nil }))
	if err != nil {
		c.Errorf("error: %v (compile error)", err)
		return 3
	}
	return j.run(code, inputs)
}

func (j *jqRun) variable(name string, value any) {
	j.names = append(j.names, "$"+name)
	j.values = append(j.values, value)
}

// options keeps jq's own rules: values may be two words, operands any place.
func (j *jqRun) options(args []string) int {
	positional := ""
	for len(args) > 0 {
		arg := args[0]
		args = args[1:]
		if arg == "--" || len(arg) < 2 || arg[0] != '-' {
			if arg != "--" {
				if code := j.operand(arg, positional); code != 0 {
					return code
				}
			}
			continue
		}
		if !strings.HasPrefix(arg, "--") {
			rest, code := j.short(arg[1:], args)
			if code != 0 {
				return code
			}
			args = rest
			continue
		}
		switch arg {
		case "--args", "--jsonargs":
			positional = arg
			continue
		case "--arg", "--argjson", "--slurpfile", "--rawfile":
			if len(args) < 2 {
				j.c.Errorf("%s takes two parameters (e.g. %s varname value)", arg, arg)
				return 2
			}
			if code := j.bind(arg, args[0], args[1]); code != 0 {
				return code
			}
			args = args[2:]
			continue
		case "--indent":
			if len(args) == 0 {
				j.c.Errorf("--indent takes one parameter")
				return 2
			}
			j.indent, args = strings.Repeat(" ", atoi(args[0])), args[1:]
			j.compact = j.indent == ""
			continue
		case "--from-file":
			if len(args) > 0 {
				if code := j.fromFile(args[0]); code != 0 {
					return code
				}
				args = args[1:]
			}
			continue
		}
		if !j.long(arg[2:]) {
			j.c.Errorf("Unknown arguments: %s", arg)
			return 2
		}
	}
	return 0
}

func (j *jqRun) short(letters string, rest []string) ([]string, int) {
	for _, letter := range letters {
		name := map[rune]string{'r': "raw-output", 'j': "join-output", 'c': "compact-output", 'n': "null-input", 's': "slurp", 'R': "raw-input", 'e': "exit-status", 'a': "ascii-output", 'S': "sort-keys", 'C': "color-output", 'M': "monochrome-output"}[letter]
		if letter == 'f' && len(rest) > 0 {
			if code := j.fromFile(rest[0]); code != 0 {
				return rest, code
			}
			rest = rest[1:]
		} else if !j.long(name) {
			j.c.Errorf("Unknown arguments: -%s", letters)
			return rest, 2
		}
	}
	return rest, 0
}

func (j *jqRun) long(name string) bool {
	switch name {
	case "raw-output":
		j.raw = true
	case "raw-output0":
		j.raw, j.zero = true, true
	case "join-output":
		j.raw, j.join = true, true
	case "compact-output":
		j.compact = true
	case "null-input":
		j.null = true
	case "slurp":
		j.slurp = true
	case "raw-input":
		j.rawInput = true
	case "exit-status":
		j.status = true
	case "ascii-output":
		j.ascii = true
	case "tab":
		j.indent = "\t"
	case "sort-keys":
		j.keys.sorted = true
	case "monochrome-output", "unbuffered", "color-output":
	default:
		return false
	}
	return true
}

func (j *jqRun) fromFile(name string) int {
	f, err := j.c.Open(name)
	if err != nil {
		j.c.Errorf("error: Could not open %s: %s", name, reason(err))
		return 2
	}
	defer f.Close()
	data, _ := io.ReadAll(f)
	if j.hasFilter {
		j.files = append([]string{j.filter}, j.files...)
	}
	j.filter, j.hasFilter = string(data), true
	return 0
}

func (j *jqRun) operand(text, positional string) int {
	switch {
	case !j.hasFilter:
		j.filter, j.hasFilter = text, true
	case positional == "--args":
		j.args = append(j.args, text)
	case positional == "--jsonargs":
		value, err := j.decodeOne(text)
		if err != nil {
			j.c.Errorf("Invalid JSON text passed to --jsonargs")
			return 2
		}
		j.args = append(j.args, value)
	default:
		j.files = append(j.files, text)
	}
	return 0
}

func (j *jqRun) bind(option, name, text string) int {
	var value any = text
	switch option {
	case "--argjson":
		var err error
		if value, err = j.decodeOne(text); err != nil {
			j.c.Errorf("Invalid JSON text passed to --argjson")
			return 2
		}
	case "--slurpfile", "--rawfile":
		f, err := j.c.Open(text)
		if err != nil {
			j.c.Errorf("Bad JSON in --%s %s %s: Could not open %s: %s", option[2:], name, text, text, reason(err))
			return 2
		}
		data, _ := io.ReadAll(f)
		f.Close()
		value = string(data)
		if option == "--slurpfile" {
			list := []any{}
			decoder := newDecoder(bytes.NewReader(data))
			for {
				item, err := j.keys.decode(decoder)
				if err == io.EOF {
					break
				} else if err != nil {
					j.c.Errorf("Bad JSON in --slurpfile %s %s: %v", name, text, err)
					return 2
				}
				list = append(list, item)
			}
			value = list
		}
	}
	j.variable(name, value)
	j.named[name] = value
	return 0
}

func newDecoder(r io.Reader) *json.Decoder {
	decoder := json.NewDecoder(r)
	decoder.UseNumber()
	return decoder
}

func (j *jqRun) decodeOne(text string) (value any, err error) {
	decoder := newDecoder(strings.NewReader(text))
	if value, err = j.keys.decode(decoder); err == nil && decoder.More() {
		err = errors.New("more than one value")
	}
	return value, err
}

// jqInputs reads the values of all inputs one by one.
type jqInputs struct {
	j       *jqRun
	files   []string
	decoder *json.Decoder
	lines   *lineReader
	closer  io.Closer
	slurped bool
	err     error
}

func (j *jqRun) inputs() (*jqInputs, error) {
	files := j.files
	if len(files) == 0 {
		files = []string{"-"}
	}
	for _, name := range files {
		if name != "-" {
			if _, isDevice := Device(name); isDevice {
				continue
			}
			if _, err := os.Stat(j.c.Path(name)); err != nil {
				return nil, errors.New("Could not open file " + name + ": " + reason(err))
			}
		}
	}
	return &jqInputs{j: j, files: files}, nil
}

// Next implements gojq.Iter.
func (in *jqInputs) Next() (any, bool) {
	if in.err != nil {
		return nil, false
	}
	if in.j.slurp {
		if in.slurped {
			return nil, false
		}
		in.slurped = true
		return in.all()
	}
	return in.one()
}

func (in *jqInputs) all() (any, bool) {
	if in.j.rawInput {
		var sb strings.Builder
		for _, name := range in.files {
			if f, err := in.j.c.Open(name); err == nil {
				data, _ := io.ReadAll(f)
				f.Close()
				sb.Write(data)
			}
		}
		return sb.String(), true
	}
	list := []any{}
	for {
		value, ok := in.one()
		if !ok {
			return list, true
		}
		if err, isErr := value.(error); isErr {
			return err, true
		}
		list = append(list, value)
	}
}

func (in *jqInputs) one() (any, bool) {
	for {
		if in.closer == nil {
			if len(in.files) == 0 {
				return nil, false
			}
			f, err := in.j.c.Open(in.files[0])
			in.files = in.files[1:]
			if err != nil {
				in.err = err
				return err, true
			}
			in.closer = f
			reader := flushing{f, in.j.c}
			in.decoder, in.lines = newDecoder(reader), newLineReader(reader, '\n')
		}
		if in.j.rawInput {
			if line, _, ok := in.lines.next(); ok {
				return string(line), true
			}
		} else {
			value, err := in.j.keys.decode(in.decoder)
			if err == nil {
				return value, true
			}
			if err != io.EOF {
				in.err = err
				return err, true
			}
		}
		in.closer.Close()
		in.closer = nil
	}
}

func (j *jqRun) run(code *gojq.Code, inputs *jqInputs) int {
	exit := 0
	last, hasOutput := any(nil), false
	for first := true; ; first = false {
		var input any
		if j.null {
			if !first {
				break
			}
		} else {
			value, ok := inputs.Next()
			if !ok {
				break
			}
			if err, isErr := value.(error); isErr {
				j.c.Errorf("error (at <stdin>:0): %v", err)
				return 2
			}
			input = value
		}
		results := code.RunWithContext(j.c.Context, input, j.values...)
		for {
			value, ok := results.Next()
			if !ok {
				break
			}
			if err, isErr := value.(error); isErr {
				var halt *gojq.HaltError
				if errors.As(err, &halt) {
					return j.halt(halt)
				}
				j.c.Errorf("error (at <stdin>:0): %v", err)
				exit = 5
				break
			}
			j.print(value)
			last, hasOutput = value, true
		}
	}
	if j.status && exit == 0 {
		switch {
		case !hasOutput:
			return 4
		case last == nil || last == false:
			return 1
		}
	}
	return exit
}

func (j *jqRun) halt(halt *gojq.HaltError) int {
	if value := halt.Value(); value != nil {
		j.c.Flush()
		if text, ok := value.(string); ok {
			io.WriteString(j.c.Stderr, text)
		} else if data, err := gojq.Marshal(value); err == nil {
			j.c.Stderr.Write(append(data, '\n'))
		}
	}
	return halt.ExitCode()
}

func (j *jqRun) print(value any) {
	if text, ok := value.(string); ok && j.raw {
		j.c.Puts(text)
	} else {
		var buf bytes.Buffer
		j.encode(&buf, value, "\n")
		j.c.Write(buf.Bytes())
	}
	switch {
	case j.zero:
		j.c.Puts("\x00")
	case !j.join:
		j.c.Puts("\n")
	}
}

// encode writes JSON as jq does, object keys in the order keyOrder knows.
func (j *jqRun) encode(buf *bytes.Buffer, value any, newline string) {
	inner := newline + j.indent
	if j.compact {
		inner, newline = "", ""
	}
	switch value := value.(type) {
	case []any:
		if len(value) == 0 {
			buf.WriteString("[]")
			return
		}
		buf.WriteByte('[')
		for i, item := range value {
			if i > 0 {
				buf.WriteByte(',')
			}
			buf.WriteString(inner)
			j.encode(buf, item, inner)
		}
		buf.WriteString(newline + "]")
	case map[string]any:
		if len(value) == 0 {
			buf.WriteString("{}")
			return
		}
		buf.WriteByte('{')
		for i, key := range j.keys.sort(value) {
			if i > 0 {
				buf.WriteByte(',')
			}
			buf.WriteString(inner)
			j.scalar(buf, key)
			buf.WriteByte(':')
			if !j.compact {
				buf.WriteByte(' ')
			}
			j.encode(buf, value[key], inner)
		}
		buf.WriteString(newline + "}")
	default:
		j.scalar(buf, value)
	}
}

func (j *jqRun) scalar(buf *bytes.Buffer, value any) {
	data, err := gojq.Marshal(value)
	if err != nil {
		data = []byte("null")
	}
	if !j.ascii {
		buf.Write(data)
		return
	}
	for _, r := range string(data) {
		switch {
		case r < 128:
			buf.WriteRune(r)
		case r > 0xffff:
			r -= 0x10000
			buf.WriteString(`\u` + strconv.FormatInt(int64(0xd800+r>>10), 16) + `\u` + strconv.FormatInt(int64(0xdc00+r&0x3ff), 16))
		default:
			buf.WriteString(`\u` + strconv.FormatInt(int64(r)+0x10000, 16)[1:])
		}
	}
}
