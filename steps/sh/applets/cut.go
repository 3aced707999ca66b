package applets

import (
	"io"
	"strconv"
	"strings"
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
				text = cutBytes(text, chosen, o.value("output-delimiter", ""))
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

// cutBytes serves -c as well: GNU's characters are bytes.
func cutBytes(text string, chosen func(int) bool, output string) string {
	var sb strings.Builder
	last := 0
	for i := range len(text) {
		if !chosen(i + 1) {
			continue
		}
		if last > 0 && i != last {
			sb.WriteString(output)
		}
		sb.WriteByte(text[i])
		last = i + 1
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
