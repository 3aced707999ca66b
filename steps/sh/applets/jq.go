package applets

import (
	"errors"
	"io"

	"github.com/itchyny/gojq"
)

// jqRun is one call of jq.
type jqRun struct {
	c         *Context
	names     []string // $variables
	values    []any
	named     map[string]any
	args      []any // positional
	filter    string
	hasFilter bool
	files     []string

	raw, join, compact, null, slurp, rawInput, status, ascii, zero, sequence bool
	indent                                                                   string
	keys                                                                     *keyOrder
}

func jq(c *Context) int {
	j := &jqRun{c: c, indent: "  ", named: map[string]any{}, keys: newKeyOrder()}
	if code := j.options(c.Args[1:]); code != 0 {
		return code
	}
	if !j.hasFilter {
		c.Errorf("error: no filter given")
		return 2
	}
	if err := gojq.LoadBuiltins(); err != nil {
		c.Errorf("error: %v", err)
		return 5
	}
	query, err := gojq.Parse(j.filter)
	if err != nil {
		c.Errorf("error: %v (compile error)", err)
		return 3
	}
	j.keys.learnFilter(query)
	j.variable("ARGS", map[string]any{"named": j.named, "positional": j.args})
	inputs, err := j.inputs()
	if err != nil {
		c.Errorf("error: %v", err)
		return 2
	}
	code, err := gojq.Compile(query, gojq.WithVariables(j.names), gojq.WithInputIter(inputs),
		gojq.WithEnvironLoader(func() []string { return c.Env }),
		gojq.WithFunction("input_filename", 0, 0, func(any, []any) any { return nil }))
	if err != nil {
		c.Errorf("error: %v (compile error)", err)
		return 3
	}
	return j.run(code, inputs)
}

func (j *jqRun) variable(name string, value any) {
	j.names = append(j.names, "$"+name)
	j.values = append(j.values, value)
}

func (j *jqRun) run(code *gojq.Code, inputs *jqInputs) int {
	exit := 0
	last, hasOutput := any(nil), false
	for first := true; ; first = false {
		var input any
		if j.null {
			if !first {
				break
			}
		} else {
			value, ok := inputs.Next()
			if !ok {
				break
			}
			if err, isErr := value.(error); isErr {
				j.c.Errorf("error (at <stdin>:0): %v", err)
				return 2
			}
			input = value
		}
		results := code.RunWithContext(j.c.Context, input, j.values...)
		for {
			value, ok := results.Next()
			if !ok {
				break
			}
			if err, isErr := value.(error); isErr {
				var halt *gojq.HaltError
				if errors.As(err, &halt) {
					return j.halt(halt)
				}
				j.c.Errorf("error (at <stdin>:0): %v", err)
				exit = 5
				break
			}
			j.print(value)
			last, hasOutput = value, true
		}
	}
	if j.status && exit == 0 {
		switch {
		case !hasOutput:
			return 4
		case last == nil || last == false:
			return 1
		}
	}
	return exit
}

func (j *jqRun) halt(halt *gojq.HaltError) int {
	if value := halt.Value(); value != nil {
		j.c.Flush()
		if text, ok := value.(string); ok {
			io.WriteString(j.c.Stderr, text)
		} else if data, err := gojq.Marshal(value); err == nil {
			j.c.Stderr.Write(append(data, '\n'))
		}
	}
	return halt.ExitCode()
}
