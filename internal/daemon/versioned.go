package daemon

import (
	"confianza/analysis/language"
	"confianza/analysis/sentiment"
)

// versioned is a scorer with what finds the language before it: another answer
// of either is another series.
type versioned struct{ sentiment.Scorer }

// Version is the scorer's, with that of the languages: model@1a2b3c4d+5e6f7a8b.
func (v versioned) Version() string { return v.Scorer.Version() + "+" + language.Version() }

// explain says why the scorer scores a text as it does, where it can.
func (v versioned) explain(t sentiment.Text) (e sentiment.Explanation, ok bool) {
	x, ok := v.Scorer.(sentiment.Explainer)
	if !ok {
		return e, false
	}
	return x.Explain(t), true
}
