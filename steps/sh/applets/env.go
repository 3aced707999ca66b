package applets

import (
	"strings"
)

func env(c *Context) int {
	o, ok := c.parse("+ i,ignore-environment u,unset: 0,null C,chdir: S,split-string: v")
	if !ok {
		return 125
	}
	vars := append([]string{}, c.Env...)
	args := o.args
	if len(args) > 0 && args[0] == "-" {
		vars, args = nil, args[1:]
	}
	if o.has("i") {
		vars = nil
	}
	for _, name := range o.all("u") {
		vars = without(vars, name)
	}
	if text, ok := o.get("S"); ok {
		args = append(strings.Fields(text), args...)
	}
	for len(args) > 0 {
		name, _, ok := strings.Cut(args[0], "=")
		if !ok {
			break
		}
		vars = append(without(vars, name), args[0])
		args = args[1:]
	}
	if len(args) == 0 {
		for _, v := range vars {
			c.Puts(v + lineEnd(o.has("0")))
		}
		return 0
	}
	dir := c.Dir
	if to, ok := o.get("C"); ok {
		dir = c.Path(to)
	}
	return c.runIn(dir, vars, c.Stdin, args)
}

func without(vars []string, name string) []string {
	var kept []string
	for _, v := range vars {
		if !strings.HasPrefix(v, name+"=") {
			kept = append(kept, v)
		}
	}
	return kept
}

func printenv(c *Context) int {
	o, ok := c.parse("0,null")
	if !ok {
		return 2
	}
	if len(o.args) == 0 {
		for _, v := range c.Env {
			c.Puts(v + lineEnd(o.has("0")))
		}
		return 0
	}
	code := 0
	for _, name := range o.args {
		found := false
		for _, v := range c.Env {
			if value, ok := strings.CutPrefix(v, name+"="); ok {
				c.Puts(value + lineEnd(o.has("0")))
				found = true
			}
		}
		if !found {
			code = 1
		}
	}
	return code
}
