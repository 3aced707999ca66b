package applets

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

func mktemp(c *Context) int {
	o, ok := c.parse("d,directory u,dry-run q,quiet p,tmpdir? t suffix:")
	if !ok {
		return 1
	}
	dir := c.Getenv("TMPDIR")
	if dir == "" {
		dir = "/tmp"
	}
	template, inDir := "tmp.XXXXXXXXXX", true
	if len(o.args) > 0 {
		template, inDir = o.args[0], o.has("t") || o.has("p")
	}
	if value, ok := o.get("p"); ok && value != "" {
		dir = value
	} else if ok && value == "" && len(o.args) > 1 {
		dir, template = o.args[0], o.args[1] // `mktemp -p DIR TEMPLATE`
	}
	template += o.value("suffix", "")
	end := strings.LastIndexByte(template, 'X') + 1
	start := end
	for start > 0 && template[start-1] == 'X' {
		start--
	}
	if end-start < 3 {
		c.Errorf("too few X's in template '%s'", template)
		return 1
	}
	if inDir {
		template = filepath.Join(dir, template)
		shift := len(template) - len(filepath.Base(template))
		end = strings.LastIndexByte(template, 'X') + 1
		start = end
		for start > shift && template[start-1] == 'X' {
			start--
		}
	}
	for range 100 {
		name := template[:start] + randomLetters(end-start) + template[end:]
		path := c.Path(name)
		err := makeTemporary(path, o.has("d"), o.has("u"))
		if err == nil {
			c.Puts(name + "\n")
			return 0
		}
		if !errors.Is(err, fs.ErrExist) {
			if !o.has("q") {
				c.Errorf("failed to create file via template '%s': %s", template, reason(err))
			}
			return 1
		}
	}
	return 1
}

func makeTemporary(path string, isDir, isDry bool) error {
	switch {
	case isDry:
		if _, err := os.Lstat(path); err == nil {
			return fs.ErrExist
		}
		return nil
	case isDir:
		return os.Mkdir(path, 0o700)
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err == nil {
		err = f.Close()
	}
	return err
}
