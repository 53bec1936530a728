package archive

import (
	"bytes"
	"io"
	"strings"
	"testing"
)

// Texts many times as long as a record may be, and as deep, take a moment, not
// minutes: nothing looks at a byte again for each level it is in.
func TestDepthCostsNothing(t *testing.T) {
	const size = 8 * MaxRecord
	deep := func(open string) string { return strings.Repeat(open, size/len(open)) }
	tests := []struct {
		name, text string
		growing    bool
		too        int // records too long
		ends       bool
	}{
		{"lists", deep("["), false, 0, true}, // an array of nothing
		{"objects, in one line", deep(`{"a":`), false, 1, true},
		{"objects, in an array", "[" + deep(`{"a":`), false, 0, false},
		{"objects, in an array that may grow", "[" + deep(`{"a":`), true, 0, true},
		{"objects that end, in an array", "[" + deep(`{"a":`) + strings.Repeat("}", size/5) + "]", false, 1, true},
		{"quotes and backslashes", `[{"a":"` + deep(`\\\"`) + `"}]`, false, 1, true},
	}
	for _, tt := range tests {
		text := NewText(tt.name, strings.NewReader(tt.text))
		o := NewObjects(text, tt.growing)
		too, ends := 0, false
		for range 10 {
			object, _, err := o.Next()
			if err == ErrTooLong {
				too++
				continue
			}
			if ends = err == io.EOF; err != nil {
				break
			}
			t.Errorf("%s: %d bytes are called an object", tt.name, len(object))
		}
		if too != tt.too || ends != tt.ends {
			t.Errorf("%s: %d too long, ended well %v; want %d, %v", tt.name, too, ends, tt.too, tt.ends)
		}
		for object := range ObjectsIn([]byte(tt.text)) {
			if bytes.HasPrefix(object, []byte(`{"a":{"a":`)) && tt.too == 0 {
				t.Errorf("%s: an object without end is given", tt.name)
			}
		}
	}
}
