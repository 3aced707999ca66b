package applets

import (
	"strings"
)

// option is one flag as it stood on the command line.
type option struct{ key, value string }

// options are the parsed flags and what is left.
type options struct {
	list []option
	args []string
}

func (o *options) has(key string) bool {
	for _, opt := range o.list {
		if opt.key == key {
			return true
		}
	}
	return false
}

// get returns the last value given for key.
func (o *options) get(key string) (string, bool) {
	for i := len(o.list) - 1; i >= 0; i-- {
		if o.list[i].key == key {
			return o.list[i].value, true
		}
	}
	return "", false
}

func (o *options) value(key, otherwise string) string {
	if v, ok := o.get(key); ok {
		return v
	}
	return otherwise
}

func (o *options) all(key string) []string {
	var values []string
	for _, opt := range o.list {
		if opt.key == key {
			values = append(values, opt.value)
		}
	}
	return values
}

// optionSpec describes one flag: `n,lines:` takes a value, `color?` may take one.
type optionSpec struct {
	short, long string
	value       byte // 0, ':' or '?'
}

func (s *optionSpec) key() string {
	if s.short != "" {
		return s.short
	}
	return s.long
}

// parse reads flags as getopt_long does. The spec lists `short,long` names
// between blanks; a leading `+` stops at the first operand, `#` accepts -NUM.
// On a wrong flag it reports and returns false.
func (c *Context) parse(spec string) (*options, bool) {
	specs, inOrder, numeric := readSpec(spec)
	o := &options{}
	args := c.Args[1:]
	for len(args) > 0 {
		arg := args[0]
		switch {
		case arg == "--":
			o.args = append(o.args, args[1:]...)
			return o, true
		case len(arg) < 2 || arg[0] != '-':
			if inOrder {
				o.args = append(o.args, args...)
				return o, true
			}
			o.args = append(o.args, arg)
			args = args[1:]
		case arg[1] == '-':
			args = args[1:]
			if !c.parseLong(o, specs, arg[2:], &args) {
				return nil, false
			}
		case numeric && strings.Trim(arg[1:], "0123456789") == "":
			o.list = append(o.list, option{"#", arg[1:]})
			args = args[1:]
		default:
			args = args[1:]
			if !c.parseShort(o, specs, arg[1:], &args) {
				return nil, false
			}
		}
	}
	return o, true
}

func readSpec(spec string) (specs []optionSpec, inOrder, numeric bool) {
	for _, word := range strings.Fields(spec) {
		switch word {
		case "+":
			inOrder = true
			continue
		case "#":
			numeric = true
			continue
		}
		var s optionSpec
		if last := word[len(word)-1]; (last == ':' || last == '?') && len(word) > 1 {
			s.value, word = last, word[:len(word)-1]
		}
		first, second, both := strings.Cut(word, ",")
		switch {
		case both:
			s.short, s.long = first, second
		case len(first) == 1:
			s.short = first
		default:
			s.long = first
		}
		specs = append(specs, s)
	}
	return specs, inOrder, numeric
}

func (c *Context) parseLong(o *options, specs []optionSpec, text string, rest *[]string) bool {
	name, value, given := strings.Cut(text, "=")
	var found *optionSpec
	for i := range specs {
		if specs[i].long == name {
			found = &specs[i]
			break
		}
		if specs[i].long != "" && strings.HasPrefix(specs[i].long, name) {
			if found != nil {
				c.Errorf("option '--%s' is ambiguous", name)
				return false
			}
			found = &specs[i]
		}
	}
	switch {
	case found == nil:
		c.Errorf("unrecognized option '--%s'", name)
		return false
	case given && found.value == 0:
		c.Errorf("option '--%s' doesn't allow an argument", found.long)
		return false
	case !given && found.value == ':':
		if len(*rest) == 0 {
			c.Errorf("option '--%s' requires an argument", found.long)
			return false
		}
		value, *rest = (*rest)[0], (*rest)[1:]
	}
	o.list = append(o.list, option{found.key(), value})
	return true
}

func (c *Context) parseShort(o *options, specs []optionSpec, text string, rest *[]string) bool {
	for i := 0; i < len(text); i++ {
		letter := text[i : i+1]
		var found *optionSpec
		for j := range specs {
			if specs[j].short == letter {
				found = &specs[j]
			}
		}
		if found == nil {
			c.Errorf("invalid option -- '%s'", letter)
			return false
		}
		value := ""
		if found.value != 0 {
			value = text[i+1:]
			if value == "" && found.value == ':' {
				if len(*rest) == 0 {
					c.Errorf("option requires an argument -- '%s'", letter)
					return false
				}
				value, *rest = (*rest)[0], (*rest)[1:]
			}
			i = len(text)
		}
		o.list = append(o.list, option{found.key(), value})
	}
	return true
}
