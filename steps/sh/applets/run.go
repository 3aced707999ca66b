package applets

import (
	"context"
	"io"
	"time"
)

// runIn runs another command; what was printed before goes out first.
func (c *Context) runIn(dir string, env []string, stdin io.Reader, args []string) int {
	c.Flush()
	if c.Run == nil {
		c.Errorf("%s: cannot run a command here", args[0])
		return 127
	}
	call := &Context{
		Context: c.Context, Args: args, Dir: dir, Env: env, Where: c.Args[0],
		Stdin: stdin, Stdout: c.Stdout, Stderr: c.Stderr, Descriptor: c.Descriptor,
	}
	if dir != c.Dir {
		call.Env = append(without(env, "PWD"), "PWD="+dir)
	}
	return c.Run(call)
}

func (c *Context) runArgs(args ...string) int { return c.runIn(c.Dir, c.Env, c.Stdin, args) }

func timeout(c *Context) int {
	o, ok := c.parse("+ k,kill-after: s,signal: preserve-status foreground v,verbose")
	if !ok || len(o.args) < 2 {
		return 125
	}
	limit, ok := parseDuration(o.args[0])
	if !ok {
		c.Errorf("invalid time interval '%s'", o.args[0])
		return 125
	}
	if limit == 0 {
		return c.runArgs(o.args[1:]...)
	}
	ctx, cancel := context.WithTimeout(c.Context, limit)
	defer cancel()
	call := *c
	call.Context = ctx
	done := make(chan int, 1)
	go func() { done <- call.runArgs(o.args[1:]...) }()
	select {
	case code := <-done:
		if ctx.Err() == nil || code == 0 {
			return code
		}
	case <-ctx.Done():
		select {
		case <-done:
		case <-time.After(50 * time.Millisecond): // it waits for input that never comes
		}
	}
	if o.has("preserve-status") {
		return 128 + 15
	}
	return 124
}

// wrapper runs its operands as they are: nice, nohup, stdbuf and the like.
func wrapper(c *Context) int {
	o, ok := c.parse("+ n,adjustment: i,input: o,output: e,error: p")
	if !ok {
		return 125
	}
	if len(o.args) == 0 {
		return 0
	}
	return c.runArgs(o.args...)
}
