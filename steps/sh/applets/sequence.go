package applets

import (
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"unicode/utf8"

	"wasi-runner/steps/sh/printf"
)

func seq(c *Context) int {
	args := c.Args[1:]
	separator, format, equal := "\n", "", false
	for len(args) > 0 && len(args[0]) > 1 && args[0][0] == '-' && (args[0][1] < '0' || args[0][1] > '9') && args[0][1] != '.' {
		arg := args[0]
		args = args[1:]
		value := func(short string) string {
			if text := strings.TrimPrefix(arg, short); text != "" {
				return text
			}
			if len(args) == 0 {
				return ""
			}
			text := args[0]
			args = args[1:]
			return text
		}
		switch {
		case arg == "-w" || arg == "--equal-width":
			equal = true
		case strings.HasPrefix(arg, "-s"):
			separator = unescapeText(value("-s"))
		case strings.HasPrefix(arg, "--separator="):
			separator = arg[len("--separator="):]
		case strings.HasPrefix(arg, "-f"):
			format = value("-f")
		case strings.HasPrefix(arg, "--format="):
			format = arg[len("--format="):]
		case arg == "--":
		default:
			c.Errorf("invalid option -- '%s'", arg[1:])
			return 1
		}
	}
	first, step, last := "1", "1", ""
	switch len(args) {
	case 1:
		last = args[0]
	case 2:
		first, last = args[0], args[1]
	case 3:
		first, step, last = args[0], args[1], args[2]
	default:
		c.Errorf("missing operand")
		return 1
	}
	var values [3]float64
	for i, text := range []string{first, step, last} {
		var err error
		if values[i], err = strconv.ParseFloat(text, 64); err != nil {
			c.Errorf("invalid floating point argument: '%s'", text)
			return 1
		}
	}
	if values[1] == 0 {
		c.Errorf("invalid Zero increment value: '%s'", step)
		return 1
	}
	places := max(decimals(first), decimals(step))
	number := func(f float64) string { return strconv.FormatFloat(f, 'f', places, 64) }
	width := 0
	if equal {
		width = max(len(number(values[0])), len(number(values[2])))
	}
	for i := 0; ; i++ {
		v := values[0] + float64(i)*values[1]
		if values[1] > 0 && v > values[2]+1e-10 || values[1] < 0 && v < values[2]-1e-10 {
			if i > 0 {
				c.Puts("\n")
			}
			return 0
		}
		if i > 0 {
			c.Puts(separator)
		}
		text := number(v)
		if format != "" {
			text, _, _ = printf.Format(format, []string{text})
		}
		if sign := strings.HasPrefix(text, "-"); sign && len(text) < width {
			text = "-" + strings.Repeat("0", width-len(text)) + text[1:]
		} else if len(text) < width {
			text = strings.Repeat("0", width-len(text)) + text
		}
		c.Puts(text)
	}
}

func decimals(text string) int {
	if _, fraction, ok := strings.Cut(text, "."); ok {
		return len(fraction)
	}
	return 0
}

func tac(c *Context) int {
	o, ok := c.parse("b r s,separator:")
	if !ok {
		return 1
	}
	return c.eachInput(o.args, func(_ string, r io.Reader) error {
		data, err := io.ReadAll(r)
		parts := strings.SplitAfter(string(data), unescapeText(o.value("s", "\n")))
		for i := len(parts) - 1; i >= 0; i-- {
			c.Puts(parts[i])
		}
		return err
	})
}

func rev(c *Context) int {
	return c.eachInput(c.Args[1:], func(_ string, r io.Reader) error {
		lines := newLineReader(r, '\n')
		for {
			line, complete, ok := lines.next()
			if !ok {
				return nil
			}
			runes := []rune(string(line))
			for i, j := 0, len(runes)-1; i < j; i, j = i+1, j-1 {
				runes[i], runes[j] = runes[j], runes[i]
			}
			c.Puts(string(runes))
			if complete {
				c.Puts("\n")
			}
		}
	})
}

func shuf(c *Context) int {
	o, ok := c.parse("e,echo i,input-range: n,head-count: o: r,repeat z,zero-terminated random-source:")
	if !ok {
		return 1
	}
	var lines []string
	switch text, ranged := o.get("i"); {
	case ranged:
		from, to, _ := strings.Cut(text, "-")
		for n := atoi(from); n <= atoi(to); n++ {
			lines = append(lines, itoa(n))
		}
	case o.has("e"):
		lines = o.args
	default:
		if code := c.eachLine(o.args, lineEnd(o.has("z"))[0], func(line []byte) { lines = append(lines, string(line)) }); code != 0 {
			return code
		}
	}
	rand.Shuffle(len(lines), func(i, j int) { lines[i], lines[j] = lines[j], lines[i] })
	if text, ok := o.get("n"); ok {
		lines = lines[:min(len(lines), atoi(text))]
	}
	for _, line := range lines {
		c.Puts(line + lineEnd(o.has("z")))
	}
	return 0
}

func nl(c *Context) int {
	o, ok := c.parse("b,body-numbering: n,number-format: s,number-separator: v,starting-line-number: w,number-width: i,line-increment: h: f: p l: d:")
	if !ok {
		return 1
	}
	style, width, n := o.value("b", "t"), atoi(o.value("w", "6")), atoi(o.value("v", "1"))
	separator := o.value("s", "\t")
	return c.eachLine(o.args, '\n', func(line []byte) {
		if style == "n" || style == "t" && len(line) == 0 {
			c.Puts(strings.Repeat(" ", width+len(separator)))
			c.Write(line)
			c.Puts("\n")
			return
		}
		text := padLeft(itoa(n), width)
		switch o.value("n", "rn") {
		case "ln":
			text = padRight(itoa(n), width)
		case "rz":
			text = fmt.Sprintf("%0*d", width, n)
		}
		n += atoi(o.value("i", "1"))
		c.Puts(text + separator)
		c.Write(line)
		c.Puts("\n")
	})
}

func fold(c *Context) int {
	o, ok := c.parse("# w,width: s,spaces b,bytes c")
	if !ok {
		return 1
	}
	width := atoi(o.value("w", o.value("#", "80")))
	if width < 1 {
		c.Errorf("invalid number of columns: '%s'", o.value("w", ""))
		return 1
	}
	return c.eachInput(o.args, func(_ string, r io.Reader) error {
		lines := newLineReader(r, '\n')
		for {
			line, complete, ok := lines.next()
			if !ok {
				return nil
			}
			text := string(line)
			for utf8.RuneCountInString(text) > width {
				cut := len(string([]rune(text)[:width]))
				if o.has("s") {
					if at := strings.LastIndexAny(text[:cut], " \t"); at >= 0 {
						cut = at + 1
					}
				}
				c.Puts(text[:cut] + "\n")
				text = text[cut:]
			}
			c.Puts(text)
			if complete {
				c.Puts("\n")
			}
		}
	})
}

func expand(c *Context) int {
	o, ok := c.parse("# t,tabs: i,initial")
	if !ok {
		return 1
	}
	width := max(1, atoi(o.value("t", o.value("#", "8"))))
	return c.eachLine(o.args, '\n', func(line []byte) {
		column := 0
		for _, r := range string(line) {
			if r != '\t' {
				c.Puts(string(r))
				column++
				continue
			}
			n := width - column%width
			c.Puts(strings.Repeat(" ", n))
			column += n
		}
		c.Puts("\n")
	})
}

// column supports -t, the table form that scripts use.
func column(c *Context) int {
	o, ok := c.parse("t,table s,separator: o,output-separator: n c: x N: R:")
	if !ok {
		return 1
	}
	var rows [][]string
	var widths []int
	code := c.eachLine(o.args, '\n', func(line []byte) {
		text := string(line)
		if strings.TrimSpace(text) == "" {
			return
		}
		var cells []string
		if separators, ok := o.get("s"); ok {
			cells = strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(separators, r) })
			if len(separators) > 0 {
				cells = strings.Split(strings.Map(func(r rune) rune {
					if strings.ContainsRune(separators, r) {
						return rune(separators[0])
					}
					return r
				}, text), separators[:1])
			}
		} else {
			cells = strings.Fields(text)
		}
		for i, cell := range cells {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
		rows = append(rows, cells)
	})
	if !o.has("t") {
		for _, cells := range rows {
			c.Puts(strings.Join(cells, " ") + "\n")
		}
		return code
	}
	between := o.value("o", "  ")
	for _, cells := range rows {
		for i, cell := range cells {
			c.Puts(cell)
			if i < len(cells)-1 {
				c.Puts(strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell)) + between)
			}
		}
		c.Puts("\n")
	}
	return code
}

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

func split(c *Context) int {
	o, ok := c.parse("# l,lines: b,bytes: n,number: d,numeric-suffixes? a,suffix-length: additional-suffix: e C: x verbose")
	if !ok {
		return 1
	}
	input, prefix := "-", "x"
	if len(o.args) > 0 {
		input = o.args[0]
	}
	if len(o.args) > 1 {
		prefix = o.args[1]
	}
	f, err := c.Open(input)
	if err != nil {
		c.Errorf("cannot open '%s' for reading: %s", input, reason(err))
		return 1
	}
	defer f.Close()
	data, err := io.ReadAll(f)
	if err != nil {
		return c.Fail(input, err)
	}
	chunks, ok := splitChunks(data, o)
	if !ok {
		c.Errorf("invalid number")
		return 1
	}
	length := atoi(o.value("a", "2"))
	for i, chunk := range chunks {
		suffix := ""
		for n, k := i, 0; k < length; k++ {
			if o.has("d") {
				suffix, n = string(rune('0'+n%10))+suffix, n/10
			} else {
				suffix, n = string(rune('a'+n%26))+suffix, n/26
			}
		}
		if err := os.WriteFile(c.Path(prefix+suffix+o.value("additional-suffix", "")), chunk, 0o666); err != nil {
			return c.Fail(prefix+suffix, err)
		}
	}
	return 0
}

func splitChunks(data []byte, o *options) (chunks [][]byte, ok bool) {
	if text, given := o.get("b"); given {
		size, ok := parseSize(text)
		for ok && size > 0 && len(data) > 0 {
			n := min(len(data), int(size))
			chunks, data = append(chunks, data[:n]), data[n:]
		}
		return chunks, ok && size > 0
	}
	if text, given := o.get("n"); given {
		n := atoi(text[strings.LastIndexByte(text, '/')+1:])
		if n < 1 {
			return nil, false
		}
		size := len(data) / n
		for i := range n {
			end := size
			if i == n-1 {
				end = len(data)
			} else if strings.HasPrefix(text, "l/") {
				for end < len(data) && end > 0 && data[end-1] != '\n' {
					end++
				}
			}
			chunks, data = append(chunks, data[:end]), data[end:]
		}
		return chunks, true
	}
	count := atoi(o.value("l", o.value("#", "1000")))
	for count > 0 && len(data) > 0 {
		end, lines := 0, 0
		for end < len(data) && lines < count {
			if data[end] == '\n' {
				lines++
			}
			end++
		}
		chunks, data = append(chunks, data[:end]), data[end:]
	}
	return chunks, count > 0
}
