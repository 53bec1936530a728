package school

import (
	"context"

	"confianza/analysis/sentiment"
	"confianza/analysis/twins"
)

// TwinsBy is how twins of what was learnt from were found.
type TwinsBy string

// With the texts themselves, every pair is compared; with the sketches that the
// weights remember, nearly every twin is found, and one stranger in hundreds
// passes for one.
const (
	ByTexts    TwinsBy = "texts"
	BySketches TwinsBy = "sketches"
	ByNothing  TwinsBy = "" // nobody knows what was learnt from
)

// strange are the rows that are no twins of what was learnt from.
func (q Questions) strange(ctx context.Context, sc sentiment.Scorer, by *TwinsBy) ([]Row, error) {
	if q.Learnt != nil {
		*by = ByTexts
		return without(q.Rows, q.Learnt), nil
	}
	remembered, err := remembered(sc)
	if err != nil || len(remembered) == 0 {
		return q.Rows, err
	}
	*by = BySketches
	var kept []Row
	for i, r := range q.Rows {
		if i%batch == 0 {
			q.say("near-duplicates", i, len(q.Rows))
			if err := ctx.Err(); err != nil {
				return nil, err
			}
		}
		if !remembered.Has(r.Text) {
			kept = append(kept, r)
		}
	}
	return kept, nil
}

// remembered is what a scorer's weights remember of what they were learnt
// from. Scorers that did not learn from such texts are examined on the same as
// the model in the binary, so that their figures can be compared.
func remembered(sc sentiment.Scorer) (twins.Sketches, error) {
	w, ok := sc.(interface{ Learnt() []byte })
	if !ok {
		own, err := sentiment.New(sentiment.Default)
		if err != nil {
			return nil, err
		}
		if w, ok = own.(interface{ Learnt() []byte }); !ok {
			return nil, nil
		}
	}
	return twins.OpenSketches(w.Learnt())
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
