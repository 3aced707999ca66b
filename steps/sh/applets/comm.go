package applets

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
