package applets

import (
	"bytes"
	"io"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
)

// sortKey is one -k with its own ordering letters.
type sortKey struct {
	fromField, fromChar int
	toField, toChar     int // toField 0: end of line
	order               string
	fromBlank, toBlank  bool
}

type sorter struct {
	c      *Context
	o      *options
	keys   []sortKey
	order  string // global ordering letters
	tab    string
	hasTab bool
	seeds  map[string]uint64
}

func sortApplet(c *Context) int {
	o, ok := c.parse("b,ignore-leading-blanks d,dictionary-order f,ignore-case g,general-numeric-sort h,human-numeric-sort i,ignore-nonprinting M,month-sort n,numeric-sort R,random-sort V,version-sort r,reverse c,check? C k,key: m,merge o,output: s,stable S,buffer-size: t,field-separator: T,temporary-directory: u,unique z,zero-terminated parallel: sort: debug")
	if !ok {
		return 2
	}
	s := &sorter{c: c, o: o}
	s.tab, s.hasTab = o.get("t")
	if s.tab == `\0` {
		s.tab = "\x00"
	}
	s.order = globalOrder(o)
	for _, text := range o.all("k") {
		key, ok := parseKey(text)
		if !ok {
			c.Errorf("invalid number at field start: '%s'", text)
			return 2
		}
		s.keys = append(s.keys, key)
	}
	delim := byte('\n')
	if o.has("z") {
		delim = 0
	}
	var lines []string
	code := c.eachInput(o.args, func(_ string, r io.Reader) error {
		more, err := readLines(r, delim)
		lines = append(lines, more...)
		return err
	})
	if code != 0 {
		return 2
	}
	if o.has("c") || o.has("C") {
		return s.check(lines)
	}
	if len(s.keys) == 0 && s.order == "" {
		slices.Sort(lines)
	} else {
		slices.SortStableFunc(lines, s.compare)
	}
	if o.has("u") {
		lines = slices.CompactFunc(lines, func(a, b string) bool { return s.compareKeys(a, b) == 0 })
	}
	return s.write(lines, delim)
}

// globalOrder collects the ordering letters outside of -k.
func globalOrder(o *options) string {
	order := ""
	for _, letter := range "bdfghinMRVr" {
		if o.has(string(letter)) {
			order += string(letter)
		}
	}
	switch o.value("sort", "") {
	case "numeric":
		order += "n"
	case "version":
		order += "V"
	case "human-numeric":
		order += "h"
	case "month":
		order += "M"
	}
	return order
}

func (s *sorter) write(lines []string, delim byte) int {
	var buf bytes.Buffer
	for _, line := range lines {
		buf.WriteString(line)
		buf.WriteByte(delim)
	}
	name, ok := s.o.get("o")
	if !ok {
		s.c.Write(buf.Bytes())
		return 0
	}
	f, err := s.c.Create(name, os.O_CREATE|os.O_WRONLY|os.O_TRUNC)
	if err == nil {
		_, err = f.Write(buf.Bytes())
		f.Close()
	}
	if err != nil {
		s.c.Errorf("open failed: %s: %s", name, reason(err))
		return 2
	}
	return 0
}

func (s *sorter) check(lines []string) int {
	for i := 1; i < len(lines); i++ {
		order := s.compare(lines[i-1], lines[i])
		if order > 0 || order == 0 && s.o.has("u") {
			if !s.o.has("C") && s.o.value("c", "") != "quiet" {
				name := "-"
				if len(s.o.args) > 0 {
					name = s.o.args[0]
				}
				s.c.Errorf("%s:%d: disorder: %s", name, i+1, lines[i])
			}
			return 1
		}
	}
	return 0
}

// compare adds the last resort: the whole line, byte by byte.
func (s *sorter) compare(a, b string) int {
	order := s.compareKeys(a, b)
	if order == 0 && !s.o.has("s") && !s.o.has("u") {
		order = strings.Compare(a, b)
		if strings.Contains(s.order, "r") {
			order = -order
		}
	}
	return order
}

func (s *sorter) compareKeys(a, b string) int {
	if len(s.keys) == 0 {
		return s.compareText(a, b, s.order)
	}
	for _, key := range s.keys {
		order := key.order
		if order == "" {
			order = s.order
		}
		fromBlank := key.fromBlank || key.order == "" && strings.Contains(s.order, "b")
		toBlank := key.toBlank || key.order == "" && strings.Contains(s.order, "b")
		if result := s.compareText(s.extract(a, key, fromBlank, toBlank), s.extract(b, key, fromBlank, toBlank), order); result != 0 {
			return result
		}
	}
	return 0
}

func (s *sorter) compareText(a, b, order string) int {
	if strings.Contains(order, "b") {
		a, b = strings.TrimLeft(a, " \t"), strings.TrimLeft(b, " \t")
	}
	if strings.Contains(order, "d") {
		a, b = dictionary(a), dictionary(b)
	}
	if strings.Contains(order, "f") {
		a, b = strings.ToUpper(a), strings.ToUpper(b)
	}
	result := 0
	switch {
	case strings.Contains(order, "n"):
		result = compareNumbers(a, b)
	case strings.Contains(order, "g"):
		result = compareFloats(leadingFloat(a), leadingFloat(b))
	case strings.Contains(order, "h"):
		result = compareHuman(a, b)
	case strings.Contains(order, "V"):
		result = compareVersions(a, b)
	case strings.Contains(order, "M"):
		result = month(a) - month(b)
	case strings.Contains(order, "R"):
		result = s.compareRandom(a, b)
	default:
		result = strings.Compare(a, b)
	}
	if strings.Contains(order, "r") {
		return -result
	}
	return result
}

func (s *sorter) compareRandom(a, b string) int {
	if s.seeds == nil {
		s.seeds = map[string]uint64{}
	}
	for _, text := range []string{a, b} {
		if _, ok := s.seeds[text]; !ok {
			s.seeds[text] = rand.Uint64()
		}
	}
	switch x, y := s.seeds[a], s.seeds[b]; {
	case x < y:
		return -1
	case x > y:
		return 1
	}
	return 0
}

func dictionary(text string) string {
	return strings.Map(func(r rune) rune {
		if r == ' ' || r == '\t' || inClass("alnum", r) {
			return r
		}
		return -1
	}, text)
}

func parseKey(text string) (key sortKey, ok bool) {
	from, to, ranged := strings.Cut(text, ",")
	position := func(text string) (field, char int, letters string) {
		digits := strings.TrimRight(text, "bdfghinMRVr")
		letters = text[len(digits):]
		f, ch, _ := strings.Cut(digits, ".")
		field, _ = strconv.Atoi(f)
		char, _ = strconv.Atoi(ch)
		return field, char, letters
	}
	var letters string
	key.fromField, key.fromChar, letters = position(from)
	key.fromBlank = strings.Contains(letters, "b")
	key.order = letters
	if ranged {
		key.toField, key.toChar, letters = position(to)
		key.toBlank = strings.Contains(letters, "b")
		key.order += letters
		if key.toField < 1 {
			return key, false
		}
	}
	key.order = strings.ReplaceAll(key.order, "b", "")
	return key, key.fromField > 0
}

// fieldStart gives the offset at which field n (from 1) starts; blanks before it belong to it.
func (s *sorter) fieldStart(line string, n int) int {
	i := 0
	for ; n > 1; n-- {
		i = s.fieldEnd(line, i)
		if i >= len(line) {
			return len(line)
		}
		if s.hasTab {
			i += len(s.tab)
		}
	}
	return i
}

func (s *sorter) fieldEnd(line string, i int) int {
	if s.hasTab {
		if at := strings.Index(line[i:], s.tab); at >= 0 {
			return i + at
		}
		return len(line)
	}
	for i < len(line) && (line[i] == ' ' || line[i] == '\t') {
		i++
	}
	for i < len(line) && line[i] != ' ' && line[i] != '\t' {
		i++
	}
	return i
}

func (s *sorter) extract(line string, key sortKey, fromBlank, toBlank bool) string {
	start := s.fieldStart(line, key.fromField)
	if fromBlank {
		start += len(line[start:]) - len(strings.TrimLeft(line[start:], " \t"))
	}
	if key.fromChar > 1 {
		start = min(len(line), start+key.fromChar-1)
	}
	end := len(line)
	if key.toField > 0 {
		end = s.fieldStart(line, key.toField)
		if key.toChar == 0 {
			end = s.fieldEnd(line, end)
		} else {
			if toBlank {
				end += len(line[end:]) - len(strings.TrimLeft(line[end:], " \t"))
			}
			end = min(len(line), end+key.toChar)
		}
	}
	if start >= end {
		return ""
	}
	return line[start:end]
}
