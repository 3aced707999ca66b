package applets

import (
	"strconv"
	"strings"
)

func itoa(n int) string { return strconv.Itoa(n) }

func padLeft(text string, width int) string {
	return strings.Repeat(" ", max(0, width-len(text))) + text
}

func padRight(text string, width int) string {
	return text + strings.Repeat(" ", max(0, width-len(text)))
}

func atoi(text string) int {
	n, _ := strconv.Atoi(text)
	return n
}
