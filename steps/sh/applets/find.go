package applets

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"time"

	"wasi-runner/steps/sh/regex"
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

func (f *finder) parseExpression() (findTest, error) {
	if len(f.args) == 0 {
		return f.printer("\n"), nil
	}
	expression, err := f.parseOr()
	if err != nil {
		return nil, err
	}
	if len(f.args) > 0 {
		return nil, fmt.Errorf("paths must precede expression: `%s'", f.args[0])
	}
	if !f.acts {
		print := f.printer("\n")
		inner := expression
		return func(file *found) bool { return inner(file) && print(file) }, nil
	}
	return expression, nil
}

func (f *finder) parseOr() (findTest, error) {
	left, err := f.parseAnd()
	for err == nil && len(f.args) > 0 && (f.args[0] == "-o" || f.args[0] == "-or" || f.args[0] == ",") {
		comma := f.args[0] == ","
		f.args = f.args[1:]
		var right findTest
		if right, err = f.parseAnd(); err == nil {
			before := left
			if comma {
				left = func(file *found) bool { before(file); return right(file) }
			} else {
				left = func(file *found) bool { return before(file) || right(file) }
			}
		}
	}
	return left, err
}

func (f *finder) parseAnd() (findTest, error) {
	left, err := f.parseNot()
	for err == nil && len(f.args) > 0 && f.args[0] != "-o" && f.args[0] != "-or" && f.args[0] != ")" && f.args[0] != "," {
		if f.args[0] == "-a" || f.args[0] == "-and" {
			f.args = f.args[1:]
		}
		var right findTest
		if right, err = f.parseNot(); err == nil {
			before := left
			left = func(file *found) bool { return before(file) && right(file) }
		}
	}
	return left, err
}

func (f *finder) parseNot() (findTest, error) {
	if len(f.args) == 0 {
		return nil, errors.New("expected an expression")
	}
	word := f.args[0]
	f.args = f.args[1:]
	switch word {
	case "!", "-not":
		inner, err := f.parseNot()
		return func(file *found) bool { return !inner(file) }, err
	case "(":
		inner, err := f.parseOr()
		if err == nil && (len(f.args) == 0 || f.args[0] != ")") {
			err = errors.New("invalid expression; I was expecting to find a ')' somewhere but did not see one")
		}
		if err == nil {
			f.args = f.args[1:]
		}
		return inner, err
	}
	if test, ok := f.parsePlain(word); ok {
		return test, nil
	}
	if len(f.args) == 0 {
		if strings.HasPrefix(word, "-") {
			return nil, fmt.Errorf("missing argument to `%s'", word)
		}
		return nil, fmt.Errorf("paths must precede expression: `%s'", word)
	}
	value := f.args[0]
	f.args = f.args[1:]
	return f.parseValued(word, value)
}

func always(*found) bool { return true }

// parsePlain reads the tests and actions without an argument.
func (f *finder) parsePlain(word string) (findTest, bool) {
	switch word {
	case "-print":
		f.acts = true
		return f.printer("\n"), true
	case "-print0":
		f.acts = true
		return f.printer("\x00"), true
	case "-ls":
		f.acts = true
		return func(file *found) bool {
			f.c.Printf("%s 1 %s %s %d %s\n", modeString(file.path, file.info), userName, userName, file.info.Size(), file.name)
			return true
		}, true
	case "-delete":
		f.acts, f.depth = true, true
		return func(file *found) bool {
			if file.name == "." {
				return true
			}
			if err := os.Remove(file.path); err != nil {
				f.c.Errorf("cannot delete '%s': %s", file.name, reason(err))
				f.code = 1
				return false
			}
			return true
		}, true
	case "-prune":
		return func(*found) bool { f.prune = true; return true }, true
	case "-quit":
		f.acts = true
		return func(*found) bool { f.stop = true; return true }, true
	case "-depth", "-d":
		f.depth = true
		return always, true
	case "-follow":
		f.follow = true
		return always, true
	case "-true", "-mount", "-xdev", "-noleaf", "-warn", "-nowarn", "-daystart", "-readable", "-writable", "-ignore_readdir_race":
		return always, true
	case "-false", "-nouser", "-nogroup":
		return func(*found) bool { return false }, true
	case "-executable":
		return func(file *found) bool { return Mode(file.path, file.info)&0o111 != 0 }, true
	case "-empty":
		return func(file *found) bool {
			if file.info.IsDir() {
				entries, err := os.ReadDir(file.path)
				return err == nil && len(entries) == 0
			}
			return file.info.Mode().IsRegular() && file.info.Size() == 0
		}, true
	}
	return nil, false
}

// parseValued reads the tests and actions with an argument.
func (f *finder) parseValued(word, value string) (findTest, error) {
	switch word {
	case "-name", "-iname":
		return func(file *found) bool { return fnmatch(value, filepath.Base(file.name), word == "-iname") }, nil
	case "-path", "-ipath", "-wholename":
		return func(file *found) bool { return fnmatch(value, file.name, word == "-ipath") }, nil
	case "-lname":
		return func(file *found) bool {
			text, err := os.Readlink(file.path)
			return err == nil && fnmatch(value, text, false)
		}, nil
	case "-regex", "-iregex":
		re, err := regex.Compile(`^\(`+value+`\)$`, regex.Options{FoldCase: word == "-iregex"})
		if f.regextypeExtended() {
			re, err = regex.Compile("^("+value+")$", regex.Options{Extended: true, FoldCase: word == "-iregex"})
		}
		return func(file *found) bool { return re.Match([]byte(file.name)) }, err
	case "-regextype":
		return always, nil
	case "-type", "-xtype":
		return func(file *found) bool { return hasType(file, value, word == "-xtype") }, nil
	case "-maxdepth":
		f.maxDepth = atoi(value)
		return always, nil
	case "-mindepth":
		f.minDepth = atoi(value)
		return always, nil
	case "-size":
		return sizeTest(value)
	case "-newer", "-anewer", "-cnewer":
		info, err := os.Stat(f.c.Path(value))
		if err != nil {
			return nil, fmt.Errorf("'%s': %s", value, reason(err))
		}
		return func(file *found) bool { return file.info.ModTime().After(info.ModTime()) }, nil
	case "-newermt":
		when, err := parseDate(value, time.Now().In(f.c.location()))
		return func(file *found) bool { return file.info.ModTime().After(when) }, err
	case "-mtime", "-atime", "-ctime":
		return ageTest(value, 24*time.Hour), nil
	case "-mmin", "-amin", "-cmin":
		return ageTest(value, time.Minute), nil
	case "-perm":
		return permTest(value)
	case "-user", "-group", "-uid", "-gid":
		return func(*found) bool { return value == userName || value == userID }, nil
	case "-links", "-fstype", "-samefile", "-inum":
		return always, nil
	case "-exec", "-execdir", "-ok":
		return f.parseExec(value, word == "-execdir")
	case "-printf":
		f.acts = true
		return func(file *found) bool { f.c.Puts(f.format(value, file)); return true }, nil
	case "-fprint":
		f.acts = true
		return nil, errors.New("-fprint is not supported")
	}
	if strings.HasPrefix(word, "-") {
		return nil, fmt.Errorf("unknown predicate `%s'", word)
	}
	return nil, fmt.Errorf("paths must precede expression: `%s'", word)
}

func (f *finder) regextypeExtended() bool {
	for i, arg := range f.c.Args {
		if arg == "-regextype" && i+1 < len(f.c.Args) {
			return strings.Contains(f.c.Args[i+1], "extended") || f.c.Args[i+1] == "egrep"
		}
	}
	return false
}

func (f *finder) printer(end string) findTest {
	return func(file *found) bool { f.c.Puts(file.name + end); return true }
}

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

func (f *finder) parseExec(first string, inDir bool) (findTest, error) {
	f.acts = true
	command := []string{first}
	for {
		if len(f.args) == 0 {
			return nil, errors.New("missing argument to `-exec'")
		}
		word := f.args[0]
		f.args = f.args[1:]
		if word == ";" {
			break
		}
		if word == "+" && command[len(command)-1] == "{}" {
			batch := &findBatch{command: command[:len(command)-1]}
			f.batches = append(f.batches, batch)
			return func(file *found) bool { batch.names = append(batch.names, file.name); return true }, nil
		}
		command = append(command, word)
	}
	return func(file *found) bool {
		name, dir := file.name, f.c.Dir
		if inDir {
			name, dir = "./"+filepath.Base(file.name), filepath.Dir(file.path)
		}
		args := make([]string, len(command))
		for i, word := range command {
			args[i] = strings.ReplaceAll(word, "{}", name)
		}
		return f.c.runIn(dir, f.c.Env, f.c.Stdin, args) == 0
	}, nil
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
