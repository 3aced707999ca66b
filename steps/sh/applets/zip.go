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
