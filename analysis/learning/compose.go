package learning

import (
	"context"
	"fmt"
	"slices"

	"confianza/analysis/features"
	"confianza/analysis/together"
)

// folds is in how many parts the texts are taken to judge sums: what is summed
// of a part is learnt from the others.
const folds = 4

// compose learns how what words say goes together, and leaves the weights as
// they happen to be.
func (l *Learner) compose(ctx context.Context, examples []Example, seed uint64) error {
	cases, err := l.cases(ctx, examples, seed)
	if err != nil {
		return err
	}
	l.progress("learning how words go together", 0, 1)
	l.net, err = together.Learn(ctx, cases, len(l.languages), seed)
	return err
}

// cases are the sums of examples, each by weights learnt without its part.
func (l *Learner) cases(ctx context.Context, examples []Example, seed uint64) ([]together.Case, error) {
	cases := make([]together.Case, len(examples))
	for fold := range folds {
		if err := l.descend(ctx, seed, fmt.Sprintf("learning without part %d of %d", fold+1, folds), func(i int) bool { return i%folds != fold }); err != nil {
			return nil, err
		}
		var s sheets
		for i := fold; i < len(examples); i += folds {
			c, e := &cases[i], &l.examples[i]
			s.read(l, examples[i], &c.In)
			c.Language, c.Label, c.Prior, c.Force = e.language, e.label, l.groupPrior[e.group], l.groupForce[e.group]
		}
	}
	return cases, nil
}

// sheets takes texts apart with the learner's weights.
type sheets struct {
	reader features.Reader
	blocks features.Blocks
	sheet  together.Sheet
}

// read tells how a text's sum comes about.
func (s *sheets) read(l *Learner, e Example, to *[together.Inputs]float32) {
	s.reader.Read(e.Text, e.Language)
	s.sheet.Clear()
	for i := range s.reader.Tokens {
		s.blocks.Clear()
		s.reader.Alone(i, e.Language, &s.blocks)
		s.sheet.Tokens = append(s.sheet.Tokens, s.add(l))
	}
	s.blocks.Clear()
	for i := range s.reader.Tokens {
		s.reader.Between(i-1, i, e.Language, &s.blocks)
		s.reader.Between(i-2, i, e.Language, &s.blocks)
	}
	s.reader.Ends(e.Language, &s.blocks)
	s.sheet.Pairs = s.add(l)
	all, own := &l.bias[0].w, &l.bias[1+slices.Index(l.languages, e.Language)].w
	s.sheet.Bias = together.Said{all[0] + own[0] - all[1] - own[1], all[2] + own[2] - all[1] - own[1]}
	s.sheet.Inputs(&s.reader, 1, to)
}

// add counts the features of the blocks in, and gives what they say.
func (s *sheets) add(l *Learner) (says together.Token) {
	for b, of := range s.blocks {
		s.sheet.N[b] += len(of)
		for _, f := range of {
			if id, ok := l.index.id(f); ok {
				w := &l.table[id].w
				says[b][0] += w[0] - w[1]
				says[b][1] += w[2] - w[1]
			}
		}
	}
	return says
}
