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

func (r *Runner) mapfile(command string, args []string) uint8 {
	name, delim, keepDelim, limit, skip, origin, fd := "MAPFILE", byte('\n'), true, 0, 0, -1, 0
	for len(args) > 0 && len(args[0]) > 1 && args[0][0] == '-' {
		arg := args[0]
		args = args[1:]
		if arg == "-t" {
			keepDelim = false
			continue
		}
		value := arg[2:]
		if value == "" || arg[1] == 't' {
			if arg[1] == 't' { // -td ''
				keepDelim = false
				arg = "-" + arg[2:]
			}
			if len(args) == 0 {
				r.complain("%s: %s: option requires an argument", command, arg)
				return 2
			}
			value, args = args[0], args[1:]
		}
		switch arg[1] {
		case 'd':
			delim = 0
			if value != "" {
				delim = value[0]
			}
		case 'n':
			limit = int(atoi(value))
		case 's':
			skip = int(atoi(value))
		case 'O':
			origin = int(atoi(value))
		case 'u':
			fd = int(atoi(value))
		default:
			r.complain("%s: %s: invalid option", command, arg)
			return 2
		}
	}
	if len(args) > 0 {
		name = args[0]
	}
	lines := []string{}
	if in, ok := r.descriptor(fd).(io.Reader); ok {
		scanner := bufio.NewReader(in)
		for limit == 0 || len(lines) < limit+skip {
			line, err := scanner.ReadString(delim)
			if line != "" {
				if !keepDelim || delim == 0 {
					line = strings.TrimSuffix(line, string(rune(delim)))
				}
				lines = append(lines, line)
			}
			if err != nil {
				break
			}
		}
	}
	lines = lines[min(skip, len(lines)):]
	if origin >= 0 {
		prev := r.lookupVar(name)
		kept := prev.List[:min(origin, len(prev.List))]
		lines = append(slices.Clone(kept), lines...)
	}
	r.setVar(name, expand.Variable{Set: true, Kind: expand.Indexed, List: lines})
	return 0
}
