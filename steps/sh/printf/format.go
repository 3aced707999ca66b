// Package printf formats as bash's printf does.
package printf

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"wasi-runner/steps/sh/clock"
)

// Stop is the code that says "a \c was met: print nothing more".
const Stop = 255

// Format applies format to all args, again and again while some are left.
func Format(format string, args []string) (text string, code uint8, errs []string) {
	f := formatter{args: args}
	for {
		before := len(f.args)
		if !f.pass(format) {
			return f.out.String(), Stop, f.errs
		}
		if len(f.args) == 0 || len(f.args) == before {
			break
		}
	}
	if len(f.errs) > 0 {
		code = 1
	}
	return f.out.String(), code, f.errs
}

type formatter struct {
	args []string
	out  strings.Builder
	errs []string
}

// directive is one parsed %-sequence.
type directive struct {
	flags      string
	width      int
	precision  int // -1: none
	verb       byte
	timeFormat string
}

func (f *formatter) pass(format string) bool {
	for i := 0; i < len(format); {
		switch c := format[i]; {
		case c == '\\':
			text, n, stop := Escape(format[i:], false)
			if stop {
				return false
			}
			f.out.WriteString(text)
			i += n
		case c == '%' && i+1 < len(format) && format[i+1] == '%':
			f.out.WriteByte('%')
			i += 2
		case c == '%':
			d, n := f.parse(format[i+1:])
			i += 1 + n
			if d.verb == 0 {
				f.errs = append(f.errs, "`%': missing format character")
				return true
			}
			if !f.write(d) {
				return false
			}
		default:
			f.out.WriteByte(c)
			i++
		}
	}
	return true
}

func (f *formatter) parse(s string) (d directive, n int) {
	d.precision = -1
	for n < len(s) && strings.IndexByte("-+ #0'", s[n]) >= 0 {
		d.flags += string(s[n])
		n++
	}
	number := func() (value int, given bool) {
		if n < len(s) && s[n] == '*' {
			n++
			value, _ = strconv.Atoi(f.next())
			return value, true
		}
		start := n
		for n < len(s) && s[n] >= '0' && s[n] <= '9' {
			n++
		}
		value, _ = strconv.Atoi(s[start:n])
		return value, n > start
	}
	d.width, _ = number()
	if d.width < 0 {
		d.flags, d.width = d.flags+"-", -d.width
	}
	if n < len(s) && s[n] == '.' {
		n++
		d.precision, _ = number()
	}
	for n < len(s) && strings.IndexByte("hlLqjzt", s[n]) >= 0 && n+1 < len(s) && strings.IndexByte("diouxXeEfFgG", s[n+1]) >= 0 {
		n++
	}
	if n < len(s) && s[n] == '(' {
		if end := strings.Index(s[n:], ")T"); end > 0 {
			d.timeFormat, d.verb = s[n+1:n+end], 'T'
			return d, n + end + 2
		}
	}
	if n < len(s) {
		d.verb = s[n]
		n++
	}
	return d, n
}

func (f *formatter) next() string {
	if len(f.args) == 0 {
		return ""
	}
	arg := f.args[0]
	f.args = f.args[1:]
	return arg
}

func (f *formatter) write(d directive) bool {
	switch d.verb {
	case 's':
		f.pad(d, f.next())
	case 'c':
		arg := f.next()
		_, size := utf8.DecodeRuneInString(arg)
		f.pad(directive{flags: d.flags, width: d.width, precision: -1}, arg[:size])
	case 'b':
		text, stop := Unescape(f.next())
		f.pad(d, text)
		return !stop
	case 'q':
		f.pad(directive{flags: d.flags, width: d.width, precision: -1}, Quote(f.next()))
	case 'd', 'i', 'u', 'o', 'x', 'X':
		f.integer(d)
	case 'f', 'F', 'e', 'E', 'g', 'G', 'a', 'A':
		f.float(d)
	case 'T':
		f.time(d)
	default:
		f.errs = append(f.errs, fmt.Sprintf("`%c': invalid format character", d.verb))
		return false
	}
	return true
}

// pad counts bytes, as bash 5.2 does in every locale.
func (f *formatter) pad(d directive, text string) {
	if d.precision >= 0 && len(text) > d.precision {
		text = text[:d.precision]
	}
	blanks := strings.Repeat(" ", max(0, d.width-len(text)))
	if strings.Contains(d.flags, "-") {
		f.out.WriteString(text + blanks)
	} else {
		f.out.WriteString(blanks + text)
	}
}

func (f *formatter) integer(d directive) {
	n := f.number(f.next())
	layout := "%" + strings.ReplaceAll(strings.ReplaceAll(d.flags, "'", ""), "0", zeroUnless(d.precision >= 0))
	if d.width > 0 {
		layout += strconv.Itoa(d.width)
	}
	if d.precision >= 0 {
		layout += "." + strconv.Itoa(d.precision)
	}
	switch d.verb {
	case 'd', 'i':
		fmt.Fprintf(&f.out, layout+"d", n)
	case 'u':
		fmt.Fprintf(&f.out, layout+"d", uint64(n))
	default:
		fmt.Fprintf(&f.out, layout+string(d.verb), uint64(n))
	}
}

func zeroUnless(no bool) string {
	if no {
		return ""
	}
	return "0"
}

func (f *formatter) number(arg string) int64 {
	text := strings.TrimLeft(arg, " \t")
	if text == "" {
		return 0
	}
	if text[0] == '"' || text[0] == '\'' {
		c, _ := utf8.DecodeRuneInString(text[1:])
		if len(text) == 1 {
			return 0
		}
		return int64(c)
	}
	digits := text
	if strings.ContainsAny(digits, "_") || strings.HasPrefix(strings.ToLower(digits), "0b") || strings.HasPrefix(strings.ToLower(digits), "0o") {
		digits = "x"
	}
	n, err := strconv.ParseInt(digits, 0, 64)
	if err == nil {
		return n
	}
	if u, err := strconv.ParseUint(digits, 0, 64); err == nil {
		return int64(u)
	}
	f.errs = append(f.errs, arg+": invalid number")
	for end := len(text); end > 0; end-- {
		if n, err := strconv.ParseInt(text[:end], 0, 64); err == nil {
			return n
		}
	}
	return 0
}

func (f *formatter) float(d directive) {
	arg := strings.TrimSpace(f.next())
	value := 0.0
	if arg != "" {
		var err error
		if arg[0] == '"' || arg[0] == '\'' {
			value = float64(f.number(arg))
		} else if value, err = strconv.ParseFloat(arg, 64); err != nil && !math.IsInf(value, 0) {
			f.errs = append(f.errs, arg+": invalid number")
			for end := len(arg); end > 0; end-- {
				if v, err := strconv.ParseFloat(arg[:end], 64); err == nil {
					value = v
					break
				}
			}
		}
	}
	layout := "%" + strings.ReplaceAll(d.flags, "'", "")
	if d.width > 0 {
		layout += strconv.Itoa(d.width)
	}
	if d.precision >= 0 {
		layout += "." + strconv.Itoa(d.precision)
	} else {
		layout += ".6"
	}
	fmt.Fprintf(&f.out, layout+string(d.verb), value)
}

func (f *formatter) time(d directive) {
	when := time.Now()
	if arg := f.next(); arg != "" && arg != "-1" && arg != "-2" {
		n, _ := strconv.ParseInt(arg, 10, 64)
		when = time.Unix(n, 0)
	}
	layout := d.timeFormat
	if layout == "" {
		layout = "%X"
	}
	f.pad(d, clock.Format(when, layout))
}
