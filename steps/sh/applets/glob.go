package applets

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

func matchesAny(patterns []string, name string) bool {
	for _, pattern := range patterns {
		if fnmatch(pattern, name, false) {
			return true
		}
	}
	return false
}

// fnmatch matches a shell pattern; `*` crosses slashes, as in find -path.
func fnmatch(pattern, name string, fold bool) bool {
	if fold {
		pattern, name = strings.ToLower(pattern), strings.ToLower(name)
	}
	for pattern != "" {
		p, size := utf8.DecodeRuneInString(pattern)
		switch p {
		case '*':
			rest := strings.TrimLeft(pattern, "*")
			for i := 0; i <= len(name); i++ {
				if fnmatch(rest, name[i:], false) {
					return true
				}
			}
			return false
		case '[':
			if name == "" {
				return false
			}
			r, n := utf8.DecodeRuneInString(name)
			if matched, length := matchClass(pattern, r); length > 0 {
				if !matched {
					return false
				}
				pattern, name = pattern[length:], name[n:]
				continue
			}
		case '?':
			if name == "" {
				return false
			}
			_, n := utf8.DecodeRuneInString(name)
			pattern, name = pattern[1:], name[n:]
			continue
		case '\\':
			if len(pattern) > 1 {
				pattern = pattern[1:]
				p, size = utf8.DecodeRuneInString(pattern)
			}
		}
		if !strings.HasPrefix(name, string(p)) {
			return false
		}
		pattern, name = pattern[size:], name[size:]
	}
	return name == ""
}

// matchClass reads `[…]`; length is 0 when it is not closed.
func matchClass(pattern string, r rune) (matched bool, length int) {
	i := 1
	negated := i < len(pattern) && (pattern[i] == '!' || pattern[i] == '^')
	if negated {
		i++
	}
	for first := true; i < len(pattern); first = false {
		if pattern[i] == ']' && !first {
			return matched != negated, i + 1
		}
		if strings.HasPrefix(pattern[i:], "[:") {
			if end := strings.Index(pattern[i:], ":]"); end > 0 {
				matched = matched || inClass(pattern[i+2:i+end], r)
				i += end + 2
				continue
			}
		}
		low, n := utf8.DecodeRuneInString(pattern[i:])
		i += n
		high := low
		if i+1 < len(pattern) && pattern[i] == '-' && pattern[i+1] != ']' {
			high, n = utf8.DecodeRuneInString(pattern[i+1:])
			i += 1 + n
		}
		matched = matched || low <= r && r <= high
	}
	return false, 0
}

func inClass(name string, r rune) bool {
	switch name {
	case "digit":
		return r >= '0' && r <= '9'
	case "alpha":
		return unicode.IsLetter(r)
	case "alnum":
		return unicode.IsLetter(r) || unicode.IsDigit(r)
	case "upper":
		return unicode.IsUpper(r)
	case "lower":
		return unicode.IsLower(r)
	case "space":
		return unicode.IsSpace(r)
	case "punct":
		return r < 128 && (unicode.IsPunct(r) || unicode.IsSymbol(r))
	case "xdigit":
		return strings.ContainsRune("0123456789abcdefABCDEF", r)
	}
	return false
}
