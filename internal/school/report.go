package school

import (
	"bytes"
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"confianza/analysis/language"
	"confianza/analysis/measure"
)

// Report is what a method reached on held-out texts, over several splits into
// learnt and held out.
type Report struct {
	Splits     int
	Languages  []Line // each, then "all"
	Domains    []Line // of [Domains], never learnt from in that split
	Given      Spread // mean macro-F1 of the six Latin languages, the language given
	Identified Spread // the same, the language identified
	Six        bool   // false: not all of the six were there, and the two above say nothing
}

// Line is one line of a report.
type Line struct {
	Name                   string
	Texts                  int // of the first split
	F1, Recall, Identified Spread
	Calibration            Figure            // of the first split; see [measure.CalibrationError]
	Confusion              measure.Confusion // of the first split
}

// Spread is a figure over the splits: its mean and standard deviation, 0 where
// there is but one split.
type Spread struct{ Mean, SD float64 }

func spread(values []float64) (s Spread) {
	for _, v := range values {
		s.Mean += v / float64(len(values))
	}
	if len(values) < 2 {
		return s
	}
	for _, v := range values {
		s.SD += (v - s.Mean) * (v - s.Mean) / float64(len(values)-1)
	}
	s.SD = math.Sqrt(s.SD)
	return s
}

// figuresOf are the figures of a line, one a split.
type figuresOf struct{ f1, recall, identified []float64 }

func report(terms []*term) *Report {
	r := &Report{Splits: len(terms)}
	byLanguage := func(row Row) string { return row.Language }
	byDomain := func(row Row) string { return Domains[row.Source] }
	lines, domains := map[string]*figuresOf{}, map[string]*figuresOf{}
	var given, identified []float64
	for _, t := range terms {
		gather(lines, t.rows, t.given, byLanguage, func(f *figuresOf) *[]float64 { return &f.f1 }, measure.Confusion.MacroF1)
		gather(lines, t.rows, t.given, byLanguage, func(f *figuresOf) *[]float64 { return &f.recall }, measure.Confusion.MacroRecall)
		gather(lines, t.rows, t.identified, byLanguage, func(f *figuresOf) *[]float64 { return &f.identified }, measure.Confusion.MacroF1)
		gather(domains, t.apart, t.domains, byDomain, func(f *figuresOf) *[]float64 { return &f.f1 }, measure.Confusion.MacroF1)
		gather(domains, t.apart, t.domains, byDomain, func(f *figuresOf) *[]float64 { return &f.recall }, measure.Confusion.MacroRecall)
		g, i := 0.0, 0.0
		r.Six = true
		for _, code := range Latin {
			f := lines[code]
			if f == nil {
				r.Six = false
				break
			}
			g += f.f1[len(f.f1)-1] / float64(len(Latin))
			i += f.identified[len(f.identified)-1] / float64(len(Latin))
		}
		given, identified = append(given, g), append(identified, i)
	}
	r.Given, r.Identified = spread(given), spread(identified)
	first := terms[0]
	r.Languages = listed(lines, first.rows, first.given, byLanguage)
	r.Domains = listed(domains, first.apart, first.domains, byDomain)
	return r
}

const all = "all"

// parts are the outcomes by the name of their rows, and of all.
func parts(rows []Row, outcomes []measure.Outcome, name func(Row) string) map[string][]measure.Outcome {
	by := map[string][]measure.Outcome{}
	for i, row := range rows {
		by[name(row)] = append(by[name(row)], outcomes[i])
	}
	if len(rows) > 0 {
		by[all] = outcomes
	}
	return by
}

func gather(lines map[string]*figuresOf, rows []Row, outcomes []measure.Outcome, name func(Row) string,
	to func(*figuresOf) *[]float64, of func(measure.Confusion) (float64, bool)) {
	for key, part := range parts(rows, outcomes, name) {
		if lines[key] == nil {
			lines[key] = &figuresOf{}
		}
		v, _ := of(measure.Count(part))
		*to(lines[key]) = append(*to(lines[key]), v)
	}
}

// listed makes lines, in the order of [language.Labels] and of names; "all" is
// the last, and left out where it would mix domains.
func listed(of map[string]*figuresOf, rows []Row, outcomes []measure.Outcome, name func(Row) string) (lines []Line) {
	for key, part := range parts(rows, outcomes, name) {
		f := of[key]
		lines = append(lines, Line{key, len(part), spread(f.f1), spread(f.recall), spread(f.identified), calibration(part), measure.Count(part)})
	}
	place := func(l Line) int {
		if l.Name == all {
			return math.MaxInt
		}
		return slices.Index(language.Labels(), l.Name)
	}
	slices.SortFunc(lines, func(a, b Line) int {
		return cmp.Or(cmp.Compare(place(a), place(b)), strings.Compare(a.Name, b.Name))
	})
	return lines
}

// Markdown is the report as tables, in percent.
func (r *Report) Markdown() string {
	var b bytes.Buffer
	fmt.Fprintf(&b, "| language | texts | macro-F1 | macro-recall | macro-F1, language identified | calibration error |\n|---|---|---|---|---|---|\n")
	for _, l := range r.Languages {
		fmt.Fprintf(&b, "| %s | %d | %s | %s | %s | %s |\n", l.Name, l.Texts, l.F1, l.Recall, l.Identified, percent(l.Calibration))
	}
	if r.Six {
		fmt.Fprintf(&b, "\nMean macro-F1 of %s: %s with the language given, %s with it identified.\n", strings.Join(Latin, " "), r.Given, r.Identified)
	}
	if len(r.Domains) == 0 {
		return b.String()
	}
	fmt.Fprintf(&b, "\n| domain | texts | macro-F1 | macro-recall | calibration error | negative: labelled, said |\n|---|---|---|---|---|---|\n")
	for _, l := range r.Domains {
		if l.Name != all {
			fmt.Fprintf(&b, "| %s | %d | %s | %s | %s | %s |\n", l.Name, l.Texts, l.F1, l.Recall, percent(l.Calibration), negatives(l.Confusion))
		}
	}
	return b.String()
}

// String is a spread in percent: "65.1 ± 0.4"; without a deviation the mean
// alone.
func (s Spread) String() string {
	if s.SD == 0 {
		return fmt.Sprintf("%.1f", 100*s.Mean)
	}
	return fmt.Sprintf("%.1f ± %.1f", 100*s.Mean, 100*s.SD)
}
