package nab

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Ten rows, of which the first is on probation, and a window of the third to
// the sixth.
var ten = Series{Values: make([]float64, 10), Windows: []Window{{2, 5}}}

// at detects some rows of ten.
func at(rows ...int) []float64 {
	scores := make([]float64, 10)
	for _, r := range rows {
		scores[r] = 1
	}
	return scores
}

// The sigmoid 2/(1 + e^5x) - 1 is 0.98661 at the beginning of a window (-1),
// 0.95404 at -3/4, 0.84828 at -1/2 and 0.55460 at -1/4; the detections of a
// window earn what its best does, in units of 0.98661. Behind the window of four
// rows it is that of (row - 5)/3, negative: -0.68227 a row after it, -0.93110 two.
func TestJudge(t *testing.T) {
	tests := []struct {
		name   string
		scores []float64
		p      Profile
		raw    float64
	}{
		{"nothing", at(), Standard, -1},
		{"nothing, where misses cost", at(), FewMissedWindows, -2},
		{"at once", at(2), Standard, 1},
		{"half way", at(4), Standard, 0.84828 / 0.98661},
		{"the first counts", at(3, 5), Standard, 0.95404 / 0.98661},
		{"on probation", at(0), Standard, -1},
		{"before any window", at(1), Standard, -1 - 0.11},
		{"a row behind", at(6), Standard, -1 - 0.11*0.68227},
		{"a row behind, where false alarms cost", at(6), FewFalseAlarms, -1 - 0.22*0.68227},
		{"within and two behind", at(2, 7), Standard, 1 - 0.11*0.93110},
	}
	for _, tt := range tests {
		r := Judge(ten, tt.scores, 1, tt.p)
		if math.Abs(r.Raw-tt.raw) > 1e-4 {
			t.Errorf("%s: %.5f, want %.5f", tt.name, r.Raw, tt.raw)
		}
	}
	// From -1 (nothing) to 1 (all): half-way is (0.85979 + 1)/2.
	if r := Judge(ten, at(4), 1, Standard); math.Abs(r.Score()-92.9897) > 1e-3 || r.Found != 1 || r.Windows != 1 || r.Falsely != 0 {
		t.Errorf("%+v: %v", r, r.Score())
	}
	both := Judge(ten, at(4), 1, Standard).Plus(Judge(ten, at(1), 1, Standard))
	if both.Windows != 2 || both.Found != 1 || both.Falsely != 1 || both.Null != -2 || both.Perfect != 2 {
		t.Errorf("%+v", both)
	}
}

func TestWithoutWindows(t *testing.T) {
	calm := Series{Values: make([]float64, 10)}
	if r := Judge(calm, at(4, 5), 1, Standard); r.Score() != 0 || r.Falsely != 2 {
		t.Errorf("%+v scores %v", r, r.Score())
	}
}

func TestFarBehindAWindow(t *testing.T) {
	if sigmoid(2.99) == -1 || sigmoid(3) != -1 || sigmoid(0) != 0 {
		t.Error("the sigmoid ends where it should not")
	}
	long := Series{Values: make([]float64, 100), Windows: []Window{{20, 24}, {60, 64}}}
	earned, window := long.worth()
	if earned[24+12] != -1 || window[36] != -1 { // three of its widths, four rows each, behind
		t.Errorf("row 36 earns %v", earned[36])
	}
	if window[14] != -2 || window[15] != -1 || window[60] != 1 {
		t.Errorf("probation or windows are elsewhere: %v", window)
	}
	if Probation(15902) != 750 || Probation(4032) != 604 {
		t.Error("probation is 15 % of at most 5,000 rows")
	}
}

func TestRead(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	write("labels/combined_windows.json", `{"a/one.csv": [["2015-01-01 00:05:00.000000", "2015-01-01 00:10:00.000000"]], "b/two.csv": [], "c/three.csv": []}`)
	write("a/one.csv", "timestamp,value\n2015-01-01 00:00:00,1\n2015-01-01 00:05:00,2.5\n2015-01-01 00:10:00,3\n")
	write("data/b/two.csv", "timestamp,value\n2015-01-01 00:00:00,1\n")
	all, err := Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != 2 || all[0].Name != "a/one.csv" || all[0].Values[1] != 2.5 || all[0].Windows[0] != (Window{1, 2}) || all[1].Name != "b/two.csv" {
		t.Errorf("got %+v", all)
	}
	if all, err = Read(dir, "b"); err != nil || len(all) != 1 {
		t.Errorf("of b: %v, %v", all, err)
	}
	for _, tt := range []struct{ text, want string }{
		{"time,value\n", "does not begin with a row of timestamp,value"},
		{"timestamp,value\n2015-01-01 00:00:00,x\n", `one.csv:2: strconv.ParseFloat: parsing "x"`},
		{"timestamp,value\n2015-01-01 00:00:00,1\n", "has no rows from 2015-01-01 00:05:00.000000"},
	} {
		write("a/one.csv", tt.text)
		if _, err := Read(dir, "a"); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%q: %v, want %s", tt.text, err, tt.want)
		}
	}
	if _, err := Read(dir, "nothing"); err == nil || !strings.Contains(err.Error(), "none of the series") {
		t.Error(err)
	}
}
