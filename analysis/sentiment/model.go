package sentiment

import (
	"context"
	_ "embed"
	"fmt"
	"math"
	"sync"

	"confianza/analysis/features"
	"confianza/analysis/weights"
)

//go:embed model.bin
var learnt []byte

// Own scores with weights of our own: a multinomial logistic regression over
// hashed words, pairs of words and pieces of words, for eight languages.
type Own struct {
	weights *weights.Model
	readers sync.Pool // of *reading
}

// reading is the memory of one text at a time.
type reading struct {
	reader features.Reader
	blocks features.Blocks
}

// NewOwn makes a scorer of a file of weights, as the train command writes it.
func NewOwn(file []byte) (*Own, error) {
	w, err := weights.Open(file)
	if err != nil {
		return nil, fmt.Errorf("sentiment: model: %w", err)
	}
	return &Own{weights: w, readers: sync.Pool{New: func() any { return new(reading) }}}, nil
}

// Version names the scorer by the content of its weights.
func (o *Own) Version() string { return "model@" + o.weights.Version }

// Score implements [Scorer]. A text is unknown when its language was not
// learnt or nothing in it speaks; nothing is allocated but the answer.
func (o *Own) Score(ctx context.Context, texts []Text) ([]Score, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	r := o.readers.Get().(*reading)
	defer o.readers.Put(r)
	scores := make([]Score, len(texts))
	version := o.Version()
	for i, t := range texts {
		scores[i] = o.score(r, t)
		scores[i].Method = version
	}
	return scores, nil
}

func (o *Own) score(r *reading, t Text) Score {
	l, ok := o.weights.Language(t.Language)
	if !ok {
		return Score{}
	}
	r.reader.Read(t.Text, t.Language)
	r.blocks.Clear()
	r.reader.Features(t.Language, &r.blocks)
	neg, pos, found := float64(l.Negative), float64(l.Positive), int32(0)
	for b, of := range r.blocks {
		s := o.weights.Sum(of)
		force := o.force(features.Block(b), len(of))
		neg, pos, found = neg+float64(s.Negative)*force, pos+float64(s.Positive)*force, found+s.Found
	}
	if found == 0 {
		return Score{}
	}
	return known(neg*float64(l.Heat), pos*float64(l.Heat))
}

// force is what a sum of a block's features is multiplied by to give logits,
// in a text that has n of them.
func (o *Own) force(b features.Block, n int) float64 {
	if n == 0 {
		return 0
	}
	return o.weights.Scale() * b.Weight() / math.Sqrt(float64(n))
}

// known makes a score of the logits of negative and positive, each against
// neutral.
func known(negative, positive float64) Score {
	neg, pos := math.Exp(negative), math.Exp(positive)
	sum := 1 + neg + pos
	return Score{Negative: neg / sum, Neutral: 1 / sum, Positive: pos / sum, Known: true}
}
