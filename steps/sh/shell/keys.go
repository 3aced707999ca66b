package shell

import (
	"regexp"
	"strings"
)

// quoteKeys puts the subscripts of associative arrays in quotes. The parser
// cannot know which arrays are associative: it reads `m[a-b]` as a subtraction
// and refuses `m[a.b]`. A `declare -A` anywhere in the script tells.
func quoteKeys(source string) string {
	if !strings.Contains(source, "-A") && !strings.Contains(source, "A ") {
		return source
	}
	for _, name := range associativeNames(source) {
		source = quoteSubscripts(source, name)
		source = quoteElements(source, name)
	}
	return source
}

func associativeNames(source string) []string {
	declaration := regexp.MustCompile(`(?m)(?:declare|local|typeset|readonly)[ \t]+(?:-\w+[ \t]+)*-\w*A\w*[ \t]+([^\n;&|()]*)`)
	var names []string
	seen := map[string]bool{}
	for _, match := range declaration.FindAllStringSubmatch(source, -1) {
		for _, word := range strings.Fields(match[1]) {
			name, _, assigned := strings.Cut(word, "=")
			name = strings.TrimSuffix(name, "+")
			if !seen[name] && isName(name) {
				seen[name] = true
				names = append(names, name)
			}
			if assigned {
				break
			}
		}
	}
	return names
}

func isName(text string) bool {
	for i, c := range text {
		if c != '_' && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return text != ""
}

// quoteSubscripts does `${name[key]}` and `name[key]=`.
func quoteSubscripts(source, name string) string {
	use := regexp.MustCompile(`(\$\{[#!]?|(?m:^|[\s;&|({]))(` + name + `)\[([^\]\["'\n]+)\]`)
	return use.ReplaceAllStringFunc(source, func(match string) string {
		parts := use.FindStringSubmatch(match)
		if !needsQuotes(parts[3]) {
			return match
		}
		return parts[1] + parts[2] + `["` + parts[3] + `"]`
	})
}

// needsQuotes is false for what the parser reads right as it is.
func needsQuotes(key string) bool {
	if key == "@" || key == "*" {
		return false
	}
	plain := strings.TrimPrefix(key, "$")
	return !isName(strings.TrimSuffix(strings.TrimPrefix(plain, "{"), "}"))
}

// quoteElements does `name=([key]=value …)`.
func quoteElements(source, name string) string {
	start := regexp.MustCompile(`\b` + name + `\+?=\(`)
	var sb strings.Builder
	for {
		loc := start.FindStringIndex(source)
		if loc == nil {
			sb.WriteString(source)
			return sb.String()
		}
		sb.WriteString(source[:loc[1]])
		source = source[loc[1]:]
		source = source[copyElements(&sb, source):]
	}
}

// copyElements copies a literal up to its closing parenthesis, keys in quotes.
func copyElements(sb *strings.Builder, text string) int {
	atStart := true
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case c == ')':
			return i
		case c == '\'' || c == '"':
			end := closingQuote(text, i)
			sb.WriteString(text[i:end])
			i, atStart = end-1, false
			continue
		case c == '[' && atStart:
			if end := strings.Index(text[i:], "]="); end > 0 && !strings.ContainsAny(text[i:i+end], "\"'\n") {
				sb.WriteString(`["` + text[i+1:i+end] + `"]`)
				i, atStart = i+end, false
				continue
			}
		}
		atStart = c == ' ' || c == '\t' || c == '\n'
		sb.WriteByte(c)
	}
	return len(text)
}

func closingQuote(text string, open int) int {
	for i := open + 1; i < len(text); i++ {
		if text[i] == '\\' && text[open] == '"' {
			i++
		} else if text[i] == text[open] {
			return i + 1
		}
	}
	return len(text)
}
