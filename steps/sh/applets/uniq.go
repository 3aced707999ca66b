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
