package shell

import (
	"fmt"
	"strings"
)

// invocation is a parsed `bash` or `sh` command line.
type invocation struct {
	program   string   // bash or sh
	name      string   // $0
	posix     bool     // called as sh
	options   []string // for `set`
	shopts    []string // for `shopt -s`
	command   string   // the text of -c
	inline    bool     // -c was given
	file      string   // the script; empty: standard input
	params    []string
	isVersion bool
}

func parseInvocation(program string, args []string) (*invocation, error) {
	call := &invocation{program: program, name: program, posix: program != "bash"}
	fromStdin := false
	for len(args) > 0 {
		arg := args[0]
		if arg == "--" || arg == "-" {
			args = args[1:]
			break
		}
		if len(arg) < 2 || (arg[0] != '-' && arg[0] != '+') {
			break
		}
		args = args[1:]
		if strings.HasPrefix(arg, "--") {
			rest, err := call.longOption(arg, args)
			if err != nil {
				return nil, err
			}
			args = rest
			continue
		}
		for _, letter := range arg[1:] {
			switch letter {
			case 'c':
				call.inline = true
			case 's':
				fromStdin = true
			case 'l', 'i', 'r', 'D':
			case 'o', 'O':
				if len(args) == 0 {
					return nil, fmt.Errorf("-%c: option requires an argument", letter)
				}
				if letter == 'o' {
					call.options = append(call.options, arg[:1]+"o", args[0])
				} else if arg[0] == '-' {
					call.shopts = append(call.shopts, args[0])
				}
				args = args[1:]
			default:
				call.options = append(call.options, arg[:1]+string(letter))
			}
		}
	}
	return call, call.operands(args, fromStdin)
}

func (call *invocation) operands(args []string, fromStdin bool) error {
	switch {
	case call.inline:
		if len(args) == 0 {
			return fmt.Errorf("-c: option requires an argument")
		}
		call.command, args = args[0], args[1:]
		if len(args) > 0 {
			call.name, args = args[0], args[1:]
		}
	case !fromStdin && len(args) > 0:
		call.file, args = args[0], args[1:]
		call.name = call.file
	}
	call.params = args
	return nil
}

func (call *invocation) longOption(arg string, rest []string) ([]string, error) {
	switch arg {
	case "--noprofile", "--norc", "--login", "--noediting", "--restricted", "--verbose":
	case "--posix":
		call.posix = true
	case "--version":
		call.isVersion = true
	case "--rcfile", "--init-file":
		if len(rest) > 0 {
			rest = rest[1:]
		}
	default:
		return nil, fmt.Errorf("%s: invalid option", arg)
	}
	return rest, nil
}
