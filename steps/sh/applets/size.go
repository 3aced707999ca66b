package applets

import (
	"strconv"
	"strings"
)

// parseSize reads a count with an optional suffix: K, M, G (1024), kB, MB (1000), b (512).
func parseSize(text string) (int64, bool) {
	digits := len(text) - len(strings.TrimLeft(text, "0123456789"))
	n, err := strconv.ParseInt(text[:digits], 10, 64)
	if digits == 0 && text != "" {
		n, err = 1, nil
	}
	if err != nil {
		return 0, false
	}
	switch suffix := text[digits:]; suffix {
	case "", "c":
		return n, true
	case "w":
		return n * 2, true
	case "b":
		return n * 512, true
	default:
		power := strings.IndexByte("KMGTP", strings.ToUpper(suffix)[0]) + 1
		base := int64(1024)
		switch suffix[1:] {
		case "", "iB":
		case "B":
			base = 1000
		default:
			return 0, false
		}
		if power == 0 {
			return 0, false
		}
		for range power {
			n *= base
		}
		return n, true
	}
}

// humanSize is the format of `ls -h` and `du -h`.
func humanSize(n int64) string {
	if n < 1024 {
		return strconv.FormatInt(n, 10)
	}
	value, unit := float64(n), 0
	for value >= 1024 && unit < 5 {
		value /= 1024
		unit++
	}
	letter := string("BKMGTP"[unit])
	if value < 10 {
		tenths := int64(value * 10)
		if float64(tenths) < value*10 {
			tenths++
		}
		if tenths < 100 {
			return strconv.FormatInt(tenths/10, 10) + "." + strconv.FormatInt(tenths%10, 10) + letter
		}
		return "10" + letter
	}
	whole := int64(value)
	if float64(whole) < value {
		whole++
	}
	return strconv.FormatInt(whole, 10) + letter
}
