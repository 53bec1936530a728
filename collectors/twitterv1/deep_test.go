package twitterv1

import (
	"strings"
	"testing"
)

// A line as long and as deep as any may be takes a moment, not minutes.
func TestDepthCostsNothing(t *testing.T) {
	for _, open := range []string{"[", `{"a":`} {
		b := []byte(strings.Repeat(open, 1<<20/len(open)))
		if complete(b, true) {
			t.Errorf("%q without end is called complete", open)
		}
		d := decoder{names: func([]byte) bool { return true }}
		if m := d.decode(b); m.Dropped == "" {
			t.Errorf("%q without end is taken for a message", open)
		}
	}
}
