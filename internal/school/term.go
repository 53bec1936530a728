package school

import (
	"context"
	"math"

	"confianza/analysis/learning"
	"confianza/analysis/measure"
	"confianza/analysis/sentiment"
)

// term is what was reached with one part held out.
type term struct {
	rows              []Row // that were held out
	given, identified []measure.Outcome
	apart             []Row // of the domains
	domains           []measure.Outcome
	heat              map[string]float64 // what logits are to be multiplied by, by language
}

// hold learns without a part and measures on it. Calibration is never measured
// on texts it was fitted to: each half of the held-out texts is given the heat
// that fits the other half.
func (l Lesson) hold(ctx context.Context, rows []Row, seed uint64) (*term, error) {
	train, held, apart := Develop(rows, seed)
	train = l.taught(train)
	fit, own := held, true
	if len(l.Sources) > 0 && len(l.taught(held)) == 0 {
		train, fit, _ = Develop(train, seed) // its probabilities too owe nothing to other sources
		own = false
	}
	learner, err := learning.Train(ctx, examples(train), seed, l.progress("held out: "))
	if err != nil {
		return nil, err
	}
	plain, err := sentiment.NewOwn(learner.Pack(nil))
	if err != nil {
		return nil, err
	}
	t := &term{rows: held, apart: apart}
	var fitted []measure.Outcome
	for _, ask := range []struct {
		rows   []Row
		speaks func(Row) string
		to     *[]measure.Outcome
	}{{held, told, &t.given}, {held, identified, &t.identified}, {apart, told, &t.domains}, {fit, told, &fitted}} {
		if *ask.to, err = Outcomes(ctx, plain, ask.rows, ask.speaks); err != nil {
			return nil, err
		}
	}
	t.heat = calibrate(fit, fitted, func(int) bool { return true })
	if own {
		crossed(held, t.given)
	} else {
		warm(held, t.given, t.heat)
	}
	warm(apart, t.domains, t.heat)
	return t, nil
}

// crossed gives each half of the outcomes the heat that fits the other half.
func crossed(rows []Row, outcomes []measure.Outcome) {
	var heats [2]map[string]float64
	for half := range heats {
		heats[half] = calibrate(rows, outcomes, func(i int) bool { return i%2 != half })
	}
	for i := range outcomes {
		outcomes[i].P = warmed(outcomes[i].P, heats[i%2][rows[i].Language])
	}
}

func warm(rows []Row, outcomes []measure.Outcome, heat map[string]float64) {
	for i := range outcomes {
		outcomes[i].P = warmed(outcomes[i].P, heat[rows[i].Language])
	}
}

// calibrate finds, for each language, what to multiply logits by so that the
// probabilities of some of the texts fit best (temperature scaling, Guo et al.
// 2017).
func calibrate(rows []Row, outcomes []measure.Outcome, takes func(i int) bool) map[string]float64 {
	heat, best := map[string]float64{}, map[string]float64{}
	for h := 0.1; h < 1.6; h += 0.02 {
		loss := map[string]float64{}
		for i, o := range outcomes {
			if o.Known && takes(i) {
				loss[rows[i].Language] -= math.Log(warmed(o.P, h)[o.Truth])
			}
		}
		for lang, v := range loss {
			if b, ok := best[lang]; !ok || v < b {
				best[lang], heat[lang] = v, h
			}
		}
	}
	return heat
}

// warmed are probabilities as they are when logits are multiplied by heat; 0
// stands for a language that nothing is known of, and changes nothing.
func warmed(p [measure.Classes]float64, heat float64) [measure.Classes]float64 {
	if heat == 0 {
		return p
	}
	sum := 0.0
	for k := range p {
		p[k] = math.Pow(p[k], heat)
		sum += p[k]
	}
	if sum > 0 {
		for k := range p {
			p[k] /= sum
		}
	}
	return p
}
