package applets

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"wasi-runner/steps/sh/printf"
)

// sequence is a parsed `seq` command line.
type sequence struct {
	separator, format string
	isEqual           bool // -w
	first, step, last float64
	places            int
	width             int
}

func seq(c *Context) int {
	s, err := parseSequence(c.Args[1:])
	if err != nil {
		c.Errorf("%v", err)
		return 1
	}
	for i := 0; ; i++ {
		v := s.first + float64(i)*s.step
		if s.step > 0 && v > s.last+1e-10 || s.step < 0 && v < s.last-1e-10 {
			if i > 0 {
				c.Puts("\n")
			}
			return 0
		}
		if i > 0 {
			c.Puts(s.separator)
		}
		c.Puts(s.text(v))
	}
}

func (s *sequence) text(v float64) string {
	text := strconv.FormatFloat(v, 'f', s.places, 64)
	if s.format != "" {
		text, _, _ = printf.Format(s.format, []string{text})
	}
	zeros := strings.Repeat("0", max(0, s.width-len(text)))
	if strings.HasPrefix(text, "-") {
		return "-" + zeros + text[1:]
	}
	return zeros + text
}

func parseSequence(args []string) (*sequence, error) {
	s := &sequence{separator: "\n"}
	args, err := s.flags(args)
	if err != nil {
		return nil, err
	}
	bounds := []string{"1", "1", ""}
	switch len(args) {
	case 1:
		bounds[2] = args[0]
	case 2:
		bounds[0], bounds[2] = args[0], args[1]
	case 3:
		bounds = args
	default:
		return nil, errors.New("missing operand")
	}
	for i, target := range []*float64{&s.first, &s.step, &s.last} {
		if *target, err = strconv.ParseFloat(bounds[i], 64); err != nil {
			return nil, fmt.Errorf("invalid floating point argument: '%s'", bounds[i])
		}
	}
	if s.step == 0 {
		return nil, fmt.Errorf("invalid Zero increment value: '%s'", bounds[1])
	}
	s.places = max(decimals(bounds[0]), decimals(bounds[1]))
	if s.isEqual {
		s.width = max(len(s.text(s.first)), len(s.text(s.last)))
	}
	return s, nil
}

// flags reads the options; a negative number is none.
func (s *sequence) flags(args []string) (rest []string, err error) {
	for len(args) > 0 && len(args[0]) > 1 && args[0][0] == '-' && strings.IndexByte("0123456789.", args[0][1]) < 0 {
		arg := args[0]
		args = args[1:]
		value := func(short string) string {
			if text := strings.TrimPrefix(arg, short); text != "" || len(args) == 0 {
				return text
			}
			text := args[0]
			args = args[1:]
			return text
		}
		switch {
		case arg == "-w" || arg == "--equal-width":
			s.isEqual = true
		case strings.HasPrefix(arg, "-s"):
			s.separator = unescapeText(value("-s"))
		case strings.HasPrefix(arg, "--separator="):
			s.separator = arg[len("--separator="):]
		case strings.HasPrefix(arg, "-f"):
			s.format = value("-f")
		case strings.HasPrefix(arg, "--format="):
			s.format = arg[len("--format="):]
		case arg != "--":
			return nil, fmt.Errorf("invalid option -- '%s'", arg[1:])
		}
	}
	return args, nil
}

func decimals(text string) int {
	if _, fraction, ok := strings.Cut(text, "."); ok {
		return len(fraction)
	}
	return 0
}
