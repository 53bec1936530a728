package school

import (
	"context"
	"encoding/json"
	"math"
	"strings"
	"testing"

	"confianza/analysis/measure"
	"confianza/analysis/sentiment"
	"confianza/analysis/twins"
)

// first says negative to texts that begin with n, positive to p, and cannot
// tell of others.
type first struct{}

func (first) Learnt() []byte { return nil }

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
	e, err := Examine(t.Context(), first{}, Questions{Rows: rows, Learnt: []Row{{Text: "PERFECT in every way one could think of!"}}})
	if err != nil {
		t.Fatal(err)
	}
	if e.Texts != 4 || e.Twins != 1 || e.TwinsBy != ByTexts {
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
	if err := e.Table(&out); err != nil || !strings.Contains(out.String(), "first@1 on 4 texts, 1 left out") ||
		!strings.Contains(out.String(), "labelled, said\nen    100.0, 0.0\n") {
		t.Errorf("got %s, %v", &out, err)
	}
	out.Reset()
	var back Exam
	if err := e.JSON(&out); err != nil || json.Unmarshal([]byte(out.String()), &back) != nil || back.Given[0].Confusion != en.Confusion {
		t.Errorf("got %s, %v", &out, err)
	}
	if _, err := Examine(t.Context(), first{}, Questions{Rows: rows[4:], Learnt: rows[4:]}); err == nil {
		t.Error("examined on what was learnt")
	}
}

// remembering is a scorer whose weights remember one text.
type remembering struct{ first }

func (remembering) Learnt() []byte {
	return twins.Sketched([]string{"perfect in every way one could think of"}).Pack()
}

// What weights remember keeps a text out of the exam, without the texts.
func TestExamineByMemory(t *testing.T) {
	rows := []Row{{Language: "en", Label: 0, Text: "nothing of the kind"}, {Language: "en", Label: 2, Text: "PERFECT in every way one could think of!"}}
	e, err := Examine(t.Context(), remembering{}, Questions{Rows: rows})
	if err != nil || e.Texts != 1 || e.Twins != 1 || e.TwinsBy != BySketches {
		t.Fatalf("got %+v, %v; want one text, and one left out", e, err)
	}
	var out strings.Builder
	if err := e.Table(&out); err != nil || !strings.Contains(out.String(), "1 left out as near-duplicates of what the model learnt from") {
		t.Errorf("got %s, %v", &out, err)
	}
	card, ok := e.Card("a\n"+figuresBegin+"1\n"+figuresEnd+elsewhereBegin+"2\n"+figuresEnd+"b\n", "mine")
	if want := "a\n" + figuresBegin + "1\n" + figuresEnd + elsewhereBegin + "\n| texts |"; !ok || !strings.HasPrefix(card, want) ||
		!strings.Contains(card, "\n| mine | 1 | 1 | 100.0 (100.0–100.0) |") || !strings.HasSuffix(card, "\n\n"+figuresEnd+"b\n") {
		t.Errorf("card %v\n%s", ok, card)
	}
	if _, err := Examine(t.Context(), remembering{}, Questions{Rows: rows[1:]}); err == nil {
		t.Error("examined on what was learnt")
	}
}

// Five languages all right and one all wrong: 5/6. The languages' own texts are
// drawn, so that it is 5/6 in every sample.
func TestMeanOfSix(t *testing.T) {
	var rows []Row
	for _, l := range Latin {
		rows = append(rows, Row{Language: l, Label: 2, Text: "perhaps"}, Row{Language: l, Label: 2, Text: "perhaps not"})
	}
	rows[2].Label, rows[3].Label = 1, 1
	rows = append(rows, Row{Language: "zz", Text: "no"}, Row{Language: "ja", Text: "no"}, Row{Text: "n"})
	e, err := Examine(t.Context(), first{}, Questions{Rows: rows})
	if err != nil {
		t.Fatal(err)
	}
	if e.Six == nil || math.Abs(e.Six.Given.Value-5.0/6) > 1e-9 || math.Abs(e.Six.Identified.Low-5.0/6) > 1e-9 || math.Abs(e.Six.Identified.High-5.0/6) > 1e-9 {
		t.Errorf("got %+v, want 5/6", e.Six)
	}
	var order []string
	for _, f := range e.Given {
		order = append(order, f.Language)
	}
	if got, want := strings.Join(order, " "), "en es pt fr de it other ja zz all"; got != want {
		t.Errorf("languages in order %s, want %s", got, want)
	}
	if e, err := Examine(t.Context(), first{}, Questions{Rows: rows[2:]}); err != nil || e.Six != nil {
		t.Errorf("a mean of five passes for one of six: %+v, %v", e, err)
	}
}
