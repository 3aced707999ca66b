// Expansions that give several words: `${a[@]+"${a[@]}"}`, `"pre${a[@]}post"`
// and `${x:-"a b" c}`.

package expand

import (
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// fieldSink is the word being built by wordFields.
type fieldSink struct {
	current *[]fieldPart
	flush   func()
	empty   *bool // an empty word counts as one
}

func (s fieldSink) add(fields [][]fieldPart) {
	for i, field := range fields {
		if i > 0 {
			s.flush()
		}
		*s.current = append(*s.current, field...)
	}
	if len(fields) > 0 {
		*s.empty = true
	}
}

func (s fieldSink) addQuoted(elems []string) {
	fields := make([][]fieldPart, len(elems))
	for i, elem := range elems {
		fields[i] = []fieldPart{{quote: quoteDouble, val: elem}}
	}
	s.add(fields)
}

// nested is a Config for a word within a word: the outer one's buffers are in use.
func (cfg *Config) nested() *Config {
	return &Config{
		Env: cfg.Env, CmdSubst: cfg.CmdSubst, ProcSubst: cfg.ProcSubst, ReadDir2: cfg.ReadDir2,
		GlobStar: cfg.GlobStar, DotGlob: cfg.DotGlob, NoCaseGlob: cfg.NoCaseGlob, NullGlob: cfg.NullGlob,
		NoUnset: cfg.NoUnset, ExtGlob: cfg.ExtGlob, ifs: cfg.ifs, level: cfg.level,
	}
}

// expandQuoted handles the parts of a double-quoted string if a list is among
// them that the caller's shorter ways would join.
func (cfg *Config) expandQuoted(parts []syntax.WordPart, sink fieldSink) (handled bool, err error) {
	if len(parts) == 1 {
		pe, ok := parts[0].(*syntax.ParamExp)
		if !ok || !hasChoice(pe) || !isList(pe) && !isJoined(pe) {
			return false, nil
		}
		return cfg.choose(pe, true, sink)
	}
	found := false
	for _, part := range parts {
		if pe, ok := part.(*syntax.ParamExp); ok && isList(pe) {
			found = true
		}
	}
	if !found {
		return false, nil
	}
	*sink.empty = true
	for _, part := range parts {
		if pe, ok := part.(*syntax.ParamExp); ok && isList(pe) {
			elems, err := cfg.quotedElemFields(pe)
			if err != nil {
				return true, err
			}
			if elems != nil {
				sink.addQuoted(elems)
				continue
			}
		}
		field, err := cfg.wordField([]syntax.WordPart{part}, quoteDouble)
		if err != nil {
			return true, err
		}
		for _, part := range field {
			part.quote = quoteDouble
			*sink.current = append(*sink.current, part)
		}
	}
	return true, nil
}

// isList tells `$@` and `${a[@]}`, not their joined `*` forms.
func isList(pe *syntax.ParamExp) bool {
	if pe.Param == nil || pe.Length || pe.Width || pe.IsSet {
		return false
	}
	return pe.Param.Value == "@" || nodeLit(pe.Index) == "@"
}

// isJoined tells `$*` and `${a[*]}`.
func isJoined(pe *syntax.ParamExp) bool {
	return pe.Param.Value == "*" || nodeLit(pe.Index) == "*"
}

// hasChoice tells `-`, `:-`, `+` and `:+`.
func hasChoice(pe *syntax.ParamExp) bool {
	if pe.Exp == nil || pe.Param == nil || pe.Excl || pe.Length || pe.Width || pe.IsSet {
		return false
	}
	switch pe.Exp.Op {
	case syntax.AlternateUnset, syntax.AlternateUnsetOrNull, syntax.DefaultUnset, syntax.DefaultUnsetOrNull:
		return true
	}
	return false
}

// choose expands the operand of a choice word by word, if it is the one taken,
// and a quoted list's elements otherwise.
func (cfg *Config) choose(pe *syntax.ParamExp, quoted bool, sink fieldSink) (handled bool, err error) {
	var elems []string
	var set bool
	var value string
	if isList(pe) || isJoined(pe) {
		elems, _, _ = cfg.listElems(pe)
		set, value = len(elems) > 0, strings.Join(elems, " ")
	} else {
		vr := cfg.Env.Get(pe.Param.Value)
		if name, target := vr.Resolve(cfg.Env); name != "" {
			vr = target
		}
		if value, set, err = cfg.varInd(vr, pe.Index); err != nil {
			return true, err
		}
	}
	if !operandNeeded(pe.Exp.Op, set, value) {
		isDefault := pe.Exp.Op == syntax.DefaultUnset || pe.Exp.Op == syntax.DefaultUnsetOrNull
		if quoted && isDefault && isList(pe) {
			sink.addQuoted(elems)
			return true, nil
		}
		return false, nil
	}
	if pe.Exp.Word == nil {
		return false, nil
	}
	parts := pe.Exp.Word.Parts
	if quoted {
		if inner, ok := parts[0].(*syntax.DblQuoted); ok && len(parts) == 1 {
			parts = inner.Parts
		}
		parts = []syntax.WordPart{&syntax.DblQuoted{Parts: parts}}
	}
	fields, err := cfg.nested().wordFields(parts)
	sink.add(fields)
	return true, err
}

// quoteAlways is `${x@Q}`: quotes even where none are needed.
func quoteAlways(text string) (string, error) {
	for _, c := range text {
		if c < ' ' || c == 0x7f {
			return syntax.Quote(text, syntax.LangBash)
		}
	}
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'", nil
}
