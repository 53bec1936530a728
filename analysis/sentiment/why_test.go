package sentiment

import (
	"bufio"
	"math"
	"os"
	"strings"
	"testing"

	"confianza/analysis/features"
	"confianza/analysis/together"
	"confianza/analysis/weights"
)

// tiny is a model that knows the features of a few words, each by as much as
// is worked out beside it.
func tiny(t *testing.T, rows ...weights.Row) *Own {
	t.Helper()
	return tinyWith(t, nil, rows...)
}

// tinyWith is tiny with a network that corrects its sums.
func tinyWith(t *testing.T, net *together.Net, rows ...weights.Row) *Own {
	t.Helper()
	own, err := NewOwn(weights.Pack(rows, []weights.Language{{Code: "es", Negative: 0.5, Positive: -0.25, Heat: 2}}, net))
	if err != nil {
		t.Fatal(err)
	}
	return own
}

// feature finds the n-th feature of whole tokens that emit gives.
func feature(text string, n int, emit func(*features.Reader, *features.Blocks)) uint64 {
	var r features.Reader
	var b features.Blocks
	r.Read(text, "es")
	emit(&r, &b)
	return b[features.Words][n]
}

// "no ayudan": of whole tokens there are no, ayudan, ayudan negated, the pair,
// first and last: 6 features, so each weighs 1/√6, and twice that by the heat.
func TestExplainTakesApart(t *testing.T) {
	const text = "no ayudan"
	second := func(r *features.Reader, b *features.Blocks) { r.Alone(1, "es", b) }
	own := tiny(t,
		weights.Row{Feature: feature(text, 0, second), Positive: 1},
		weights.Row{Feature: feature(text, 1, second), Negative: 1, Positive: -1},
		weights.Row{Feature: feature(text, 0, func(r *features.Reader, b *features.Blocks) { r.Between(0, 1, "es", b) }), Negative: 0.5},
	)
	e := own.Explain(Text{text, "es"})
	one := 2 / math.Sqrt(6)
	want := map[What]Reason{
		OfLanguage: {Negative: 1, Positive: -0.5},
		OfWord:     {First: Place{3, 9}, Last: Place{3, 9}, Positive: one},
		OfNegation: {First: Place{3, 9}, Last: Place{3, 9}, Negative: one, Positive: -one},
		OfPair:     {First: Place{0, 2}, Last: Place{3, 9}, Negative: one / 2},
	}
	if len(e.Reasons) != len(want) {
		t.Fatalf("%d reasons, want %d: %+v", len(e.Reasons), len(want), e.Reasons)
	}
	near := func(x, y float64) bool { return math.Abs(x-y) < 0.01 } // weights have eight bits
	for _, r := range e.Reasons {
		w := want[r.What]
		if !near(r.Negative, w.Negative) || !near(r.Positive, w.Positive) || r.First != w.First || r.Last != w.Last {
			t.Errorf("%s is %+v, want %+v", r.What, r, w)
		}
	}
	if got := e.Says(e.Reasons[0]) + "|" + e.Says(want[OfPair]) + "|" + e.Says(want[OfLanguage]); got != "|no ayudan|" {
		t.Errorf("says %q; want the language, which moves most, then the pair", got)
	}
	// ayudan: one - 2 one - one/4, of the pair half; no: -one/4.
	if m := e.Marks(); len(m) != 2 || !near(m[0].Move, -one/4) || !near(m[1].Move, -one*5/4) {
		t.Errorf("marks %+v", m)
	}
}

// corrects is a network that adds what the first unit says where a text has
// more than one clause, and is silent elsewhere.
func corrects(t *testing.T) *together.Net {
	t.Helper()
	net, ok := together.Open(append([]byte{byte(together.Inputs)}, make([]byte, together.Bytes(1)-1)...), 1)
	if !ok {
		t.Fatal("no network of zeros")
	}
	net.Keep[0] = 1
	for i := range net.Per {
		net.Per[i] = 1
	}
	const clauses = 2*(1+len(features.Blocks{})+1+3) + 3*4 + 1
	net.Units[0].Weights[clauses] = 1
	net.Units[0].Says = together.Said{0.75, -0.5}
	return net
}

// The network's part is a reason of its own, under the same heat, and none
// where it is silent; it belongs to no token.
func TestExplainSaysWhatWordsSayTogether(t *testing.T) {
	word := feature("ayudan", 0, func(r *features.Reader, b *features.Blocks) { r.Alone(0, "es", b) })
	own := tinyWith(t, corrects(t), weights.Row{Feature: word, Positive: 1})
	of := func(text string) (found []Reason, marks int) {
		e := own.Explain(Text{text, "es"})
		scored, err := own.Score(t.Context(), []Text{{text, "es"}})
		if err != nil || !same(scored[0], e.Score) {
			t.Fatalf("%q is %+v, explained %+v, %v", text, scored, e.Score, err)
		}
		for _, r := range e.Reasons {
			if r.What == OfTogether {
				found = append(found, r)
				if e.Says(r) != "" {
					t.Errorf("it is about %q", e.Says(r))
				}
			}
		}
		return found, len(e.Marks())
	}
	if found, marks := of("ayudan. mañana"); len(found) != 1 || found[0].Negative != 1.5 || found[0].Positive != -1 || marks != 1 {
		t.Errorf("two clauses: %+v, %d marks; want 1.5 and -1, and one word marked", found, marks)
	}
	if found, _ := of("ayudan mañana"); len(found) != 0 {
		t.Errorf("one clause: %+v", found)
	}
}

// What is explained adds up to what is scored, text by text: the reasons are
// looked up one by one, the score is not.
func TestReasonsAddUpToTheScore(t *testing.T) {
	own, err := NewOwn(learnt)
	if err != nil {
		t.Fatal(err)
	}
	texts := []Text{{"", "es"}, {"…", "en"}, {"no me GUSTA nadaaaa &amp;lt;3 #fail 😡😡 @ana", "es"}, {"xyzzy", "en"}, {"hola", "nl"}, {strings.Repeat("bad ", 200), "en"}}
	if f, err := os.Open("../../../shared/data/sentiment/umsab.tsv"); err == nil {
		defer f.Close()
		for lines := bufio.NewScanner(f); lines.Scan() && len(texts) < 3000; {
			cells := strings.Split(lines.Text(), "\t")
			texts = append(texts, Text{cells[2], cells[0]})
		}
	}
	scores, err := own.Score(t.Context(), texts)
	if err != nil {
		t.Fatal(err)
	}
	for i, text := range texts {
		e := own.Explain(text)
		if !same(e.Score, scores[i]) {
			t.Fatalf("%q is %+v, explained %+v", text, scores[i], e.Score)
		}
		s := scores[i]
		if s.Known && (math.Abs(math.Log(s.Negative/s.Neutral)-e.Negative) > 1e-6 || math.Abs(math.Log(s.Positive/s.Neutral)-e.Positive) > 1e-6) {
			t.Fatalf("%q has logits %v, %v of %+v", text, e.Negative, e.Positive, s)
		}
	}
}
