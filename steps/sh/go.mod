module wasi-runner/steps/sh

go 1.26.0

require (
	github.com/benhoyt/goawk v1.31.0
	github.com/itchyny/gojq v0.12.20
	mvdan.cc/sh/v3 v3.14.1
)

require (
	github.com/itchyny/timefmt-go v0.1.9 // indirect
	golang.org/x/sys v0.47.0 // indirect
	golang.org/x/term v0.45.0 // indirect
)
