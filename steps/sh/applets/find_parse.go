package applets

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"wasi-runner/steps/sh/regex"
)

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
