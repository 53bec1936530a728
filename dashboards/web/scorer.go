package web

import "strings"

// Rescoring tells that everything is being scored again, and that the figures
// shown are those of another scorer.
func (s State) Rescoring() bool { return s.Shown != "" && s.Shown != s.Scorer }

// Percent is how much of it is done, for drawing.
func (s State) Percent() float64 { return percent(100 * s.Again) }

// Scorer names a scorer by its version: what it is, and which of them.
func (l *locale) Scorer(version string) (string, error) {
	name, edition, _ := strings.Cut(version, "@")
	return l.T("scorer_version", "Name", l.OneOf("scorer", name), "Version", edition)
}
