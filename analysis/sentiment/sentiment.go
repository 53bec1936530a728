// Package sentiment scores the feeling a short text expresses.
//
// A [Scorer] covers some languages and says so: what it cannot read is not
// [Score.Known], which is not the same as neutral. The model of our own
// is beside two baselines of the field; a caller chooses one by name with [New].
package sentiment

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// Label is the most probable class of a [Score].
type Label string

// The labels, and Unknown for what cannot be told.
const (
	Negative Label = "negative"
	Neutral  Label = "neutral"
	Positive Label = "positive"
	Unknown  Label = "unknown"
)

// Score is what a scorer found in one text.
type Score struct {
	Negative, Neutral, Positive float64 // probabilities, sum 1; read them only when Known
	Known                       bool    // false means "cannot tell", not "neutral"
	Method                      string  // what scored it and its version, such as "vader@1"
}

// Label is the most probable class; between equals the one nearer to neutral
// wins, since a false alarm costs more than a missed half-tone.
func (s Score) Label() Label {
	switch {
	case !s.Known:
		return Unknown
	case s.Neutral >= s.Negative && s.Neutral >= s.Positive:
		return Neutral
	case s.Negative == s.Positive:
		return Neutral
	case s.Negative > s.Positive:
		return Negative
	}
	return Positive
}

// Text is one text to score, with its language as a two-letter code; "" or
// "other" when nobody could tell.
type Text struct{ Text, Language string }

// Scorer scores texts in batches: one Score a Text, in order. It is safe for
// concurrent use. An error means that none was scored.
type Scorer interface {
	Score(ctx context.Context, texts []Text) ([]Score, error)
	Version() string // name and version, such as "vader@1": what rollups are kept by
}

// Default names the scorer used when the configuration names none.
const Default = "model"

// New makes a scorer by name. Loading one takes up to a second.
func New(name string) (Scorer, error) {
	switch name {
	case "model":
		return NewOwn(learnt)
	case "vader":
		return newVader(), nil
	case "cdipaolo":
		return newCdipaolo()
	}
	return nil, fmt.Errorf("sentiment: no scorer %q; there are %s", name, strings.Join(Names(), ", "))
}

// Names lists the scorers [New] makes.
func Names() []string {
	names := []string{"vader", "cdipaolo", "model"}
	slices.Sort(names)
	return names
}
