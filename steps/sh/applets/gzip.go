package applets

import (
	"compress/bzip2"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"strings"
	"time"
)

// gzipApplet is gzip, gunzip and zcat.
func gzipApplet(c *Context) int {
	o, ok := c.parse("# c,stdout d,decompress f,force k,keep n,no-name N,name q,quiet r,recursive t,test l,list v,verbose S,suffix: fast best")
	if !ok {
		return 1
	}
	decompress := o.has("d") || o.has("t") || c.Args[0] == "gunzip" || c.Args[0] == "zcat"
	toStdout := o.has("c") || o.has("t") || c.Args[0] == "zcat"
	level := gzip.DefaultCompression
	if text, ok := o.get("#"); ok {
		level = atoi(text)
	}
	if o.has("fast") {
		level = 1
	} else if o.has("best") {
		level = 9
	}
	names := o.args
	if len(names) == 0 {
		names = []string{"-"}
	}
	code := 0
	for _, name := range names {
		if err := c.gzipOne(o, name, decompress, toStdout || name == "-", level); err != nil {
			c.Errorf("%s: %s", name, reason(err))
			code = 1
		}
	}
	return code
}

func (c *Context) gzipOne(o *options, name string, decompress, toStdout bool, level int) error {
	suffix := o.value("S", ".gz")
	target := name + suffix
	if decompress && !toStdout {
		var found bool
		if target, found = strings.CutSuffix(name, suffix); !found {
			if target, found = strings.CutSuffix(name, ".tgz"); !found {
				return errors.New("unknown suffix -- ignored")
			}
			target += ".tar"
		}
	} else if !decompress && !toStdout && strings.HasSuffix(name, suffix) {
		return errors.New("already has " + suffix + " suffix -- unchanged")
	}
	in, err := c.Open(name)
	if err != nil {
		return err
	}
	defer in.Close()
	var out io.Writer = c
	if o.has("t") {
		out = io.Discard
	}
	if !toStdout {
		flags := os.O_CREATE | os.O_WRONLY | os.O_EXCL
		if o.has("f") {
			flags = os.O_CREATE | os.O_WRONLY | os.O_TRUNC
		}
		f, err := os.OpenFile(c.Path(target), flags, 0o666)
		if err != nil {
			return err
		}
		defer f.Close()
		out = f
	}
	when := time.Time{}
	if info, err := os.Stat(c.Path(name)); err == nil && name != "-" {
		when = info.ModTime()
	}
	if decompress {
		err = inflate(out, in)
	} else {
		err = deflate(out, in, level, name, when, o.has("n") || name == "-")
	}
	if err != nil {
		if !toStdout {
			os.Remove(c.Path(target))
		}
		return err
	}
	if !toStdout {
		if !when.IsZero() {
			os.Chtimes(c.Path(target), when, when)
		}
		if !o.has("k") {
			return os.Remove(c.Path(name))
		}
	}
	return nil
}

func deflate(out io.Writer, in io.Reader, level int, name string, when time.Time, noName bool) error {
	z, err := gzip.NewWriterLevel(out, level)
	if err != nil {
		return err
	}
	z.OS = 3
	if !noName {
		z.Name, z.ModTime = name[strings.LastIndexByte(name, '/')+1:], when
	}
	if _, err := io.Copy(z, in); err != nil {
		return err
	}
	return z.Close()
}

func inflate(out io.Writer, in io.Reader) error {
	z, err := gzip.NewReader(in)
	if err != nil {
		if errors.Is(err, gzip.ErrHeader) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return errors.New("not in gzip format")
		}
		return err
	}
	_, err = io.Copy(out, z)
	return err
}

func newBzip2Reader(r io.Reader) io.Reader { return bzip2.NewReader(r) }
