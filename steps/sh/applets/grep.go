package applets

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"wasi-runner/steps/sh/regex"
)

const grepSpec = "# E,extended-regexp F,fixed-strings G,basic-regexp P,perl-regexp e,regexp: f,file: i,ignore-case y no-ignore-case v,invert-match w,word-regexp x,line-regexp c,count L,files-without-match l,files-with-matches m,max-count: o,only-matching q,quiet s,no-messages b,byte-offset H,with-filename h,no-filename n,line-number T,initial-tab Z,null z,null-data A,after-context: B,before-context: C,context: r,recursive R,dereference-recursive include: exclude: exclude-dir: exclude-from: color? colour? a,text I U,binary binary-files: line-buffered label: d,directories: D,devices: group-separator: no-group-separator silent"

// grepRun is one call of grep.
type grepRun struct {
	c        *Context
	o        *options
	patterns []*regex.Regexp
	after    int
	before   int
	limit    int // -1: none
	names    bool
	delim    byte
	matched  bool
	failed   bool
}

func grep(c *Context) int {
	switch c.Args[0] {
	case "egrep":
		c.Args = append([]string{"grep", "-E"}, c.Args[1:]...)
	case "fgrep":
		c.Args = append([]string{"grep", "-F"}, c.Args[1:]...)
	}
	o, ok := c.parse(grepSpec)
	if !ok {
		return 2
	}
	g := &grepRun{c: c, o: o, limit: -1, delim: '\n'}
	names, err := g.compile()
	if err != nil {
		c.Errorf("%v", err)
		return 2
	}
	if !g.readNumbers() {
		return 2
	}
	recursive := o.has("r") || o.has("R")
	if len(names) == 0 {
		names = []string{"-"}
		if recursive {
			names = []string{"."}
		}
	}
	g.names = (len(names) > 1 || recursive || o.has("H")) && !o.has("h")
	for _, opt := range o.list {
		switch opt.key {
		case "H":
			g.names = true
		case "h":
			g.names = false
		}
	}
	for _, name := range names {
		if recursive && name == "." && len(o.args) <= 1 && len(names) == 1 && !g.named(".") {
			g.walk("", ".")
		} else {
			g.visit(name, recursive)
		}
		if g.matched && (o.has("q") || o.has("silent")) {
			return 0
		}
	}
	switch {
	case g.failed:
		return 2
	case g.matched:
		return 0
	}
	return 1
}

// named tells whether the user wrote name: output keeps the `./` then.
func (g *grepRun) named(name string) bool {
	for _, arg := range g.o.args {
		if arg == name {
			return true
		}
	}
	return false
}

func (g *grepRun) readNumbers() bool {
	for _, opt := range g.o.list {
		n := 0
		switch opt.key {
		case "#", "A", "B", "C", "m":
			n = atoi(opt.value)
			if n == 0 && strings.Trim(opt.value, "0") != "" {
				g.c.Errorf("%s: invalid context length argument", opt.value)
				return false
			}
		}
		switch opt.key {
		case "A":
			g.after = n
		case "B":
			g.before = n
		case "C", "#":
			g.after, g.before = n, n
		case "m":
			g.limit = n
		case "z":
			g.delim = 0
		}
	}
	return true
}

// compile reads the patterns and returns the file operands.
func (g *grepRun) compile() (names []string, err error) {
	texts := g.o.all("e")
	for _, file := range g.o.all("f") {
		f, err := g.c.Open(file)
		if err != nil {
			return nil, errors.New(file + ": " + reason(err))
		}
		lines, _ := readLines(f, '\n')
		f.Close()
		texts = append(texts, lines...)
	}
	names = g.o.args
	if !g.o.has("e") && !g.o.has("f") {
		if len(names) == 0 {
			return nil, errors.New("usage: grep [OPTION]... PATTERNS [FILE]...")
		}
		texts, names = names[:1], names[1:]
	}
	options := regex.Options{FoldCase: (g.o.has("i") || g.o.has("y")) && !g.o.has("no-ignore-case")}
	for _, opt := range g.o.list {
		switch opt.key {
		case "E", "F", "G", "P":
			options.Extended, options.Literal, options.Perl = opt.key == "E", opt.key == "F", opt.key == "P"
		}
	}
	for _, text := range texts {
		for _, line := range strings.Split(text, "\n") {
			re, err := regex.Compile(g.wrap(line, options), options)
			if g.o.has("x") && options.Literal {
				re, err = regex.Compile(`^\(`+quoteBasic(line)+`\)$`, regex.Options{FoldCase: options.FoldCase})
			}
			if err != nil {
				return nil, err
			}
			g.patterns = append(g.patterns, re)
		}
	}
	return names, nil
}

func (g *grepRun) wrap(pattern string, o regex.Options) string {
	switch {
	case !g.o.has("x") || o.Literal:
		return pattern
	case o.Extended || o.Perl:
		return "^(" + pattern + ")$"
	}
	return `^\(` + pattern + `\)$`
}

func quoteBasic(text string) string {
	var sb strings.Builder
	for i := range len(text) {
		if strings.IndexByte(`\.*[]^$`, text[i]) >= 0 {
			sb.WriteByte('\\')
		}
		sb.WriteByte(text[i])
	}
	return sb.String()
}

func (g *grepRun) fail(name string, err error) {
	g.failed = true
	if !g.o.has("s") {
		g.c.Errorf("%s: %s", name, reason(err))
	}
}

func (g *grepRun) visit(name string, recursive bool) {
	if name != "-" {
		if info, err := os.Stat(g.c.Path(name)); err == nil && info.IsDir() {
			if recursive {
				g.walk(strings.TrimRight(name, "/")+"/", name)
			} else if !g.o.has("s") && g.o.value("d", "") != "skip" {
				g.c.Errorf("%s: Is a directory", name)
				g.failed = g.failed || len(g.o.args) == 0
			}
			return
		}
	}
	f, err := g.c.Open(name)
	if err != nil {
		g.fail(name, err)
		return
	}
	defer f.Close()
	if name == "-" {
		name = g.o.value("label", "(standard input)")
	}
	if err := g.search(name, f); err != nil {
		g.fail(name, err)
	}
}

func (g *grepRun) walk(prefix, dir string) {
	entries, err := os.ReadDir(g.c.Path(dir))
	if err != nil {
		g.fail(dir, err)
		return
	}
	for _, entry := range entries {
		name := prefix + entry.Name()
		info, err := os.Lstat(g.c.Path(name))
		if err == nil && info.Mode()&fs.ModeSymlink != 0 {
			if !g.o.has("R") {
				continue
			}
			info, err = os.Stat(g.c.Path(name))
		}
		switch {
		case err != nil:
			g.fail(name, err)
		case info.IsDir():
			if !matchesAny(g.o.all("exclude-dir"), entry.Name()) && !matchesAny(g.o.all("exclude-dir"), strings.TrimPrefix(name, "./")) {
				g.walk(name+"/", name)
			}
		default:
			include := g.o.all("include")
			base := filepath.Base(name)
			if len(include) > 0 && !matchesAny(include, base) || matchesAny(g.o.all("exclude"), base) {
				continue
			}
			g.visit(name, false)
		}
		if g.matched && g.o.has("q") {
			return
		}
	}
}

// find returns the leftmost, longest match of all patterns from a position on.
func (g *grepRun) find(line []byte, from int) []int {
	var best []int
	for _, re := range g.patterns {
		for start := from; start <= len(line); {
			loc := re.Find(line, start)
			if loc == nil {
				break
			}
			if g.o.has("w") && !isWholeWord(line, loc) {
				start = loc[0] + 1
				continue
			}
			if best == nil || loc[0] < best[0] || loc[0] == best[0] && loc[1] > best[1] {
				best = loc
			}
			break
		}
	}
	return best
}

func isWholeWord(line []byte, loc []int) bool {
	word := func(i int) bool {
		return i >= 0 && i < len(line) && (line[i] == '_' || line[i] >= 0x80 || line[i] >= '0' && line[i] <= '9' || line[i]|32 >= 'a' && line[i]|32 <= 'z')
	}
	return !word(loc[0]-1) && !word(loc[1])
}

func (g *grepRun) selects(line []byte) bool {
	if !g.o.has("w") {
		for _, re := range g.patterns {
			if re.Match(line) {
				return !g.o.has("v")
			}
		}
		return g.o.has("v")
	}
	return (g.find(line, 0) != nil) != g.o.has("v")
}

type contextLine struct {
	number int
	text   []byte
}

func (g *grepRun) search(name string, r io.Reader) error {
	lines := newLineReader(r, g.delim)
	quiet := g.o.has("q") || g.o.has("silent") || g.o.has("l") || g.o.has("L") || g.o.has("c")
	count, number, pending, lastShown := 0, 0, 0, 0
	var held []contextLine
	isBinary := false
	offset := 0
	for g.limit != 0 {
		line, complete, ok := lines.next()
		if !ok {
			break
		}
		number++
		if g.delim != 0 && !g.o.has("a") && bytes.IndexByte(line, 0) >= 0 {
			isBinary = true
			if g.o.has("I") || g.o.value("binary-files", "") == "without-match" {
				return nil
			}
		}
		start := offset
		offset += len(line)
		if complete {
			offset++
		}
		if !g.selects(line) {
			if pending > 0 && !quiet {
				g.print(name, number, start, line, '-')
				pending--
				lastShown = number
			} else if g.before > 0 {
				held = append(held, contextLine{number, bytes.Clone(line)})
				if len(held) > g.before {
					held = held[1:]
				}
			}
			continue
		}
		count++
		g.matched = true
		if isBinary && !quiet {
			g.c.Printf("grep: %s: binary file matches\n", name)
			return nil
		}
		if !quiet {
			if (g.before > 0 || g.after > 0) && lastShown > 0 && number-len(held) > lastShown+1 && !g.o.has("no-group-separator") {
				g.c.Puts(g.o.value("group-separator", "--") + "\n")
			}
			for _, h := range held {
				g.print(name, h.number, 0, h.text, '-')
			}
			held = nil
			g.show(name, number, start, line)
			lastShown, pending = number, g.after
		} else if !g.o.has("c") {
			break
		}
		if count == g.limit {
			g.drain(lines, name, number, pending, quiet)
			break
		}
	}
	g.summary(name, count)
	return nil
}
