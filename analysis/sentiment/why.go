package sentiment

import (
	"cmp"
	"math"
	"slices"

	"confianza/analysis/features"
	"confianza/analysis/together"
	"confianza/analysis/weights"
)

// Explanation says what moved a score.
//
// The model adds up what it learnt of each word, pair and piece of a word, and
// corrects the sum by how it came about. The parts of the sum and the correction
// are the reasons: nothing is approximated, as it is where a model has to be
// probed.
type Explanation struct {
	Score              Score
	Text               string   // as it was read: the entities of HTML resolved
	Negative, Positive float64  // the logits, each against neutral: the sums of all reasons
	Reasons            []Reason // the strongest first; none when nothing is known
}

// Reason is what one part of a text did to the logits of its score.
type Reason struct {
	What               What
	First, Last        Place // the tokens it is about; the same for one, empty for the language and all together
	Negative, Positive float64
}

// Place is a part of [Explanation.Text], in bytes.
type Place struct{ From, To int }

// What a reason is about.
type What string

// The kinds of reason. Negated, Capitals and Stretched are what the form of a
// word adds to the word itself; Edge is that a text begins or ends with it.
const (
	OfWord      What = "word"
	OfPair      What = "pair"
	OfNegation  What = "negated"
	OfCapitals  What = "capitals"
	OfStretched What = "stretched"
	OfEdge      What = "edge"
	OfLanguage  What = "language" // what a text of its language is before it is read
	OfTogether  What = "together" // what the words of the text say together beyond their sum, see [confianza/analysis/together]
)

// Move is how far a reason moves a score from negative, below 0, to positive.
func (r Reason) Move() float64 { return r.Positive - r.Negative }

// size is how far it moves a score at all, away from neutral too.
func (r Reason) size() float64 { return max(math.Abs(r.Negative), math.Abs(r.Positive)) }

// Explainer is a scorer that can say why. What it explains is what it scores.
type Explainer interface{ Explain(Text) Explanation }

// Explain implements [Explainer]. A text that is unknown has no reasons.
func (o *Own) Explain(t Text) Explanation {
	e := Explanation{Score: Score{Method: o.Version()}}
	l, ok := o.weights.Language(t.Language)
	if !ok {
		return e
	}
	var r features.Reader
	r.Read(t.Text, t.Language)
	e.Text = string(r.Text())
	w := newWhy(o, &r, t.Language, float64(l.Heat))
	w.keep(Reason{What: OfLanguage, Negative: float64(l.Negative) * w.heat, Positive: float64(l.Positive) * w.heat})
	for i := range r.Tokens {
		w.alone(i)
		w.part(OfPair, i-1, i, func() { r.Between(i-1, i, t.Language, &w.blocks) })
		w.part(OfPair, i-2, i, func() { r.Between(i-2, i, t.Language, &w.blocks) })
	}
	w.edges()
	if w.found == 0 {
		return e
	}
	add := o.correction(t, l)
	w.keep(Reason{What: OfTogether, Negative: float64(add[0]) * w.heat, Positive: float64(add[1]) * w.heat})
	for _, one := range w.reasons {
		e.Negative, e.Positive = e.Negative+one.Negative, e.Positive+one.Positive
	}
	e.Score = known(e.Negative, e.Positive)
	e.Score.Method = o.Version()
	slices.SortStableFunc(w.reasons, func(a, b Reason) int { return cmp.Compare(b.size(), a.size()) })
	e.Reasons = w.reasons
	return e
}

// correction gives what the network adds to the logits of a text.
func (o *Own) correction(t Text, l weights.Language) together.Said {
	r := o.take()
	defer o.back(r)
	sums := o.sums(r, t)
	return o.correct(r, &sums, l)
}

// why gathers reasons.
type why struct {
	o        *Own
	r        *features.Reader
	language string
	heat     float64
	force    [len(features.Blocks{})]float64 // of each block, in this text
	blocks   features.Blocks                 // of the part that is looked at
	reasons  []Reason
	found    int32
}

func newWhy(o *Own, r *features.Reader, language string, heat float64) *why {
	w := &why{o: o, r: r, language: language, heat: heat}
	r.Features(language, &w.blocks)
	for b, of := range w.blocks {
		w.force[b] = o.force(features.Block(b), len(of)) * heat
	}
	return w
}

// alone gives the reasons of token i by itself: the plain word, and what its
// form adds to that.
func (w *why) alone(i int) {
	t := &w.r.Tokens[i]
	as := *t
	t.Negated, t.Caps, t.Long = false, false, false
	bare := w.sums(func() { w.r.Alone(i, w.language, &w.blocks) })
	w.add(OfWord, i, i, bare, sums{})
	for _, form := range []struct {
		what What
		has  bool
		flag *bool
	}{{OfNegation, as.Negated, &t.Negated}, {OfCapitals, as.Caps, &t.Caps}, {OfStretched, as.Long, &t.Long}} {
		if form.has {
			*form.flag = true
			w.add(form.what, i, i, w.sums(func() { w.r.Alone(i, w.language, &w.blocks) }), bare)
			*form.flag = false
		}
	}
	*t = as
}

// edges gives the reasons of the first and the last token.
func (w *why) edges() {
	n := len(w.r.Tokens)
	w.part(OfEdge, 0, n-1, func() { w.r.Ends(w.language, &w.blocks) })
}

// part adds a reason for what emit gives, about tokens i to j.
func (w *why) part(what What, i, j int, emit func()) {
	if i >= 0 && j >= 0 {
		w.add(what, i, j, w.sums(emit), sums{})
	}
}

// sums are those of each block.
type sums [len(features.Blocks{})]weights.Sum

func (w *why) sums(emit func()) (s sums) {
	w.blocks.Clear()
	emit()
	for b, of := range w.blocks {
		s[b] = w.o.weights.Sum(of)
	}
	return s
}

// add adds a reason for what sums say beyond others.
func (w *why) add(what What, i, j int, s, less sums) {
	r := Reason{What: what}
	r.First.From, r.First.To = w.r.Tokens[i].Place()
	r.Last.From, r.Last.To = w.r.Tokens[j].Place()
	for b := range s {
		w.found += s[b].Found - less[b].Found
		r.Negative += float64(s[b].Negative-less[b].Negative) * w.force[b]
		r.Positive += float64(s[b].Positive-less[b].Positive) * w.force[b]
	}
	w.keep(r)
}

// keep keeps a reason, unless it moves nothing.
func (w *why) keep(r Reason) {
	if r.Negative != 0 || r.Positive != 0 {
		w.reasons = append(w.reasons, r)
	}
}

// Marks are the tokens of the text with what they did in all, in order: what
// two did together is shared between them. Tokens that did nothing are not
// there.
func (e Explanation) Marks() []Mark {
	moves := map[Place]float64{}
	for _, r := range e.Reasons {
		if r.What != OfLanguage && r.What != OfTogether {
			moves[r.First] += r.Move() / 2
			moves[r.Last] += r.Move() / 2
		}
	}
	var marks []Mark
	for at, move := range moves {
		marks = append(marks, Mark{at, move})
	}
	slices.SortFunc(marks, func(a, b Mark) int { return a.From - b.From })
	return marks
}

// Mark is how far a token moved a score, from negative to positive.
type Mark struct {
	Place
	Move float64
}

// Says is the text that a reason is about: one token, or two with … between
// them where others stand between; "" for the language and all together.
func (e Explanation) Says(r Reason) string {
	first, last := e.Text[r.First.From:r.First.To], e.Text[r.Last.From:r.Last.To]
	switch {
	case r.First == r.Last:
		return first
	case r.What == OfEdge || spaced(e.Text[r.First.To:r.Last.From]):
		return first + " … " + last
	}
	return first + " " + last
}

// spaced tells that something stands between two tokens.
func spaced(between string) bool {
	for _, c := range between {
		if c > ' ' {
			return true
		}
	}
	return false
}
