package school

import (
	"context"
	"encoding/json"
	"math"
	"strings"
	"testing"

	"confianza/analysis/measure"
	"confianza/analysis/sentiment"
)

func TestRead(t *testing.T) {
	got, err := Read(strings.NewReader("es\tneg\todio esto\tmine\nen\tpos\tlove\tyours\tval\n"), "a.tsv")
	want := []Row{{"es", 0, "odio esto", "mine", ""}, {"en", 2, "love", "yours", "val"}}
	if err != nil || len(got) != 2 || got[0] != want[0] || got[1] != want[1] {
		t.Errorf("got %v, %v; want %v", got, err, want)
	}
	for text, want := range map[string]string{
		"en\tpos\tx\ty\nen\tpos\tx\n": "a.tsv:2: 3 columns; want language, label, text, source and perhaps split",
		"en\tgood\tx\ty\n":            `a.tsv:1: label "good"; there are neg, neu, pos`,
	} {
		if _, err := Read(strings.NewReader(text), "a.tsv"); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	if _, err := ReadAll(t.TempDir()); err == nil {
		t.Error("a folder without texts was read")
	}
}

// first says negative to texts that begin with n, positive to p, and cannot
// tell of others.
type first struct{}

func (first) Version() string { return "first@1" }

func (first) Score(_ context.Context, texts []sentiment.Text) ([]sentiment.Score, error) {
	scores := make([]sentiment.Score, len(texts))
	for i, t := range texts {
		switch t.Text[0] {
		case 'n':
			scores[i] = sentiment.Score{Negative: 1, Known: true}
		case 'p':
			scores[i] = sentiment.Score{Positive: 1, Known: true}
		}
	}
	return scores, nil
}

func TestExamine(t *testing.T) {
	rows := []Row{
		{Language: "es", Label: 0, Text: "no me gusta nada de nada"},
		{Language: "es", Label: 2, Text: "para siempre"},
		{Language: "en", Label: 0, Text: "positively awful"},
		{Language: "en", Label: 1, Text: "whatever it is that they do"},
		{Language: "en", Label: 2, Text: "perfect in every way one could think of"},
	}
	e, err := Examine(t.Context(), first{}, rows, []Row{{Text: "PERFECT in every way one could think of!"}})
	if err != nil {
		t.Fatal(err)
	}
	if e.Texts != 4 || e.Twins != 1 || !e.TwinsKnown {
		t.Errorf("%d texts, %d twins", e.Texts, e.Twins)
	}
	en, es, all := e.Given[0], e.Given[1], e.Given[2]
	if en.Language != "en" || es.Language != "es" || all.Language != "all" {
		t.Fatalf("languages in order %s, %s, %s", en.Language, es.Language, all.Language)
	}
	// English: a negative called positive, a neutral that nobody could tell.
	if want := (measure.Confusion{{0, 0, 1, 0}, {0, 0, 0, 1}, {}}); en.Confusion != want || en.MacroF1.Value != 0 || en.Unknown != 1 {
		t.Errorf("English: %+v", en)
	}
	// Made to choose, it says neutral where it had no idea: negative 0, neutral 1, positive 0.
	if math.Abs(en.Forced-1.0/3) > 1e-9 || es.MacroF1.Value != 1 {
		t.Errorf("forced English %v, want 1/3; Spanish %v, want 1", en.Forced, es.MacroF1)
	}
	if len(e.Identified) != len(e.Given) {
		t.Errorf("%d rows with languages identified", len(e.Identified))
	}
	var out strings.Builder
	if err := e.Table(&out); err != nil || !strings.Contains(out.String(), "first@1 on 4 texts, 1 left out") {
		t.Errorf("got %s, %v", &out, err)
	}
	out.Reset()
	var back Exam
	if err := e.JSON(&out); err != nil || json.Unmarshal([]byte(out.String()), &back) != nil || back.Given[0].Confusion != en.Confusion {
		t.Errorf("got %s, %v", &out, err)
	}
	if _, err := Examine(t.Context(), first{}, rows[4:], rows[4:]); err == nil {
		t.Error("examined on what was learnt")
	}
}

func TestSixMean(t *testing.T) {
	var all []Figures
	for i, l := range Latin {
		all = append(all, Figures{Language: l, MacroF1: Figure{Value: float64(i)}})
	}
	if got, ok := SixMean(append(all, Figures{Language: "all"})); got != 2.5 || !ok {
		t.Errorf("got %v, %v, want 2.5", got, ok)
	}
	if _, ok := SixMean(all[1:]); ok {
		t.Error("a mean of five passes for one of six")
	}
}
