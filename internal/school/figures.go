package school

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"

	"confianza/analysis/language"
	"confianza/analysis/measure"
	"confianza/analysis/sentiment"
)

// draws is how many samples an interval is made from.
const draws = 1000

// answers are the figures of each language and of all, with the samples that
// their intervals are made from.
type answers struct {
	figures []Figures
	drawn   map[string][]measure.Confusion
}

// ask scores rows and makes the figures of each language, in the order of
// [language.Labels] and then of the alphabet, and of all.
func (q Questions) ask(ctx context.Context, sc sentiment.Scorer, rows []Row, speaks func(Row) string) (*answers, error) {
	outcomes, err := Outcomes(ctx, sc, rows, speaks)
	if err != nil {
		return nil, err
	}
	by := map[string][]measure.Outcome{}
	var order []string
	for i, r := range rows {
		lang := cmp.Or(r.Language, language.Other)
		if by[lang] == nil {
			order = append(order, lang)
		}
		by[lang] = append(by[lang], outcomes[i])
	}
	place := func(lang string) int {
		if at := slices.Index(language.Labels(), lang); at >= 0 {
			return at
		}
		return math.MaxInt
	}
	slices.SortFunc(order, func(a, b string) int { return cmp.Or(cmp.Compare(place(a), place(b)), strings.Compare(a, b)) })
	order, by[all] = append(order, all), outcomes
	a := &answers{drawn: map[string][]measure.Confusion{}}
	for i, lang := range order {
		q.say("intervals", i, len(order))
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		a.add(lang, by[lang])
	}
	return a, nil
}

// add makes the figures of some outcomes.
func (a *answers) add(lang string, outcomes []measure.Outcome) {
	forced := make([]measure.Outcome, len(outcomes))
	for i, o := range outcomes {
		forced[i] = o.Forced()
	}
	c := measure.Count(outcomes)
	drawn := c.Drawn(draws, 1)
	f := Figures{Language: lang, Texts: len(outcomes), Unknown: c.Unknown(), Confusion: c}
	f.MacroF1 = figure(c, drawn, measure.Confusion.MacroF1)
	f.MacroRecall = figure(c, drawn, measure.Confusion.MacroRecall)
	f.Calibration = calibration(outcomes)
	f.Forced, _ = measure.Count(forced).MacroF1()
	a.figures, a.drawn[lang] = append(a.figures, f), drawn
}

// figure is a figure of a confusion, with its interval by those drawn from it.
func figure(c measure.Confusion, drawn []measure.Confusion, of func(measure.Confusion) (float64, bool)) (f Figure) {
	f.Value, f.Given = of(c)
	var values []float64
	for _, d := range drawn {
		if v, ok := of(d); ok {
			values = append(values, v)
		}
	}
	f.between(values)
	return f
}

func (f *Figure) between(values []float64) {
	if in, ok := measure.Percentiles(values); ok {
		f.Low, f.High = in.Low, in.High
	}
}

func calibration(outcomes []measure.Outcome) (f Figure) {
	f.Value, f.Given = measure.CalibrationError(outcomes)
	if in, ok := measure.CalibrationInterval(outcomes, draws, 1); ok {
		f.Low, f.High = in.Low, in.High
	}
	return f
}

// six is the plain mean of the macro-F1 of the six languages; ok is false
// unless all are there. Texts are drawn within each language.
func (a *answers) six() (f Figure, ok bool) {
	values := make([]float64, draws)
	for _, lang := range Latin {
		at := slices.IndexFunc(a.figures, func(f Figures) bool { return f.Language == lang })
		if at < 0 {
			return Figure{}, false
		}
		f.Value += a.figures[at].MacroF1.Value / float64(len(Latin))
		for i, c := range a.drawn[lang] {
			v, _ := c.MacroF1()
			values[i] += v / float64(len(Latin))
		}
	}
	f.Given = true
	f.between(values)
	return f, true
}
