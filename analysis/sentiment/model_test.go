package sentiment

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"confianza/analysis/features"
	"confianza/analysis/together"
)

func TestOwn(t *testing.T) {
	own, err := NewOwn(learnt)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		text, language string
		want           Label
	}{
		{"I love it, thank you so much! :)", "en", Positive},
		{"me encanta, muchas gracias!!", "es", Positive},
		{"qué asco, odio esta empresa de mierda", "es", Negative},
		{"que péssimo serviço, odeio isso", "pt", Negative},
		{"geweldig, dank je wel", "nl", Unknown}, // not learnt
		{"", "es", Unknown},
		{" … ", "other", Unknown},
	} {
		got, err := own.Score(t.Context(), []Text{{tt.text, tt.language}})
		if err != nil || got[0].Label() != tt.want {
			t.Errorf("%q is %+v, %v; want %s", tt.text, got, err, tt.want)
		}
	}
}

func TestOwnRefusesDamage(t *testing.T) {
	if _, err := NewOwn(learnt[:len(learnt)-1]); err == nil {
		t.Error("weights cut short were opened")
	}
}

// The answer of a batch is the one allocation, however many texts it has.
func TestOwnAllocatesTheAnswerAlone(t *testing.T) {
	own, err := NewOwn(learnt)
	if err != nil {
		t.Fatal(err)
	}
	texts := make([]Text, 100)
	for i := range texts {
		texts[i] = Text{"They lost my data and nobody said a word!", "en"}
	}
	score := func() { own.Score(t.Context(), texts) }
	score()
	if n := testing.AllocsPerRun(20, score); n != 1 {
		t.Errorf("%v allocations for 100 texts, want 1", n)
	}
}

// What is remembered of tokens changes no sum: the same texts, read by a scorer
// that remembers others, by one that remembers them, and feature by feature.
func TestRememberingChangesNothing(t *testing.T) {
	own, err := NewOwn(learnt)
	if err != nil {
		t.Fatal(err)
	}
	plain := func(text Text) (p part) {
		var r features.Reader
		var b features.Blocks
		r.Read(text.Text, text.Language)
		r.Features(text.Language, &b)
		p.look(own.weights, &b)
		return p
	}
	words := []string{"no", "NO", "nooo", "good", "bad!!", "datos", "#datos", "the", "😡", ":)", "not", "0", "12", "http", "http://a.example", "x", strings.Repeat("ab", 100), "#" + strings.Repeat("ñandú", 30)}
	rapid.Check(t, func(r *rapid.T) {
		text := Text{strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 0, 12).Draw(r, "words"), " "), rapid.SampledFrom([]string{"en", "es", "de"}).Draw(r, "language")}
		reading := own.take()
		defer own.back(reading)
		if got, want := own.sums(reading, text), plain(text); got != want {
			r.Fatalf("%q adds up to %+v, feature by feature to %+v", text, got, want)
		}
		for b, want := range plain(text) {
			var got together.Said
			for _, of := range append(reading.sheet.Tokens, reading.sheet.Pairs) {
				got[0], got[1] = got[0]+of[b][0], got[1]+of[b][1]
			}
			if got != said(want.Negative, want.Positive) {
				r.Fatalf("tokens and pairs of %q add up to %v in block %d, want %+v", text, got, b, want)
			}
		}
	})
}
