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
