package school

import (
	"math"
	"strings"
	"testing"

	"confianza/analysis/measure"
)

// outcome is of a text that is truly one thing and was taken for another.
func outcome(truth, said int) measure.Outcome {
	o := measure.Outcome{Truth: truth, Known: true, Guess: said}
	o.P[said] = 1
	return o
}

// In one split both texts of a language are right, in the other one of two:
// negative right, positive taken for negative, F1 2/3 and 0, mean 1/3. The mean
// of 1 and 1/3 is 2/3, their standard deviation √2/3.
func TestReport(t *testing.T) {
	rows := []Row{{Language: "es"}, {Language: "es"}}
	right, half := []measure.Outcome{outcome(0, 0), outcome(2, 2)}, []measure.Outcome{outcome(0, 0), outcome(2, 0)}
	r := report([]*term{
		{rows: rows, given: right, identified: half, apart: []Row{{Source: "million_post"}}, domains: []measure.Outcome{outcome(1, 1)}},
		{rows: rows, given: half, identified: half},
	})
	if len(r.Languages) != 2 || r.Languages[0].Name != "es" || r.Languages[1].Name != all {
		t.Fatalf("lines %+v; want es, all", r.Languages)
	}
	es := r.Languages[0]
	if math.Abs(es.F1.Mean-2.0/3) > 1e-9 || math.Abs(es.F1.SD-math.Sqrt2/3) > 1e-9 {
		t.Errorf("macro-F1 %+v", es.F1)
	}
	if es.Identified != (Spread{1.0 / 3, 0}) || r.Six {
		t.Errorf("identified %+v, all six there: %v", es.Identified, r.Six)
	}
	said := r.Markdown()
	for _, want := range []string{"| es | 2 | 66.7 ± 47.1 |", "| comments on news (de) | 1 | 100.0 | 100.0 | – | 0.0, 0.0 |"} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is not in\n%s", want, said)
		}
	}
	card, ok := r.Card("before\n" + figuresBegin + "old\n" + figuresEnd + "after\n")
	if !ok || strings.Contains(card, "old") || !strings.HasPrefix(card, "before\n") || !strings.HasSuffix(card, figuresEnd+"after\n") || !strings.Contains(card, said) {
		t.Errorf("card %v\n%s", ok, card)
	}
	if _, ok := r.Card("no place"); ok {
		t.Error("figures were written where nothing marks their place")
	}
}

// Ten texts were given 0.9 and six of them were right: the logits, ln 9 apart
// and more, are twice to five times too large, so that what fits is far under 1.
// The language whose texts are not asked for has none.
func TestCalibrate(t *testing.T) {
	var rows []Row
	var outcomes []measure.Outcome
	for i := range 10 {
		o := measure.Outcome{Known: true, Guess: 2, P: [3]float64{0.05, 0.05, 0.9}}
		if i < 6 {
			o.Truth = 2
		}
		rows, outcomes = append(rows, Row{Language: "es"}), append(outcomes, o)
	}
	rows, outcomes = append(rows, Row{Language: "pt"}), append(outcomes, outcomes[0])
	heat := calibrate(rows, outcomes, func(i int) bool { return rows[i].Language == "es" })
	h, ok := heat["es"]
	if p := warmed(outcomes[0].P, h); !ok || math.Abs(p[2]-0.6) > 0.02 {
		t.Errorf("heat %v makes 0.9 %v, want about 0.6", h, p)
	}
	if _, ok := heat["pt"]; ok {
		t.Error("a language was calibrated on texts that were not to be looked at")
	}
	if p := warmed(outcomes[0].P, 0); p != outcomes[0].P {
		t.Errorf("a language without heat changed to %v", p)
	}
}

// Every other text was right with 0.9, the rest were wrong. What fits the right
// ones makes them surer, what fits the wrong ones makes everything alike: each
// gets what fits the others, so that the right ones are unsure and the wrong
// ones sure.
func TestCrossed(t *testing.T) {
	var rows []Row
	var outcomes []measure.Outcome
	for i := range 10 {
		rows = append(rows, Row{Language: "es"})
		outcomes = append(outcomes, measure.Outcome{Truth: 2 - i%2, Known: true, Guess: 2, P: [3]float64{0.05, 0.05, 0.9}})
	}
	crossed(rows, outcomes)
	if right, wrong := outcomes[0].P[2], outcomes[1].P[2]; right > 0.5 || wrong < 0.95 {
		t.Errorf("right ones are given %v, want under 0.5; wrong ones %v, want over 0.95", right, wrong)
	}
}

// Of each source that tells of a domain a part is kept apart, and nothing that
// is learnt from is a twin of what is held out.
func TestDevelop(t *testing.T) {
	var rows []Row
	for i := range 40 {
		text := strings.Repeat(string(rune('a'+i%26)), 3+i) + " is what it says"
		rows = append(rows, Row{Text: text, Source: "umsab", Split: "train"}, Row{Text: text + " nearly", Source: "sb10k"},
			Row{Text: strings.Repeat("x", i+1) + " alone", Source: "million_post"})
	}
	train, held, apart := Develop(rows, 1)
	if len(held) < 4 || len(held) > 20 || len(apart) < 4 || len(apart) > 20 {
		t.Errorf("%d held and %d apart of 40, want about 10", len(held), len(apart))
	}
	for _, h := range held {
		for _, r := range train {
			if r.Text == h.Text || r.Text == h.Text+" nearly" {
				t.Errorf("%q is learnt from and asked", r.Text)
			}
		}
	}
}
