package applets

import (
	"io/fs"
	"strconv"
	"strings"
)

// The user that tools report: WASI has none.
const (
	userName = "runner"
	userID   = "1001"
	hostName = "runner"
)

func octal(mode fs.FileMode) string { return strconv.FormatUint(uint64(mode.Perm()), 8) }

func whoami(c *Context) int {
	c.Puts(userName + "\n")
	return 0
}

func hostname(c *Context) int {
	c.Puts(hostName + "\n")
	return 0
}

func nproc(c *Context) int {
	c.Puts("1\n")
	return 0
}

func id(c *Context) int {
	o, ok := c.parse("u,user g,group G,groups n,name r,real")
	if !ok {
		return 1
	}
	switch {
	case !o.has("u") && !o.has("g") && !o.has("G"):
		c.Printf("uid=%s(%s) gid=%s(%s) groups=%s(%s)\n", userID, userName, userID, userName, userID, userName)
	case o.has("n"):
		c.Puts(userName + "\n")
	default:
		c.Puts(userID + "\n")
	}
	return 0
}

// uname says Linux: scripts branch on it, and what they find here is closest to that.
func uname(c *Context) int {
	o, ok := c.parse("a,all s,kernel-name n,nodename r,kernel-release v,kernel-version m,machine p,processor i,hardware-platform o,operating-system")
	if !ok {
		return 1
	}
	fields := []struct{ key, value string }{
		{"s", "Linux"}, {"n", hostName}, {"r", "0.0.0-wasi"}, {"v", "#1 WASI"}, {"m", "wasm32"}, {"p", "wasm32"}, {"i", "wasm32"}, {"o", "GNU/Linux"},
	}
	var parts []string
	for _, f := range fields {
		if o.has(f.key) || o.has("a") && f.key != "p" && f.key != "i" || f.key == "s" && len(o.list) == 0 {
			parts = append(parts, f.value)
		}
	}
	c.Puts(strings.Join(parts, " ") + "\n")
	return 0
}

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

func pwd(c *Context) int {
	c.Puts(c.Dir + "\n")
	return 0
}

func which(c *Context) int {
	o, ok := c.parse("a s")
	if !ok {
		return 2
	}
	code := 0
	for _, name := range o.args {
		path, ok := "", false
		if c.Find != nil {
			path, ok = c.Find(name)
		}
		if !ok {
			code = 1
		} else if !o.has("s") {
			c.Puts(path + "\n")
		}
	}
	return code
}
