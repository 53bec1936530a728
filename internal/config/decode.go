package config

import (
	"encoding"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"
)

// values is how many values a file may have once its aliases are followed:
// a few lines of aliases of aliases of lists could ask for all memory.
const values = 1 << 20

// decoder puts nodes into Go values by the yaml tags of their fields. It is
// strict: what has no place, stands twice or is of another kind is a mistake
// with its place. A key without a value leaves the default as it is. How deep
// it goes is bounded by the types, none of which holds itself.
type decoder struct {
	left     int // values that may still come
	mistakes []*misplaced
}

// selfmade is a value that reads itself by way of a struct, as secrets do.
type selfmade interface{ UnmarshalYAML(func(any) error) error }

// decode reads a node; its error is of [mistakes].
func decode(node *yaml.Node, into any) error {
	d := decoder{left: values}
	d.value(node, reflect.ValueOf(into).Elem(), "")
	if len(d.mistakes) > 0 {
		return mistakes(d.mistakes)
	}
	return nil
}

func (d *decoder) wrong(node *yaml.Node, key, format string, args ...any) {
	if key != "" {
		format = strings.ReplaceAll(key, "%", "%%") + ": " + format
	}
	d.mistakes = append(d.mistakes, &misplaced{node, fmt.Sprintf(format, args...)})
}

// value reads a node into v; key is where it stands, for mistakes.
func (d *decoder) value(at *yaml.Node, v reflect.Value, key string) {
	node := target(at)
	if d.left--; d.left <= 0 {
		if d.left == 0 {
			d.wrong(at, key, "more than %d values, with what the aliases stand for", values)
		}
		return
	}
	if node.Style&yaml.TaggedStyle != 0 {
		d.wrong(at, key, "there are no tags here")
		return
	}
	switch into := v.Addr().Interface().(type) {
	case *Section:
		d.section(node, into)
		return
	case selfmade:
		if err := into.UnmarshalYAML(func(inner any) error { return decode(node, inner) }); err != nil {
			d.wrong(at, key, "%v", err)
		}
		return
	case encoding.TextUnmarshaler:
		if d.is(at, yaml.ScalarNode, key) {
			if err := into.UnmarshalText([]byte(node.Value)); err != nil {
				d.wrong(at, key, "%v", err)
			}
		}
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		if node.ShortTag() == "!!null" {
			return
		}
		v.Set(reflect.New(v.Type().Elem()))
		d.value(at, v.Elem(), key)
	case reflect.Struct:
		if d.is(at, yaml.MappingNode, key) {
			d.fields(node, v)
		}
	case reflect.Map:
		if d.is(at, yaml.MappingNode, key) {
			d.entries(node, v)
		}
	case reflect.Slice:
		if d.is(at, yaml.SequenceNode, key) {
			list := reflect.MakeSlice(v.Type(), len(node.Content), len(node.Content))
			for i, item := range node.Content {
				d.value(item, list.Index(i), key)
			}
			v.Set(list)
		}
	default:
		if d.is(at, yaml.ScalarNode, key) {
			d.scalar(at, node, v, key)
		}
	}
}

// is tells whether a node is of a kind, and says so when it is not.
func (d *decoder) is(at *yaml.Node, kind yaml.Kind, key string) bool {
	node := target(at)
	if node.Kind == kind && node.ShortTag() != "!!null" {
		return true
	}
	d.wrong(at, key, "%s is needed, not %s", kindWord(kind), word(node))
	return false
}

func word(node *yaml.Node) string {
	if node.ShortTag() == "!!null" {
		return "nothing"
	}
	return kindWord(node.Kind)
}

func kindWord(kind yaml.Kind) string {
	switch kind {
	case yaml.MappingNode:
		return "a list of keys"
	case yaml.SequenceNode:
		return "a list"
	}
	return "one value"
}

// keys calls f with each key of a mapping that is one value and stands once.
func (d *decoder) keys(mapping *yaml.Node, f func(key, value *yaml.Node)) {
	there := map[string]bool{}
	for key, value := range pairs(mapping) {
		switch {
		case key.Kind != yaml.ScalarNode:
			d.wrong(key, "", "a key is one value")
		case there[key.Value]:
			d.wrong(key, "", "mapping key %q already defined", key.Value)
		default:
			there[key.Value] = true
			f(key, value)
		}
	}
}

func (d *decoder) fields(node *yaml.Node, v reflect.Value) {
	fields := map[string]reflect.Value{}
	named(v, fields)
	d.keys(node, func(key, value *yaml.Node) {
		switch field, ok := fields[key.Value]; {
		case !ok:
			d.wrong(key, "", "unknown field %q", key.Value)
		case target(value).ShortTag() != "!!null":
			d.value(value, field, key.Value)
		}
	})
}

// named gathers a struct's fields by their keys, those of `yaml:",inline"`
// structs among them.
func named(v reflect.Value, fields map[string]reflect.Value) {
	for i := range v.NumField() {
		switch name := v.Type().Field(i).Tag.Get("yaml"); name {
		case "":
		case ",inline":
			named(v.Field(i), fields)
		default:
			fields[name] = v.Field(i)
		}
	}
}

func (d *decoder) entries(node *yaml.Node, v reflect.Value) {
	all := reflect.MakeMap(v.Type())
	d.keys(node, func(key, value *yaml.Node) {
		one := reflect.New(v.Type().Elem()).Elem()
		d.value(value, one, key.Value)
		all.SetMapIndex(reflect.ValueOf(key.Value), one)
	})
	v.Set(all)
}

func (d *decoder) scalar(at, node *yaml.Node, v reflect.Value, key string) {
	var err error
	switch v.Interface().(type) {
	case time.Duration:
		var span time.Duration
		if span, err = time.ParseDuration(node.Value); err == nil {
			v.SetInt(int64(span))
		} else {
			d.wrong(at, key, "%v", err)
		}
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(node.Value)
	case reflect.Bool:
		if node.ShortTag() != "!!bool" {
			d.wrong(at, key, "true or false is needed")
			return
		}
		v.SetBool(strings.EqualFold(node.Value, "true"))
	case reflect.Int, reflect.Int64:
		var n int64
		if n, err = strconv.ParseInt(node.Value, 10, v.Type().Bits()); err != nil {
			d.wrong(at, key, "a whole number is needed")
		}
		v.SetInt(n)
	case reflect.Float64:
		var x float64
		if x, err = strconv.ParseFloat(node.Value, 64); err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
			d.wrong(at, key, "a number is needed")
		}
		v.SetFloat(x)
	default:
		panic(fmt.Sprintf("config: %s: nothing reads a %s", key, v.Type())) // a mistake of ours, found by the first test of the key
	}
}
