package school

import (
	"context"
	"fmt"

	"confianza/analysis/language"
	"confianza/analysis/measure"
	"confianza/analysis/sentiment"
	"confianza/internal/scorer"
)

// Exam is what a scorer reached on some texts.
type Exam struct {
	Scorer     string    `json:"scorer"` // its version
	Texts      int       `json:"texts"`
	Twins      int       `json:"twins"`    // texts left out because a text that was learnt from is nearly the same
	TwinsBy    TwinsBy   `json:"twins_by"` // how these were found
	Six        *Six      `json:"mean_of_six"`
	Given      []Figures `json:"given"`      // the scorer is told the language
	Identified []Figures `json:"identified"` // the language is identified
}

// Six is the plain mean of the macro-F1 of the six languages of [Latin].
type Six struct {
	Given      Figure `json:"given"`
	Identified Figure `json:"identified"`
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

// Questions is what an exam is about.
type Questions struct {
	Rows     []Row
	Learnt   []Row                               // what the scorer learnt from; without it, what its weights remember of that
	Progress func(job string, done, total int64) // may be nil
}

func (q Questions) say(job string, done, total int) {
	if q.Progress != nil {
		q.Progress(job, int64(done), int64(total))
	}
}

// Examine has a scorer score texts and counts. Those that are twins of what it
// learnt from are not asked.
func Examine(ctx context.Context, sc sentiment.Scorer, q Questions) (*Exam, error) {
	e := &Exam{Scorer: sc.Version()}
	rows, err := q.strange(ctx, sc, &e.TwinsBy)
	if err != nil {
		return nil, err
	}
	e.Texts, e.Twins = len(rows), len(q.Rows)-len(rows)
	if len(rows) == 0 {
		return nil, fmt.Errorf("no text to examine with: all %d are twins of what was learnt from", e.Twins)
	}
	given, err := q.ask(ctx, sc, rows, told)
	if err != nil {
		return nil, err
	}
	found, err := q.ask(ctx, sc, rows, identified)
	if err != nil {
		return nil, err
	}
	e.Given, e.Identified = given.figures, found.figures
	if six, ok := given.six(); ok {
		e.Six = &Six{Given: six}
		e.Six.Identified, _ = found.six()
	}
	return e, nil
}

// told is the language that somebody said a text is in, or else as identified.
func told(r Row) string {
	if r.Language == "" {
		return identified(r)
	}
	return r.Language
}

func identified(r Row) string { return language.Identify(r.Text, "").Code }

// batch is how many texts are scored between two looks at the context.
const batch = 2000

// Outcomes has a scorer score rows, each in the language that speaks says.
func Outcomes(ctx context.Context, sc sentiment.Scorer, rows []Row, speaks func(Row) string) ([]measure.Outcome, error) {
	outcomes := make([]measure.Outcome, 0, len(rows))
	for len(rows) > 0 {
		part := rows[:min(batch, len(rows))]
		rows = rows[len(part):]
		texts := make([]sentiment.Text, len(part))
		for i, r := range part {
			texts[i] = sentiment.Text{Text: r.Text, Language: speaks(r)}
		}
		scores, err := sc.Score(ctx, texts)
		if err != nil {
			return nil, err
		}
		for i, s := range scores {
			outcomes = append(outcomes, outcomeOf(s, part[i].Label))
		}
	}
	return outcomes, nil
}

func outcomeOf(s sentiment.Score, truth int) measure.Outcome {
	o := measure.Outcome{Truth: truth, Known: s.Known, P: [3]float64{s.Negative, s.Neutral, s.Positive}}
	s.Known = true
	switch s.Label() {
	case sentiment.Neutral:
		o.Guess = 1
	case sentiment.Positive:
		o.Guess = 2
	}
	return o
}

// Scorer makes a scorer by its name and the path of its weights, as
// [scorer.Open] takes them.
func Scorer(name, weights string) (sentiment.Scorer, error) { return scorer.Open(name, weights) }
