package applets

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"
)

func zipApplet(c *Context) int {
	// zip has two-letter options: -x, -i take lists up to the next option
	args, excludes, includes := zipLists(c.Args)
	c.Args = args
	o, ok := c.parse("# r,recurse-paths q,quiet j,junk-paths X,no-extra y,symlinks u,update 9 v,verbose m,move D,no-dir-entries o g T f d @")
	if !ok {
		return 16
	}
	if len(o.args) == 0 {
		c.Errorf("error: nothing to do")
		return 16
	}
	name, members := o.args[0], o.args[1:]
	if name != "-" && !strings.Contains(filepath.Base(name), ".") {
		name += ".zip"
	}
	z := &zipper{c: c, o: o, excludes: excludes, includes: includes, old: map[string]*zip.File{}, archive: c.Path(name)}
	for _, member := range members {
		z.collect(member)
	}
	if len(z.found) == 0 {
		if z.code != 0 {
			c.Puts("\nzip error: Nothing to do! (" + name + ")\n")
		} else {
			c.Puts("\nzip error: Nothing to do! (" + name + ")\n")
		}
		return 12
	}
	if err := z.write(name); err != nil {
		c.Errorf("error: %s", reason(err))
		return 15
	}
	return z.code
}

func zipLists(args []string) (rest, excludes, includes []string) {
	into := (*[]string)(nil)
	for i, arg := range args {
		switch {
		case i == 0:
			rest = append(rest, arg)
		case arg == "-x" || arg == "--exclude":
			into = &excludes
		case arg == "-i" || arg == "--include":
			into = &includes
		case strings.HasPrefix(arg, "-") && arg != "-":
			into = nil
			rest = append(rest, arg)
		case arg == "@":
			into = nil
		case into != nil:
			*into = append(*into, arg)
		default:
			rest = append(rest, arg)
		}
	}
	return rest, excludes, includes
}

type zipper struct {
	c        *Context
	o        *options
	excludes []string
	includes []string
	archive  string
	found    []listed
	old      map[string]*zip.File
	code     int
}

func (z *zipper) collect(name string) {
	path := z.c.Path(name)
	stat := os.Stat
	if z.o.has("y") {
		stat = os.Lstat
	}
	info, err := stat(path)
	if err != nil {
		z.c.Printf("\tzip warning: name not matched: %s\n", name)
		z.code = 0
		return
	}
	if path == z.archive {
		return
	}
	stored := strings.TrimPrefix(strings.TrimLeft(filepath.Clean(name), "/"), "./")
	if z.o.has("j") {
		stored = filepath.Base(stored)
	}
	if info.IsDir() {
		stored += "/"
	}
	isChosen := !matchesAny(z.excludes, stored) && (len(z.includes) == 0 || matchesAny(z.includes, stored))
	if isChosen && stored != "./" && !(info.IsDir() && (z.o.has("D") || z.o.has("j"))) {
		z.found = append(z.found, listed{stored, path, info})
	}
	if !info.IsDir() || !z.o.has("r") {
		return
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		z.c.Fail(name, err)
		return
	}
	sort.Slice(entries, func(i, j int) bool { return entries[i].Name() < entries[j].Name() })
	for _, entry := range entries {
		z.collect(strings.TrimRight(name, "/") + "/" + entry.Name())
	}
}

// write makes the archive beside its place; members it had before stay.
func (z *zipper) write(name string) error {
	var buf bytes.Buffer
	w := zip.NewWriter(&buf)
	level := flate.DefaultCompression
	if text, ok := z.o.get("#"); ok {
		level = atoi(text)
	}
	w.RegisterCompressor(zip.Deflate, func(out io.Writer) (io.WriteCloser, error) { return flate.NewWriter(out, level) })
	replaced := map[string]bool{}
	for _, item := range z.found {
		replaced[item.name] = true
	}
	if data, err := os.ReadFile(z.archive); err == nil && name != "-" {
		if old, err := zip.NewReader(bytes.NewReader(data), int64(len(data))); err == nil {
			for _, f := range old.File {
				z.old[f.Name] = f
				if !replaced[f.Name] {
					if err := w.Copy(f); err != nil {
						return err
					}
				}
			}
		}
	}
	for _, item := range z.found {
		if err := z.add(w, item); err != nil {
			return err
		}
	}
	if err := w.Close(); err != nil {
		return err
	}
	if name == "-" {
		_, err := z.c.Write(buf.Bytes())
		return err
	}
	return os.WriteFile(z.archive, buf.Bytes(), 0o666)
}

func (z *zipper) add(w *zip.Writer, item listed) error {
	h := &zip.FileHeader{Name: item.name, Method: zip.Deflate, Modified: item.info.ModTime().In(z.c.location())}
	mode := Mode(item.path, item.info)
	verb := "  adding: "
	if _, ok := z.old[item.name]; ok {
		verb = "updating: "
	}
	var data []byte
	var err error
	switch {
	case item.info.IsDir():
		h.Method, mode = zip.Store, mode|fs.ModeDir
	case item.info.Mode()&fs.ModeSymlink != 0:
		h.Method, mode = zip.Store, mode|fs.ModeSymlink
		var text string
		text, err = os.Readlink(item.path)
		data = []byte(text)
	default:
		if data, err = os.ReadFile(item.path); len(data) == 0 || z.o.value("#", "") == "0" {
			h.Method = zip.Store
		}
	}
	if err != nil {
		return err
	}
	h.SetMode(mode)
	out, err := w.CreateHeader(h)
	if err != nil {
		return err
	}
	if _, err := out.Write(data); err != nil {
		return err
	}
	if !z.o.has("q") {
		z.c.Puts(verb + item.name + "\n")
	}
	return nil
}

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
