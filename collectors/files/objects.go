package files

import (
	"bytes"
	"io"
	"slices"
	"strings"

	"github.com/valyala/fastjson"

	"confianza/collectors"
	"confianza/collectors/archive"
)

// format reads JSON when a text begins like it, and columns otherwise.
func (r *reading) format(t *archive.Text, growing bool, names func([]byte) bool) (archive.Records, error) {
	head := bytes.TrimSpace(t.Head())
	if len(head) > 0 && (head[0] == '{' || head[0] == '[') {
		return r.json(t, growing, names)
	}
	return r.separated(t, growing, names)
}

// objects reads JSON objects. Their columns are the keys down to the plain
// values, joined by dots.
type objects struct {
	o      *archive.Objects
	t      *archive.Text
	r      *reading
	names  func([]byte) bool
	paths  map[string][]string // field to keys
	parser fastjson.Parser
}

func (r *reading) json(t *archive.Text, growing bool, names func([]byte) bool) (archive.Records, error) {
	columns := columnsOf(t.Head())
	if len(columns) == 0 && (growing || len(bytes.Trim(t.Head(), "[] \t\r\n")) == 0) {
		return nil, io.EOF // an empty array, or a first object that is not whole yet
	}
	at, err := r.m.place(t.Name, columns)
	if err != nil {
		return nil, err
	}
	os := &objects{o: archive.NewObjects(t, growing), t: t, r: r, names: names, paths: map[string][]string{}}
	for field, i := range at {
		os.paths[field] = strings.Split(columns[i], ".")
	}
	return os, nil
}

// columnsOf gives the columns of the objects at a text's beginning, in the
// order they come. Keys with a dot cannot be told from nested ones.
func columnsOf(head []byte) []string {
	var columns []string
	known := map[string]bool{}
	var p fastjson.Parser
	for object := range archive.ObjectsIn(head) {
		v, err := p.ParseBytes(object)
		if err != nil || v.Type() != fastjson.TypeObject {
			continue
		}
		eachLeaf("", v, 4, func(path string) {
			if !known[path] {
				known[path] = true
				columns = append(columns, path)
			}
		})
	}
	return slices.Clip(columns)
}

func eachLeaf(path string, v *fastjson.Value, depth int, f func(path string)) {
	if v.Type() != fastjson.TypeObject {
		f(path)
		return
	}
	if depth == 0 {
		return
	}
	o, err := v.Object()
	if err != nil {
		return
	}
	o.Visit(func(key []byte, v *fastjson.Value) {
		below := string(key)
		if path != "" {
			below = path + "." + below
		}
		eachLeaf(below, v, depth-1, f)
	})
}

// Next gives the next object.
func (os *objects) Next() (archive.Record, error) {
	b, line, err := os.o.Next()
	var record archive.Record
	switch err {
	case nil:
		record = os.decode(b)
	case archive.ErrTooLong:
		record = drop(collectors.TooLarge, err.Error())
	case archive.ErrMalformed:
		record = drop(collectors.Undecodable, err.Error())
	default:
		return archive.Record{}, err
	}
	record.Line, record.End = line, os.t.Mark()
	return record, nil
}

func (os *objects) decode(b []byte) archive.Record {
	v, err := os.parser.Parse(os.t.String(b))
	if err != nil || v.Type() != fastjson.TypeObject {
		return drop(collectors.Undecodable, "not a JSON object")
	}
	return os.r.decode(func(field string) string { return cell(v, os.paths[field]) }, os.names)
}

// cell is a plain value as text: numbers as they are written, so that no digit
// of an id is lost.
func cell(v *fastjson.Value, path []string) string {
	if len(path) == 0 {
		return ""
	}
	switch v = v.Get(path...); {
	case v == nil:
		return ""
	case v.Type() == fastjson.TypeString:
		return strings.ToValidUTF8(string(v.GetStringBytes()), "\uFFFD")
	case v.Type() == fastjson.TypeNumber:
		return string(v.MarshalTo(nil))
	}
	return ""
}
