package applets

import (
	"strings"
)

func join(c *Context) int {
	o, ok := c.parse("1: 2: t: a: v: e: o: i,ignore-case j: check-order nocheck-order header")
	if !ok || len(o.args) != 2 {
		return 1
	}
	key1, key2 := atoi(o.value("1", o.value("j", "1"))), atoi(o.value("2", o.value("j", "1")))
	tab, hasTab := o.get("t")
	split := func(line string) []string {
		if hasTab {
			return strings.Split(line, tab)
		}
		return strings.Fields(line)
	}
	if !hasTab {
		tab = " "
	}
	var sides [2][][]string
	for i, name := range o.args {
		f, err := c.Open(name)
		if err != nil {
			return c.Fail(name, err)
		}
		lines, _ := readLines(f, '\n')
		f.Close()
		for _, line := range lines {
			sides[i] = append(sides[i], split(line))
		}
	}
	field := func(row []string, n int) string {
		if n <= len(row) && row[n-1] != "" {
			return row[n-1]
		}
		return o.value("e", "")
	}
	emit := func(a, b []string) {
		var out []string
		if list, ok := o.get("o"); ok {
			for _, item := range strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' }) {
				side, n, _ := strings.Cut(item, ".")
				switch {
				case item == "0" && a != nil:
					out = append(out, field(a, key1))
				case item == "0":
					out = append(out, field(b, key2))
				case side == "1":
					out = append(out, field(a, atoi(n)))
				default:
					out = append(out, field(b, atoi(n)))
				}
			}
		} else {
			if a != nil {
				out = append(out, field(a, key1))
			} else {
				out = append(out, field(b, key2))
			}
			out = append(append(out, others(a, key1)...), others(b, key2)...)
		}
		c.Puts(strings.Join(out, tab) + "\n")
	}
	c.joinRows(o, sides, key1, key2, emit)
	return 0
}

func others(row []string, key int) []string {
	var out []string
	for i, text := range row {
		if i+1 != key {
			out = append(out, text)
		}
	}
	return out
}

func (c *Context) joinRows(o *options, sides [2][][]string, key1, key2 int, emit func(a, b []string)) {
	shows := func(side string) bool {
		for _, opt := range o.list {
			if (opt.key == "a" || opt.key == "v") && opt.value == side {
				return true
			}
		}
		return false
	}
	key := func(row []string, n int) string {
		text := ""
		if n <= len(row) {
			text = row[n-1]
		}
		if o.has("i") {
			text = strings.ToLower(text)
		}
		return text
	}
	a, b := sides[0], sides[1]
	for len(a) > 0 || len(b) > 0 {
		switch {
		case len(b) == 0 || len(a) > 0 && key(a[0], key1) < key(b[0], key2):
			if shows("1") {
				emit(a[0], nil)
			}
			a = a[1:]
		case len(a) == 0 || key(a[0], key1) > key(b[0], key2):
			if shows("2") {
				emit(nil, b[0])
			}
			b = b[1:]
		default:
			k := key(a[0], key1)
			n := 0
			for n < len(b) && key(b[n], key2) == k {
				n++
			}
			for len(a) > 0 && key(a[0], key1) == k {
				for _, row := range b[:n] {
					if !o.has("v") {
						emit(a[0], row)
					}
				}
				a = a[1:]
			}
			b = b[n:]
		}
	}
}
