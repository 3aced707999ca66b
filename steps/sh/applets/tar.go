package applets

import (
	"archive/tar"
	"bytes"
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

// report goes to stderr when the archive itself goes to stdout.
func (t *tarRun) report(name string) {
	if t.o.has("c") && t.o.value("f", "-") == "-" || t.o.has("O") {
		io.WriteString(t.c.Stderr, name+"\n")
		return
	}
	t.c.Puts(name + "\n")
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
