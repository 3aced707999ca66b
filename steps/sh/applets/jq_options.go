package applets

import (
	"bytes"
	"io"
	"strings"
)

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
