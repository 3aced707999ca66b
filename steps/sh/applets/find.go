package applets

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"
)

// found is one file that find looks at.
type found struct {
	name  string // as printed
	path  string
	info  fs.FileInfo
	depth int
	start string
}

// test is one node of the expression; it returns its truth.
type findTest func(f *found) bool

// finder is one call of find.
type finder struct {
	c        *Context
	args     []string
	minDepth int
	maxDepth int
	depth    bool // contents before the directory itself
	follow   bool
	acts     bool // an action was given: no -print is added
	prune    bool // set by -prune for the current file
	stop     bool
	code     int
	batches  []*findBatch
}

// findBatch collects the names of `-exec … {} +`.
type findBatch struct {
	command []string
	names   []string
}

func find(c *Context) int {
	f := &finder{c: c, args: c.Args[1:], maxDepth: -1}
	for len(f.args) > 0 && (f.args[0] == "-L" || f.args[0] == "-H" || f.args[0] == "-P") {
		f.follow = f.args[0] == "-L"
		f.args = f.args[1:]
	}
	var starts []string
	for len(f.args) > 0 && !strings.HasPrefix(f.args[0], "-") && f.args[0] != "(" && f.args[0] != "!" {
		starts = append(starts, f.args[0])
		f.args = f.args[1:]
	}
	if len(starts) == 0 {
		starts = []string{"."}
	}
	expression, err := f.parseExpression()
	if err != nil {
		c.Errorf("%v", err)
		return 1
	}
	for _, start := range starts {
		if !f.stop {
			f.walk(start, start, expression)
		}
	}
	for _, batch := range f.batches {
		f.runBatch(batch)
	}
	return f.code
}

func (f *finder) walk(start, name string, expression findTest) {
	path := f.c.Path(name)
	info, err := os.Lstat(path)
	if err == nil && f.follow && info.Mode()&fs.ModeSymlink != 0 {
		if followed, e := os.Stat(path); e == nil {
			info = followed
		}
	}
	if err != nil {
		f.c.Errorf("'%s': %s", name, reason(err))
		f.code = 1
		return
	}
	depth := 0
	if name != start {
		depth = strings.Count(strings.TrimPrefix(strings.TrimPrefix(name, strings.TrimRight(start, "/")), "/"), "/") + 1
	}
	f.visit(&found{name, path, info, depth, start}, expression)
}

func (f *finder) visit(file *found, expression findTest) {
	f.prune = false
	if !f.depth && file.depth >= f.minDepth {
		expression(file)
	}
	if file.info.IsDir() && !f.prune && !f.stop && (f.maxDepth < 0 || file.depth < f.maxDepth) {
		entries, err := os.ReadDir(file.path)
		if err != nil {
			if !errors.Is(err, fs.ErrNotExist) { // -exec rm removed it
				f.c.Errorf("'%s': %s", file.name, reason(err))
				f.code = 1
			}
		}
		sort.Slice(entries, func(i, j int) bool { return entries[i].Name() < entries[j].Name() })
		for _, entry := range entries {
			if f.stop {
				return
			}
			name := strings.TrimSuffix(file.name, "/") + "/" + entry.Name()
			path := filepath.Join(file.path, entry.Name())
			info, err := os.Lstat(path)
			if err == nil && f.follow && info.Mode()&fs.ModeSymlink != 0 {
				if followed, e := os.Stat(path); e == nil {
					info = followed
				}
			}
			if err == nil {
				f.visit(&found{name, path, info, file.depth + 1, file.start}, expression)
			}
		}
	}
	if f.depth && file.depth >= f.minDepth && !f.stop {
		expression(file)
	}
}

func (f *finder) printer(end string) findTest {
	return func(file *found) bool { f.c.Puts(file.name + end); return true }
}

func (f *finder) runBatch(batch *findBatch) {
	if len(batch.names) > 0 && f.c.runArgs(append(append([]string{}, batch.command...), batch.names...)...) != 0 {
		f.code = 1
	}
}

func (f *finder) format(layout string, file *found) string {
	var sb strings.Builder
	for i := 0; i < len(layout); i++ {
		if layout[i] == '\\' && i+1 < len(layout) {
			sb.WriteString(unescapeText(layout[i : i+2]))
			i++
			continue
		}
		if layout[i] != '%' || i+1 == len(layout) {
			sb.WriteByte(layout[i])
			continue
		}
		i++
		switch layout[i] {
		case 'p':
			sb.WriteString(file.name)
		case 'P':
			sb.WriteString(strings.TrimPrefix(strings.TrimPrefix(file.name, strings.TrimRight(file.start, "/")), "/"))
		case 'f':
			sb.WriteString(filepath.Base(file.name))
		case 'h':
			sb.WriteString(dirOf(file.name))
		case 's':
			sb.WriteString(itoa(int(sizeOf(file.info))))
		case 'd':
			sb.WriteString(itoa(file.depth))
		case 'm':
			sb.WriteString(octal(Mode(file.path, file.info)))
		case 'M':
			sb.WriteString(modeString(file.path, file.info))
		case 'u', 'g':
			sb.WriteString(userName)
		case 'y':
			sb.WriteString(strings.Replace(modeString(file.path, file.info)[:1], "-", "f", 1))
		case 'l':
			text, _ := os.Readlink(file.path)
			sb.WriteString(text)
		case 'T':
			if i++; i < len(layout) {
				when := file.info.ModTime().In(f.c.location())
				if layout[i] == '@' {
					sb.WriteString(formatDate(when, "%s.%N") + "0")
				} else {
					sb.WriteString(formatDate(when, "%"+string(layout[i])))
				}
			}
		case 't':
			sb.WriteString(formatDate(file.info.ModTime().In(f.c.location()), "%a %b %e %H:%M:%S.%N0 %Y"))
		case '%':
			sb.WriteByte('%')
		}
	}
	return sb.String()
}
