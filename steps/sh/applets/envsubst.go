package applets

import (
	"io"
	"strings"
)

// envsubst replaces $NAME and ${NAME} by the environment's values.
func envsubst(c *Context) int {
	data, err := io.ReadAll(c.Stdin)
	if err != nil {
		return c.Fail("-", err)
	}
	allowed := ""
	if len(c.Args) > 1 {
		allowed = c.Args[1]
	}
	c.Puts(substituteEnv(string(data), func(name, original string) string {
		if allowed != "" && !strings.Contains(allowed, "$"+name) && !strings.Contains(allowed, "${"+name+"}") {
			return original
		}
		return c.Getenv(name)
	}))
	return 0
}

func substituteEnv(text string, value func(name, original string) string) string {
	var sb strings.Builder
	for i := 0; i < len(text); {
		if text[i] != '$' {
			sb.WriteByte(text[i])
			i++
			continue
		}
		j := i + 1
		braced := j < len(text) && text[j] == '{'
		if braced {
			j++
		}
		start := j
		for j < len(text) && (text[j] == '_' || text[j]|32 >= 'a' && text[j]|32 <= 'z' || j > start && text[j] >= '0' && text[j] <= '9') {
			j++
		}
		name := text[start:j]
		if name == "" || braced && (j == len(text) || text[j] != '}') {
			sb.WriteByte('$')
			i++
			continue
		}
		if braced {
			j++
		}
		sb.WriteString(value(name, text[i:j]))
		i = j
	}
	return sb.String()
}
