package applets

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"io/fs"
	"os"
	"strings"
)

func (t *tarRun) open() (io.Reader, io.Closer, error) {
	name := t.o.value("f", "-")
	f, err := t.c.Open(name)
	if err != nil {
		return nil, nil, errors.New(name + ": Cannot open: " + reason(err))
	}
	head := make([]byte, 6)
	n, _ := io.ReadFull(f, head)
	in := io.MultiReader(bytes.NewReader(head[:n]), f)
	switch {
	case bytes.HasPrefix(head, []byte("\x1f\x8b")):
		z, err := gzip.NewReader(in)
		return z, f, err
	case bytes.HasPrefix(head, []byte("BZh")):
		return newBzip2Reader(in), f, nil
	case bytes.HasPrefix(head, []byte("\xfd7zXZ")), bytes.HasPrefix(head, []byte("\x28\xb5\x2f\xfd")):
		return nil, nil, errors.New(name + ": xz and zstd archives are not supported here")
	case t.o.has("z") && n > 0:
		return nil, nil, errors.New(name + ": not in gzip format")
	}
	return in, f, nil
}

// wanted tells whether the operands choose a member.
func (t *tarRun) wanted(name string) bool {
	if t.excluded(name) || t.excluded(strings.TrimPrefix(name, "./")) {
		return false
	}
	if len(t.names) == 0 {
		return true
	}
	for _, operand := range t.names {
		operand = strings.TrimRight(operand, "/")
		plain := strings.TrimRight(name, "/")
		if plain == operand || strings.HasPrefix(plain, operand+"/") || t.o.has("wildcards") && fnmatch(operand, plain, false) {
			t.listed[operand] = true
			return true
		}
	}
	return false
}

func (t *tarRun) read() error {
	in, closer, err := t.open()
	if err != nil {
		return err
	}
	defer closer.Close()
	rename, err := t.transforms()
	if err != nil {
		return err
	}
	t.listed = map[string]bool{}
	x := &extraction{root: t.where()}
	if info, err := os.Stat(x.root); err != nil || !info.IsDir() {
		return errors.New(t.o.value("C", x.root) + ": Cannot open: No such file or directory")
	}
	r := tar.NewReader(in)
	for {
		h, err := r.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return errors.New("This does not look like a tar archive")
		}
		if !t.wanted(h.Name) {
			continue
		}
		if t.o.has("t") {
			t.show(h)
			continue
		}
		if err := t.extract(x, h, r, rename); err != nil {
			t.fail(h.Name, err)
		}
	}
	if err := x.finish(); err != nil {
		return err
	}
	for _, operand := range t.names {
		if !t.listed[strings.TrimRight(operand, "/")] {
			t.c.Errorf("%s: Not found in archive", operand)
			t.code = 2
		}
	}
	return nil
}

func (t *tarRun) extract(x *extraction, h *tar.Header, r io.Reader, rename func(string) string) error {
	name := h.Name
	for range t.strip {
		_, rest, found := strings.Cut(strings.TrimPrefix(name, "./"), "/")
		if !found || rest == "" {
			return nil
		}
		name = rest
	}
	name = rename(name)
	if t.o.has("O") {
		if h.Typeflag == tar.TypeReg {
			_, err := io.Copy(t.c, r)
			return err
		}
		return nil
	}
	path, err := x.place(name)
	if err != nil {
		return err
	}
	if t.o.has("v") {
		t.report(h.Name)
	}
	switch h.Typeflag {
	case tar.TypeDir:
		return x.directory(path)
	case tar.TypeSymlink:
		return x.link(path, h.Linkname)
	case tar.TypeLink:
		source, err := x.place(h.Linkname)
		if err != nil {
			return err
		}
		return (&transfer{c: t.c, keepLinks: true, removeFirst: true}).copy(source, path)
	case tar.TypeReg:
	default:
		return errors.New("refused: not a file, directory or link")
	}
	if _, err := os.Lstat(path); err == nil && t.o.has("k") {
		return errors.New("Cannot open: File exists")
	}
	f, err := x.create(path)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, r)
	if e := f.Close(); err == nil {
		err = e
	}
	if err == nil && !t.o.has("m") {
		err = os.Chtimes(path, h.ModTime, h.ModTime)
	}
	if h.Mode&0o111 != 0 {
		SetMode(path, fs.FileMode(h.Mode).Perm())
	}
	return err
}
