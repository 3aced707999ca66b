// Splitting by IFS and anchored replacement, as POSIX and bash have them.

package expand

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"mvdan.cc/sh/v3/pattern"
	"mvdan.cc/sh/v3/syntax"
)

// splitter cuts the text of an unquoted expansion: blanks of IFS separate
// fields, every other character of IFS ends one, be it empty.
type splitter struct {
	cfg *Config
	// open tells whether the current field has parts; add, flush and empty build fields.
	open  func() bool
	add   func(part string)
	flush func()
	empty func()
}

func (s splitter) split(text string) {
	start := -1
	endable := false // the field before these blanks may still meet its separator
	for i, r := range text {
		if !s.cfg.ifsRune(r) {
			if start < 0 {
				start = i
			}
			endable = false
			continue
		}
		if start >= 0 {
			s.add(text[start:i])
			start = -1
		}
		wasOpen := s.open()
		s.flush()
		switch {
		case s.cfg.ifsWhitespace(r):
			endable = endable || wasOpen
		case !wasOpen && !endable:
			s.empty()
		default:
			endable = false
		}
	}
	if start >= 0 {
		s.add(text[start:])
	}
}

// SplitLine cuts a line for `read` into at most n fields (all for -1), the
// last of them taking the rest.
func SplitLine(cfg *Config, line string, n int, raw bool) []string {
	cfg = prepareConfig(cfg)
	var text []rune
	var separates []bool
	escaped := false
	for _, r := range line {
		if r == '\\' && !raw && !escaped {
			escaped = true
			continue
		}
		text = append(text, r)
		separates = append(separates, !escaped && cfg.ifsRune(r))
		escaped = false
	}
	blank := func(i int) bool { return separates[i] && cfg.ifsWhitespace(text[i]) }
	fields := []string{}
	i := 0
	for i < len(text) && blank(i) {
		i++
	}
	for i < len(text) {
		start := i
		if n > 0 && len(fields) == n-1 {
			return append(fields, lastField(text, separates, start, blank))
		}
		for i < len(text) && !separates[i] {
			i++
		}
		fields = append(fields, string(text[start:i]))
		for i < len(text) && blank(i) {
			i++
		}
		if i < len(text) && separates[i] {
			i++
			for i < len(text) && blank(i) {
				i++
			}
		}
	}
	return fields
}

func lastField(text []rune, separates []bool, start int, blank func(int) bool) string {
	end := len(text)
	for end > start && blank(end-1) {
		end--
	}
	if end > start && separates[end-1] {
		cut := end - 1
		for cut > start && blank(cut-1) {
			cut--
		}
		alone := true
		for i := start; i < cut; i++ {
			alone = alone && !separates[i]
		}
		if alone {
			end = cut
		}
	}
	return string(text[start:end])
}

// anchorOf tells `${x/#a/b}` and `${x/%a/b}` from a replacement anywhere.
func anchorOf(repl *syntax.Replace) byte {
	if repl.All || repl.Orig == nil || len(repl.Orig.Parts) == 0 {
		return 0
	}
	lit, ok := repl.Orig.Parts[0].(*syntax.Lit)
	if !ok || lit.Value == "" || lit.Value[0] != '#' && lit.Value[0] != '%' {
		return 0
	}
	return lit.Value[0]
}

func findReplaced(pat, text string, n int, anchor byte) [][]int {
	if anchor == 0 {
		return findAllIndex(pat, text, n)
	}
	expr, err := pattern.Regexp(strings.TrimPrefix(pat, string(anchor)), 0)
	if err != nil {
		return nil
	}
	if anchor == '#' {
		expr = `^(?:` + expr + `)`
	} else {
		expr = `(?:` + expr + `)$`
	}
	if loc := regexp.MustCompile(expr).FindStringIndex(text); loc != nil {
		return [][]int{loc}
	}
	return nil
}

// operandNeeded is false where `${x:-$(cmd)}` must not run cmd.
func operandNeeded(op syntax.ParExpOperator, set bool, value string) bool {
	switch op {
	case syntax.AlternateUnset:
		return set
	case syntax.AlternateUnsetOrNull:
		return value != ""
	case syntax.DefaultUnset, syntax.ErrorUnset, syntax.AssignUnset:
		return !set
	case syntax.DefaultUnsetOrNull, syntax.ErrorUnsetOrNull, syntax.AssignUnsetOrNull:
		return value == ""
	}
	return true
}

// operand expands what follows the operator; quotes in a pattern make it literal.
func operand(cfg *Config, exp *syntax.Expansion) (string, error) {
	switch exp.Op {
	case syntax.RemSmallPrefix, syntax.RemLargePrefix, syntax.RemSmallSuffix, syntax.RemLargeSuffix:
		return Pattern(cfg, exp.Word)
	}
	return cfg.operandWord(exp.Word)
}

// operandWord expands an operand with the quoting of the word around it:
// within double quotes a backslash stays unless it escapes something.
func (cfg *Config) operandWord(word *syntax.Word) (string, error) {
	if word == nil || cfg.level == quoteNone {
		return Literal(cfg, word)
	}
	field, err := prepareConfig(cfg).wordField(word.Parts, cfg.level)
	if err != nil {
		return "", err
	}
	return cfg.fieldJoin(field), nil
}

func (cfg *Config) paramExpAt(level quoteLevel, pe *syntax.ParamExp) (string, error) {
	outer := cfg.level
	cfg.level = level
	value, err := cfg.paramExp(pe)
	cfg.level = outer
	return value, err
}

// unescapeParts removes the backslashes of unquoted text; what they stood
// before is quoted.
func unescapeParts(s string) []fieldPart {
	var parts []fieldPart
	for {
		i := strings.IndexByte(s, '\\')
		if i < 0 || i == len(s)-1 {
			return append(parts, fieldPart{val: s})
		}
		_, size := utf8.DecodeRuneInString(s[i+1:])
		parts = append(parts, fieldPart{val: s[:i]}, fieldPart{quote: quoteSingle, val: s[i+1 : i+1+size]})
		s = s[i+1+size:]
	}
}

// hasMeta knows extglob's operators too.
func (cfg *Config) hasMeta(text string) bool {
	if pattern.HasMeta(text, 0) {
		return true
	}
	for i := 0; cfg.ExtGlob && i+1 < len(text); i++ {
		if text[i+1] == '(' && strings.IndexByte("@!+?*", text[i]) >= 0 {
			return true
		}
	}
	return false
}

// hideDots keeps `!(…)` from matching hidden files.
func (cfg *Config) hideDots(pat string, matches func(string) bool) func(string) bool {
	if cfg.DotGlob || strings.HasPrefix(pat, ".") || strings.HasPrefix(pat, `\.`) {
		return matches
	}
	return func(name string) bool { return !strings.HasPrefix(name, ".") && matches(name) }
}

// replacement expands the right side of `${x/a/b}`, where an unquoted & stands
// for what was matched.
func (cfg *Config) replacement(word *syntax.Word) (func(match string) string, error) {
	if word == nil {
		return func(string) string { return "" }, nil
	}
	parts, err := prepareConfig(cfg).wordField(word.Parts, quoteNone)
	return func(match string) string {
		var sb strings.Builder
		for _, part := range parts {
			if part.quote == quoteNone {
				sb.WriteString(strings.ReplaceAll(part.val, "&", match))
			} else {
				sb.WriteString(part.val)
			}
		}
		return sb.String()
	}, err
}
