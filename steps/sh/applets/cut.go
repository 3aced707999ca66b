package applets

import (
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// span is a range of positions, counted from 1; to is 0 for "to the end".
type span struct{ from, to int }

func cut(c *Context) int {
	o, ok := c.parse("f,fields: d,delimiter: c,characters: b,bytes: s,only-delimited n complement output-delimiter: z,zero-terminated")
	if !ok {
		return 1
	}
	key := ""
	for _, k := range []string{"f", "c", "b"} {
		if o.has(k) {
			key = k
		}
	}
	if key == "" {
		c.Errorf("you must specify a list of bytes, characters, or fields")
		return 1
	}
	spans, ok := parseSpans(o.value(key, ""))
	if !ok {
		c.Errorf("invalid field range")
		return 1
	}
	chosen := func(n int) bool {
		for _, s := range spans {
			if n >= s.from && (s.to == 0 || n <= s.to) {
				return !o.has("complement")
			}
		}
		return o.has("complement")
	}
	delim := o.value("d", "\t")
	if delim == "" {
		delim = "\x00"
	}
	end := byte('\n')
	if o.has("z") {
		end = 0
	}
	return c.eachInput(o.args, func(_ string, r io.Reader) error {
		lines := newLineReader(r, end)
		for {
			line, _, ok := lines.next()
			if !ok {
				return nil
			}
			text := string(line)
			switch {
			case key != "f":
				text = cutUnits(text, key == "c", chosen, o.value("output-delimiter", ""))
			case !strings.Contains(text, delim):
				if o.has("s") {
					continue
				}
			default:
				text = cutFields(text, delim, o.value("output-delimiter", delim), chosen)
			}
			c.Puts(text)
			c.Write([]byte{end})
		}
	})
}

func cutFields(text, delim, output string, chosen func(int) bool) string {
	var kept []string
	for i, field := range strings.Split(text, delim) {
		if chosen(i + 1) {
			kept = append(kept, field)
		}
	}
	return strings.Join(kept, output)
}

// cutUnits picks bytes: GNU cut -c does so too, but cutting a character in half helps nobody.
func cutUnits(text string, characters bool, chosen func(int) bool, output string) string {
	var sb strings.Builder
	last := -1
	n := 0
	for i := 0; i < len(text); {
		size := 1
		if characters {
			_, size = utf8.DecodeRuneInString(text[i:])
		}
		n++
		if chosen(n) {
			if last >= 0 && n != last+1 {
				sb.WriteString(output)
			}
			sb.WriteString(text[i : i+size])
			last = n
		}
		i += size
	}
	return sb.String()
}

func parseSpans(list string) (spans []span, ok bool) {
	for _, item := range strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' }) {
		from, to, isRange := strings.Cut(item, "-")
		s := span{1, 0}
		var err error
		if from != "" {
			if s.from, err = strconv.Atoi(from); err != nil || s.from < 1 {
				return nil, false
			}
		}
		if !isRange {
			s.to = s.from
		} else if to != "" {
			if s.to, err = strconv.Atoi(to); err != nil || s.to < s.from {
				return nil, false
			}
		}
		spans = append(spans, s)
	}
	return spans, len(spans) > 0
}
