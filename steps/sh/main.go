// Command sh is the shell that runs every `run:` script: a bash-compatible
// interpreter and the usual command line tools in one WebAssembly module.
package main

import (
	"os"

	"wasi-runner/steps/sh/shell"
)

func main() {
	os.Exit(shell.Main(os.Args))
}
