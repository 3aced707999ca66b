package applets

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"hash"
	"io"
	"strings"
)

func digest(c *Context) int {
	o, ok := c.parse("c,check b,binary t,text tag z,zero quiet status strict w,warn ignore-missing a:")
	if !ok {
		return 1
	}
	name := strings.TrimSuffix(c.Args[0], "sum")
	if name == "sha" {
		name = "sha" + o.value("a", "1")
	}
	if o.has("c") {
		return c.checkDigests(name, o)
	}
	return c.eachInput(o.args, func(file string, r io.Reader) error {
		h := newHash(name)
		if _, err := io.Copy(h, r); err != nil {
			return err
		}
		sum := hex.EncodeToString(h.Sum(nil))
		end := lineEnd(o.has("z"))
		switch {
		case o.has("tag"):
			c.Puts(strings.ToUpper(name) + " (" + file + ") = " + sum + end)
		case o.has("b"):
			c.Puts(sum + " *" + file + end)
		default:
			c.Puts(sum + "  " + file + end)
		}
		return nil
	})
}

func newHash(name string) hash.Hash {
	switch name {
	case "md5":
		return md5.New()
	case "sha1":
		return sha1.New()
	case "sha224":
		return sha256.New224()
	case "sha384":
		return sha512.New384()
	case "sha512":
		return sha512.New()
	}
	return sha256.New()
}

// digestLine reads `SUM  FILE`, `SUM *FILE` and `ALGORITHM (FILE) = SUM`.
func digestLine(line string) (sum, file string, ok bool) {
	if open := strings.Index(line, " ("); open > 0 {
		if close := strings.LastIndex(line, ") = "); close > open {
			return strings.ToLower(line[close+4:]), line[open+2 : close], true
		}
	}
	sum, file, ok = strings.Cut(line, " ")
	if !ok || len(file) < 2 || strings.Trim(sum, "0123456789abcdefABCDEF") != "" || len(sum) < 32 {
		return "", "", false
	}
	return strings.ToLower(sum), file[1:], true
}

func (c *Context) checkDigests(name string, o *options) int {
	wrong, missing, bad, seen := 0, 0, 0, 0
	code := c.eachLine(o.args, '\n', func(line []byte) {
		sum, file, ok := digestLine(string(line))
		if !ok {
			if len(line) > 0 {
				bad++
			}
			return
		}
		f, err := c.Open(file)
		if err != nil {
			if o.has("ignore-missing") {
				return
			}
			seen++
			missing++
			c.Errorf("%s: %s", file, reason(err))
			if !o.has("status") {
				c.Puts(file + ": FAILED open or read\n")
			}
			return
		}
		seen++
		h := newHash(name)
		io.Copy(h, f)
		f.Close()
		if hex.EncodeToString(h.Sum(nil)) != sum {
			wrong++
			if !o.has("status") {
				c.Puts(file + ": FAILED\n")
			}
		} else if !o.has("quiet") && !o.has("status") {
			c.Puts(file + ": OK\n")
		}
	})
	if seen == 0 {
		c.Errorf("%s: no properly formatted checksum lines found", strings.Join(o.args, " "))
		return 1
	}
	if missing > 0 && !o.has("status") {
		c.Errorf("WARNING: %d listed file%s could not be read", missing, plural(missing))
	}
	if wrong > 0 && !o.has("status") {
		c.Errorf("WARNING: %d computed checksum%s did NOT match", wrong, plural(wrong))
	}
	if wrong > 0 || missing > 0 || bad > 0 && o.has("strict") {
		return 1
	}
	return code
}

func plural(n int) string {
	if n == 1 {
		return ""
	}
	return "s"
}

// cksum is POSIX's CRC: the length is hashed after the data.
func cksum(c *Context) int {
	names := c.Args[1:]
	return c.eachInput(names, func(file string, r io.Reader) error {
		data, err := io.ReadAll(r)
		var table [256]uint32
		for i := range table {
			crc := uint32(i) << 24
			for range 8 {
				if crc&0x80000000 != 0 {
					crc = crc<<1 ^ 0x04c11db7
				} else {
					crc <<= 1
				}
			}
			table[i] = crc
		}
		crc := uint32(0)
		for _, b := range data {
			crc = crc<<8 ^ table[byte(crc>>24)^b]
		}
		for n := len(data); n > 0; n >>= 8 {
			crc = crc<<8 ^ table[byte(crc>>24)^byte(n)]
		}
		c.Printf("%d %d", ^crc, len(data))
		if len(names) > 0 {
			c.Puts(" " + file)
		}
		c.Puts("\n")
		return err
	})
}
