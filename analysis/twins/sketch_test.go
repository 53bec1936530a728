package twins

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// of makes a text of words n to m.
func of(n, m int) string {
	var words []string
	for i := n; i < m; i++ {
		words = append(words, fmt.Sprintf("w%d", i))
	}
	return strings.Join(words, " ")
}

// Sketches are right about most pairs: of those that share 9 words of 11
// (overlap 0.82) and of those that share 2 of 18 (0.11). A bit is the same with
// probability (1+J)/2: 0.91 and 0.56, so that of 128 bits 11.6 ± 3.3 and 57 ± 5.6
// differ; 25 is the bound.
func TestSketches(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	near, far := 0, 0
	for range 1000 {
		at := rng.IntN(1 << 30)
		s := Sketched([]string{of(at, at+10)})
		if s.Has("@user " + strings.ToUpper(of(at+1, at+11)) + "!") {
			near++
		}
		if s.Has(of(at+8, at+18)) {
			far++
		}
	}
	if near < 995 || far > 0 {
		t.Errorf("%d of 1000 twins found, %d of 1000 others taken for twins", near, far)
	}
}

func TestSketchesOfNothing(t *testing.T) {
	s := Sketched([]string{"", "@user https://x.example", "one two", "TWO one"})
	if len(s) != 1 {
		t.Errorf("%d sketches, want that of one two", len(s))
	}
	if s.Has("") || s.Has("@user") {
		t.Error("a text without words has a twin")
	}
}

func TestPackedSketches(t *testing.T) {
	s := Sketched([]string{of(0, 5), of(5, 9), of(20, 40)})
	file := s.Pack()
	if again, err := OpenSketches(file); err != nil || !slices.Equal(again, s) || len(file) != 48 {
		t.Errorf("%d bytes, %v, %v; want 48 and %v", len(file), again, err, s)
	}
	if _, err := OpenSketches(file[:47]); err == nil {
		t.Error("sketches that are cut short were read")
	}
}
