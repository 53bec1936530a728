package web

import (
	"strings"
	"testing"

	"confianza/analysis/sentiment"
	"confianza/internal/mention"
)

// Each mention says why, in words and figures and not in bars alone; what a
// stranger wrote stays text. The parts that have no row are one, so that the
// figures add up: −2 +1 +1 −0.5·5 = −2.5.
func TestWhyOfAMention(t *testing.T) {
	const text = "<b>lost</b> my \u202edata"
	s := fill(t, says(1, mention.Negative, "en", text), says(2, mention.Unknown, "other", "xyzzy"))
	place := func(part string) sentiment.Place {
		from := strings.Index(text, part)
		return sentiment.Place{From: from, To: from + len(part)}
	}
	e := sentiment.Explanation{Text: text, Negative: 2, Positive: -0.5, Score: sentiment.Score{Negative: 0.9, Neutral: 0.08, Positive: 0.02, Known: true},
		Reasons: []sentiment.Reason{
			{What: sentiment.OfWord, First: place("<b>lost"), Last: place("<b>lost"), Negative: 2},
			{What: sentiment.OfLanguage, Positive: 1},
			{What: sentiment.OfTogether, Negative: -1},
			{What: sentiment.OfNegation, First: place("\u202edata"), Last: place("\u202edata"), Negative: 0.5},
			{What: sentiment.OfPair, First: place("my"), Last: place("\u202edata"), Negative: 0.5},
			{What: sentiment.OfWord, First: place("my"), Last: place("my"), Negative: 0.5},
			{What: sentiment.OfEdge, First: place("my"), Last: place("my"), Negative: 0.5},
			{What: sentiment.OfCapitals, First: place("my"), Last: place("my"), Negative: 0.25},
			{What: sentiment.OfStretched, First: place("my"), Last: place("my"), Negative: 0.25},
		}}
	asked := ""
	h := site1(t, s, func(o *Options, _ *State) {
		o.Explain = func(version string, t sentiment.Text) (sentiment.Explanation, bool) {
			asked = version
			if t.Language == "other" {
				return sentiment.Explanation{}, true
			}
			return e, true
		}
	})
	contains(t, ask(h, "GET", "/?lang=en").Body.String(), []string{
		"<summary>Why?</summary>", "Negative 90%, neutral 8%, positive 2%.", "<bdi>&lt;b&gt;lost</bdi>", "<td>−2.0</td>", "<td>&#43;1.0</td>",
		"Usual in its language (English)", `<bdi>data</bdi> <span class="note">negated</span>`, "<bdi>my data</bdi>", "All its words together", "3 weaker parts", "<td>−0.5</td>",
		"<td>−2.5</td>", `<rect class="negative" x="0%" y="15%" width="50%"`, `<rect class="positive" x="50%" y="15%" width="25%"`,
		"Nothing in the text says anything to the model",
	}, []string{"<b>lost", "\u202edata"})
	contains(t, ask(h, "GET", "/?lang=es").Body.String(), []string{"¿Por qué?", "<td>−2,0</td>", "negada", "Todas sus palabras juntas", "3 partes más débiles"}, nil)
	if asked != version {
		t.Errorf("asked about %q, it was scored by %q", asked, version)
	}
	silent := site1(t, s, func(o *Options, _ *State) {
		o.Explain = func(string, sentiment.Text) (sentiment.Explanation, bool) { return sentiment.Explanation{}, false }
	})
	contains(t, ask(silent, "GET", "/?lang=en").Body.String(), []string{"xyzzy"}, []string{"Why?"})
}
