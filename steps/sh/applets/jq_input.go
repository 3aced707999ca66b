package applets

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"strings"
)

func newDecoder(r io.Reader) *json.Decoder {
	decoder := json.NewDecoder(r)
	decoder.UseNumber()
	return decoder
}

func (j *jqRun) decodeOne(text string) (value any, err error) {
	decoder := newDecoder(strings.NewReader(text))
	if value, err = j.keys.decode(decoder); err == nil && decoder.More() {
		err = errors.New("more than one value")
	}
	return value, err
}

// jqInputs reads the values of all inputs one by one.
type jqInputs struct {
	j       *jqRun
	files   []string
	decoder *json.Decoder
	lines   *lineReader
	closer  io.Closer
	slurped bool
	err     error
}

func (j *jqRun) inputs() (*jqInputs, error) {
	files := j.files
	if len(files) == 0 {
		files = []string{"-"}
	}
	for _, name := range files {
		if name != "-" {
			if _, isDevice := Device(name); isDevice {
				continue
			}
			if _, err := os.Stat(j.c.Path(name)); err != nil {
				return nil, errors.New("Could not open file " + name + ": " + reason(err))
			}
		}
	}
	return &jqInputs{j: j, files: files}, nil
}

// Next implements gojq.Iter.
func (in *jqInputs) Next() (any, bool) {
	if in.err != nil {
		return nil, false
	}
	if in.j.slurp {
		if in.slurped {
			return nil, false
		}
		in.slurped = true
		return in.all()
	}
	return in.one()
}

func (in *jqInputs) all() (any, bool) {
	if in.j.rawInput {
		var sb strings.Builder
		for _, name := range in.files {
			if f, err := in.j.c.Open(name); err == nil {
				data, _ := io.ReadAll(f)
				f.Close()
				sb.Write(data)
			}
		}
		return sb.String(), true
	}
	list := []any{}
	for {
		value, ok := in.one()
		if !ok {
			return list, true
		}
		if err, isErr := value.(error); isErr {
			return err, true
		}
		list = append(list, value)
	}
}

func (in *jqInputs) one() (any, bool) {
	for {
		if in.closer == nil {
			if len(in.files) == 0 {
				return nil, false
			}
			f, err := in.j.c.Open(in.files[0])
			in.files = in.files[1:]
			if err != nil {
				in.err = err
				return err, true
			}
			in.closer = f
			reader := flushing{f, in.j.c}
			in.decoder, in.lines = newDecoder(reader), newLineReader(reader, '\n')
		}
		if in.j.rawInput {
			if line, _, ok := in.lines.next(); ok {
				return string(line), true
			}
		} else {
			value, err := in.j.keys.decode(in.decoder)
			if err == nil {
				return value, true
			}
			if err != io.EOF {
				in.err = err
				return err, true
			}
		}
		in.closer.Close()
		in.closer = nil
	}
}
