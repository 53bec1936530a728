package daemon

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"

	"confianza/analysis/language"
	"confianza/analysis/sentiment"
	"confianza/internal/scorer"
)

// ScoreOptions is what the score command is asked.
type ScoreOptions struct {
	Scorer   string // "" means the default
	Weights  string // path of the scorer's weights; "" for those in the binary
	Language string // of all texts; "" means that it is identified
	JSON     bool   // one object a line
	Explain  bool   // say why, too; only the model can
}

// scored is one line of JSON output; the keys come in this order.
type scored struct {
	Language string          `json:"language"`
	Label    sentiment.Label `json:"label"`
	Negative float64         `json:"negative"`
	Neutral  float64         `json:"neutral"`
	Positive float64         `json:"positive"`
	Why      *why            `json:"why,omitempty"`
}

// longest is how long a line may be, in bytes.
const longest = 1 << 20

// Score scores the texts of in, one a line, in order and as they come.
func Score(ctx context.Context, o ScoreOptions, in io.Reader, out io.Writer) error {
	sc, err := scorer.Open(o.Scorer, o.Weights)
	if err != nil {
		return fmt.Errorf("score: %w", err)
	}
	if _, ok := sc.(sentiment.Explainer); o.Explain && !ok {
		return fmt.Errorf("score: %s cannot explain its scores; %s can", sc.Version(), sentiment.Default)
	}
	o.Language = strings.ToLower(o.Language)
	if o.Language != "" && !slices.Contains(language.Labels(), o.Language) {
		return fmt.Errorf("score: no language %q; there are %s", o.Language, strings.Join(language.Labels(), ", "))
	}
	lines := bufio.NewReaderSize(in, 64<<10)
	w := bufio.NewWriter(out)
	for n := 1; ; n++ {
		text, more, err := readLine(lines)
		if err != nil {
			return fmt.Errorf("score: line %d: %w", n, err)
		}
		if !more {
			return w.Flush()
		}
		if err := scoreLine(ctx, sc, o, text, w); err != nil {
			return fmt.Errorf("score: line %d: %w", n, err)
		}
		// Whoever types sees each answer; whoever pipes gets it fast.
		if lines.Buffered() == 0 {
			if err := w.Flush(); err != nil {
				return err
			}
		}
	}
}

// readLine gives one line without its end; more is false after the last.
func readLine(r *bufio.Reader) (line string, more bool, err error) {
	var b strings.Builder
	for {
		part, err := r.ReadSlice('\n')
		b.Write(part)
		switch {
		case b.Len() > longest:
			return "", false, fmt.Errorf("longer than %d bytes", longest)
		case err == bufio.ErrBufferFull:
			continue
		case err == io.EOF && b.Len() == 0:
			return "", false, nil
		case err != nil && err != io.EOF:
			return "", false, err
		}
		return strings.ToValidUTF8(strings.TrimRight(b.String(), "\r\n"), "\uFFFD"), true, nil
	}
}

// printable keeps strangers' texts from giving orders to the terminal.
func printable(r rune) rune {
	if unicode.IsControl(r) {
		return ' '
	}
	return r
}

func scoreLine(ctx context.Context, sc sentiment.Scorer, o ScoreOptions, text string, out io.Writer) error {
	lang := o.Language
	if lang == "" {
		lang = language.Identify(text, "").Code
	}
	scores, err := sc.Score(ctx, []sentiment.Text{{Text: text, Language: lang}})
	if err != nil {
		return err
	}
	s := scored{Language: lang, Label: scores[0].Label()}
	if scores[0].Known {
		s.Negative, s.Neutral, s.Positive = scores[0].Negative, scores[0].Neutral, scores[0].Positive
	}
	var e sentiment.Explanation
	if o.Explain {
		e = sc.(sentiment.Explainer).Explain(sentiment.Text{Text: text, Language: lang})
	}
	if o.JSON {
		if o.Explain {
			s.Why = whyOf(e)
		}
		return json.NewEncoder(out).Encode(s)
	}
	if _, err = fmt.Fprintf(out, "%-8s  %-5s  %.3f %.3f %.3f  %s\n", s.Label, s.Language, s.Negative, s.Neutral, s.Positive, strings.Map(printable, text)); err != nil || !o.Explain {
		return err
	}
	return writeWhy(e, lang, out)
}
