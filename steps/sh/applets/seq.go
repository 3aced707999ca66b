package applets

import (
	"strconv"
	"strings"

	"wasi-runner/steps/sh/printf"
)

func seq(c *Context) int {
	args := c.Args[1:]
	separator, format, equal := "\n", "", false
	for len(args) > 0 && len(args[0]) > 1 && args[0][0] == '-' && (args[0][1] < '0' || args[0][1] > '9') && args[0][1] != '.' {
		arg := args[0]
		args = args[1:]
		value := func(short string) string {
			if text := strings.TrimPrefix(arg, short); text != "" {
				return text
			}
			if len(args) == 0 {
				return ""
			}
			text := args[0]
			args = args[1:]
			return text
		}
		switch {
		case arg == "-w" || arg == "--equal-width":
			equal = true
		case strings.HasPrefix(arg, "-s"):
			separator = unescapeText(value("-s"))
		case strings.HasPrefix(arg, "--separator="):
			separator = arg[len("--separator="):]
		case strings.HasPrefix(arg, "-f"):
			format = value("-f")
		case strings.HasPrefix(arg, "--format="):
			format = arg[len("--format="):]
		case arg == "--":
		default:
			c.Errorf("invalid option -- '%s'", arg[1:])
			return 1
		}
	}
	first, step, last := "1", "1", ""
	switch len(args) {
	case 1:
		last = args[0]
	case 2:
		first, last = args[0], args[1]
	case 3:
		first, step, last = args[0], args[1], args[2]
	default:
		c.Errorf("missing operand")
		return 1
	}
	var values [3]float64
	for i, text := range []string{first, step, last} {
		var err error
		if values[i], err = strconv.ParseFloat(text, 64); err != nil {
			c.Errorf("invalid floating point argument: '%s'", text)
			return 1
		}
	}
	if values[1] == 0 {
		c.Errorf("invalid Zero increment value: '%s'", step)
		return 1
	}
	places := max(decimals(first), decimals(step))
	number := func(f float64) string { return strconv.FormatFloat(f, 'f', places, 64) }
	width := 0
	if equal {
		width = max(len(number(values[0])), len(number(values[2])))
	}
	for i := 0; ; i++ {
		v := values[0] + float64(i)*values[1]
		if values[1] > 0 && v > values[2]+1e-10 || values[1] < 0 && v < values[2]-1e-10 {
			if i > 0 {
				c.Puts("\n")
			}
			return 0
		}
		if i > 0 {
			c.Puts(separator)
		}
		text := number(v)
		if format != "" {
			text, _, _ = printf.Format(format, []string{text})
		}
		if sign := strings.HasPrefix(text, "-"); sign && len(text) < width {
			text = "-" + strings.Repeat("0", width-len(text)) + text[1:]
		} else if len(text) < width {
			text = strings.Repeat("0", width-len(text)) + text
		}
		c.Puts(text)
	}
}

func decimals(text string) int {
	if _, fraction, ok := strings.Cut(text, "."); ok {
		return len(fraction)
	}
	return 0
}
