package school

import (
	"context"
	"fmt"
	"slices"

	"confianza/analysis/language"
	"confianza/analysis/measure"
	"confianza/analysis/sentiment"
	"confianza/analysis/twins"
	"confianza/internal/scorer"
)

// Exam is what a scorer reached on some texts.
type Exam struct {
	Scorer     string    `json:"scorer"` // its version
	Texts      int       `json:"texts"`
	Twins      int       `json:"twins"`       // texts left out because a text that was learnt from is nearly the same
	TwinsKnown bool      `json:"twins_known"` // false: nobody said what was learnt from
	Given      []Figures `json:"given"`       // the scorer is told the language
	Identified []Figures `json:"identified"`  // the language is identified
}

// Figures are the figures of one language, or of "all". Shares are 0 to 1,
// intervals 95 %.
type Figures struct {
	Language    string            `json:"language"`
	Texts       int               `json:"texts"`
	MacroF1     Figure            `json:"macro_f1"`
	MacroRecall Figure            `json:"macro_recall"`
	Calibration Figure            `json:"calibration_error"` // of what is known; see [measure.CalibrationError]
	Forced      float64           `json:"forced_macro_f1"`   // had it been made to choose
	Unknown     int               `json:"unknown"`
	Confusion   measure.Confusion `json:"confusion"` // rows negative, neutral, positive; columns these and unknown
}

// Figure is a value with its interval.
type Figure struct {
	Value float64 `json:"value"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
	Given bool    `json:"defined"` // false: too few texts for it
}

// Latin are the six languages whose mean is published for UMSAB.
var Latin = []string{"en", "es", "pt", "fr", "de", "it"}

// draws is how many samples an interval is made from.
const draws = 1000

// Examine has a scorer score rows and counts. learnt are the texts it learnt
// from; nil when nobody knows.
func Examine(ctx context.Context, sc sentiment.Scorer, rows []Row, learnt []Row) (*Exam, error) {
	e := &Exam{Scorer: sc.Version(), TwinsKnown: learnt != nil}
	kept := rows
	if learnt != nil {
		kept = without(rows, learnt)
	}
	e.Texts, e.Twins = len(kept), len(rows)-len(kept)
	if len(kept) == 0 {
		return nil, fmt.Errorf("no text to examine with: all %d are twins of what was learnt from", len(rows))
	}
	var err error
	if e.Given, err = ask(ctx, sc, kept, func(r Row) string { return r.Language }); err != nil {
		return nil, err
	}
	e.Identified, err = ask(ctx, sc, kept, func(r Row) string { return language.Identify(r.Text, "").Code })
	return e, err
}

// without leaves out rows that are twins of learnt ones.
func without(rows, learnt []Row) []Row {
	asked := twins.New(textsOf(rows))
	out := map[int]bool{}
	for _, l := range learnt {
		for _, i := range asked.Of(l.Text) {
			out[i] = true
		}
	}
	var kept []Row
	for i, r := range rows {
		if !out[i] {
			kept = append(kept, r)
		}
	}
	return kept
}

func textsOf(rows []Row) []string {
	texts := make([]string, len(rows))
	for i, r := range rows {
		texts[i] = r.Text
	}
	return texts
}

// ask scores rows and makes the figures of each language, in the order of
// [language.Labels], and of all.
func ask(ctx context.Context, sc sentiment.Scorer, rows []Row, speaks func(Row) string) ([]Figures, error) {
	outcomes, err := Outcomes(ctx, sc, rows, speaks)
	if err != nil {
		return nil, err
	}
	by := map[string][]measure.Outcome{}
	var order []string
	for i, r := range rows {
		by[r.Language] = append(by[r.Language], outcomes[i])
		if !slices.Contains(order, r.Language) {
			order = append(order, r.Language)
		}
	}
	slices.SortFunc(order, func(a, b string) int {
		return slices.Index(language.Labels(), a) - slices.Index(language.Labels(), b)
	})
	var all []Figures
	for _, lang := range order {
		all = append(all, figures(lang, by[lang]))
	}
	return append(all, figures("all", outcomes)), nil
}

// Outcomes has a scorer score rows, each in the language that speaks says.
func Outcomes(ctx context.Context, sc sentiment.Scorer, rows []Row, speaks func(Row) string) ([]measure.Outcome, error) {
	texts := make([]sentiment.Text, len(rows))
	for i, r := range rows {
		texts[i] = sentiment.Text{Text: r.Text, Language: speaks(r)}
	}
	scores, err := sc.Score(ctx, texts)
	if err != nil {
		return nil, err
	}
	outcomes := make([]measure.Outcome, len(rows))
	for i, s := range scores {
		outcomes[i] = measure.Outcome{Truth: rows[i].Label, Known: s.Known, P: [3]float64{s.Negative, s.Neutral, s.Positive}}
		s.Known = true
		outcomes[i].Guess = slices.Index([]sentiment.Label{sentiment.Negative, sentiment.Neutral, sentiment.Positive}, s.Label())
	}
	return outcomes, nil
}

func figures(lang string, outcomes []measure.Outcome) Figures {
	forced := make([]measure.Outcome, len(outcomes))
	for i, o := range outcomes {
		forced[i] = o.Forced()
	}
	c := measure.Count(outcomes)
	f := Figures{Language: lang, Texts: len(outcomes), Unknown: c.Unknown(), Confusion: c}
	f.MacroF1 = figure(outcomes, func(o []measure.Outcome) (float64, bool) { return measure.Count(o).MacroF1() })
	f.MacroRecall = figure(outcomes, func(o []measure.Outcome) (float64, bool) { return measure.Count(o).MacroRecall() })
	f.Calibration = calibration(outcomes)
	f.Forced, _ = measure.Count(forced).MacroF1()
	return f
}

func figure(outcomes []measure.Outcome, of func([]measure.Outcome) (float64, bool)) (f Figure) {
	f.Value, f.Given = of(outcomes)
	if in, ok := measure.Bootstrap(outcomes, of, draws, 1); ok {
		f.Low, f.High = in.Low, in.High
	}
	return f
}

func calibration(outcomes []measure.Outcome) (f Figure) {
	f.Value, f.Given = measure.CalibrationError(outcomes)
	if in, ok := measure.CalibrationInterval(outcomes, draws, 1); ok {
		f.Low, f.High = in.Low, in.High
	}
	return f
}

// SixMean is the plain mean of the macro-F1 of the six Latin languages; ok is
// false unless all are there.
func SixMean(all []Figures) (mean float64, ok bool) {
	found := 0
	for _, f := range all {
		if slices.Contains(Latin, f.Language) {
			mean += f.MacroF1.Value / float64(len(Latin))
			found++
		}
	}
	return mean, found == len(Latin)
}

// ExamineNamed examines a scorer by its name and the path of its weights, as
// [scorer.Open] takes them.
func ExamineNamed(ctx context.Context, name, weights string, rows, learnt []Row) (*Exam, error) {
	sc, err := scorer.Open(name, weights)
	if err != nil {
		return nil, err
	}
	return Examine(ctx, sc, rows, learnt)
}
