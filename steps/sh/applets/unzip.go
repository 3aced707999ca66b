package applets

import (
	"archive/zip"
	"bytes"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

func unzip(c *Context) int {
	o, ok := c.parse("q o n l d: j p t v x: u a C Z 1 L X")
	if !ok {
		return 10
	}
	if len(o.args) == 0 {
		c.Errorf("no archive given")
		return 10
	}
	name := o.args[0]
	data, err := os.ReadFile(c.Path(name))
	if err != nil {
		if data, err = os.ReadFile(c.Path(name + ".zip")); err != nil {
			c.Errorf("cannot find or open %s, %s.zip or %s.ZIP.", name, name, name)
			return 9
		}
	}
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		c.Errorf("%s: not a zip file", name)
		return 9
	}
	u := &unzipper{c: c, o: o, patterns: o.args[1:], x: &extraction{root: c.Path(o.value("d", c.Dir))}}
	if o.has("l") || o.has("v") {
		u.list(name, archive)
		return 0
	}
	if !o.has("q") && !o.has("p") && !o.has("Z") {
		c.Puts("Archive:  " + name + "\n")
	}
	if _, given := o.get("d"); given && !o.has("t") && !o.has("p") {
		if err := os.MkdirAll(u.x.root, 0o777); err != nil {
			return c.Fail(u.x.root, err)
		}
	}
	for _, f := range archive.File {
		if !u.wanted(f.Name) {
			continue
		}
		if err := u.member(f); err != nil {
			c.Errorf("%s: %s", f.Name, reason(err))
			u.code = 2
		}
	}
	if err := u.x.finish(); err != nil {
		c.Errorf("%s", reason(err))
		u.code = 2
	}
	if len(u.patterns) > 0 && !u.any {
		c.Errorf("caution: filename not matched:  %s", strings.Join(u.patterns, " "))
		return 11
	}
	return u.code
}

type unzipper struct {
	c        *Context
	o        *options
	patterns []string
	x        *extraction
	code     int
	any      bool
}

func (u *unzipper) wanted(name string) bool {
	if matchesAny(u.o.all("x"), name) {
		return false
	}
	ok := len(u.patterns) == 0 || matchesAny(u.patterns, name)
	u.any = u.any || ok
	return ok
}

func (u *unzipper) list(name string, archive *zip.Reader) {
	u.c.Puts("Archive:  " + name + "\n  Length      Date    Time    Name\n---------  ---------- -----   ----\n")
	total, count := uint64(0), 0
	for _, f := range archive.File {
		if !u.wanted(f.Name) {
			continue
		}
		u.c.Printf("%9d  %s   %s\n", f.UncompressedSize64, formatDate(f.Modified.In(u.c.location()), "%Y-%m-%d %H:%M"), f.Name)
		total, count = total+f.UncompressedSize64, count+1
	}
	u.c.Printf("---------                     -------\n%9d                     %d file%s\n", total, count, plural(count))
}

func (u *unzipper) member(f *zip.File) error {
	if u.o.has("Z") {
		u.c.Puts(f.Name + "\n")
		return nil
	}
	r, err := f.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	switch {
	case u.o.has("p"):
		_, err := io.Copy(u.c, r)
		return err
	case u.o.has("t"):
		_, err := io.Copy(io.Discard, r)
		return err
	}
	name := f.Name
	if u.o.has("j") {
		if strings.HasSuffix(name, "/") {
			return nil
		}
		name = filepath.Base(name)
	}
	path, err := u.x.place(name)
	if err != nil {
		return err
	}
	shown, _ := filepath.Rel(u.c.Dir, path)
	if dir := u.o.value("d", ""); dir != "" {
		shown = strings.TrimRight(dir, "/") + "/" + strings.TrimRight(name, "/")
	}
	say := func(verb string) {
		if !u.o.has("q") {
			u.c.Puts(padLeft(verb, 11) + ": " + shown)
			if strings.HasSuffix(name, "/") {
				u.c.Puts("/\n")
			} else {
				u.c.Puts("  \n")
			}
		}
	}
	switch {
	case strings.HasSuffix(f.Name, "/"):
		if _, err := os.Lstat(path); err != nil {
			say("creating")
		}
		return u.x.directory(path)
	case f.Mode()&fs.ModeSymlink != 0:
		text, err := io.ReadAll(io.LimitReader(r, 4096))
		if err != nil {
			return err
		}
		return u.x.link(path, string(text))
	}
	if _, err := os.Lstat(path); err == nil {
		if u.o.has("n") || !u.o.has("o") {
			return nil // nobody can be asked
		}
	}
	return u.write(f, r, path, say)
}

func (u *unzipper) write(f *zip.File, r io.Reader, path string, say func(verb string)) error {
	verb := "inflating"
	if f.Method == zip.Store {
		verb = "extracting"
	}
	say(verb)
	out, err := u.x.create(path)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, r)
	if e := out.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = os.Chtimes(path, f.Modified, f.Modified)
	}
	if f.Mode()&0o111 != 0 {
		SetMode(path, f.Mode().Perm())
	}
	return err
}
