package weights

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"math"
	"testing"

	"confianza/analysis/together"
)

func TestRoundTrip(t *testing.T) {
	rows := []Row{{1<<48 | 5, 1, -0.5, 2}, {6<<48 | 5, -1, 0.25, 2}, {7<<50 | 9, 0, 0, 2}} // the first two share a slot
	file := Pack(rows, []Language{{"es", 0.5, -0.25, 0.9}}, nil)
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

// What is remembered changes no version, and damage to it is damage.
func TestRemember(t *testing.T) {
	plain := Pack(nil, []Language{{"es", 0.5, -0.25, 0.9}}, nil)
	file := Remember(plain, []byte("sixteen bytes ab"))
	a, err := Open(plain)
	b, err2 := Open(file)
	if err != nil || err2 != nil || a.Version != b.Version || len(a.Learnt) != 0 || string(b.Learnt) != "sixteen bytes ab" {
		t.Errorf("%+v, %v; %+v, %v", a.Version, err, b.Version, err2)
	}
	for _, broken := range [][]byte{file[:len(file)-1], append(file[:len(file):len(file)], 0), append(plain[:len(plain):len(plain)], 0), file[:len(plain)+5]} {
		if _, err := Open(broken); !errors.Is(err, ErrDamaged) {
			t.Errorf("%d bytes of %d: %v", len(broken), len(file), err)
		}
	}
	file[len(plain)+30] ^= 1
	if _, err := Open(file); !errors.Is(err, ErrDamaged) {
		t.Errorf("a byte of it changed: %v", err)
	}
}

// The strongest weight is kept whole, and one a thousandth of it is not lost:
// its root is 4.02 of 127, and 4² of 127² is 0.00099.
func TestStrongAndWeak(t *testing.T) {
	scale := 8.0 / (127 * 127)
	for w, want := range map[float32]float64{8: 8, -8: -8, 0.008: 0.00794, -0.008: -0.00794, 0: 0} {
		if got := float64(large(small(w, scale))) * scale; math.Abs(got-want) > 1e-5 {
			t.Errorf("%v is %v, want %v", w, got, want)
		}
	}
}

// Among too many rows a frequent one goes before rare ones that weigh twice
// as much: 0.5 √10000 is 50, 1 √2 is 1.4.
func TestFrequentRowsAreKept(t *testing.T) {
	rows := []Row{{Feature: 1, Positive: 0.5, Seen: 10000}}
	for i := range uint64(fullest) {
		rows = append(rows, Row{Feature: i<<24 | i&0xffffff | 1<<63, Positive: 1, Seen: 2})
	}
	m, err := Open(Pack(rows, nil, nil))
	if err != nil {
		t.Fatal(err)
	}
	if s := m.Sum([]uint64{1}); s.Found != 1 {
		t.Error("the frequent row was left out")
	}
}

// A network comes back with its file, and speaks in languages that were learnt.
func TestNetwork(t *testing.T) {
	net, ok := together.Open(append([]byte{byte(together.Inputs)}, make([]byte, together.Bytes(1)-1)...), 1)
	if !ok {
		t.Fatal("no network of zeros")
	}
	net.Bias = together.Said{2, -3}
	file := Pack(nil, []Language{{"es", 0, 0, 1}}, net)
	m, err := Open(Remember(file, []byte("texts")))
	if err != nil {
		t.Fatal(err)
	}
	if string(m.Learnt) != "texts" {
		t.Errorf("remembers %q behind a network", m.Learnt)
	}
	var in [together.Inputs]float32
	if add := m.Correct("es", &in); add != net.Bias {
		t.Errorf("adds %v, want %v", add, net.Bias)
	}
	if add := m.Correct("nl", &in); add != (together.Said{}) {
		t.Errorf("adds %v in a language that was not learnt", add)
	}
	cut := bytes.Clone(file[:len(file)-sumBytes-4])
	sum := sha256.Sum256(cut)
	if _, err := Open(append(cut, sum[:]...)); !errors.Is(err, ErrDamaged) {
		t.Errorf("a network cut short: %v", err)
	}
	plain, err := Open(Pack(nil, []Language{{"es", 0, 0, 1}}, nil))
	if err != nil {
		t.Fatal(err)
	}
	if add := plain.Correct("es", &in); add != (together.Said{}) {
		t.Errorf("no network adds %v", add)
	}
}
