package applets

import (
	"strconv"
	"strings"
)

// compareNumbers compares the decimal numbers that a and b start with, of any length.
func compareNumbers(a, b string) int {
	signA, wholeA, fractionA := leadingNumber(a)
	signB, wholeB, fractionB := leadingNumber(b)
	if signA != signB {
		return signA - signB
	}
	order := len(wholeA) - len(wholeB)
	if order == 0 {
		order = strings.Compare(wholeA, wholeB)
	}
	if order == 0 {
		order = strings.Compare(fractionA, fractionB)
	}
	return signA * order
}

// leadingNumber splits off sign (0 for zero), whole digits and fraction.
func leadingNumber(text string) (sign int, whole, fraction string) {
	text = strings.TrimLeft(text, " \t")
	sign = 1
	if strings.HasPrefix(text, "-") {
		sign, text = -1, text[1:]
	}
	digits := func() string {
		n := len(text) - len(strings.TrimLeft(text, "0123456789"))
		d := text[:n]
		text = text[n:]
		return d
	}
	whole = strings.TrimLeft(digits(), "0")
	if strings.HasPrefix(text, ".") {
		text = text[1:]
		fraction = strings.TrimRight(digits(), "0")
	}
	if whole == "" && fraction == "" {
		sign = 0
	}
	return sign, whole, fraction
}

func leadingFloat(text string) float64 {
	text = strings.TrimSpace(text)
	for n := len(text); n > 0; n-- {
		if f, err := strconv.ParseFloat(text[:n], 64); err == nil {
			return f
		}
	}
	return -1e308
}

func compareFloats(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// compareHuman orders by sign, unit, then number, as sort -h does.
func compareHuman(a, b string) int {
	unit := func(text string) int {
		text = strings.TrimLeft(strings.TrimLeft(text, " \t-"), "0123456789.")
		if text == "" {
			return 0
		}
		return strings.IndexByte("KMGTPEZY", strings.ToUpper(text[:1])[0]) + 1
	}
	signA, _, _ := leadingNumber(a)
	signB, _, _ := leadingNumber(b)
	if signA != signB {
		return signA - signB
	}
	if order := unit(a) - unit(b); order != 0 {
		return order * max(signA, -1)
	}
	return compareNumbers(a, b)
}

func month(text string) int {
	text = strings.ToUpper(strings.TrimLeft(text, " \t"))
	if len(text) < 3 {
		return 0
	}
	at := strings.Index("JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC", text[:3])
	if at < 0 || at%3 != 0 {
		return 0
	}
	return at/3 + 1
}

// compareVersions is Debian's order, which sort -V and ls -v use: runs of
// digits count as numbers, letters come before other characters, ~ before all.
func compareVersions(a, b string) int {
	if a == b {
		return 0
	}
	baseA, baseB := withoutSuffix(a), withoutSuffix(b)
	if baseA == baseB {
		baseA, baseB = a, b
	}
	if order := compareVersionText(baseA, baseB); order != 0 {
		return order
	}
	if order := compareVersionText(a, b); order != 0 {
		return order
	}
	return strings.Compare(a, b)
}

// withoutSuffix drops file extensions such as .tar.gz.
func withoutSuffix(text string) string {
	end := len(text)
	for {
		dot := strings.LastIndexByte(text[:end], '.')
		if dot <= 0 || dot+1 == end {
			return text[:end]
		}
		suffix := text[dot+1 : end]
		if c := suffix[0] | 32; c < 'a' || c > 'z' || strings.Trim(strings.ToLower(suffix), "abcdefghijklmnopqrstuvwxyz0123456789~") != "" {
			return text[:end]
		}
		end = dot
	}
}

func compareVersionText(a, b string) int {
	weight := func(s string) int {
		switch {
		case s == "" || s[0] >= '0' && s[0] <= '9':
			return 0
		case s[0] == '~':
			return -1
		case s[0]|32 >= 'a' && s[0]|32 <= 'z':
			return int(s[0])
		}
		return int(s[0]) + 256
	}
	isDigit := func(s string) bool { return s != "" && s[0] >= '0' && s[0] <= '9' }
	for a != "" || b != "" {
		for a != "" && !isDigit(a) || b != "" && !isDigit(b) {
			if x, y := weight(a), weight(b); x != y {
				return x - y
			}
			if a != "" {
				a = a[1:]
			}
			if b != "" {
				b = b[1:]
			}
		}
		digits := func(s string) (run, rest string) {
			n := len(s) - len(strings.TrimLeft(s, "0123456789"))
			return strings.TrimLeft(s[:n], "0"), s[n:]
		}
		var x, y string
		x, a = digits(a)
		y, b = digits(b)
		if len(x) != len(y) {
			return len(x) - len(y)
		}
		if order := strings.Compare(x, y); order != 0 {
			return order
		}
	}
	return 0
}
