package sentiment

import (
	"context"
	_ "embed"
	"fmt"
	"math"
	"sync"

	"confianza/analysis/features"
	"confianza/analysis/together"
	"confianza/analysis/weights"
)

//go:embed model.bin
var learnt []byte

// Own scores with weights of our own: a multinomial logistic regression over
// hashed words, pairs of words and pieces of words, for eight languages, whose
// sums a small network corrects.
type Own struct {
	weights *weights.Model
	version string

	mu   sync.Mutex
	idle []*reading // not a sync.Pool, which forgets: what they remember is worth keeping
}

// reading is what one caller at a time reads with.
type reading struct {
	reader features.Reader
	blocks features.Blocks
	memory memory
	sheet  together.Sheet
}

// take gives a caller a reading, and back takes it again: there are as many
// as ever read at once.
func (o *Own) take() *reading {
	o.mu.Lock()
	defer o.mu.Unlock()
	if n := len(o.idle); n > 0 {
		r := o.idle[n-1]
		o.idle = o.idle[:n-1]
		return r
	}
	return new(reading)
}

func (o *Own) back(r *reading) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.idle = append(o.idle, r)
}

// NewOwn makes a scorer of a file of weights, as the train command writes it.
func NewOwn(file []byte) (*Own, error) {
	w, err := weights.Open(file)
	if err != nil {
		return nil, fmt.Errorf("sentiment: model: %w", err)
	}
	return &Own{weights: w, version: "model@" + w.Version}, nil
}

// Version names the scorer by the content of its weights.
func (o *Own) Version() string { return o.version }

// Learnt is what the weights remember of the texts they were learnt from, as
// they were given it; none when they remember nothing.
func (o *Own) Learnt() []byte { return o.weights.Learnt }

// Score implements [Scorer]. A text is unknown when its language was not
// learnt or nothing in it speaks; nothing is allocated but the answer.
func (o *Own) Score(ctx context.Context, texts []Text) ([]Score, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	r := o.take()
	defer o.back(r)
	scores := make([]Score, len(texts))
	for i, t := range texts {
		scores[i] = o.score(r, t)
		scores[i].Method = o.version
	}
	return scores, nil
}

func (o *Own) score(r *reading, t Text) Score {
	l, ok := o.weights.Language(t.Language)
	if !ok {
		return Score{}
	}
	neg, pos, found := float64(l.Negative), float64(l.Positive), int32(0)
	sums := o.sums(r, t)
	for b, s := range sums {
		force := o.force(features.Block(b), int(s.n))
		neg, pos, found = neg+float64(s.Negative)*force, pos+float64(s.Positive)*force, found+s.Found
	}
	if found == 0 {
		return Score{}
	}
	add := o.correct(r, &sums, l)
	neg, pos = neg+float64(add[0]), pos+float64(add[1])
	return known(neg*float64(l.Heat), pos*float64(l.Heat))
}

// sums reads a text and adds up what its features say, as [features.Reader.Features]
// lists them. What tokens and pairs add is left in the sheet.
func (o *Own) sums(r *reading, t Text) (sums part) {
	r.reader.Read(t.Text, t.Language)
	r.blocks.Clear()
	r.sheet.Clear()
	for i := range r.reader.Tokens {
		at := r.memory.add(o.weights, &r.reader, i, t.Language, &sums)
		r.sheet.Tokens = append(r.sheet.Tokens, at.said())
		r.reader.Between(i-1, i, t.Language, &r.blocks)
		r.reader.Between(i-2, i, t.Language, &r.blocks)
	}
	r.reader.Ends(t.Language, &r.blocks)
	alone := sums
	sums.look(o.weights, &r.blocks)
	for b := range sums {
		r.sheet.Pairs[b] = said(sums[b].Negative-alone[b].Negative, sums[b].Positive-alone[b].Positive)
	}
	return sums
}

// correct gives what the network adds to the logits of the text whose sums
// were made last.
func (o *Own) correct(r *reading, sums *part, l weights.Language) together.Said {
	for b, s := range sums {
		r.sheet.N[b] = int(s.n)
	}
	r.sheet.Bias = together.Said{l.Negative, l.Positive}
	var in [together.Inputs]float32
	r.sheet.Inputs(&r.reader, float32(o.weights.Scale()), &in)
	return o.weights.Correct(l.Code, &in)
}

func said(negative, positive int64) together.Said {
	return together.Said{float32(negative), float32(positive)}
}

// force is what a sum of a block's features is multiplied by to give logits,
// in a text that has n of them.
func (o *Own) force(b features.Block, n int) float64 { return o.weights.Scale() * b.Force(n) }

// known makes a score of the logits of negative and positive, each against
// neutral.
func known(negative, positive float64) Score {
	neg, pos := math.Exp(negative), math.Exp(positive)
	sum := 1 + neg + pos
	return Score{Negative: neg / sum, Neutral: 1 / sum, Positive: pos / sum, Known: true}
}
