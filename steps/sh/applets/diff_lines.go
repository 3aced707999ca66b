package applets

import (
	"strings"
)

// hunk is a run of lines that differ: a[fromA:toA] became b[fromB:toB].
type hunk struct{ fromA, toA, fromB, toB int }

// splitKeep splits after every newline.
func splitKeep(data []byte) []string {
	lines := strings.SplitAfter(string(data), "\n")
	if lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	return lines
}

// compareSequences is Myers' algorithm; changes are slid down as GNU diff does.
func compareSequences(a, b []int) []hunk {
	start := 0
	for start < len(a) && start < len(b) && a[start] == b[start] {
		start++
	}
	endA, endB := len(a), len(b)
	for endA > start && endB > start && a[endA-1] == b[endB-1] {
		endA, endB = endA-1, endB-1
	}
	changedA, changedB := make([]bool, len(a)+1), make([]bool, len(b)+1)
	markChanges(a[start:endA], b[start:endB], changedA[start:], changedB[start:])
	slide(a, changedA, changedB)
	slide(b, changedB, changedA)
	var list []hunk
	for i, j := 0, 0; i < len(a) || j < len(b); {
		if !changedA[i] && !changedB[j] {
			i, j = i+1, j+1
			continue
		}
		h := hunk{i, i, j, j}
		for h.toA < len(a) && changedA[h.toA] {
			h.toA++
		}
		for h.toB < len(b) && changedB[h.toB] {
			h.toB++
		}
		list = append(list, h)
		i, j = h.toA, h.toB
	}
	return list
}

func markChanges(a, b []int, changedA, changedB []bool) {
	limit := len(a) + len(b)
	v := make([]int, 2*limit+2)
	var trace [][]int
	for d := 0; d <= limit; d++ {
		trace = append(trace, append([]int{}, v[limit-d:limit+d+2]...))
		for k := -d; k <= d; k += 2 {
			var x int
			if k == -d || k != d && v[limit+k-1] < v[limit+k+1] {
				x = v[limit+k+1]
			} else {
				x = v[limit+k-1] + 1
			}
			y := x - k
			for x < len(a) && y < len(b) && a[x] == b[y] {
				x, y = x+1, y+1
			}
			v[limit+k] = x
			if x >= len(a) && y >= len(b) {
				backtrack(trace, len(a), len(b), changedA, changedB)
				return
			}
		}
	}
}

func backtrack(trace [][]int, x, y int, changedA, changedB []bool) {
	for d := len(trace) - 1; d > 0; d-- {
		v := func(k int) int { return trace[d][k+d] }
		k := x - y
		previous := k - 1
		if k == -d || k != d && v(k-1) < v(k+1) {
			previous = k + 1
		}
		fromX := v(previous)
		fromY := fromX - previous
		for x > fromX && y > fromY {
			x, y = x-1, y-1
		}
		if previous == k+1 {
			changedB[fromY] = true
		} else {
			changedA[fromX] = true
		}
		x, y = fromX, fromY
	}
}

// slide moves a run of changed lines down while the line after it equals its
// first one, and joins it with the next run if they meet.
func slide(lines []int, changed, other []bool) {
	j := 0
	for i := 0; i < len(lines); {
		if !changed[i] {
			for j < len(other)-1 && other[j] {
				j++
			}
			i, j = i+1, j+1
			continue
		}
		start := i
		for i < len(lines) && changed[i] {
			i++
		}
		for i < len(lines) && lines[start] == lines[i] && !(j < len(other)-1 && other[j]) {
			changed[start], changed[i] = false, true
			start, i, j = start+1, i+1, j+1
			for i < len(lines) && changed[i] {
				i++
			}
		}
	}
}
