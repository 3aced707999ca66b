package printf

import (
	"strconv"
	"strings"
	"unicode"
)

// Unescape handles %b and `echo -e`; stop says that a \c was met.
func Unescape(text string) (out string, stop bool) {
	var sb strings.Builder
	for i := 0; i < len(text); {
		if text[i] != '\\' {
			sb.WriteByte(text[i])
			i++
			continue
		}
		s, n, stop := Escape(text[i:], true)
		sb.WriteString(s)
		if stop {
			return sb.String(), true
		}
		i += n
	}
	return sb.String(), false
}

// Escape reads the backslash sequence s starts with; in %b an octal number may have a leading 0.
func Escape(s string, leadingZero bool) (text string, length int, stop bool) {
	if len(s) < 2 {
		return `\`, 1, false
	}
	if i := strings.IndexByte(`abefnrtv\'"?E`, s[1]); i >= 0 {
		return string("\a\b\x1b\f\n\r\t\v\\'\"?\x1b"[i]), 2, false
	}
	digits := func(from, most, base int) (value uint64, end int) {
		end = from
		for end < len(s) && end < from+most {
			if _, err := strconv.ParseUint(s[end:end+1], base, 8); err != nil {
				break
			}
			end++
		}
		value, _ = strconv.ParseUint(s[from:end], base, 32)
		return value, end
	}
	switch c := s[1]; {
	case c == 'c':
		return "", 2, true
	case c == '0' && leadingZero:
		value, end := digits(2, 3, 8)
		return string([]byte{byte(value)}), end, false
	case c >= '0' && c <= '7':
		value, end := digits(1, 3, 8)
		return string([]byte{byte(value)}), end, false
	case c == 'x':
		if value, end := digits(2, 2, 16); end > 2 {
			return string([]byte{byte(value)}), end, false
		}
	case c == 'u' || c == 'U':
		most := 4
		if c == 'U' {
			most = 8
		}
		if value, end := digits(2, most, 16); end > 2 {
			return string(rune(value)), end, false
		}
	}
	return s[:2], 2, false
}

// Quote is %q: text that the shell reads back as one word.
func Quote(text string) string {
	if text == "" {
		return "''"
	}
	for _, c := range text {
		if unicode.IsControl(c) {
			return ansiQuote(text)
		}
	}
	var sb strings.Builder
	for i, c := range text {
		if strings.ContainsRune(" !\"$&'()*,;<>?[\\]^`{|}", c) || i == 0 && (c == '~' || c == '#') {
			sb.WriteByte('\\')
		}
		sb.WriteRune(c)
	}
	return sb.String()
}

func ansiQuote(text string) string {
	var sb strings.Builder
	sb.WriteString("$'")
	for _, c := range text {
		if i := strings.IndexRune("\a\b\x1b\f\n\r\t\v\\'", c); i >= 0 {
			sb.WriteString(`\` + `abEfnrtv\'`[i:i+1])
		} else if c < 32 || c == 127 {
			sb.WriteString(`\` + strconv.FormatInt(int64(c)+01000, 8)[1:])
		} else {
			sb.WriteRune(c)
		}
	}
	return sb.String() + "'"
}
