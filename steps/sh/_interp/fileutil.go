// Takes the place of fileutil/file.go, of which the printer alone asks for one
// thing here, and whose regular expressions cost 0.4 ms at every start.

package fileutil

// Shebang is empty: printed functions have no `#!` line.
func Shebang([]byte) string { return "" }
