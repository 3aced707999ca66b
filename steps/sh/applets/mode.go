package applets

import (
	"bytes"
	"io/fs"
	"os"
	"strings"
)

// chmods remembers the bits set by chmod and install: WASI cannot store them,
// so they last as long as the shell does.
var chmods map[string]fs.FileMode

// SetMode remembers permission bits for a path.
func SetMode(path string, mode fs.FileMode) {
	if chmods == nil {
		chmods = map[string]fs.FileMode{}
	}
	chmods[path] = mode.Perm()
}

// Mode gives the permission bits that tools show: what chmod said, else 755
// for directories and files that start like a program, else 644.
func Mode(path string, info fs.FileInfo) fs.FileMode {
	if mode, ok := chmods[path]; ok {
		return mode
	}
	switch {
	case info.Mode()&fs.ModeSymlink != 0:
		return 0o777
	case info.IsDir() || info.Mode().IsRegular() && isProgram(path):
		return 0o755
	}
	return 0o644
}

func isProgram(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	var head [4]byte
	n, _ := f.Read(head[:])
	return bytes.HasPrefix(head[:n], []byte("#!")) || bytes.Equal(head[:], []byte("\x7fELF")) || bytes.Equal(head[:], []byte("\x00asm"))
}

// Writable tells whether path may be written, as far as chmod said.
func Writable(path string, info fs.FileInfo) bool {
	if mode, ok := chmods[path]; ok {
		return mode&0o200 != 0
	}
	return !strings.HasPrefix(path, "/plugin/")
}
