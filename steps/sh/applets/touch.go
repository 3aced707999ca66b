package applets

import (
	"errors"
	"io/fs"
	"os"
	"strings"
	"time"
)

func touch(c *Context) int {
	o, ok := c.parse("a m c,no-create r,reference: d,date: t: h,no-dereference time:")
	if !ok {
		return 1
	}
	when, err := c.touchTime(o)
	if err != nil {
		c.Errorf("%v", err)
		return 1
	}
	code := 0
	for _, name := range o.args {
		path := c.Path(name)
		_, err := os.Stat(path)
		if errors.Is(err, fs.ErrNotExist) {
			if o.has("c") {
				continue
			}
			var f *os.File
			if f, err = os.OpenFile(path, os.O_CREATE|os.O_WRONLY, 0o666); err == nil {
				f.Close()
			}
		}
		if err == nil {
			err = os.Chtimes(path, when, when)
		}
		if err != nil {
			c.Errorf("cannot touch '%s': %s", name, reason(err))
			code = 1
		}
	}
	return code
}

func (c *Context) touchTime(o *options) (time.Time, error) {
	if name, ok := o.get("r"); ok {
		info, err := os.Stat(c.Path(name))
		if err != nil {
			return time.Time{}, errors.New("failed to get attributes of '" + name + "': " + reason(err))
		}
		return info.ModTime(), nil
	}
	if text, ok := o.get("d"); ok {
		return parseDate(text, time.Now().In(c.location()))
	}
	if stamp, ok := o.get("t"); ok {
		layout := "200601021504"
		if strings.Contains(stamp, ".") {
			layout += ".05"
		}
		if len(strings.Split(stamp, ".")[0]) == 10 {
			layout = layout[2:]
		}
		when, err := time.ParseInLocation(layout, stamp, c.location())
		if err != nil {
			return when, errors.New("invalid date format '" + stamp + "'")
		}
		return when, nil
	}
	return time.Now(), nil
}

func truncate(c *Context) int {
	o, ok := c.parse("s,size: c,no-create r,reference: o,io-blocks")
	if !ok {
		return 1
	}
	text := o.value("s", "")
	if name, ok := o.get("r"); ok {
		info, err := os.Stat(c.Path(name))
		if err != nil {
			return c.Fail(name, err)
		}
		text = itoa(int(info.Size()))
	}
	sign := byte(0)
	if text != "" && strings.IndexByte("+-<>/%", text[0]) >= 0 {
		sign, text = text[0], text[1:]
	}
	size, ok := parseSize(text)
	if !ok || text == "" {
		c.Errorf("you must specify either '--size' or '--reference'")
		return 1
	}
	code := 0
	for _, name := range o.args {
		if err := truncateOne(c.Path(name), sign, size, o.has("c")); err != nil {
			code = c.Fail(name, err)
		}
	}
	return code
}

func truncateOne(path string, sign byte, size int64, noCreate bool) error {
	flags := os.O_RDWR | os.O_CREATE
	if noCreate {
		flags = os.O_RDWR
	}
	f, err := os.OpenFile(path, flags, 0o666)
	if err != nil {
		if noCreate && errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	switch sign {
	case '+':
		size += info.Size()
	case '-':
		size = max(0, info.Size()-size)
	case '<':
		size = min(size, info.Size())
	case '>':
		size = max(size, info.Size())
	}
	return f.Truncate(size)
}
