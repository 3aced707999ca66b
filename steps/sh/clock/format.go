// Package clock reads and writes dates the way date(1) does.
package clock

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Format is strftime with GNU's flags (`-`, `_`, `0`, `^`) and widths.
func Format(t time.Time, layout string) string {
	var sb strings.Builder
	for i := 0; i < len(layout); i++ {
		if layout[i] != '%' || i+1 == len(layout) {
			sb.WriteByte(layout[i])
			continue
		}
		start := i
		i++
		flags, width := "", 0
		for i < len(layout) && strings.IndexByte("-_0^#", layout[i]) >= 0 {
			flags += string(layout[i])
			i++
		}
		for i < len(layout) && layout[i] >= '0' && layout[i] <= '9' {
			width = width*10 + int(layout[i]-'0')
			i++
		}
		colons := 0
		for i < len(layout) && layout[i] == ':' {
			colons++
			i++
		}
		if i < len(layout) && (layout[i] == 'E' || layout[i] == 'O') {
			i++
		}
		if i >= len(layout) {
			sb.WriteString(layout[start:])
			break
		}
		text, ok := field(t, layout[i], flags, width, colons)
		if !ok {
			text = layout[start : i+1]
		}
		sb.WriteString(text)
	}
	return sb.String()
}

func field(t time.Time, verb byte, flags string, width, colons int) (string, bool) {
	number := func(n, digits int, pad string) (string, bool) {
		switch {
		case strings.Contains(flags, "-"):
			return strconv.Itoa(n), true
		case strings.Contains(flags, "_"):
			pad = " "
		case strings.Contains(flags, "0"):
			pad = "0"
		}
		digits = max(digits, width)
		if pad == "0" {
			return fmt.Sprintf("%0*d", digits, n), true
		}
		return fmt.Sprintf("%*d", digits, n), true
	}
	text := func(s string) (string, bool) {
		if strings.Contains(flags, "^") {
			s = strings.ToUpper(s)
		}
		if strings.Contains(flags, "#") {
			s = strings.ToLower(s)
		}
		return fmt.Sprintf("%*s", width, s), true
	}
	isoYear, isoWeek := t.ISOWeek()
	switch verb {
	case 'Y':
		return number(t.Year(), 1, "0")
	case 'C':
		return number(t.Year()/100, 2, "0")
	case 'y':
		return number(t.Year()%100, 2, "0")
	case 'm':
		return number(int(t.Month()), 2, "0")
	case 'd':
		return number(t.Day(), 2, "0")
	case 'e':
		return number(t.Day(), 2, " ")
	case 'H':
		return number(t.Hour(), 2, "0")
	case 'k':
		return number(t.Hour(), 2, " ")
	case 'I':
		return number((t.Hour()+11)%12+1, 2, "0")
	case 'l':
		return number((t.Hour()+11)%12+1, 2, " ")
	case 'M':
		return number(t.Minute(), 2, "0")
	case 'S':
		return number(t.Second(), 2, "0")
	case 'N':
		if width == 0 || strings.Contains(flags, "-") {
			width = 9
		}
		return fmt.Sprintf("%09d", t.Nanosecond())[:min(width, 9)], true
	case 's':
		return strconv.FormatInt(t.Unix(), 10), true
	case 'j':
		return number(t.YearDay(), 3, "0")
	case 'u':
		return number((int(t.Weekday())+6)%7+1, 1, "0")
	case 'w':
		return number(int(t.Weekday()), 1, "0")
	case 'U':
		return number((t.YearDay()+6-int(t.Weekday()))/7, 2, "0")
	case 'W':
		return number((t.YearDay()+6-(int(t.Weekday())+6)%7)/7, 2, "0")
	case 'V':
		return number(isoWeek, 2, "0")
	case 'G':
		return number(isoYear, 1, "0")
	case 'g':
		return number(isoYear%100, 2, "0")
	case 'q':
		return number((int(t.Month())+2)/3, 1, "0")
	case 'z':
		return zone(t, colons), true
	case 'a':
		return text(t.Format("Mon"))
	case 'A':
		return text(t.Format("Monday"))
	case 'b', 'h':
		return text(t.Format("Jan"))
	case 'B':
		return text(t.Format("January"))
	case 'p':
		return text(t.Format("PM"))
	case 'P':
		return text(t.Format("pm"))
	case 'Z':
		return text(t.Format("MST"))
	case 'n':
		return "\n", true
	case 't':
		return "\t", true
	case '%':
		return "%", true
	}
	if layout, ok := composite[verb]; ok {
		return text(Format(t, layout))
	}
	return "", false
}

func zone(t time.Time, colons int) string {
	switch colons {
	case 1:
		return t.Format("-07:00")
	case 2:
		return t.Format("-07:00:00")
	}
	return t.Format("-0700")
}

var composite = map[byte]string{
	'F': "%Y-%m-%d", 'T': "%H:%M:%S", 'D': "%m/%d/%y", 'R': "%H:%M", 'r': "%I:%M:%S %p",
	'c': "%a %b %e %H:%M:%S %Y", 'x': "%m/%d/%y", 'X': "%H:%M:%S",
}
