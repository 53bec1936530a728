package school

import (
	"context"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"slices"

	"confianza/analysis/learning"
	"confianza/analysis/sentiment"
	"confianza/analysis/twins"
)

// Lesson is what the train command is asked.
type Lesson struct {
	Sources  []string // which to learn from; all but [Left] when empty
	Seed     uint64
	Progress func(job string, done, total int64) // may be nil
}

// Left are the sources that did not help on held-out texts.
func Left() []string { return []string{"goemotions", "xed", "mt_it"} }

// Teach learns from rows and gives the file of weights. It first holds out a
// development part to calibrate on, and writes what it reached there; then it
// learns from everything.
func Teach(ctx context.Context, rows []Row, l Lesson, out io.Writer) ([]byte, error) {
	rows = slices.DeleteFunc(slices.Clone(rows), func(r Row) bool {
		if len(l.Sources) > 0 {
			return !slices.Contains(l.Sources, r.Source)
		}
		return slices.Contains(Left(), r.Source)
	})
	if len(rows) == 0 {
		return nil, fmt.Errorf("train: no row of the sources asked for")
	}
	train, held := Develop(rows, l.Seed)
	learner, err := learning.Train(ctx, examples(train), l.Seed, l.progress("held out: "))
	if err != nil {
		return nil, err
	}
	trial, err := sentiment.NewOwn(learner.Pack(nil))
	if err != nil {
		return nil, err
	}
	heat, err := calibrate(ctx, trial, held)
	if err != nil {
		return nil, err
	}
	if trial, err = sentiment.NewOwn(learner.Pack(heat)); err != nil {
		return nil, err
	}
	exam, err := Examine(ctx, trial, held, nil)
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(out, "held out of %s\n", "training:")
	if err := table(out, exam.Given); err != nil {
		return nil, err
	}
	if mean, ok := SixMean(exam.Given); ok {
		fmt.Fprintf(out, "mean macro-F1 of the six: %.1f\n", 100*mean)
	}
	whole, err := learning.Train(ctx, examples(rows), l.Seed, l.progress("everything: "))
	if err != nil {
		return nil, err
	}
	return whole.Pack(heat), nil
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

// Develop splits rows: held are umsab's val and a quarter of its train, or a
// tenth of all when there is no umsab; train is the rest without their twins.
func Develop(rows []Row, seed uint64) (train, held []Row) {
	rng := rand.New(rand.NewPCG(seed, 99))
	umsab := slices.ContainsFunc(rows, func(r Row) bool { return r.Source == "umsab" })
	var rest []Row
	for _, r := range rows {
		switch {
		case umsab && r.Source == "umsab" && (r.Split == "val" || rng.IntN(4) == 0), !umsab && rng.IntN(10) == 0:
			held = append(held, r)
		default:
			rest = append(rest, r)
		}
	}
	x := twins.New(textsOf(held))
	for _, r := range rest {
		if len(x.Of(r.Text)) == 0 {
			train = append(train, r)
		}
	}
	return train, held
}

// calibrate finds, for each language, what to multiply logits by so that the
// probabilities of held-out texts fit best (temperature scaling, Guo et al.
// 2017).
func calibrate(ctx context.Context, sc sentiment.Scorer, held []Row) (map[string]float64, error) {
	outcomes, err := Outcomes(ctx, sc, held, func(r Row) string { return r.Language })
	if err != nil {
		return nil, err
	}
	heat := map[string]float64{}
	best := map[string]float64{}
	for h := 0.1; h < 1.6; h += 0.02 {
		loss := map[string]float64{}
		for i, o := range outcomes {
			if !o.Known {
				continue
			}
			sum := 0.0
			for _, p := range o.P {
				sum += math.Pow(p, h)
			}
			loss[held[i].Language] -= math.Log(math.Pow(o.P[o.Truth], h) / sum)
		}
		for lang, v := range loss {
			if b, ok := best[lang]; !ok || v < b {
				best[lang], heat[lang] = v, h
			}
		}
	}
	return heat, nil
}
