package applets

import (
	"errors"
	"io/fs"
	"os"
	"strings"
)

func du(c *Context) int {
	o, ok := c.parse("s,summarize h,human-readable a,all c,total b,bytes k m d,max-depth: apparent-size B,block-size: x L,dereference exclude: S si 0")
	if !ok {
		return 1
	}
	if o.has("b") {
		o.list = append(o.list, option{"apparent-size", ""})
	}
	depth := -1
	if text, ok := o.get("d"); ok {
		depth = atoi(text)
	}
	if o.has("s") {
		depth = 0
	}
	names := o.args
	if len(names) == 0 {
		names = []string{"."}
	}
	code := 0
	total := int64(0)
	for _, name := range names {
		size, err := c.diskUse(name, o, depth, 0)
		if err != nil {
			c.Errorf("cannot access '%s': %s", name, reason(err))
			code = 1
			continue
		}
		total += size
	}
	if o.has("c") {
		c.Puts(duSize(total, o) + "\ttotal\n")
	}
	return code
}

func duSize(bytes int64, o *options) string {
	unit := int64(1024)
	switch {
	case o.has("h"):
		return humanSize(bytes)
	case o.has("b"):
		unit = 1
	case o.has("m"):
		unit = 1 << 20
	case o.has("B"):
		if n, ok := parseSize(o.value("B", "")); ok && n > 0 {
			unit = n
		}
	}
	return itoa(int((bytes + unit - 1) / unit))
}

func (c *Context) diskUse(name string, o *options, depth, level int) (int64, error) {
	info, err := os.Lstat(c.Path(name))
	if err != nil {
		return 0, err
	}
	size := blocks(info) * 1024
	if o.has("apparent-size") {
		size = sizeOf(info)
	}
	if info.IsDir() {
		entries, err := os.ReadDir(c.Path(name))
		if err != nil {
			return 0, err
		}
		for _, entry := range entries {
			if matchesAny(o.all("exclude"), entry.Name()) {
				continue
			}
			inner, err := c.diskUse(strings.TrimSuffix(name, "/")+"/"+entry.Name(), o, depth, level+1)
			if err != nil && !errors.Is(err, fs.ErrNotExist) {
				return size, err
			}
			size += inner
		}
	}
	if (depth < 0 || level <= depth) && (info.IsDir() || o.has("a") || level == 0) {
		c.Puts(duSize(size, o) + "\t" + name + "\n")
	}
	return size, nil
}
