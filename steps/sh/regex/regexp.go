package regex

import "regexp"

// Regexp is a compiled pattern of either engine.
type Regexp struct {
	re     *regexp.Regexp
	back   *backtracker
	groups int
}

// Groups is the number of sub-expressions.
func (r *Regexp) Groups() int { return r.groups }

// Match reports whether text contains a match.
func (r *Regexp) Match(text []byte) bool {
	if r.back != nil {
		return r.back.find(text, 0) != nil
	}
	return r.re.Match(text)
}

// Find returns the first match at or after from, as index pairs like
// regexp.FindSubmatchIndex, or nil. Anchors see the whole text.
func (r *Regexp) Find(text []byte, from int) []int {
	if r.back != nil {
		return r.back.find(text, from)
	}
	if from == 0 {
		return r.re.FindSubmatchIndex(text)
	}
	// Go cannot start in the middle with the context before it, so walk the matches.
	if loc := r.re.FindSubmatchIndex(text[from:]); loc != nil && !r.needsContext() {
		for i := range loc {
			if loc[i] >= 0 {
				loc[i] += from
			}
		}
		return loc
	} else if loc == nil && !r.needsContext() {
		return nil
	}
	for _, loc := range r.re.FindAllSubmatchIndex(text, -1) {
		if loc[0] >= from {
			return loc
		}
	}
	return nil
}

// needsContext tells whether what stands before a position can matter there.
func (r *Regexp) needsContext() bool {
	source := r.re.String()
	for i := 0; i < len(source); i++ {
		switch source[i] {
		case '^':
			if i > 0 && source[i-1] != '[' && source[i-1] != '\\' {
				return true
			}
		case '\\':
			if i+1 < len(source) && (source[i+1] == 'b' || source[i+1] == 'B' || source[i+1] == 'A') {
				return true
			}
			i++
		}
	}
	return false
}

// All calls yield for every non-overlapping match, as `s///g` walks them.
func (r *Regexp) All(text []byte, yield func(loc []int) bool) {
	if r.back == nil {
		for _, loc := range r.re.FindAllSubmatchIndex(text, -1) {
			if !yield(loc) {
				return
			}
		}
		return
	}
	last := -1
	for from := 0; from <= len(text); {
		loc := r.back.find(text, from)
		if loc == nil {
			return
		}
		if !(loc[0] == loc[1] && loc[0] == last) && !yield(loc) {
			return
		}
		last, from = loc[1], loc[1]
		if loc[0] == loc[1] {
			from++
		}
	}
}

// Std is Go's own regexp, or nil for a pattern with back-references.
func (r *Regexp) Std() *regexp.Regexp { return r.re }
