// Counts the bytes, lines and words of a file.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
)

type counts struct {
	Bytes int `json:"bytes"`
	Lines int `json:"lines"`
	Words int `json:"words"`
}

func main() {
	if err := run(os.Args[1], os.Getenv("RUNNER_RESULT")); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(file, result string) error {
	content, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	value, err := json.Marshal(counts{
		len(content), bytes.Count(content, []byte("\n")), len(bytes.Fields(content)),
	})
	if err != nil {
		return err
	}
	return os.WriteFile(result, value, 0o600)
}
