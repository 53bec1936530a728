package sentiment

import (
	"context"
	"fmt"
	"strings"
	"sync"

	cdipaolo "github.com/cdipaolo/sentiment"
)

// bayes is github.com/cdipaolo/sentiment: naive Bayes over words, trained on
// film reviews; English, two classes, so never neutral.
type bayes struct {
	mu     sync.Mutex // its model keeps counters while it predicts
	models cdipaolo.Models
}

func newCdipaolo() (*bayes, error) {
	models, err := cdipaolo.Restore()
	if err != nil {
		return nil, fmt.Errorf("sentiment: cdipaolo: %w", err)
	}
	return &bayes{models: models}, nil
}

func (*bayes) Version() string { return "cdipaolo@1" }

func (b *bayes) Score(ctx context.Context, texts []Text) ([]Score, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	scores := make([]Score, len(texts))
	for i, t := range texts {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		scores[i] = Score{Method: b.Version()}
		if t.Language != "en" || strings.TrimSpace(t.Text) == "" {
			continue
		}
		class, p := b.models[cdipaolo.English].Probability(t.Text)
		scores[i].Known = p == p // not a number when no word is known
		if scores[i].Negative, scores[i].Positive = p, 1-p; class == 1 {
			scores[i].Negative, scores[i].Positive = 1-p, p
		}
	}
	return scores, nil
}
