package applets

import (
	"io"
	"os"
	"strings"
	"time"

	"wasi-runner/steps/sh/clock"
)

func parseDate(text string, now time.Time) (time.Time, error) { return clock.Parse(text, now) }

func formatDate(when time.Time, layout string) string { return clock.Format(when, layout) }

// location reads TZ. The sandbox has no zone database: UTC and POSIX strings
// such as `EST5` or `<+02>-2` are known, all else is UTC.
func (c *Context) location() *time.Location {
	tz := strings.TrimPrefix(c.Getenv("TZ"), ":")
	at := strings.IndexAny(tz, "+-0123456789")
	if strings.HasPrefix(tz, "<") {
		at = strings.IndexByte(tz, '>') + 1
	}
	if at < 3 || at >= len(tz) {
		return time.UTC
	}
	name, offset := strings.Trim(tz[:at], "<>"), tz[at:]
	sign := -1
	if offset[0] == '-' {
		sign = 1
	}
	hours, minutes, _ := strings.Cut(strings.TrimLeft(offset, "+-"), ":")
	if strings.Trim(hours, "0123456789") != "" {
		return time.UTC
	}
	return time.FixedZone(name, sign*(atoi(hours)*3600+atoi(minutes)*60))
}

func date(c *Context) int {
	o, ok := c.parse("d,date: u,utc universal I,iso-8601? R,rfc-email rfc-2822 rfc-3339: r,reference: f,file: s,set: debug")
	if !ok {
		return 1
	}
	zone := c.location()
	if o.has("u") || o.has("universal") {
		zone = time.UTC
	}
	if o.has("s") {
		c.Errorf("cannot set date: Operation not permitted")
		return 1
	}
	layout := dateLayout(o)
	for _, arg := range o.args {
		if !strings.HasPrefix(arg, "+") {
			c.Errorf("invalid date '%s'", arg)
			return 1
		}
		layout = arg[1:]
	}
	if name, ok := o.get("f"); ok {
		return c.eachInput([]string{name}, func(_ string, r io.Reader) error {
			lines, err := readLines(r, '\n')
			for _, line := range lines {
				if when, e := clock.Parse(line, time.Now().In(zone)); e == nil {
					c.Puts(clock.Format(when, layout) + "\n")
				}
			}
			return err
		})
	}
	when := time.Now().In(zone)
	if text, ok := o.get("d"); ok {
		var err error
		if when, err = clock.Parse(text, when); err != nil {
			c.Errorf("%v", err)
			return 1
		}
	} else if name, ok := o.get("r"); ok {
		info, err := os.Stat(c.Path(name))
		if err != nil {
			return c.Fail(name, err)
		}
		when = info.ModTime().In(zone)
	}
	c.Puts(clock.Format(when, layout) + "\n")
	return 0
}

func dateLayout(o *options) string {
	if precision, ok := o.get("I"); ok {
		switch precision {
		case "h", "hours":
			return "%Y-%m-%dT%H%:z"
		case "m", "minutes":
			return "%Y-%m-%dT%H:%M%:z"
		case "s", "seconds":
			return "%Y-%m-%dT%H:%M:%S%:z"
		case "ns":
			return "%Y-%m-%dT%H:%M:%S,%N%:z"
		}
		return "%Y-%m-%d"
	}
	if o.has("R") || o.has("rfc-2822") {
		return "%a, %d %b %Y %H:%M:%S %z"
	}
	switch o.value("rfc-3339", "") {
	case "date":
		return "%Y-%m-%d"
	case "seconds":
		return "%Y-%m-%d %H:%M:%S%:z"
	case "ns":
		return "%Y-%m-%d %H:%M:%S.%N%:z"
	}
	return "%a %b %e %H:%M:%S %Z %Y"
}
