package sentiment

import (
	"context"
	"math"
	"strings"

	"github.com/jonreiter/govader"
)

// vader is VADER of Hutto and Gilbert, "VADER: A Parsimonious Rule-based Model
// for Sentiment Analysis of Social Media Text" (2014), for English.
type vader struct {
	analyzer *govader.SentimentIntensityAnalyzer
}

func newVader() *vader { return &vader{govader.NewSentimentIntensityAnalyzer()} }

func (*vader) Version() string { return "vader@1" }

func (v *vader) Score(ctx context.Context, texts []Text) ([]Score, error) {
	scores := make([]Score, len(texts))
	for i, t := range texts {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		scores[i] = Score{Method: v.Version()}
		if t.Language == "en" && strings.TrimSpace(t.Text) != "" {
			scores[i] = spread(v.analyzer.PolarityScores(t.Text).Compound)
			scores[i].Method = v.Version()
		}
	}
	return scores, nil
}

// steep is how fast probability follows the compound score. It is a plain
// choice, not a fit: VADER's are not calibrated probabilities.
const steep = 4

// spread turns VADER's compound score, -1 to 1, into probabilities whose
// largest is the class by the authors' thresholds of ±0.05.
func spread(compound float64) Score {
	neg, pos := math.Exp(-steep*(compound+0.05)), math.Exp(steep*(compound-0.05))
	sum := neg + 1 + pos
	return Score{Negative: neg / sum, Neutral: 1 / sum, Positive: pos / sum, Known: true}
}
