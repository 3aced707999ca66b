package applets

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"
)

func hasType(file *found, letters string, follow bool) bool {
	info := file.info
	if follow {
		if followed, err := os.Stat(file.path); err == nil {
			info = followed
		}
	}
	for _, letter := range letters {
		switch letter {
		case 'f':
			if info.Mode().IsRegular() {
				return true
			}
		case 'd':
			if info.IsDir() {
				return true
			}
		case 'l':
			if info.Mode()&fs.ModeSymlink != 0 {
				return true
			}
		}
	}
	return false
}

// compare reads +N, -N and N.
func compare(text string) (func(n int64) bool, string) {
	switch {
	case strings.HasPrefix(text, "+"):
		limit := int64(atoi(text[1:]))
		return func(n int64) bool { return n > limit }, text[1:]
	case strings.HasPrefix(text, "-"):
		limit := int64(atoi(text[1:]))
		return func(n int64) bool { return n < limit }, text[1:]
	}
	limit := int64(atoi(text))
	return func(n int64) bool { return n == limit }, text
}

func sizeTest(value string) (findTest, error) {
	unit := int64(512)
	if value == "" {
		return nil, errors.New("invalid -size")
	}
	switch value[len(value)-1] {
	case 'c':
		unit = 1
	case 'w':
		unit = 2
	case 'k':
		unit = 1 << 10
	case 'M':
		unit = 1 << 20
	case 'G':
		unit = 1 << 30
	}
	matches, _ := compare(strings.TrimRight(value, "bcwkMG"))
	return func(file *found) bool { return matches((sizeOf(file.info) + unit - 1) / unit) }, nil
}

func ageTest(value string, unit time.Duration) findTest {
	matches, _ := compare(value)
	now := time.Now()
	return func(file *found) bool { return matches(int64(now.Sub(file.info.ModTime()) / unit)) }
}

func permTest(value string) (findTest, error) {
	bits, ok := applyMode(strings.TrimLeft(value, "-/"), 0, false)
	if !ok {
		return nil, fmt.Errorf("invalid mode '%s'", value)
	}
	return func(file *found) bool {
		mode := Mode(file.path, file.info)
		switch value[0] {
		case '-':
			return mode&bits == bits
		case '/':
			return bits == 0 || mode&bits != 0
		}
		return mode == bits
	}, nil
}
