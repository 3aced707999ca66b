package applets

import (
	"io/fs"
	"os"
	"strings"
)

func stat(c *Context) int {
	o, ok := c.parse("c,format: printf: L,dereference f,file-system t,terse")
	if !ok {
		return 1
	}
	code := 0
	for _, name := range o.args {
		path := c.Path(name)
		info, err := os.Lstat(path)
		if err == nil && o.has("L") {
			info, err = os.Stat(path)
		}
		if err != nil {
			c.Errorf("cannot statx '%s': %s", name, reason(err))
			code = 1
			continue
		}
		layout, ok := o.get("c")
		switch {
		case ok:
			layout += "\n"
		case o.has("printf"):
			layout = unescapeText(o.value("printf", ""))
		default:
			layout = "  File: %N\n  Size: %-10s\tBlocks: %-10b IO Block: 4096   %F\nAccess: (0%a/%A)  Uid: (%5u/%8U)   Gid: (%5g/%8G)\nModify: %y\n"
		}
		c.Puts(c.statFormat(layout, name, path, info))
	}
	if len(o.args) == 0 {
		c.Errorf("missing operand")
		return 1
	}
	return code
}

func (c *Context) statFormat(layout, name, path string, info fs.FileInfo) string {
	var sb strings.Builder
	for i := 0; i < len(layout); i++ {
		if layout[i] != '%' || i+1 == len(layout) {
			sb.WriteByte(layout[i])
			continue
		}
		i++
		start := i
		for i < len(layout)-1 && strings.IndexByte("-+ #0123456789.", layout[i]) >= 0 {
			i++
		}
		text := c.statField(layout[i], name, path, info)
		if flags := layout[start:i]; flags != "" {
			width := atoi(strings.TrimLeft(flags, "-+ #0"))
			if flags[0] == '-' {
				text = padRight(text, width)
			} else {
				text = padLeft(text, width)
			}
		}
		sb.WriteString(text)
	}
	return sb.String()
}

func (c *Context) statField(verb byte, name, path string, info fs.FileInfo) string {
	when := info.ModTime().In(c.location())
	switch verb {
	case 'n':
		return name
	case 'N':
		if text, err := os.Readlink(path); err == nil && info.Mode()&fs.ModeSymlink != 0 {
			return "'" + name + "' -> '" + text + "'"
		}
		return "'" + name + "'"
	case 's':
		return itoa(int(sizeOf(info)))
	case 'a':
		return octal(Mode(path, info))
	case 'A':
		return modeString(path, info)
	case 'F':
		switch {
		case info.IsDir():
			return "directory"
		case info.Mode()&fs.ModeSymlink != 0:
			return "symbolic link"
		case info.Size() == 0:
			return "regular empty file"
		}
		return "regular file"
	case 'U', 'G':
		return userName
	case 'u', 'g':
		return userID
	case 'Y', 'X', 'Z':
		return itoa(int(when.Unix()))
	case 'W':
		return "0"
	case 'y', 'x', 'z':
		return formatDate(when, "%Y-%m-%d %H:%M:%S.%N %z")
	case 'b':
		return itoa(int(blocks(info) * 2))
	case 'B':
		return "512"
	case 'h':
		return "1"
	case 'o':
		return "4096"
	case 'i':
		return "0"
	case '%':
		return "%"
	}
	return "?"
}
