package school

import (
	"strings"
	"testing"
)

// Phrases are of the six languages, about as many of each, and every brand
// stands beside each of them.
func TestPhrases(t *testing.T) {
	count, brand := map[string]int{}, map[string]int{}
	for _, e := range phrases() {
		count[e.Language]++
		if strings.HasPrefix(e.Text, "Zafiro ") {
			brand[e.Language]++
		}
		if e.Text == "" || strings.ContainsAny(e.Text, "|\n") {
			t.Errorf("%+v is no phrase", e)
		}
	}
	for _, lang := range Latin {
		if n := count[lang]; n < 40*21 || brand[lang]*21 != n {
			t.Errorf("%s: %d texts, of which %d begin with a brand; want 21 of each phrase, one such", lang, n, brand[lang])
		}
	}
	if len(count) != len(Latin) {
		t.Errorf("languages %v", count)
	}
}

// What is measured on is not learnt from.
func TestLanguagesLeaveTheMeasureOut(t *testing.T) {
	learn := func(rows ...Row) string {
		w, err := Languages(t.Context(), rows, 1, func(string, int64, int64) {})
		if err != nil {
			t.Fatal(err)
		}
		return w.Version
	}
	if learn() != learn(Row{Language: "es", Text: "blup krax", Source: "umsab", Split: "val"}) {
		t.Error("a row of what is measured on changed the weights")
	}
	if learn() == learn(Row{Language: "es", Text: "blup krax", Source: "umsab", Split: "train"}) {
		t.Error("a row changed nothing")
	}
}
