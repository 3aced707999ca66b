package applets

import (
	"io"
	"os"
	"strings"
)

func uniq(c *Context) int {
	o, ok := c.parse("c,count d,repeated D u,unique i,ignore-case f,skip-fields: s,skip-chars: w,check-chars: z,zero-terminated")
	if !ok {
		return 1
	}
	key := func(line string) string {
		for range atoi(o.value("f", "0")) {
			line = strings.TrimLeft(line, " \t")
			if i := strings.IndexAny(line, " \t"); i >= 0 {
				line = line[i:]
			} else {
				line = ""
			}
		}
		line = line[min(len(line), atoi(o.value("s", "0"))):]
		if w, ok := o.get("w"); ok {
			line = line[:min(len(line), atoi(w))]
		}
		if o.has("i") {
			line = strings.ToLower(line)
		}
		return line
	}
	end := lineEnd(o.has("z"))
	var out io.Writer = c
	if len(o.args) > 1 {
		f, err := c.Create(o.args[1], os.O_CREATE|os.O_WRONLY|os.O_TRUNC)
		if err != nil {
			return c.Fail(o.args[1], err)
		}
		defer f.Close()
		out, o.args = f, o.args[:1]
	}
	var group []string
	flush := func() {
		if len(group) == 0 || o.has("d") && len(group) < 2 || o.has("u") && len(group) > 1 || o.has("D") && len(group) < 2 {
			return
		}
		if !o.has("D") {
			group = group[:1:1]
		}
		for _, line := range group {
			io.WriteString(out, line+end)
		}
	}
	size := 0
	emit := func() {
		if o.has("c") && len(group) > 0 {
			size = len(group)
			if !(o.has("d") && size < 2 || o.has("u") && size > 1) {
				io.WriteString(out, padLeft(itoa(size), 7)+" "+group[0]+end)
			}
			return
		}
		flush()
	}
	code := c.eachLine(o.args, end[0], func(line []byte) {
		text := string(line)
		if len(group) > 0 && key(group[0]) == key(text) {
			group = append(group, text)
			return
		}
		emit()
		group = []string{text}
	})
	emit()
	return code
}

func comm(c *Context) int {
	o, ok := c.parse("1 2 3 check-order nocheck-order output-delimiter: z,zero-terminated total")
	if !ok {
		return 1
	}
	if len(o.args) != 2 {
		c.Errorf("missing operand")
		return 1
	}
	var sides [2][]string
	end := lineEnd(o.has("z"))
	for i, name := range o.args {
		f, err := c.Open(name)
		if err != nil {
			return c.Fail(name, err)
		}
		sides[i], _ = readLines(f, end[0])
		f.Close()
	}
	delim := o.value("output-delimiter", "\t")
	show := func(column int, line string) {
		if o.has(itoa(column)) {
			return
		}
		prefix := ""
		for k := 1; k < column; k++ {
			if !o.has(itoa(k)) {
				prefix += delim
			}
		}
		c.Puts(prefix + line + end)
	}
	a, b := sides[0], sides[1]
	for len(a) > 0 || len(b) > 0 {
		switch {
		case len(b) == 0 || len(a) > 0 && a[0] < b[0]:
			show(1, a[0])
			a = a[1:]
		case len(a) == 0 || b[0] < a[0]:
			show(2, b[0])
			b = b[1:]
		default:
			show(3, a[0])
			a, b = a[1:], b[1:]
		}
	}
	return 0
}

func paste(c *Context) int {
	o, ok := c.parse("d,delimiters: s,serial z,zero-terminated")
	if !ok {
		return 1
	}
	delims := []rune(unescapeText(o.value("d", "\t")))
	if o.value("d", "x") == `\0` {
		delims = nil
	}
	between := func(i int) string {
		if len(delims) == 0 {
			return ""
		}
		return string(delims[i%len(delims)])
	}
	end := lineEnd(o.has("z"))
	names := o.args
	if len(names) == 0 {
		names = []string{"-"}
	}
	stdin := newLineReader(c.Stdin, end[0])
	var readers []*lineReader
	for _, name := range names {
		if name == "-" {
			readers = append(readers, stdin)
			continue
		}
		f, err := c.Open(name)
		if err != nil {
			return c.Fail(name, err)
		}
		defer f.Close()
		readers = append(readers, newLineReader(f, end[0]))
	}
	if o.has("s") {
		for _, r := range readers {
			for i := 0; ; i++ {
				line, _, ok := r.next()
				if !ok {
					break
				}
				if i > 0 {
					c.Puts(between(i - 1))
				}
				c.Write(line)
			}
			c.Puts(end)
		}
		return 0
	}
	for {
		var sb strings.Builder
		any := false
		for i, r := range readers {
			if i > 0 {
				sb.WriteString(between(i - 1))
			}
			line, _, ok := r.next()
			any = any || ok
			sb.Write(line)
		}
		if !any {
			return 0
		}
		c.Puts(sb.String() + end)
	}
}

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
