package sentiment

import (
	"testing"
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

// The answer of a batch is one allocation, and its version another.
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
	if n := testing.AllocsPerRun(20, score); n > 20 { // the collector may empty the pool once
		t.Errorf("%v allocations for 100 texts", n)
	}
}

func BenchmarkScore(b *testing.B) {
	texts := []Text{{"@bank I can't believe it… they LOST my data and said nothing for weeks!!! 😡 #hacked", "en"}}
	for _, name := range []string{"model", "vader", "cdipaolo"} {
		b.Run("impl="+name, func(b *testing.B) {
			sc, err := New(name)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				sc.Score(b.Context(), texts)
			}
		})
	}
}
