package twins

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

func TestOf(t *testing.T) {
	x := New([]string{
		"We lost your data and we are sorry", // we lost your data and are sorry: 7 words
		"nothing of the kind",
		"",
	})
	tests := []struct {
		name, text string
		want       []int
	}{
		{"the same", "We lost your data and we are sorry", []int{0}},
		{"case, accounts, addresses and points do not count", "@bank we LOST your data!! And we are sorry. https://t.co/x", []int{0}},
		{"six of eight", "we lost your data and are SAD", []int{0}},              // 6 shared, 8 in all: 0.75
		{"six of ten", "we lost your data and are very very glad now", []int{0}}, // 6 shared, 10 in all: 0.6
		{"six of eleven", "we lost your data and are very glad now today", nil},  // 6 shared, 11 in all: 0.545
		{"another", "something else", nil},
		{"nothing", "", nil},
	}
	for _, tt := range tests {
		if got := x.Of(tt.text); !slices.Equal(got, tt.want) {
			t.Errorf("%s: got %v, want %v", tt.name, got, tt.want)
		}
	}
}

// The filter finds what comparing every pair finds.
func TestAllPairs(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	text := func() string {
		var words []string
		for range 1 + rng.IntN(9) {
			words = append(words, string(rune('a'+min(rng.IntN(26), rng.IntN(26)))))
		}
		return strings.Join(words, " ")
	}
	var texts []string
	for range 300 {
		texts = append(texts, text())
	}
	x := New(texts)
	pairs := 0
	for range 300 {
		a := text()
		var want []int
		for i, b := range texts {
			if jaccard(a, b) >= Alike-1e-9 {
				want = append(want, i)
			}
		}
		pairs += len(want)
		if got := x.Of(a); !slices.Equal(got, want) {
			t.Errorf("twins of %q: got %v, want %v", a, got, want)
		}
	}
	if pairs < 100 {
		t.Errorf("only %d pairs were there to find", pairs)
	}
}

func jaccard(a, b string) float64 {
	wa, wb := split(a), split(b)
	shared := 0
	for _, w := range wa {
		if slices.Contains(wb, w) {
			shared++
		}
	}
	return float64(shared) / float64(len(wa)+len(wb)-shared)
}

func ExampleIndex_Of() {
	x := New([]string{"They leaked my number again", "What a lovely day"})
	fmt.Println(x.Of("they leaked my number AGAIN!!"))
	// Output: [0]
}
