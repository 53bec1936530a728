package trials

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"confianza/analysis/spikes"
	"confianza/internal/trials/nab"
)

// benchmark is the public data beside the repository.
func benchmark(t *testing.T) []nab.Series {
	t.Helper()
	if testing.Short() {
		t.Skip("ten series of two months take their time under the race detector, and nothing in them runs beside anything")
	}
	dir := "../../../shared/data/nab"
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("the Numenta Anomaly Benchmark is not here: %v", err)
	}
	all, err := nab.Read(dir, "realTweets")
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// What docs/detection.md says of real mentions.
func TestBenchmark(t *testing.T) {
	all := benchmark(t)
	b := RunBenchmark("realTweets", all)
	if b.Series != 10 || b.Windows != 33 {
		t.Fatalf("%d series, %d windows", b.Series, b.Windows)
	}
	if b.Ours.Standard < 83 || b.Ours.FewFalseAlarms < 77 || b.Ours.FewMissedWindows < 86 || b.Held.Standard < 80 {
		t.Errorf("ours %+v, held out %+v", b.Ours, b.Held)
	}
	// No lucky threshold: a third lower or higher, it stays good.
	for _, r := range b.Range {
		if r.At > 2.15 && r.At < 2.75 && r.Standard < 80 {
			t.Errorf("at %.1f: %.1f", r.At, r.Standard)
		}
	}
	var text bytes.Buffer
	if err := Write(&text, "text", Benchmarks{b}); err != nil || !strings.Contains(text.String(), "ARTime (published)") {
		t.Errorf("%v: %s", err, text.String())
	}
	dir := t.TempDir()
	if err := WriteScores(dir, all[:1]); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(filepath.Join(dir, "realTweets", "Twitter_volume_AAPL.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil || len(rows) != len(all[0].Values)+1 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	// Judged from the file alone, it is what the table says.
	scores := make([]float64, len(rows)-1)
	for i, r := range rows[1:] {
		if scores[i], err = strconv.ParseFloat(r[2], 64); err != nil || scores[i] < 0 || scores[i] > 1 {
			t.Fatalf("row %d: %v", i, r)
		}
	}
	if got := nab.Judge(all[0], scores, spikes.Unusual/4, nab.Standard).Score(); math.Abs(got-b.Files[0].Standard) > 1e-9 {
		t.Errorf("the file scores %.2f, the table says %.2f", got, b.Files[0].Standard)
	}
}

// What is judged is what the daemon marks.
func TestMarksAreTheDetectors(t *testing.T) {
	all := benchmark(t)
	s := all[3]
	want := marks(scoresOf(s.Values), spikes.Unusual)
	d, n := new(spikes.Detector), 0
	for i, v := range s.Values {
		if f := d.Add(int64(i+1), v, false); f.Marked != (want[i] == 1) {
			t.Fatalf("row %d: %+v, judged as %v", i, f, want[i])
		} else if f.Marked {
			n++
		}
	}
	if n < 4 {
		t.Errorf("only %d marks were compared", n)
	}
}

func TestBursts(t *testing.T) {
	r := burstRate(5, 1, 3)
	if r.Pages > 0.5 || r.Early > 1 || r.Ten.Within(30) < 1 || len(r.Three) != 3 {
		t.Errorf("%+v", r)
	}
	var out bytes.Buffer
	if err := Write(&out, "json", &Bursts{Weeks: 4, Tries: 3, Rates: []BurstRate{r}}); err != nil {
		t.Fatal(err)
	}
	var back struct {
		Rates []struct {
			Ten struct {
				Median float64 `json:"median_minutes"`
			} `json:"times_10"`
		}
	}
	if err := json.Unmarshal(out.Bytes(), &back); err != nil || back.Rates[0].Ten.Median != r.Ten.Median() {
		t.Errorf("%v: %s", err, out.String())
	}
}

func TestDelays(t *testing.T) {
	d := Delays{8, math.Inf(1), 20}
	if d.Within(15) != 1./3 || d.Within(30) != 2./3 || d.Median() != 20 || d.String() != "20   33/ 67/ 67" {
		t.Errorf("%v", d)
	}
	if b, err := json.Marshal(Delays{}); err != nil || !strings.Contains(string(b), `"events":0`) || (Delays{}).String() != "–" {
		t.Errorf("of none: %s, %v", b, err)
	}
	if b, err := json.Marshal(Delays{math.Inf(1)}); err != nil || !strings.Contains(string(b), `"median_minutes":null`) {
		t.Errorf("%s, %v", b, err)
	}
}

func TestFalls(t *testing.T) {
	r := fallRate(20, 1, 8)
	if r.Pages.Ours > 1 || r.Thirty.Within(15) < 1 || r.Thirty.Median() > 10 || len(r.Fifteen)+len(r.Neutral)+r.Before < 16 {
		t.Errorf("%+v", r)
	}
	// Why a plain threshold is not what runs: it calls for nothing where little is said.
	if few := fallRate(1, 1, 1); few.Pages.Naive < 10 || few.Pages.Ours > 2 {
		t.Errorf("%+v", few.Pages)
	}
	var text bytes.Buffer
	if err := Write(&text, "text", &Falls{Weeks: 4, Tries: 8, Rates: []FallRate{r}}); err != nil || !strings.Contains(text.String(), "false pages a week") {
		t.Errorf("%v: %s", err, text.String())
	}
}
