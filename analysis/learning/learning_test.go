package learning

import (
	"bytes"
	"testing"

	"confianza/analysis/features"
	"confianza/analysis/weights"
)

func TestTrain(t *testing.T) {
	var examples []Example
	for range 20 {
		examples = append(examples, Example{"they lost everything", "en", "a", 0}, Example{"a form to sign", "en", "a", 1}, Example{"lovely people", "en", "a", 2})
	}
	train := func() []byte {
		l, err := Train(t.Context(), examples, 1, nil)
		if err != nil {
			t.Fatal(err)
		}
		return l.Pack(nil)
	}
	file := train()
	if !bytes.Equal(file, train()) {
		t.Error("the same texts and seed give other weights")
	}
	m, err := weights.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	var r features.Reader
	r.Read("lovely", "en")
	var b features.Blocks
	r.Alone(0, "en", &b)
	if s := m.Sum(b[features.Words]); s.Found != 1 || s.Positive <= 0 || s.Negative > s.Positive {
		t.Errorf("lovely speaks %+v", s)
	}
}

// A word that is in one part alone says nothing in the sums that part is judged
// by, and one that is in all parts says what it says.
func TestSumsAreOfOthersWeights(t *testing.T) {
	var examples []Example
	for i := range 40 * folds {
		e := Example{"a plain form", "en", "a", 1}
		switch {
		case i%folds == 0:
			e = Example{"secretword", "en", "a", 2}
		case i%3 == 0:
			e = Example{"lovely", "en", "a", 2}
		}
		examples = append(examples, e)
	}
	l := &Learner{progress: func(string, int, int) {}}
	if err := l.read(t.Context(), examples); err != nil {
		t.Fatal(err)
	}
	cases, err := l.cases(t.Context(), examples, 1)
	if err != nil {
		t.Fatal(err)
	}
	const words = 2 // the inputs of what tokens say by their words: negative, positive
	for i, e := range examples {
		switch said := cases[i].In[words+1]; {
		case e.Text == "secretword" && said != 0:
			t.Fatalf("text %d was learnt from: its word says %v", i, said)
		case e.Text == "lovely" && said <= 0:
			t.Fatalf("text %d: lovely says %v", i, said)
		}
	}
}

// Two features once, one twice: only the latter is kept.
func TestIndex(t *testing.T) {
	x := newIndex()
	for _, f := range []uint64{7, 8, 8, 9} {
		x.count(f)
	}
	if kept := x.keep(2); len(kept) != 1 || kept[0] != 8 {
		t.Errorf("kept %v", kept)
	}
	if id, ok := x.id(8); id != 0 || !ok {
		t.Errorf("8 is number %d, %v", id, ok)
	}
	if _, ok := x.id(7); ok {
		t.Error("7 was kept")
	}
}
