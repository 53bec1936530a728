package sentiment

import (
	"context"
	"fmt"
	"math"
	"strings"
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

// Whatever a text is, scores are probabilities; and our model reads it the same
// when it comes with the entities of HTML in it.
func FuzzScore(f *testing.F) {
	f.Add("so good!!! :) \xff", "en")
	f.Add("bad :&lt;", "en")
	f.Add("perdieron mis datos & no avisan <3", "es")
	f.Add("&amp;amp;lt;3 'quoted' \"&\" >:(", "de")
	f.Add("n\u00e3o \u202e\u0301 \U0001f468\u200d\U0001f469", "pt")
	var scorers []Scorer
	for _, n := range Names() {
		sc, err := New(n)
		if err != nil {
			f.Fatal(err)
		}
		scorers = append(scorers, sc)
	}
	entities := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&#39;")
	f.Fuzz(func(t *testing.T, text, language string) {
		for _, sc := range scorers {
			got, err := sc.Score(t.Context(), []Text{{text, language}, {entities.Replace(text), language}})
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range got {
				if s.Known && !(math.Abs(s.Negative+s.Neutral+s.Positive-1) < 1e-6 && min(s.Negative, s.Neutral, s.Positive) >= 0) {
					t.Errorf("%s: %+v", sc.Version(), s)
				}
			}
			if strings.HasPrefix(sc.Version(), "model@") && !same(got[0], got[1]) {
				t.Errorf("%q is %+v, with entities %+v", text, got[0], got[1])
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
