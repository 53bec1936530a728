package sentiment

import (
	"context"
	"fmt"
	"math"
	"testing"
)

func TestScorersLabel(t *testing.T) {
	tests := []struct {
		scorer, text, language string
		want                   Label
	}{
		{"vader", "I love this airline, great service!", "en", Positive},
		{"vader", "Terrible. They lost my data and lied about it.", "en", Negative},
		{"vader", "The meeting is on Tuesday.", "en", Neutral},
		{"vader", "Me encanta", "es", Unknown},
		{"vader", "  ", "en", Unknown},
		{"cdipaolo", "I love this, wonderful and great", "en", Positive},
		{"cdipaolo", "awful terrible horrible waste", "en", Negative},
		{"cdipaolo", "Me encanta", "es", Unknown},
	}
	for _, tt := range tests {
		sc, err := New(tt.scorer)
		if err != nil {
			t.Fatal(err)
		}
		got, err := sc.Score(t.Context(), []Text{{tt.text, tt.language}})
		if err != nil || len(got) != 1 || got[0].Label() != tt.want {
			t.Errorf("%s(%q) = %+v, %v; want %s", tt.scorer, tt.text, got, err, tt.want)
		}
		if s := got[0]; s.Known && math.Abs(s.Negative+s.Neutral+s.Positive-1) > 1e-9 {
			t.Errorf("%s(%q): probabilities sum to %v", tt.scorer, tt.text, s.Negative+s.Neutral+s.Positive)
		}
	}
}

func TestSpreadKeepsTheAuthorsThresholds(t *testing.T) {
	for compound, want := range map[float64]Label{-1: Negative, -0.051: Negative, -0.049: Neutral, 0: Neutral, 0.049: Neutral, 0.051: Positive, 1: Positive} {
		if got := spread(compound).Label(); got != want {
			t.Errorf("compound %v is %s, want %s", compound, got, want)
		}
	}
}

func TestNewNamesTheScorers(t *testing.T) {
	if _, err := New("magic"); err == nil || err.Error() != `sentiment: no scorer "magic"; there are cdipaolo, model, vader` {
		t.Errorf("got %v", err)
	}
}

func FuzzScore(f *testing.F) {
	f.Add("so good!!! :) \xff")
	var scorers []Scorer
	for _, n := range Names() {
		sc, err := New(n)
		if err != nil {
			f.Fatal(err)
		}
		scorers = append(scorers, sc)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, sc := range scorers {
			got, err := sc.Score(t.Context(), []Text{{text, "en"}})
			if s := got[0]; err != nil || s.Known && !(math.Abs(s.Negative+s.Neutral+s.Positive-1) < 1e-6) {
				t.Errorf("%s: %+v, %v", sc.Version(), s, err)
			}
		}
	})
}

func ExampleNew() {
	sc, _ := New("vader")
	scores, _ := sc.Score(context.Background(), []Text{{"I love it", "en"}})
	fmt.Println(scores[0].Label())
	// Output: positive
}
