package school

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"confianza/analysis/learning"
	"confianza/analysis/twins"
	"confianza/analysis/weights"
)

// Lesson is what the train command is asked.
type Lesson struct {
	Sources  []string // which to learn from; all but [Left] when empty
	Seed     uint64
	Splits   int                                 // how often to hold out a part and measure on it, with seeds from Seed on; at least once
	Progress func(job string, done, total int64) // may be nil
}

// Left are the sources that did not help on held-out texts.
func Left() []string { return []string{"goemotions", "xed", "mt_it"} }

// Teach learns from rows and gives the file of weights, with what the method
// reached on held-out texts. It first holds out a part, as often as the lesson
// says, to measure and to calibrate on; then it learns from everything, and
// takes the mean of what the probabilities needed.
func Teach(ctx context.Context, rows []Row, l Lesson) ([]byte, *Report, error) {
	taught := l.taught(rows)
	if err := l.known(rows); err != nil {
		return nil, nil, err
	}
	if len(taught) == 0 {
		return nil, nil, fmt.Errorf("train: no row to learn from")
	}
	var terms []*term
	heat := map[string]float64{}
	for n := range max(1, l.Splits) {
		t, err := l.hold(ctx, rows, l.Seed+uint64(n))
		if err != nil {
			return nil, nil, err
		}
		terms = append(terms, t)
		for code, h := range t.heat {
			heat[code] += h / float64(max(1, l.Splits))
		}
	}
	whole, err := learning.Train(ctx, examples(taught), l.Seed, l.progress("everything: "))
	if err != nil {
		return nil, nil, err
	}
	return weights.Remember(whole.Pack(heat), twins.Sketched(textsOf(taught)).Pack()), report(terms), nil
}

// known tells of sources that are asked for and have no rows.
func (l Lesson) known(rows []Row) error {
	var there []string
	for _, r := range rows {
		if !slices.Contains(there, r.Source) {
			there = append(there, r.Source)
		}
	}
	for _, s := range l.Sources {
		if !slices.Contains(there, s) {
			slices.Sort(there)
			return fmt.Errorf("train: no row of source %q; there are %s", s, strings.Join(there, ", "))
		}
	}
	return nil
}

// taught are the rows that are learnt from.
func (l Lesson) taught(rows []Row) []Row {
	return slices.DeleteFunc(slices.Clone(rows), func(r Row) bool {
		if len(l.Sources) > 0 {
			return !slices.Contains(l.Sources, r.Source)
		}
		return slices.Contains(Left(), r.Source)
	})
}

func (l Lesson) progress(prefix string) func(string, int, int) {
	return func(step string, done, total int) {
		if l.Progress != nil {
			l.Progress(prefix+step, int64(done), int64(total))
		}
	}
}

func examples(rows []Row) []learning.Example {
	all := make([]learning.Example, len(rows))
	for i, r := range rows {
		all[i] = learning.Example{Text: r.Text, Language: r.Language, Source: r.Source, Label: r.Label}
	}
	return all
}

// Domains are what the texts of some sources are, besides posts of any kind:
// of these a quarter is held out too, to tell how far the model carries.
var Domains = map[string]string{
	"vader_gt_amazon": "reviews of products (en)",
	"million_post":    "comments on news (de)",
	"germeval17":      "posts about a brand (de)",
}

// Develop splits rows: held are umsab's val and a quarter of its train, or a
// tenth of all when there is no umsab; apart are a quarter of the sources of
// [Domains]. train is the rest without twins of either.
func Develop(rows []Row, seed uint64) (train, held, apart []Row) {
	rng, other := rand.New(rand.NewPCG(seed, 99)), rand.New(rand.NewPCG(seed, 98))
	umsab := slices.ContainsFunc(rows, func(r Row) bool { return r.Source == "umsab" })
	var rest []Row
	for _, r := range rows {
		switch {
		case umsab && r.Source == "umsab" && (r.Split == "val" || rng.IntN(4) == 0), !umsab && rng.IntN(10) == 0:
			held = append(held, r)
		case Domains[r.Source] != "" && other.IntN(4) == 0:
			apart = append(apart, r)
		default:
			rest = append(rest, r)
		}
	}
	x := twins.New(textsOf(slices.Concat(held, apart)))
	for _, r := range rest {
		if len(x.Of(r.Text)) == 0 {
			train = append(train, r)
		}
	}
	return train, held, apart
}
