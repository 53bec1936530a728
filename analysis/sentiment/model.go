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
	reader               features.Reader
	words, own, lettered []uint64
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
	r.words = r.reader.Words(r.words[:0])
	r.own = r.own[:0]
	for _, f := range r.words {
		r.own = append(r.own, features.InLanguage(f, t.Language))
	}
	r.lettered = r.lettered[:0]
	for _, token := range r.reader.Tokens {
		r.lettered = r.reader.Pieces(token, r.lettered)
	}
	neg, pos, found := float64(l.Negative), float64(l.Positive), 0
	for _, block := range [...]struct {
		of     []uint64
		weight float64
	}{{r.words, 1}, {r.own, features.OwnLanguage}, {r.lettered, 1}} {
		if len(block.of) == 0 {
			continue
		}
		n, p, hits := o.weights.Sum(block.of)
		share := block.weight / math.Sqrt(float64(len(block.of)))
		neg, pos, found = neg+n*share, pos+p*share, found+hits
	}
	if found == 0 {
		return Score{}
	}
	neg, pos = math.Exp(neg*float64(l.Heat)), math.Exp(pos*float64(l.Heat))
	sum := 1 + neg + pos
	return Score{Negative: neg / sum, Neutral: 1 / sum, Positive: pos / sum, Known: true}
}
