package daemon

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"confianza/analysis/sentiment"
)

// why is an explanation in JSON. Negative and positive are logits, each
// against neutral; those of the reasons add up to those of the text, and move is
// their difference.
type why struct {
	Negative float64  `json:"negative"`
	Positive float64  `json:"positive"`
	Move     float64  `json:"move"`
	Reasons  []reason `json:"reasons"`
}

type reason struct {
	What     sentiment.What `json:"what"`
	Text     string         `json:"text,omitempty"`
	Negative float64        `json:"negative"`
	Positive float64        `json:"positive"`
	Move     float64        `json:"move"`
}

func whyOf(e sentiment.Explanation) *why {
	w := &why{Negative: e.Negative, Positive: e.Positive, Move: e.Positive - e.Negative, Reasons: []reason{}}
	for _, r := range e.Reasons {
		w.Reasons = append(w.Reasons, reason{r.What, strings.ToValidUTF8(e.Says(r), "\uFFFD"), r.Negative, r.Positive, r.Move()})
	}
	return w
}

// linesOfWhy is how many reasons are written out for a person.
const linesOfWhy = 10

// writeWhy writes the strongest reasons below a score, the others as one, and
// their sum: how far the text is from negative, below 0, to positive.
func writeWhy(e sentiment.Explanation, language string, out io.Writer) error {
	if len(e.Reasons) == 0 {
		_, err := fmt.Fprintf(out, "          nothing in it speaks to %s\n", e.Score.Method)
		return err
	}
	all := joined(e, language)
	rest := 0.0
	var b strings.Builder
	for i, r := range all {
		if i >= linesOfWhy {
			rest += r.move
			continue
		}
		fmt.Fprintf(&b, "  %+6.2f  %-9s  %s%s\n", r.move, r.what, strings.Map(printable, r.says), r.often())
	}
	if n := len(all) - linesOfWhy; n > 0 {
		fmt.Fprintf(&b, "  %+6.2f  %d weaker reasons\n", rest, n)
	}
	fmt.Fprintf(&b, "  %+6.2f  in all, from negative (below 0) to positive\n", e.Positive-e.Negative)
	_, err := io.WriteString(out, b.String())
	return err
}

// said is what the same words did, wherever they stand.
type said struct {
	what  sentiment.What
	says  string
	times int
	move  float64
}

func (s said) often() string {
	if s.times < 2 {
		return ""
	}
	return fmt.Sprintf(" ×%d", s.times)
}

// joined are the reasons with those that say the same as one, the strongest
// first.
func joined(e sentiment.Explanation, language string) (all []said) {
	type same struct {
		what sentiment.What
		says string
	}
	at := map[same]int{}
	for _, r := range e.Reasons {
		key := same{r.What, e.Says(r)}
		switch r.What {
		case sentiment.OfLanguage:
			key.says = language
		case sentiment.OfTogether:
			key.says = "all its words"
		}
		i, ok := at[key]
		if !ok {
			i = len(all)
			at[key], all = i, append(all, said{what: key.what, says: key.says})
		}
		all[i].times++
		all[i].move += r.Move()
	}
	slices.SortStableFunc(all, func(a, b said) int { return cmp.Compare(math.Abs(b.move), math.Abs(a.move)) })
	return all
}
