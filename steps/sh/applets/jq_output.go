package applets

import (
	"bytes"
	"strconv"

	"github.com/itchyny/gojq"
)

func (j *jqRun) print(value any) {
	if text, ok := value.(string); ok && j.raw {
		j.c.Puts(text)
	} else {
		var buf bytes.Buffer
		j.encode(&buf, value, "\n")
		j.c.Write(buf.Bytes())
	}
	switch {
	case j.zero:
		j.c.Puts("\x00")
	case !j.join:
		j.c.Puts("\n")
	}
}

// encode writes JSON as jq does, object keys in the order keyOrder knows.
func (j *jqRun) encode(buf *bytes.Buffer, value any, newline string) {
	inner := newline + j.indent
	if j.compact {
		inner, newline = "", ""
	}
	switch value := value.(type) {
	case []any:
		if len(value) == 0 {
			buf.WriteString("[]")
			return
		}
		buf.WriteByte('[')
		for i, item := range value {
			if i > 0 {
				buf.WriteByte(',')
			}
			buf.WriteString(inner)
			j.encode(buf, item, inner)
		}
		buf.WriteString(newline + "]")
	case map[string]any:
		if len(value) == 0 {
			buf.WriteString("{}")
			return
		}
		buf.WriteByte('{')
		for i, key := range j.keys.sort(value) {
			if i > 0 {
				buf.WriteByte(',')
			}
			buf.WriteString(inner)
			j.scalar(buf, key)
			buf.WriteByte(':')
			if !j.compact {
				buf.WriteByte(' ')
			}
			j.encode(buf, value[key], inner)
		}
		buf.WriteString(newline + "}")
	default:
		j.scalar(buf, value)
	}
}

func (j *jqRun) scalar(buf *bytes.Buffer, value any) {
	data, err := gojq.Marshal(value)
	if err != nil {
		data = []byte("null")
	}
	if !j.ascii {
		buf.Write(data)
		return
	}
	for _, r := range string(data) {
		switch {
		case r < 128:
			buf.WriteRune(r)
		case r > 0xffff:
			r -= 0x10000
			buf.WriteString(`\u` + strconv.FormatInt(int64(0xd800+r>>10), 16) + `\u` + strconv.FormatInt(int64(0xdc00+r&0x3ff), 16))
		default:
			buf.WriteString(`\u` + strconv.FormatInt(int64(r)+0x10000, 16)[1:])
		}
	}
}
