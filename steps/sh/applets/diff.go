package applets

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"
)

type differ struct {
	c       *Context
	o       *options
	context int
	failed  bool
	differs bool
}

func diff(c *Context) int {
	o, ok := c.parse("# u,unified? U: c C: r,recursive q,brief s,report-identical-files N,new-file i,ignore-case w,ignore-all-space b,ignore-space-change B,ignore-blank-lines a,text L,label: x,exclude: strip-trailing-cr color? y e n,rcs normal d p no-dereference Z,ignore-trailing-space X: W: minimal")
	if !ok {
		return 2
	}
	if len(o.args) != 2 {
		c.Errorf("missing operand")
		return 2
	}
	d := &differ{c: c, o: o, context: -1}
	if o.has("u") || o.has("U") || o.has("c") || o.has("C") {
		d.context = 3
		for _, key := range []string{"U", "u", "C"} {
			if text, ok := o.get(key); ok && text != "" {
				d.context = atoi(text)
			}
		}
	}
	a, b := o.args[0], o.args[1]
	infoA, errA := os.Stat(c.Path(a))
	infoB, errB := os.Stat(c.Path(b))
	dirA, dirB := errA == nil && infoA.IsDir(), errB == nil && infoB.IsDir()
	switch {
	case dirA && dirB:
		d.directories(a, b)
	case dirA:
		d.files(filepath.Join(a, filepath.Base(b)), b, "")
	case dirB:
		d.files(a, filepath.Join(b, filepath.Base(a)), "")
	default:
		d.files(a, b, "")
	}
	switch {
	case d.failed:
		return 2
	case d.differs:
		return 1
	}
	return 0
}

func (d *differ) directories(a, b string) {
	names := map[string]int{}
	for i, dir := range []string{a, b} {
		entries, err := os.ReadDir(d.c.Path(dir))
		if err != nil {
			d.c.Fail(dir, err)
			d.failed = true
			return
		}
		for _, entry := range entries {
			if !matchesAny(d.o.all("x"), entry.Name()) {
				names[entry.Name()] |= 1 << i
			}
		}
	}
	sorted := make([]string, 0, len(names))
	for name := range names {
		sorted = append(sorted, name)
	}
	sort.Strings(sorted)
	for _, name := range sorted {
		pathA, pathB := strings.TrimRight(a, "/")+"/"+name, strings.TrimRight(b, "/")+"/"+name
		infoA, errA := os.Stat(d.c.Path(pathA))
		infoB, errB := os.Stat(d.c.Path(pathB))
		isDir := errA == nil && infoA.IsDir() || errB == nil && infoB.IsDir()
		switch {
		case names[name] != 3 && !(d.o.has("N") && !isDir):
			dir := a
			if names[name] == 2 {
				dir = b
			}
			d.differs = true
			d.c.Puts("Only in " + strings.TrimRight(dir, "/") + ": " + name + "\n")
		case isDir && errA == nil && errB == nil && infoA.IsDir() != infoB.IsDir():
			d.differs = true
			kind := func(info fs.FileInfo) string {
				if info.IsDir() {
					return "directory"
				}
				return "regular file"
			}
			d.c.Printf("File %s is a %s while file %s is a %s\n", pathA, kind(infoA), pathB, kind(infoB))
		case isDir && d.o.has("r"):
			d.directories(pathA, pathB)
		case isDir:
			d.c.Printf("Common subdirectories: %s and %s\n", pathA, pathB)
		default:
			d.files(pathA, pathB, d.commandLine(pathA, pathB))
		}
	}
}

// commandLine is what GNU diff prints before each differing file of two trees.
func (d *differ) commandLine(a, b string) string {
	words := []string{"diff"}
	for _, arg := range d.c.Args[1:] {
		if strings.HasPrefix(arg, "-") && arg != "-" {
			words = append(words, arg)
		}
	}
	return strings.Join(append(words, a, b), " ") + "\n"
}

func (d *differ) read(name string) ([]byte, fs.FileInfo, error) {
	f, err := d.c.Open(name)
	if err != nil {
		if d.o.has("N") && errors.Is(err, fs.ErrNotExist) {
			return nil, nil, nil
		}
		return nil, nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(f)
	info, _ := os.Stat(d.c.Path(name))
	return data, info, err
}

func (d *differ) files(a, b, headline string) {
	dataA, infoA, errA := d.read(a)
	dataB, infoB, errB := d.read(b)
	for i, err := range []error{errA, errB} {
		if err != nil {
			d.c.Fail([]string{a, b}[i], err)
			d.failed = true
		}
	}
	if errA != nil || errB != nil {
		return
	}
	linesA, linesB := splitKeep(dataA), splitKeep(dataB)
	hunks := d.hunks(linesA, linesB)
	if len(hunks) == 0 {
		if d.o.has("s") {
			d.c.Printf("Files %s and %s are identical\n", a, b)
		}
		return
	}
	d.differs = true
	isBinary := bytes.IndexByte(dataA, 0) >= 0 || bytes.IndexByte(dataB, 0) >= 0
	switch {
	case d.o.has("q"):
		d.c.Printf("Files %s and %s differ\n", a, b)
	case isBinary && !d.o.has("a"):
		d.c.Printf("Binary files %s and %s differ\n", a, b)
	case d.context >= 0:
		d.c.Puts(headline)
		labels := d.o.all("L")
		for i, side := range []struct {
			mark, name string
			info       fs.FileInfo
		}{{"---", a, infoA}, {"+++", b, infoB}} {
			if i < len(labels) {
				d.c.Puts(side.mark + " " + labels[i] + "\n")
				continue
			}
			stamp := "1970-01-01 00:00:00.000000000 +0000"
			if side.info != nil {
				stamp = formatDate(side.info.ModTime().In(d.c.location()), "%Y-%m-%d %H:%M:%S.%N %z")
			}
			d.c.Puts(side.mark + " " + side.name + "\t" + stamp + "\n")
		}
		d.unified(linesA, linesB, hunks)
	default:
		d.c.Puts(headline)
		d.normal(linesA, linesB, hunks)
	}
}

// key is what two lines are compared by.
func (d *differ) key(line string) string {
	if d.o.has("strip-trailing-cr") {
		line = strings.Replace(line, "\r\n", "\n", 1)
	}
	switch {
	case d.o.has("w"):
		line = strings.Join(strings.Fields(line), "")
	case d.o.has("b"):
		start := ""
		if line != strings.TrimLeft(line, " \t") {
			start = " "
		}
		line = start + strings.Join(strings.Fields(line), " ")
	case d.o.has("Z"):
		line = strings.TrimRight(line, " \t\n")
	}
	if d.o.has("i") {
		line = strings.ToLower(line)
	}
	return line
}

func (d *differ) hunks(a, b []string) []hunk {
	ids := map[string]int{}
	number := func(lines []string) []int {
		out := make([]int, len(lines))
		for i, line := range lines {
			key := d.key(line)
			id, ok := ids[key]
			if !ok {
				id = len(ids)
				ids[key] = id
			}
			out[i] = id
		}
		return out
	}
	list := compareSequences(number(a), number(b))
	if !d.o.has("B") {
		return list
	}
	kept := list[:0]
	for _, h := range list {
		if strings.TrimSpace(strings.Join(a[h.fromA:h.toA], "")+strings.Join(b[h.fromB:h.toB], "")) != "" {
			kept = append(kept, h)
		}
	}
	return kept
}

func (d *differ) line(mark, text string) {
	d.c.Puts(mark + text)
	if !strings.HasSuffix(text, "\n") {
		d.c.Puts("\n\\ No newline at end of file\n")
	}
}

func rangeText(from, to int) string {
	if to-from == 1 {
		return itoa(to)
	}
	if to == from {
		return itoa(from)
	}
	return itoa(from+1) + "," + itoa(to)
}

func (d *differ) normal(a, b []string, hunks []hunk) {
	for _, h := range hunks {
		letter := "c"
		switch {
		case h.fromA == h.toA:
			letter = "a"
		case h.fromB == h.toB:
			letter = "d"
		}
		d.c.Puts(rangeText(h.fromA, h.toA) + letter + rangeText(h.fromB, h.toB) + "\n")
		for _, line := range a[h.fromA:h.toA] {
			d.line("< ", line)
		}
		if letter == "c" {
			d.c.Puts("---\n")
		}
		for _, line := range b[h.fromB:h.toB] {
			d.line("> ", line)
		}
	}
}

func unifiedRange(from, to int) string {
	switch to - from {
	case 0:
		return itoa(from) + ",0"
	case 1:
		return itoa(to)
	}
	return itoa(from+1) + "," + itoa(to-from)
}

func (d *differ) unified(a, b []string, hunks []hunk) {
	for len(hunks) > 0 {
		n := 1
		for n < len(hunks) && hunks[n].fromA-hunks[n-1].toA <= 2*d.context {
			n++
		}
		group := hunks[:n]
		hunks = hunks[n:]
		first, last := group[0], group[n-1]
		fromA, fromB := max(0, first.fromA-d.context), max(0, first.fromB-d.context)
		toA, toB := min(len(a), last.toA+d.context), min(len(b), last.toB+d.context)
		d.c.Puts("@@ -" + unifiedRange(fromA, toA) + " +" + unifiedRange(fromB, toB) + " @@\n")
		at := fromA
		for _, h := range group {
			for ; at < h.fromA; at++ {
				d.line(" ", a[at])
			}
			for ; at < h.toA; at++ {
				d.line("-", a[at])
			}
			for _, line := range b[h.fromB:h.toB] {
				d.line("+", line)
			}
		}
		for ; at < toA; at++ {
			d.line(" ", a[at])
		}
	}
}
