package archive

import (
	"bytes"
	"encoding/json"
	"io"
	"testing"
	"testing/iotest"
)

// Objects come out as they were written, one a line or in an array, indented
// or not, and however the bytes arrive.
func FuzzObjects(f *testing.F) {
	f.Add("a } \" {", "\\\\\"", "[]")
	f.Add("\n\r\x00", "{\"", "é\u2028")
	f.Fuzz(func(t *testing.T, key, one, two string) {
		var want []string
		var lines bytes.Buffer
		values := []map[string]any{{key: one}, {"n": map[string]any{key: []string{two, one}}}}
		for _, v := range values {
			b, err := json.Marshal(v)
			if err != nil {
				t.Fatal(err)
			}
			want = append(want, string(b))
			lines.Write(append(b, '\n'))
		}
		array, err := json.Marshal(values)
		if err != nil {
			t.Fatal(err)
		}
		var indented bytes.Buffer
		if err := json.Indent(&indented, array, "", "  "); err != nil {
			t.Fatal(err)
		}
		for _, text := range [][]byte{lines.Bytes(), array, indented.Bytes()} {
			for _, r := range []io.Reader{bytes.NewReader(text), iotest.OneByteReader(bytes.NewReader(text)), iotest.DataErrReader(bytes.NewReader(text))} {
				o := NewObjects(NewText("a", r), false)
				for _, w := range append(want, "") {
					got, _, err := o.Next()
					if w == "" && err == io.EOF {
						break
					}
					var tight bytes.Buffer
					if err != nil || json.Compact(&tight, got) != nil || tight.String() != w {
						t.Fatalf("%q: got %q, %v; want %q", text, got, err, w)
					}
				}
			}
		}
	})
}
