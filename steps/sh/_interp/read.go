// read, mapfile and readarray.

package interp

import (
	"bufio"
	"context"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"mvdan.cc/sh/v3/expand"
	"mvdan.cc/sh/v3/syntax"
)

type readOptions struct {
	raw     bool
	array   string
	delim   byte
	limit   int // characters; -1: no limit
	exact   bool
	timeout time.Duration
	fd      int
	names   []string
}

func (r *Runner) readOptions(args []string) (o readOptions, ok bool) {
	o = readOptions{delim: '\n', limit: -1, timeout: -1}
	for len(args) > 0 && len(args[0]) > 1 && args[0][0] == '-' {
		arg := args[0]
		args = args[1:]
		if arg == "--" {
			break
		}
		for i := 1; i < len(arg); i++ {
			letter := arg[i]
			value := ""
			if strings.IndexByte("adinNptu", letter) >= 0 {
				switch {
				case i+1 < len(arg):
					value = arg[i+1:]
				case len(args) > 0:
					value, args = args[0], args[1:]
				default:
					r.complain("read: -%c: option requires an argument", letter)
					return o, false
				}
				i = len(arg)
			}
			switch letter {
			case 'r':
				o.raw = true
			case 'a':
				o.array = value
			case 'd':
				o.delim = 0
				if value != "" {
					o.delim = value[0]
				}
			case 'n', 'N':
				o.limit, o.exact = int(atoi(value)), letter == 'N'
			case 'p', 'i', 's', 'e':
			case 't':
				seconds, _ := strconv.ParseFloat(value, 64)
				o.timeout = time.Duration(seconds * float64(time.Second))
			case 'u':
				o.fd = int(atoi(value))
			default:
				r.complain("read: -%c: invalid option", letter)
				return o, false
			}
		}
	}
	o.names = args
	return o, true
}

func (r *Runner) read(ctx context.Context, args []string) uint8 {
	o, ok := r.readOptions(args)
	if !ok {
		return 2
	}
	for _, name := range o.names {
		if base, _, ok := cutElemSubscript(name); !syntax.ValidName(name) && !ok || ok && !syntax.ValidName(base) {
			r.complain("read: `%s': not a valid identifier", name)
			return 1
		}
	}
	in, _ := r.descriptor(o.fd).(io.Reader)
	line, err := readUntil(in, o)
	if o.exact {
		name := shellReplyVar
		if len(o.names) > 0 {
			name = o.names[0]
		}
		r.assign(name, string(line))
	} else {
		r.storeRead(o, string(line))
	}
	if err != nil {
		return 1
	}
	return r.exit.code
}

func (r *Runner) storeRead(o readOptions, line string) {
	switch {
	case o.array != "":
		values := expand.SplitLine(r.ecfg, line, -1, o.raw)
		r.setVar(o.array, expand.Variable{Set: true, Kind: expand.Indexed, List: values})
	case len(o.names) == 0:
		if !o.raw {
			line = unescape(line)
		}
		r.setVarString(shellReplyVar, line)
	default:
		values := expand.SplitLine(r.ecfg, line, len(o.names), o.raw)
		for i, name := range o.names {
			value := ""
			if i < len(values) {
				value = values[i]
			}
			r.assign(name, value)
		}
	}
}

func unescape(line string) string {
	var sb strings.Builder
	for i := 0; i < len(line); i++ {
		if line[i] == '\\' && i+1 < len(line) {
			i++
		}
		sb.WriteByte(line[i])
	}
	return sb.String()
}

// readUntil takes single bytes: what follows belongs to the next reader.
func readUntil(in io.Reader, o readOptions) ([]byte, error) {
	if in == nil || o.timeout == 0 {
		return nil, io.EOF
	}
	var line []byte
	var b [1]byte
	escaped := false
	for o.limit < 0 || len(line) < o.limit {
		n, err := in.Read(b[:])
		if n == 0 {
			if err != nil {
				return line, err
			}
			continue
		}
		switch {
		case b[0] == 0 && o.delim != 0:
			continue
		case escaped && b[0] == '\n':
			line = line[:len(line)-1]
			escaped = false
			continue
		case b[0] == o.delim && !escaped && !o.exact:
			return line, nil
		}
		escaped = !o.raw && b[0] == '\\' && !escaped
		line = append(line, b[0])
	}
	return line, nil
}

type mapfileOptions struct {
	name                    string
	delim                   byte
	keepDelim               bool
	limit, skip, origin, fd int
}

func (r *Runner) mapfileOptions(command string, args []string) (o mapfileOptions, ok bool) {
	o = mapfileOptions{name: "MAPFILE", delim: '\n', keepDelim: true, origin: -1}
	for len(args) > 0 && len(args[0]) > 1 && args[0][0] == '-' {
		letters := args[0][1:]
		args = args[1:]
		if letters[0] == 't' { // also as in -td ''
			o.keepDelim = false
			if letters = letters[1:]; letters == "" {
				continue
			}
		}
		value := letters[1:]
		if value == "" {
			if len(args) == 0 {
				r.complain("%s: -%c: option requires an argument", command, letters[0])
				return o, false
			}
			value, args = args[0], args[1:]
		}
		switch letters[0] {
		case 'd':
			o.delim = 0
			if value != "" {
				o.delim = value[0]
			}
		case 'n':
			o.limit = int(atoi(value))
		case 's':
			o.skip = int(atoi(value))
		case 'O':
			o.origin = int(atoi(value))
		case 'u':
			o.fd = int(atoi(value))
		default:
			r.complain("%s: -%c: invalid option", command, letters[0])
			return o, false
		}
	}
	if len(args) > 0 {
		o.name = args[0]
	}
	return o, true
}

func (r *Runner) mapfile(command string, args []string) uint8 {
	o, ok := r.mapfileOptions(command, args)
	if !ok {
		return 2
	}
	lines := []string{}
	if in, ok := r.descriptor(o.fd).(io.Reader); ok {
		scanner := bufio.NewReader(in)
		for o.limit == 0 || len(lines) < o.limit+o.skip {
			line, err := scanner.ReadString(o.delim)
			if line != "" {
				if !o.keepDelim || o.delim == 0 {
					line = strings.TrimSuffix(line, string(rune(o.delim)))
				}
				lines = append(lines, line)
			}
			if err != nil {
				break
			}
		}
	}
	lines = lines[min(o.skip, len(lines)):]
	if o.origin >= 0 {
		prev := r.lookupVar(o.name)
		lines = append(slices.Clone(prev.List[:min(o.origin, len(prev.List))]), lines...)
	}
	r.setVar(o.name, expand.Variable{Set: true, Kind: expand.Indexed, List: lines})
	return 0
}
