package web

import (
	"cmp"
	"math"
	"slices"

	"golang.org/x/text/number"

	"confianza/analysis/sentiment"
)

// whyRows is how many reasons of a mention are shown; the others are one row.
const whyRows = 6

// why is what moved a mention's score, for the reader.
type why struct {
	Score   sentiment.Score
	Rows    []whyRow // the strongest first; none when nothing in the text speaks
	Weaker  int      // reasons that have no row
	Rest    float64  // what they moved together
	Sum     float64
	Longest float64 // move that a bar of full length stands for
}

// whyRow is one reason. Move is in logits, below 0 towards negative.
type whyRow struct {
	What sentiment.What
	Says string // a stranger's words, made fit to be shown; "" for the language and all together
	Move float64
}

// explain says why a mention was scored as it was; nil when the scorer that
// speaks now cannot tell, or is not the one that scored it.
func (s *site) explain(p *post) *why {
	if s.o.Explain == nil || p.Score.Scorer == "" {
		return nil
	}
	e, ok := s.o.Explain(p.Score.Scorer, sentiment.Text{Text: p.Mention.Text, Language: p.Score.Language})
	if !ok {
		return nil
	}
	w := &why{Score: e.Score, Sum: e.Positive - e.Negative}
	all := slices.Clone(e.Reasons)
	slices.SortStableFunc(all, func(a, b sentiment.Reason) int { return cmp.Compare(math.Abs(b.Move()), math.Abs(a.Move())) })
	for i, r := range all {
		if i >= whyRows {
			w.Weaker++
			w.Rest += r.Move()
			continue
		}
		w.Rows = append(w.Rows, whyRow{r.What, plain(e.Says(r)), r.Move()})
		w.Longest = max(w.Longest, math.Abs(r.Move()))
	}
	w.Longest = max(w.Longest, math.Abs(w.Rest))
	return w
}

// Bar is where the bar of a move lies, in percent of the plot: from its middle
// to the left for negative, to the right for positive.
func (w *why) Bar(move float64) part {
	half := 0.0
	if w.Longest > 0 {
		half = 50 * math.Abs(move) / w.Longest
	}
	if move < 0 {
		return part{Polarity: "negative", X: percent(50 - half), Width: percent(half)}
	}
	return part{Polarity: "positive", X: 50, Width: percent(half)}
}

// Move writes a move with its sign and one decimal.
func (l *locale) Move(x float64) string {
	written := l.numbers.Sprint(number.Decimal(math.Abs(x), number.Scale(1)))
	switch {
	case math.Abs(x) < 0.05:
		return written
	case x < 0:
		return "−" + written
	}
	return "+" + written
}

// Weaker is how many reasons have no row of their own.
func (p post) Weaker() int64 { return int64(p.Why.Weaker) }
