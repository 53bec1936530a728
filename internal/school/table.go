package school

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// JSON writes the exam as one object.
func (e *Exam) JSON(w io.Writer) error {
	out := json.NewEncoder(w)
	out.SetIndent("", "  ")
	return out.Encode(e)
}

// Table writes the exam for a person; figures in percent, intervals of 95 %.
func (e *Exam) Table(w io.Writer) error {
	fmt.Fprintf(w, "%s on %d texts, %s\n", e.Scorer, e.Texts, e.twins())
	for _, part := range []struct {
		how string
		all []Figures
		six func(*Six) Figure
	}{
		{"language given", e.Given, func(s *Six) Figure { return s.Given }},
		{"language identified", e.Identified, func(s *Six) Figure { return s.Identified }},
	} {
		fmt.Fprintf(w, "\n%s\n", part.how)
		if err := table(w, part.all); err != nil {
			return err
		}
		if e.Six != nil {
			fmt.Fprintf(w, "mean macro-F1 of the six (%s): %s\n", strings.Join(Latin, " "), percent(part.six(e.Six)))
		}
	}
	fmt.Fprintln(w, "\nconfusion, language identified (rows true, columns said: negative neutral positive unknown)")
	for _, f := range e.Identified {
		for k, row := range f.Confusion {
			name := [...]string{"negative", "neutral", "positive"}[k]
			fmt.Fprintf(w, "%-5s %-8s %6d %6d %6d %6d\n", f.Language, name, row[0], row[1], row[2], row[3])
		}
	}
	fmt.Fprintln(w, "\nshare of negative ones among those known, in percent: labelled, said")
	for _, f := range e.Identified {
		fmt.Fprintf(w, "%-5s %s\n", f.Language, negatives(f.Confusion))
	}
	return nil
}

// twins says what was left out, and how it was found.
func (e *Exam) twins() string {
	switch e.TwinsBy {
	case ByTexts:
		return fmt.Sprintf("%d left out as near-duplicates of what was learnt from", e.Twins)
	case BySketches:
		return fmt.Sprintf("%d left out as near-duplicates of what the model learnt from (by what its weights remember; --learnt-from compares with the texts)", e.Twins)
	}
	return "none left out: the weights do not remember what they were learnt from, and figures flatter where that is among these texts (--learnt-from)"
}

func table(w io.Writer, all []Figures) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "language\ttexts\tmacro-F1\tmacro-recall\tforced F1\tunknown\tcalibration error")
	for _, f := range all {
		fmt.Fprintf(t, "%s\t%d\t%s\t%s\t%.1f\t%d\t%s\n", f.Language, f.Texts, percent(f.MacroF1), percent(f.MacroRecall), 100*f.Forced, f.Unknown, percent(f.Calibration))
	}
	return t.Flush()
}

func percent(f Figure) string {
	if !f.Given {
		return "–"
	}
	return fmt.Sprintf("%.1f (%.1f–%.1f)", 100*f.Value, 100*f.Low, 100*f.High)
}
