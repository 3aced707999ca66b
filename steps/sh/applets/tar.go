package applets

import (
	"archive/tar"
	"errors"
	"io"
	"path/filepath"
	"strings"
)

const tarSpec = "c,create x,extract t,list r,append u f,file: z,gzip gunzip j,bzip2 J,xz a,auto-compress v,verbose C,directory: O,to-stdout p,preserve-permissions h,dereference k,keep-old-files m,touch T,files-from: X,exclude-from: exclude: strip-components: sort: mtime: owner: group: numeric-owner no-same-owner same-owner no-same-permissions wildcards no-wildcards transform: xform: mode: format: null no-recursion overwrite exclude-vcs one-file-system P,absolute-names totals warning: checkpoint? use-compress-program: I: show-transformed-names pax-option: anchored no-anchored"

// tarRun is one call of tar.
type tarRun struct {
	c      *Context
	o      *options
	code   int
	dir    string // changes with each -C
	strip  int
	names  []string
	listed map[string]bool
}

func tarApplet(c *Context) int {
	if len(c.Args) > 1 && !strings.HasPrefix(c.Args[1], "-") {
		c.Args = oldStyle(c.Args)
	}
	o, ok := c.parse(tarSpec)
	if !ok {
		return 2
	}
	t := &tarRun{c: c, o: o, dir: c.Dir, strip: atoi(o.value("strip-components", "0")), names: o.args}
	for _, name := range o.all("T") {
		f, err := c.Open(name)
		if err != nil {
			return t.fail(name, err)
		}
		delim := byte('\n')
		if o.has("null") {
			delim = 0
		}
		lines, _ := readLines(f, delim)
		f.Close()
		t.names = append(t.names, lines...)
	}
	var err error
	switch {
	case o.has("c"):
		err = t.create()
	case o.has("x"), o.has("t"):
		err = t.read()
	default:
		err = errors.New("You must specify one of the '-Acdtrux', '--delete' or '--test-label' options")
	}
	if err != nil {
		c.Errorf("%s", reason(err))
		return 2
	}
	return t.code
}

// oldStyle turns `tar xzf FILE` into `tar -x -z -f FILE`.
func oldStyle(args []string) []string {
	out := []string{args[0]}
	rest := args[2:]
	for _, letter := range args[1] {
		out = append(out, "-"+string(letter))
		if strings.ContainsRune("fCTXI", letter) && len(rest) > 0 {
			out = append(out, rest[0])
			rest = rest[1:]
		}
	}
	return append(out, rest...)
}

func (t *tarRun) fail(name string, err error) int {
	t.c.Errorf("%s: %s", name, reason(err))
	t.code = 2
	return 2
}

func (t *tarRun) excluded(name string) bool {
	patterns := t.o.all("exclude")
	if t.o.has("exclude-vcs") {
		patterns = append(patterns, ".git", ".gitignore", ".gitattributes", ".svn")
	}
	name = strings.TrimRight(name, "/")
	for _, pattern := range patterns {
		pattern = strings.TrimRight(pattern, "/")
		if fnmatch(pattern, name, false) {
			return true
		}
		for at := 0; ; {
			i := strings.IndexByte(name[at:], '/')
			if i < 0 {
				break
			}
			at += i + 1
			if fnmatch(pattern, name[at:], false) {
				return true
			}
		}
	}
	return false
}

// where is the directory that operands are relative to: the last -C.
func (t *tarRun) where() string {
	dir := t.c.Dir
	for _, to := range t.o.all("C") {
		if !filepath.IsAbs(to) {
			to = filepath.Join(dir, to)
		}
		dir = to
	}
	return dir
}

func (t *tarRun) transforms() (func(string) string, error) {
	text := t.o.value("transform", t.o.value("xform", ""))
	if text == "" {
		return func(name string) string { return name }, nil
	}
	return substitution(text)
}

// report goes to stderr when the archive itself goes to stdout.
func (t *tarRun) report(name string) {
	if t.o.has("c") && t.o.value("f", "-") == "-" || t.o.has("O") {
		io.WriteString(t.c.Stderr, name+"\n")
		return
	}
	t.c.Puts(name + "\n")
}

func (t *tarRun) show(h *tar.Header) {
	if !t.o.has("v") {
		t.c.Puts(h.Name + "\n")
		return
	}
	letter := "-"
	name := h.Name
	switch h.Typeflag {
	case tar.TypeDir:
		letter = "d"
	case tar.TypeSymlink:
		letter, name = "l", name+" -> "+h.Linkname
	}
	user, group := h.Uname, h.Gname
	if user == "" || t.o.has("numeric-owner") {
		user = itoa(h.Uid)
	}
	if group == "" || t.o.has("numeric-owner") {
		group = itoa(h.Gid)
	}
	who := user + "/" + group
	size := itoa(int(h.Size))
	t.c.Printf("%s%s %s %s %s %s\n", letter, permissions(h.Mode), who, padLeft(size, max(0, 18-len(who))), formatDate(h.ModTime.In(t.c.location()), "%Y-%m-%d %H:%M"), name)
}

func permissions(mode int64) string {
	out := []byte("rwxrwxrwx")
	for i := range out {
		if mode&(1<<(8-i)) == 0 {
			out[i] = '-'
		}
	}
	return string(out)
}
