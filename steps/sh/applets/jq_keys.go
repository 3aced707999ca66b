package applets

import (
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/itchyny/gojq"
)

// keyOrder gives objects the order of keys that jq would keep. gojq's objects
// have none, so the orders met in the input and in the filter are remembered:
// an object with the same keys gets the same order, one with other keys the
// order of the most similar object, new keys last.
type keyOrder struct {
	sorted bool
	known  map[string][]string // sorted keys -> keys in order
	lists  [][]string
}

// maxKeyOrders bounds the memory for inputs whose objects all differ.
const maxKeyOrders = 1000

func newKeyOrder() *keyOrder { return &keyOrder{known: map[string][]string{}} }

func (k *keyOrder) learn(keys []string) {
	if len(keys) < 2 || len(k.lists) >= maxKeyOrders {
		return
	}
	signature := signatureOf(keys)
	if _, ok := k.known[signature]; !ok {
		k.known[signature] = keys
		k.lists = append(k.lists, keys)
	}
}

func signatureOf(keys []string) string {
	sorted := slices.Clone(keys)
	slices.Sort(sorted)
	return strings.Join(sorted, "\x00")
}

// sort lists the keys of an object in the order to print them.
func (k *keyOrder) sort(object map[string]any) []string {
	keys := make([]string, 0, len(object))
	for key := range object {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	if k.sorted || len(keys) < 2 {
		return keys
	}
	signature := strings.Join(keys, "\x00")
	if order, ok := k.known[signature]; ok {
		return order
	}
	order := k.nearest(object, keys)
	if len(k.known) < maxKeyOrders {
		k.known[signature] = order
	}
	return order
}

func (k *keyOrder) nearest(object map[string]any, keys []string) []string {
	var best []string
	most := 0
	for _, list := range k.lists {
		shared := 0
		for _, key := range list {
			if _, ok := object[key]; ok {
				shared++
			}
		}
		if shared > most {
			most, best = shared, list
		}
	}
	var order []string
	take := func(list []string) {
		for _, key := range list {
			if _, ok := object[key]; ok && !slices.Contains(order, key) {
				order = append(order, key)
			}
		}
	}
	take(best)
	for i := len(k.lists) - 1; i >= 0; i-- {
		take(k.lists[i])
	}
	take(keys)
	return order
}

// decode reads one value and remembers its objects' orders.
func (k *keyOrder) decode(decoder *json.Decoder) (any, error) {
	token, err := decoder.Token()
	if err != nil {
		return nil, err
	}
	return k.value(decoder, token)
}

func (k *keyOrder) value(decoder *json.Decoder, token json.Token) (any, error) {
	delim, ok := token.(json.Delim)
	if !ok {
		return token, nil
	}
	switch delim {
	case '[':
		list := []any{}
		for decoder.More() {
			item, err := k.decode(decoder)
			if err != nil {
				return nil, unexpectedEnd(err)
			}
			list = append(list, item)
		}
		_, err := decoder.Token()
		return list, unexpectedEnd(err)
	case '{':
		object := map[string]any{}
		var keys []string
		for decoder.More() {
			name, err := decoder.Token()
			if err != nil {
				return nil, unexpectedEnd(err)
			}
			key, _ := name.(string)
			if _, ok := object[key]; !ok {
				keys = append(keys, key)
			}
			if object[key], err = k.decode(decoder); err != nil {
				return nil, unexpectedEnd(err)
			}
		}
		k.learn(keys)
		_, err := decoder.Token()
		return object, unexpectedEnd(err)
	}
	return nil, errors.New("unexpected " + delim.String())
}

func unexpectedEnd(err error) error {
	if err != nil && err.Error() == "EOF" {
		return errors.New("Unfinished JSON term")
	}
	return err
}

// learnFilter remembers the orders of the filter's own `{…}`.
func (k *keyOrder) learnFilter(query *gojq.Query) {
	k.walk(reflect.ValueOf(query))
}

func (k *keyOrder) walk(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return
		}
		if object, ok := v.Interface().(*gojq.Object); ok {
			var keys []string
			for _, pair := range object.KeyVals {
				key := strings.TrimPrefix(pair.Key, "$")
				if pair.KeyString != nil && len(pair.KeyString.Queries) == 0 {
					key = pair.KeyString.Str
				}
				if text, err := strconv.Unquote(key); err == nil {
					key = text
				}
				keys = append(keys, key)
			}
			k.learn(keys)
		}
		k.walk(v.Elem())
	case reflect.Slice:
		for i := range v.Len() {
			k.walk(v.Index(i))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				k.walk(v.Field(i))
			}
		}
	}
}
