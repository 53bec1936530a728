package school

import (
	"encoding/json"
	"fmt"
	"io"
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
	fmt.Fprintf(w, "%s on %d texts", e.Scorer, e.Texts)
	switch {
	case !e.TwinsKnown:
		fmt.Fprintln(w, "; near-duplicates of what it learnt from were not looked for (--learnt-from)")
	default:
		fmt.Fprintf(w, ", %d left out as near-duplicates of what it learnt from\n", e.Twins)
	}
	for _, part := range []struct {
		how string
		all []Figures
	}{{"language given", e.Given}, {"language identified", e.Identified}} {
		fmt.Fprintf(w, "\n%s\n", part.how)
		if err := table(w, part.all); err != nil {
			return err
		}
		if mean, ok := SixMean(part.all); ok {
			fmt.Fprintf(w, "mean macro-F1 of the six: %.1f\n", 100*mean)
		}
	}
	fmt.Fprintln(w, "\nconfusion, language identified (rows true, columns said: negative neutral positive unknown)")
	for _, f := range e.Identified {
		for k, row := range f.Confusion {
			name := [...]string{"negative", "neutral", "positive"}[k]
			fmt.Fprintf(w, "%-5s %-8s %6d %6d %6d %6d\n", f.Language, name, row[0], row[1], row[2], row[3])
		}
	}
	return nil
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
