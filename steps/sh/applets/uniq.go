package applets

import (
	"io"
	"os"
	"strings"
)

// uniqRun is one call of uniq.
type uniqRun struct {
	o   *options
	out io.Writer
	end string
}

func uniq(c *Context) int {
	o, ok := c.parse("c,count d,repeated D u,unique i,ignore-case f,skip-fields: s,skip-chars: w,check-chars: z,zero-terminated")
	if !ok {
		return 1
	}
	u := &uniqRun{o: o, out: c, end: lineEnd(o.has("z"))}
	if len(o.args) > 1 {
		f, err := c.Create(o.args[1], os.O_CREATE|os.O_WRONLY|os.O_TRUNC)
		if err != nil {
			return c.Fail(o.args[1], err)
		}
		defer f.Close()
		u.out, o.args = f, o.args[:1]
	}
	var group []string
	code := c.eachLine(o.args, u.end[0], func(line []byte) {
		text := string(line)
		if len(group) > 0 && u.key(group[0]) != u.key(text) {
			u.emit(group)
			group = nil
		}
		group = append(group, text)
	})
	u.emit(group)
	return code
}

// key is what lines are compared by.
func (u *uniqRun) key(line string) string {
	for range atoi(u.o.value("f", "0")) {
		line = strings.TrimLeft(line, " \t")
		line = strings.TrimLeftFunc(line, func(r rune) bool { return r != ' ' && r != '\t' })
	}
	line = line[min(len(line), atoi(u.o.value("s", "0"))):]
	if w, ok := u.o.get("w"); ok {
		line = line[:min(len(line), atoi(w))]
	}
	if u.o.has("i") {
		line = strings.ToLower(line)
	}
	return line
}

func (u *uniqRun) emit(group []string) {
	n := len(group)
	if n == 0 || n == 1 && (u.o.has("d") || u.o.has("D")) || n > 1 && u.o.has("u") {
		return
	}
	if !u.o.has("D") {
		group = group[:1]
	}
	for _, line := range group {
		if u.o.has("c") {
			line = padLeft(itoa(n), 7) + " " + line
		}
		io.WriteString(u.out, line+u.end)
	}
}
