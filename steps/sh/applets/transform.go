package applets

import (
	"bytes"

	"wasi-runner/steps/sh/sed"
)

// substitution makes a function of a sed `s` command, for tar --transform.
func substitution(command string) (func(string) string, error) {
	script, err := sed.Parse(command, false, false)
	if err != nil {
		return nil, err
	}
	return func(name string) string {
		var out bytes.Buffer
		if _, _, err := sed.New(script, sed.Options{Delim: '\n'}).Run(&oneLine{text: name}, &out); err != nil {
			return name
		}
		return out.String()
	}, nil
}

// oneLine is an input of a single line.
type oneLine struct {
	text string
	done bool
}

func (l *oneLine) Next() (line []byte, ended, ok bool) {
	ok, l.done = !l.done, true
	return []byte(l.text), false, ok
}

func (l *oneLine) IsLast() bool { return l.done }

func (l *oneLine) File() string { return "-" }
