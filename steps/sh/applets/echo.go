package applets

import (
	"strings"

	"wasi-runner/steps/sh/printf"
)

// The shell has its own echo, printf, test, true and false; these serve
// `xargs`, `find -exec` and `env`.

func echo(c *Context) int {
	args := c.Args[1:]
	newline, escapes := true, false
	for len(args) > 0 && len(args[0]) > 1 && args[0][0] == '-' && strings.Trim(args[0][1:], "neE") == "" {
		newline = newline && !strings.Contains(args[0], "n")
		escapes = strings.Contains(args[0], "e")
		args = args[1:]
	}
	text := strings.Join(args, " ")
	if escapes {
		var stop bool
		if text, stop = printf.Unescape(text); stop {
			newline = false
		}
	}
	c.Puts(text)
	if newline {
		c.Puts("\n")
	}
	return 0
}

func printfApplet(c *Context) int {
	if len(c.Args) < 2 {
		c.Errorf("missing operand")
		return 1
	}
	text, code, errs := printf.Format(c.Args[1], c.Args[2:])
	c.Puts(text)
	for _, err := range errs {
		c.Errorf("%s", err)
	}
	if code == printf.Stop {
		return 0
	}
	return int(code)
}

// shellWord hands a command that only the shell knows back to it.
func shellWord(c *Context) int {
	return c.runArgs(append([]string{"bash", "-c", `"$0" "$@"`}, c.Args...)...)
}

func yes(c *Context) int {
	text := "y"
	if len(c.Args) > 1 {
		text = strings.Join(c.Args[1:], " ")
	}
	for c.Err() == nil {
		c.Puts(text + "\n")
	}
	return 128 + 15
}

func unescapeText(text string) string {
	out, _ := printf.Unescape(text)
	return out
}
