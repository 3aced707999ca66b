// Arithmetic on array elements and on variables that hold expressions.

package expand

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"mvdan.cc/sh/v3/internal"
	"mvdan.cc/sh/v3/syntax"
)

// arithmText evaluates text that an expansion gave, such as `1 + 2`.
func (cfg *Config) arithmText(text string) (int, error) {
	trimmed := strings.TrimSpace(text)
	if trimmed == "" || syntax.ValidName(trimmed) || isArithmNumber(trimmed) {
		return int(atoi(trimmed)), nil
	}
	expr, err := syntax.NewParser().Arithmetic(strings.NewReader(trimmed))
	if err != nil {
		return 0, fmt.Errorf("%s: syntax error in expression", trimmed)
	}
	if word, ok := expr.(*syntax.Word); ok && word.Lit() != "" {
		return 0, fmt.Errorf("%s: syntax error: operand expected", trimmed)
	}
	return Arithm(cfg, expr)
}

func isArithmNumber(text string) bool {
	digits := strings.TrimLeft(text, "+-")
	return digits != "" && digits[0] >= '0' && digits[0] <= '9' && strings.Trim(digits, "0123456789abcdefABCDEFxX") == "" || strings.Contains(digits, "#") && !strings.ContainsAny(digits, " +*/()")
}

// arithmTarget is what an assignment within `((…))` changes.
type arithmTarget struct {
	get func() int64
	set func(int64) error
}

func (cfg *Config) arithmTarget(expr syntax.ArithmExpr) (arithmTarget, error) {
	word, ok := expr.(*syntax.Word)
	if !ok {
		return arithmTarget{}, fmt.Errorf("attempted assignment to non-variable")
	}
	if name := word.Lit(); name != "" {
		return arithmTarget{
			get: func() int64 { n, _ := cfg.arithmText(cfg.envGet(name)); return int64(n) },
			set: func(n int64) error { return cfg.envSet(name, strconv.FormatInt(n, 10)) },
		}, nil
	}
	pe, ok := word.Parts[0].(*syntax.ParamExp)
	if !ok || len(word.Parts) != 1 || pe.Param == nil {
		return arithmTarget{}, fmt.Errorf("attempted assignment to non-variable")
	}
	name := pe.Param.Value
	if pe.Index == nil {
		name = cfg.envGet(name) // `(( $x = 1 ))`
		return arithmTarget{
			get: func() int64 { return atoi(cfg.envGet(name)) },
			set: func(n int64) error { return cfg.envSet(name, strconv.FormatInt(n, 10)) },
		}, nil
	}
	return cfg.elementTarget(name, pe.Index)
}

func (cfg *Config) elementTarget(name string, index syntax.ArithmExpr) (arithmTarget, error) {
	vr := cfg.Env.Get(name)
	if n, v := vr.Resolve(cfg.Env); n != "" {
		name, vr = n, v
	}
	env, ok := cfg.Env.(WriteEnviron)
	if !ok {
		return arithmTarget{}, fmt.Errorf("environment is read-only")
	}
	if vr.Kind == Associative {
		word, ok := index.(*syntax.Word)
		if !ok {
			return arithmTarget{}, fmt.Errorf("%s: bad array subscript", name)
		}
		key, err := Literal(cfg, word)
		return arithmTarget{
			get: func() int64 { return atoi(vr.Map[key]) },
			set: func(n int64) error {
				vr.Map = maps.Clone(vr.Map)
				if vr.Map == nil {
					vr.Map = map[string]string{}
				}
				vr.Map[key], vr.Set = strconv.FormatInt(n, 10), true
				return env.Set(name, vr)
			},
		}, err
	}
	k, err := Arithm(cfg, index)
	if err != nil {
		return arithmTarget{}, err
	}
	if vr.Kind == String {
		vr.List = []string{vr.Str}
	}
	if k < 0 {
		k += internal.IndexedMax(vr.List, vr.Indexes) + 1
	}
	return arithmTarget{
		get: func() int64 {
			at := k
			if vr.Indexes != nil {
				at = slices.Index(vr.Indexes, k)
			}
			if at < 0 || at >= len(vr.List) {
				return 0
			}
			return atoi(vr.List[at])
		},
		set: func(n int64) error {
			vr.List, vr.Indexes = internal.SetIndexedElem(slices.Clone(vr.List), slices.Clone(vr.Indexes), k, strconv.FormatInt(n, 10))
			vr.Set, vr.Kind = true, Indexed
			return env.Set(name, vr)
		},
	}, nil
}
