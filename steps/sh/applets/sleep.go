package applets

import (
	"strconv"
	"time"
)

func sleep(c *Context) int {
	total := time.Duration(0)
	for _, arg := range c.Args[1:] {
		d, ok := parseDuration(arg)
		if !ok {
			c.Errorf("invalid time interval '%s'", arg)
			return 1
		}
		total += d
	}
	if len(c.Args) == 1 {
		c.Errorf("missing operand")
		return 1
	}
	select {
	case <-time.After(total):
		return 0
	case <-c.Done():
		return 128 + 15
	}
}

// parseDuration reads a number with an optional s, m, h or d.
func parseDuration(text string) (time.Duration, bool) {
	unit := time.Second
	if n := len(text); n > 0 {
		switch text[n-1] {
		case 's':
			text = text[:n-1]
		case 'm':
			unit, text = time.Minute, text[:n-1]
		case 'h':
			unit, text = time.Hour, text[:n-1]
		case 'd':
			unit, text = 24*time.Hour, text[:n-1]
		}
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || f < 0 {
		return 0, false
	}
	return time.Duration(f * float64(unit)), true
}
