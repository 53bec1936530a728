package sentiment

import (
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// What a text is scored as depends on it and its language alone: not on the
// texts beside it, their order or number, on the run, or on white space after
// it. This holds for every scorer there will be.
func TestLaws(t *testing.T) {
	text := rapid.Custom(func(r *rapid.T) Text {
		words := rapid.SliceOfN(rapid.SampledFrom([]string{"good", "bad", "NOT", "very", "terrible!!!", "pésimo", "gracias", "obrigado", ":)", "😡", "?", "😭😭",
			"data", "but", "@ana", "https://a.example/b", "\xff", "\u200d", "1234", "don't", "#fail"}), 0, 12).Draw(r, "words")
		return Text{strings.Join(words, " "), rapid.SampledFrom([]string{"en", "es", "pt", "other", ""}).Draw(r, "language")}
	})
	for _, name := range Names() {
		sc, err := New(name)
		if err != nil {
			t.Fatal(err)
		}
		score := func(r *rapid.T, texts ...Text) []Score {
			got, err := sc.Score(t.Context(), texts)
			if err != nil || len(got) != len(texts) {
				r.Fatalf("%s: %d scores of %d texts, %v", name, len(got), len(texts), err)
			}
			return got
		}
		rapid.Check(t, func(r *rapid.T) {
			texts := rapid.SliceOfN(text, 1, 9).Draw(r, "texts")
			order := rapid.Permutation(texts).Draw(r, "order")
			alone := map[Text]Score{}
			for i, s := range score(r, texts...) {
				one := score(r, texts[i])[0]
				alone[texts[i]] = one
				if !same(s, one) {
					r.Fatalf("%s: %q is %+v among others, %+v alone", name, texts[i], s, one)
				}
				if s.Known && !(math.Abs(s.Negative+s.Neutral+s.Positive-1) < 1e-6 && min(s.Negative, s.Neutral, s.Positive) >= 0) {
					r.Fatalf("%s: %q is %+v, which are no probabilities", name, texts[i], s)
				}
				spaced := Text{texts[i].Text + rapid.SampledFrom([]string{" ", "\n", " \t "}).Draw(r, "space"), texts[i].Language}
				if after := score(r, spaced)[0]; !same(after, one) {
					r.Fatalf("%s: %q is %+v, with white space after it %+v", name, texts[i], one, after)
				}
			}
			for i, s := range score(r, order...) {
				if !same(s, alone[order[i]]) {
					r.Fatalf("%s: %q is %+v in another order, %+v alone", name, order[i], s, alone[order[i]])
				}
			}
		})
	}
}

// same allows for the last bits, which a batch may add up in another order.
func same(a, b Score) bool {
	near := func(x, y float64) bool { return math.Abs(x-y) < 1e-5 }
	return a.Known == b.Known && a.Method == b.Method && near(a.Negative, b.Negative) && near(a.Neutral, b.Neutral) && near(a.Positive, b.Positive)
}
