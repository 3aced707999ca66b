package applets

import (
	"strings"
)

// joiner is one call of join; keys count from 1.
type joiner struct {
	c          *Context
	o          *options
	key1, key2 int
	tab        string
}

func join(c *Context) int {
	o, ok := c.parse("1: 2: t: a: v: e: o: i,ignore-case j: check-order nocheck-order header")
	if !ok || len(o.args) != 2 {
		return 1
	}
	j := &joiner{c: c, o: o, key1: atoi(o.value("1", o.value("j", "1"))), key2: atoi(o.value("2", o.value("j", "1"))), tab: o.value("t", " ")}
	var sides [2][][]string
	for i, name := range o.args {
		f, err := c.Open(name)
		if err != nil {
			return c.Fail(name, err)
		}
		lines, _ := readLines(f, '\n')
		f.Close()
		for _, line := range lines {
			if o.has("t") {
				sides[i] = append(sides[i], strings.Split(line, j.tab))
			} else {
				sides[i] = append(sides[i], strings.Fields(line))
			}
		}
	}
	c.joinRows(o, sides, j.key1, j.key2, j.emit)
	return 0
}

func (j *joiner) field(row []string, n int) string {
	if n <= len(row) && row[n-1] != "" {
		return row[n-1]
	}
	return j.o.value("e", "")
}

// emit prints a pair; a nil row is the missing side.
func (j *joiner) emit(a, b []string) {
	key := j.field(a, j.key1)
	if a == nil {
		key = j.field(b, j.key2)
	}
	list, ok := j.o.get("o")
	if !ok {
		out := append([]string{key}, others(a, j.key1)...)
		j.c.Puts(strings.Join(append(out, others(b, j.key2)...), j.tab) + "\n")
		return
	}
	var out []string
	for _, item := range strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' }) {
		side, n, _ := strings.Cut(item, ".")
		switch {
		case item == "0":
			out = append(out, key)
		case side == "1":
			out = append(out, j.field(a, atoi(n)))
		default:
			out = append(out, j.field(b, atoi(n)))
		}
	}
	j.c.Puts(strings.Join(out, j.tab) + "\n")
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
