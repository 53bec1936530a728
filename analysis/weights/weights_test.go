package weights

import (
	"errors"
	"math"
	"testing"
)

func TestRoundTrip(t *testing.T) {
	rows := []Row{{1<<48 | 5, 1, -0.5}, {6<<48 | 5, -1, 0.25}, {7<<50 | 9, 0, 0}} // the first two share a slot
	file := Pack(rows, []Language{{"es", 0.5, -0.25, 0.9}})
	m, err := Open(file)
	if err != nil {
		t.Fatal(err)
	}
	if l, ok := m.Language("es"); !ok || l != (Language{"es", 0.5, -0.25, 0.9}) {
		t.Errorf("got %v", l)
	}
	if _, ok := m.Language("nl"); ok {
		t.Error("knows a language that it did not learn")
	}
	for _, r := range rows[:2] {
		s := m.Sum([]uint64{r.Feature})
		neg, pos := float64(s.Negative)*m.Scale(), float64(s.Positive)*m.Scale()
		if s.Found != 1 || math.Abs(neg-float64(r.Negative)) > 1.0/127 || math.Abs(pos-float64(r.Positive)) > 1.0/127 {
			t.Errorf("%x: got %v, %v of %+v", r.Feature, neg, pos, s)
		}
	}
	if s := m.Sum([]uint64{12345, rows[2].Feature}); s.Found != 0 {
		t.Errorf("%d features found that say nothing", s.Found)
	}
	for _, at := range []int{0, 30, len(file) / 2, len(file) - 1} {
		broken := append([]byte(nil), file...)
		broken[at] ^= 1
		if _, err := Open(broken); !errors.Is(err, ErrDamaged) {
			t.Errorf("byte %d changed: %v", at, err)
		}
	}
	if _, err := Open(file[:100]); !errors.Is(err, ErrDamaged) {
		t.Errorf("cut short: %v", err)
	}
}
