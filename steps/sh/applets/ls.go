package applets

import (
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"time"
)

// listed is one name that ls shows.
type listed struct {
	name string
	path string
	info fs.FileInfo
}

func ls(c *Context) int {
	o, ok := c.parse("1 a,all A,almost-all l R,recursive r,reverse t S d,directory F,classify? p h,human-readable n,numeric-uid-gid g o G,no-group i,inode s,size X U f L,dereference color? group-directories-first time-style: full-time k,kibibytes m c u q Q,quote-name N,literal v w: C x sort: time: si b,escape file-type")
	if !ok {
		return 2
	}
	names := o.args
	if len(names) == 0 {
		names = []string{"."}
	}
	code := 0
	var files, dirs []listed
	for _, name := range names {
		info, err := os.Stat(c.Path(name))
		if err != nil || (o.has("l") || o.has("d") || o.has("F")) && !strings.HasSuffix(name, "/") {
			if linfo, e := os.Lstat(c.Path(name)); e == nil && (err != nil || linfo.Mode()&fs.ModeSymlink != 0 && !o.has("L")) {
				info, err = linfo, nil
			}
		}
		if err != nil {
			c.Errorf("cannot access '%s': %s", name, reason(err))
			code = 2
			continue
		}
		item := listed{name, c.Path(name), info}
		if info.IsDir() && !o.has("d") {
			dirs = append(dirs, item)
		} else {
			files = append(files, item)
		}
	}
	sortListed(files, o)
	sortListed(dirs, o)
	c.list(files, o)
	headed := len(names) > 1 || o.has("R")
	for i, dir := range dirs {
		if i > 0 || len(files) > 0 {
			c.Puts("\n")
		}
		code = max(code, c.listDir(dir, o, headed))
	}
	return code
}

func (c *Context) listDir(dir listed, o *options, headed bool) int {
	if headed {
		c.Puts(dir.name + ":\n")
	}
	entries, err := os.ReadDir(dir.path)
	if err != nil {
		c.Errorf("cannot open directory '%s': %s", dir.name, reason(err))
		return 2
	}
	var items []listed
	for _, entry := range entries {
		name := entry.Name()
		if strings.HasPrefix(name, ".") && !o.has("a") && !o.has("A") && !o.has("f") {
			continue
		}
		path := filepath.Join(dir.path, name)
		info, err := os.Lstat(path)
		if err == nil && o.has("L") {
			if followed, e := os.Stat(path); e == nil {
				info = followed
			}
		}
		if err == nil {
			items = append(items, listed{name, path, info})
		}
	}
	if o.has("a") && !o.has("A") {
		for _, name := range []string{".", ".."} {
			items = append(items, listed{name, filepath.Join(dir.path, name), dir.info})
		}
	}
	sortListed(items, o)
	if o.has("l") || o.has("s") || o.has("n") {
		total := int64(0)
		for _, item := range items {
			total += blocks(item.info)
		}
		if o.has("h") {
			c.Puts("total " + humanSize(total*1024) + "\n")
		} else {
			c.Puts("total " + itoa(int(total)) + "\n")
		}
	}
	c.list(items, o)
	code := 0
	for _, item := range items {
		if o.has("R") && item.info.IsDir() && item.name != "." && item.name != ".." {
			c.Puts("\n")
			item.name = strings.TrimRight(dir.name, "/") + "/" + item.name
			code = max(code, c.listDir(item, o, true))
		}
	}
	return code
}

// blocks is the disk use in KiB, for a file system with 4 KiB blocks.
func blocks(info fs.FileInfo) int64 {
	if info.IsDir() {
		return 4
	}
	if info.Mode()&fs.ModeSymlink != 0 {
		return 0
	}
	return (info.Size() + 4095) / 4096 * 4
}

func sortListed(items []listed, o *options) {
	less := func(a, b listed) bool { return a.name < b.name }
	by := o.value("sort", "")
	switch {
	case o.has("U") || o.has("f") || by == "none":
		return
	case o.has("t") || by == "time":
		less = func(a, b listed) bool {
			if x, y := a.info.ModTime(), b.info.ModTime(); !x.Equal(y) {
				return x.After(y)
			}
			return a.name < b.name
		}
	case o.has("S") || by == "size":
		less = func(a, b listed) bool {
			if x, y := a.info.Size(), b.info.Size(); x != y {
				return x > y
			}
			return a.name < b.name
		}
	case o.has("v") || by == "version":
		less = func(a, b listed) bool { return compareVersions(a.name, b.name) < 0 }
	case o.has("X") || by == "extension":
		less = func(a, b listed) bool {
			if x, y := filepath.Ext(a.name), filepath.Ext(b.name); x != y {
				return x < y
			}
			return a.name < b.name
		}
	}
	sort.SliceStable(items, func(i, j int) bool {
		if o.has("group-directories-first") && items[i].info.IsDir() != items[j].info.IsDir() {
			return items[i].info.IsDir()
		}
		if o.has("r") {
			i, j = j, i
		}
		return less(items[i], items[j])
	})
}

func (c *Context) list(items []listed, o *options) {
	if o.has("l") || o.has("n") || o.has("g") || o.has("o") {
		c.listLong(items, o)
		return
	}
	for i, item := range items {
		if o.has("s") {
			c.Printf("%d ", blocks(item.info))
		}
		c.Puts(shownName(item, o))
		if o.has("m") {
			if i < len(items)-1 {
				c.Puts(", ")
				continue
			}
		}
		c.Puts("\n")
	}
}

func shownName(item listed, o *options) string {
	name := item.name
	if o.has("Q") {
		name = `"` + name + `"`
	}
	switch {
	case item.info.IsDir() && (o.has("F") || o.has("p")):
		name += "/"
	case !o.has("F"):
	case item.info.Mode()&fs.ModeSymlink != 0 && !o.has("l"):
		name += "@"
	case item.info.Mode().IsRegular() && Mode(item.path, item.info)&0o111 != 0:
		name += "*"
	}
	return name
}

func (c *Context) listLong(items []listed, o *options) {
	user, group := userName, userName
	if o.has("n") {
		user, group = userID, userID
	}
	sizes := make([]string, len(items))
	width := 0
	for i, item := range items {
		sizes[i] = itoa(int(sizeOf(item.info)))
		if o.has("h") {
			sizes[i] = humanSize(sizeOf(item.info))
		}
		width = max(width, len(sizes[i]))
	}
	for i, item := range items {
		c.Puts(modeString(item.path, item.info) + " 1 ")
		if !o.has("g") {
			c.Puts(user + " ")
		}
		if !o.has("o") && !o.has("G") {
			c.Puts(group + " ")
		}
		c.Puts(padLeft(sizes[i], width) + " " + c.listTime(item.info.ModTime(), o) + " " + shownName(item, o))
		if item.info.Mode()&fs.ModeSymlink != 0 {
			if text, err := os.Readlink(item.path); err == nil {
				c.Puts(" -> " + text)
			}
		}
		c.Puts("\n")
	}
}

func (c *Context) listTime(when time.Time, o *options) string {
	when = when.In(c.location())
	style := o.value("time-style", "")
	switch {
	case o.has("full-time") || style == "full-iso":
		return formatDate(when, "%Y-%m-%d %H:%M:%S.%N %z")
	case style == "long-iso":
		return formatDate(when, "%Y-%m-%d %H:%M")
	case style == "iso":
		return formatDate(when, "%m-%d %H:%M")
	case strings.HasPrefix(style, "+"):
		return formatDate(when, style[1:])
	}
	if age := time.Since(when); age > 182*24*time.Hour || age < 0 {
		return formatDate(when, "%b %e  %Y")
	}
	return formatDate(when, "%b %e %H:%M")
}

// sizeOf gives directories the size ext4 gives them: WASI hosts differ.
func sizeOf(info fs.FileInfo) int64 {
	if info.IsDir() {
		return 4096
	}
	return info.Size()
}

func modeString(path string, info fs.FileInfo) string {
	letter := byte('-')
	switch {
	case info.IsDir():
		letter = 'd'
	case info.Mode()&fs.ModeSymlink != 0:
		letter = 'l'
	}
	out := []byte{letter}
	bits := Mode(path, info)
	for i := 8; i >= 0; i-- {
		if bits&(1<<i) != 0 {
			out = append(out, "rwx"[(8-i)%3])
		} else {
			out = append(out, '-')
		}
	}
	return string(out)
}
