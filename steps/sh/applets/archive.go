package applets

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// extraction writes members below root and nowhere else: names with `..` or a
// leading slash are refused, and so is any path that leads through a link.
type extraction struct {
	root  string
	links [][2]string // path and text, made at the end
}

var errUnsafeMember = errors.New("refused: the name leads out of the destination")

// place checks a member's name and makes its parent directories.
func (x *extraction) place(name string) (string, error) {
	clean := strings.TrimRight(name, "/")
	if clean == "" || clean == "." {
		return x.root, nil
	}
	if filepath.IsAbs(clean) || !filepath.IsLocal(filepath.Clean(clean)) {
		return "", errUnsafeMember
	}
	clean = filepath.Clean(clean)
	parts := strings.Split(clean, "/")
	dir := x.root
	for _, part := range parts[:len(parts)-1] {
		dir = filepath.Join(dir, part)
		info, err := os.Lstat(dir)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			if err := os.Mkdir(dir, 0o777); err != nil {
				return "", err
			}
		case err != nil:
			return "", err
		case info.Mode()&fs.ModeSymlink != 0:
			return "", errors.New("refused: the name leads through a symbolic link")
		case !info.IsDir():
			return "", errNotDirectory
		}
	}
	return filepath.Join(dir, parts[len(parts)-1]), nil
}

// create opens a member's file anew: what was there, link or not, is not written through.
func (x *extraction) create(path string) (*os.File, error) {
	if info, err := os.Lstat(path); err == nil {
		if info.IsDir() {
			return nil, errIsDirectory
		}
		if err := os.Remove(path); err != nil {
			return nil, err
		}
	}
	return os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o666)
}

func (x *extraction) directory(path string) error {
	info, err := os.Lstat(path)
	switch {
	case err != nil:
		return os.Mkdir(path, 0o777)
	case info.Mode()&fs.ModeSymlink != 0:
		return errors.New("refused: a symbolic link is in the place of the directory")
	case !info.IsDir():
		return errNotDirectory
	}
	return nil
}

// link queues a symbolic link; its text may not lead out of the destination.
func (x *extraction) link(path, text string) error {
	target := filepath.Join(filepath.Dir(path), text)
	// a `..` behind a name could step out of another link's target
	inner := strings.TrimLeft(text, "./")
	if filepath.IsAbs(text) || strings.Contains("/"+inner+"/", "/../") || target != x.root && !strings.HasPrefix(target, strings.TrimRight(x.root, "/")+"/") {
		return fmt.Errorf("refused: the link to `%s` leads out of the destination", text)
	}
	x.links = append(x.links, [2]string{path, text})
	return nil
}

// finish makes the links, after all files are written.
func (x *extraction) finish() error {
	for _, link := range x.links {
		if info, err := os.Lstat(link[0]); err == nil && !info.IsDir() {
			os.Remove(link[0])
		}
		if err := os.Symlink(link[1], link[0]); err != nil {
			return err
		}
	}
	x.links = nil
	return nil
}
