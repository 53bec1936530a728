package school

import (
	"fmt"
	"strings"

	"confianza/analysis/measure"
)

// The figures of the model card stand between lines that say which command
// wrote them.
const (
	figuresBegin   = "<!-- figures: written by confianza train --card -->\n"
	elsewhereBegin = "<!-- elsewhere: written by confianza eval sentiment --card -->\n"
	figuresEnd     = "<!-- end of figures -->\n"
)

// Card is a model card with the report's figures written anew. ok is false when
// it has no place for them.
func (r *Report) Card(card string) (written string, ok bool) {
	return between(card, figuresBegin, r.Markdown())
}

// Card is a model card with the exam's figures written anew, the languages
// identified; name is what the texts are. ok is false when it has no place for them.
func (e *Exam) Card(card, name string) (written string, ok bool) {
	var b strings.Builder
	b.WriteString("| texts | how many | left out | macro-F1 | macro-recall | unknown | calibration error | negative: labelled, said |\n|---|---|---|---|---|---|---|---|\n")
	f := e.Identified[len(e.Identified)-1]
	fmt.Fprintf(&b, "| %s | %d | %d | %s | %s | %d | %s | %s |\n", name, e.Texts, e.Twins, percent(f.MacroF1), percent(f.MacroRecall), f.Unknown, percent(f.Calibration), negatives(f.Confusion))
	return between(card, elsewhereBegin, b.String())
}

// negatives is the share of negative ones that was labelled and that was said,
// in percent.
func negatives(c measure.Confusion) string {
	truly, said, ok := c.Shares(0)
	if !ok {
		return "–"
	}
	return fmt.Sprintf("%.1f, %.1f", 100*truly, 100*said)
}

// between puts figures between the line that begins them and the next end.
func between(card, begin, figures string) (written string, ok bool) {
	head, rest, ok := strings.Cut(card, begin)
	_, tail, closed := strings.Cut(rest, figuresEnd)
	if !ok || !closed {
		return card, false
	}
	return head + begin + "\n" + figures + "\n" + figuresEnd + tail, true
}
