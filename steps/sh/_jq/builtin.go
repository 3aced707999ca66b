// Takes the place of the generated builtin.go, whose 300 kB of code build the
// definitions at every start: these are parsed when a jq filter is compiled.

package gojq

import (
	_ "embed"
	"sync"
)

//go:embed builtin.jq
var builtinSource string

// LoadBuiltins must run before the first Compile.
var LoadBuiltins = sync.OnceValue(func() error {
	loadInternals()
	query, err := Parse(builtinSource)
	if err != nil {
		return err
	}
	builtinFuncDefs = map[string][]*FuncDef{"_assign": nil, "_modify": nil, "_last": nil}
	for _, definition := range query.FuncDefs {
		builtinFuncDefs[definition.Name] = append(builtinFuncDefs[definition.Name], definition)
	}
	return nil
})
