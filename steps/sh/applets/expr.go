package applets

import (
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"

	"wasi-runner/steps/sh/regex"
)

var errExprSyntax = errors.New("syntax error")

// exprParser evaluates while it parses, by rising precedence.
type exprParser struct{ args []string }

func expr(c *Context) int {
	args := c.Args[1:]
	if len(args) > 0 && args[0] == "--" {
		args = args[1:]
	}
	if len(args) == 0 {
		c.Errorf("missing operand")
		return 2
	}
	p := &exprParser{args}
	value, err := p.or()
	if err == nil && len(p.args) > 0 {
		err = errors.New("syntax error: unexpected argument '" + p.args[0] + "'")
	}
	if err != nil {
		c.Errorf("%v", err)
		return 2
	}
	c.Puts(value + "\n")
	if isNull(value) {
		return 1
	}
	return 0
}

func isNull(value string) bool {
	if value == "" {
		return true
	}
	return strings.Trim(strings.TrimPrefix(value, "-"), "0") == "" && value != "-"
}

func (p *exprParser) take(operators ...string) string {
	if len(p.args) > 0 {
		for _, op := range operators {
			if p.args[0] == op {
				p.args = p.args[1:]
				return op
			}
		}
	}
	return ""
}

func (p *exprParser) or() (string, error) {
	left, err := p.and()
	for err == nil && p.take("|") != "" {
		var right string
		if right, err = p.and(); isNull(left) {
			if left = right; isNull(right) {
				left = "0"
			}
		}
	}
	return left, err
}

func (p *exprParser) and() (string, error) {
	left, err := p.comparison()
	for err == nil && p.take("&") != "" {
		var right string
		if right, err = p.comparison(); isNull(left) || isNull(right) {
			left = "0"
		}
	}
	return left, err
}

func (p *exprParser) comparison() (string, error) {
	left, err := p.sum()
	for err == nil {
		op := p.take("<", "<=", "=", "==", "!=", ">=", ">")
		if op == "" {
			break
		}
		var right string
		right, err = p.sum()
		order := strings.Compare(left, right)
		if a, e1 := strconv.ParseInt(left, 10, 64); e1 == nil {
			if b, e2 := strconv.ParseInt(right, 10, 64); e2 == nil {
				order = 0
				if a < b {
					order = -1
				} else if a > b {
					order = 1
				}
			}
		}
		truth := map[string]bool{"<": order < 0, "<=": order <= 0, "=": order == 0, "==": order == 0, "!=": order != 0, ">=": order >= 0, ">": order > 0}[op]
		left = "0"
		if truth {
			left = "1"
		}
	}
	return left, err
}

func arithmetic(op, left, right string) (string, error) {
	a, err1 := strconv.ParseInt(left, 10, 64)
	b, err2 := strconv.ParseInt(right, 10, 64)
	if err1 != nil || err2 != nil {
		return "", errors.New("non-integer argument")
	}
	if (op == "/" || op == "%") && b == 0 {
		return "", errors.New("division by zero")
	}
	switch op {
	case "+":
		a += b
	case "-":
		a -= b
	case "*":
		a *= b
	case "/":
		a /= b
	default:
		a %= b
	}
	return strconv.FormatInt(a, 10), nil
}

func (p *exprParser) sum() (string, error) {
	left, err := p.product()
	for err == nil {
		op := p.take("+", "-")
		if op == "" {
			break
		}
		var right string
		if right, err = p.product(); err == nil {
			left, err = arithmetic(op, left, right)
		}
	}
	return left, err
}

func (p *exprParser) product() (string, error) {
	left, err := p.match()
	for err == nil {
		op := p.take("*", "/", "%")
		if op == "" {
			break
		}
		var right string
		if right, err = p.match(); err == nil {
			left, err = arithmetic(op, left, right)
		}
	}
	return left, err
}

func (p *exprParser) match() (string, error) {
	left, err := p.primary()
	for err == nil && p.take(":") != "" {
		var right string
		if right, err = p.primary(); err == nil {
			left, err = matchStart(left, right)
		}
	}
	return left, err
}

func matchStart(text, pattern string) (string, error) {
	re, err := regex.Compile("^"+strings.TrimPrefix(pattern, "^"), regex.Options{})
	if err != nil {
		return "", err
	}
	loc := re.Find([]byte(text), 0)
	switch {
	case re.Groups() > 0 && (loc == nil || loc[2] < 0):
		return "", nil
	case re.Groups() > 0:
		return text[loc[2]:loc[3]], nil
	case loc == nil:
		return "0", nil
	}
	return itoa(utf8.RuneCountInString(text[:loc[1]])), nil
}

func (p *exprParser) primary() (string, error) {
	if len(p.args) == 0 {
		return "", errors.New("syntax error: missing argument")
	}
	word := p.args[0]
	p.args = p.args[1:]
	operand := func() string {
		if len(p.args) == 0 {
			return ""
		}
		value, _ := p.primary()
		return value
	}
	switch word {
	case "(":
		value, err := p.or()
		if err == nil && p.take(")") == "" {
			err = errors.New("syntax error: expecting ')'")
		}
		return value, err
	case ")":
		return "", errExprSyntax
	case "+":
		if len(p.args) > 0 {
			word, p.args = p.args[0], p.args[1:]
		}
	case "length":
		if len(p.args) > 0 {
			return itoa(utf8.RuneCountInString(operand())), nil
		}
	case "match":
		if len(p.args) > 1 {
			text := operand()
			return matchStart(text, operand())
		}
	case "index":
		if len(p.args) > 1 {
			text := operand()
			at := strings.IndexAny(text, operand())
			if at < 0 {
				return "0", nil
			}
			return itoa(utf8.RuneCountInString(text[:at]) + 1), nil
		}
	case "substr":
		if len(p.args) > 2 {
			text := []rune(operand())
			from, length := atoi(operand()), atoi(operand())
			if from < 1 || length < 1 || from > len(text) {
				return "", nil
			}
			return string(text[from-1 : min(len(text), from-1+length)]), nil
		}
	}
	return word, nil
}
