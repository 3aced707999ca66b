package applets

import (
	"archive/tar"
	"compress/gzip"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"time"
)

func (t *tarRun) create() error {
	if len(t.names) == 0 {
		return errors.New("Cowardly refusing to create an empty archive")
	}
	name := t.o.value("f", "-")
	rename, err := t.transforms()
	if err != nil {
		return err
	}
	var out io.Writer = t.c
	var file io.WriteCloser
	if name != "-" {
		if file, err = t.c.Create(name, os.O_CREATE|os.O_WRONLY|os.O_TRUNC); err != nil {
			return errors.New(name + ": Cannot open: " + reason(err))
		}
		out = file
	}
	if t.o.has("j") || t.o.has("J") || t.o.has("a") && (strings.HasSuffix(name, ".xz") || strings.HasSuffix(name, ".bz2")) {
		return errors.New("this compression is not supported here: use gzip (-z)")
	}
	var z *gzip.Writer
	if t.o.has("z") || t.o.has("a") && (strings.HasSuffix(name, ".gz") || strings.HasSuffix(name, ".tgz")) {
		z, _ = gzip.NewWriterLevel(out, gzip.DefaultCompression)
		z.OS = 3
		out = z
	}
	w := tar.NewWriter(out)
	t.dir = t.where()
	for _, operand := range t.names {
		if err := t.add(w, operand, name, rename); err != nil {
			t.c.Errorf("%s: %s", operand, reason(err))
			t.code = 2
		}
	}
	err = w.Close()
	if z != nil && err == nil {
		err = z.Close()
	}
	if file != nil {
		if e := file.Close(); err == nil {
			err = e
		}
	}
	return err
}

func (t *tarRun) add(w *tar.Writer, name, archive string, rename func(string) string) error {
	path := name
	if !filepath.IsAbs(path) {
		path = filepath.Join(t.dir, name)
	}
	if archive != "-" && path == t.c.Path(archive) || t.excluded(strings.TrimPrefix(name, "./")) || t.excluded(name) {
		return nil
	}
	stat := os.Lstat
	if t.o.has("h") {
		stat = os.Stat
	}
	info, err := stat(path)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return errors.New("Cannot stat: No such file or directory")
		}
		return err
	}
	header, err := t.header(name, path, info, rename)
	if err != nil {
		return err
	}
	if header.Name != "" {
		if err := w.WriteHeader(header); err != nil {
			return err
		}
		if t.o.has("v") {
			t.report(header.Name)
		}
	}
	if info.Mode().IsRegular() {
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		defer f.Close()
		_, err = io.Copy(w, f)
		return err
	}
	if !info.IsDir() || t.o.has("no-recursion") {
		return nil
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		return err
	}
	sort.Slice(entries, func(i, j int) bool { return entries[i].Name() < entries[j].Name() })
	for _, entry := range entries {
		if err := t.add(w, strings.TrimRight(name, "/")+"/"+entry.Name(), archive, rename); err != nil {
			return err
		}
	}
	return nil
}

func (t *tarRun) header(name, path string, info fs.FileInfo, rename func(string) string) (*tar.Header, error) {
	h := &tar.Header{Name: rename(strings.TrimLeft(name, "/")), ModTime: info.ModTime().Truncate(time.Second), Mode: int64(Mode(path, info)), Format: tar.FormatGNU}
	switch {
	case info.IsDir():
		h.Typeflag = tar.TypeDir
		h.Name = strings.TrimRight(h.Name, "/") + "/"
	case info.Mode()&fs.ModeSymlink != 0:
		h.Typeflag = tar.TypeSymlink
		text, err := os.Readlink(path)
		if err != nil {
			return nil, err
		}
		h.Linkname = text
	default:
		h.Typeflag, h.Size = tar.TypeReg, info.Size()
	}
	if text, ok := t.o.get("mode"); ok {
		if bits, ok := applyMode(text, Mode(path, info), info.IsDir()); ok {
			h.Mode = int64(bits)
		}
	}
	h.Uname, h.Gname = userName, userName
	h.Uid, h.Gid = atoi(userID), atoi(userID)
	h.Uname, h.Uid = owner(t.o, "owner", h.Uname, h.Uid)
	h.Gname, h.Gid = owner(t.o, "group", h.Gname, h.Gid)
	if t.o.has("numeric-owner") {
		h.Uname, h.Gname = "", ""
	}
	if text, ok := t.o.get("mtime"); ok {
		when, err := parseDate(text, time.Now().In(t.c.location()))
		if err != nil {
			if info, e := os.Stat(t.c.Path(text)); e == nil {
				when, err = info.ModTime(), nil
			}
		}
		if err != nil {
			return nil, err
		}
		h.ModTime = when.Truncate(time.Second)
	}
	return h, nil
}

// owner reads `NAME`, `NAME:ID` and a number.
func owner(o *options, key, name string, id int) (string, int) {
	text, ok := o.get(key)
	if !ok {
		return name, id
	}
	before, after, both := strings.Cut(text, ":")
	if both {
		return before, atoi(after)
	}
	if n, err := strconv.Atoi(text); err == nil {
		if n == 0 {
			return "root", 0
		}
		return "", n
	}
	if text == "root" {
		return text, 0
	}
	return text, id
}
