// Package bench holds the speed we promise against what `make bench` measured.
//
// Each promise is a ratio of the processor time of two benchmarks of one run, so
// that the machine matters little, and how busy it is. It runs no benchmark itself: see
// `make bench-check`.
package bench

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// promise is that over by under, both in unit, is at least or at most limit.
type promise struct {
	name, over, under, unit string
	least, most             float64 // 0 for none
}

func promises() []promise {
	var all []promise
	for _, brands := range []string{"10", "10000"} {
		all = append(all, promise{"decode and match with " + brands + " brands, times as fast as encoding/json",
			"Event/impl=encoding-json/brands=" + brands, "Event/impl=ours/brands=" + brands, "cpu-ns/op", 4, 0})
	}
	return append(all,
		promise{"the door with 10,000 brands against 10", "Match/brands=10000", "Match/brands=10", "cpu-ns/op", 0, 2},
		promise{"intake against bare inserts, ids that tell their time, speed by CPU", "Intake/impl=bare/ids=network", "Intake/impl=ours/ids=network", "cpu-ns/mention", 0.4, 0},
		promise{"a post's language, times as fast as whatlanggo", "Identify/impl=whatlanggo", "Identify/impl=ours", "cpu-ns/op", 10, 0},
		promise{"a post in English, language and score, times as fast as cdipaolo's score", "Text/texts=en/impl=cdipaolo", "Text/texts=en/impl=ours", "cpu-ns/op", 1, 0},
		promise{"a post in any language, the same", "Text/texts=all/impl=cdipaolo", "Text/texts=all/impl=ours", "cpu-ns/op", 1, 0})
}

func (p promise) promised() string {
	if p.least > 0 {
		return fmt.Sprintf("at least %v", p.least)
	}
	return fmt.Sprintf("at most %v", p.most)
}

// rounds are the ratios of each round, in order of size.
func (p promise) rounds(measured map[string][]float64) ([]float64, error) {
	over, under := measured[p.over+" "+p.unit], measured[p.under+" "+p.unit]
	if len(over) == 0 || len(over) != len(under) {
		return nil, fmt.Errorf("%s: %d rounds of %s and %d of %s", p.name, len(over), p.over, len(under), p.under)
	}
	ratios := make([]float64, len(over))
	for i := range ratios {
		ratios[i] = over[i] / under[i]
	}
	slices.Sort(ratios)
	return ratios, nil
}

// broken tells that the median breaks the promise, and that three in four of
// the rounds do: less may be what else the machine was doing.
func (p promise) broken(rounds []float64) bool {
	wrong := 0
	for _, r := range rounds {
		if p.breaks(r) {
			wrong++
		}
	}
	return p.breaks(median(rounds)) && 4*wrong >= 3*len(rounds)
}

func (p promise) breaks(ratio float64) bool {
	return p.least > 0 && ratio < p.least || p.most > 0 && ratio > p.most
}

func median(sorted []float64) float64 {
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}

// read takes what go test -bench writes: values by benchmark and unit, round
// after round.
func read(r io.Reader) (map[string][]float64, error) {
	measured := map[string][]float64{}
	in := bufio.NewScanner(r)
	for in.Scan() {
		f := strings.Fields(in.Text())
		if len(f) < 4 || !strings.HasPrefix(f[0], "Benchmark") {
			continue
		}
		name := cores.ReplaceAllString(strings.TrimPrefix(f[0], "Benchmark"), "")
		for i := 2; i+1 < len(f); i += 2 {
			v, err := strconv.ParseFloat(f[i], 64)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", in.Text(), err)
			}
			measured[name+" "+f[i+1]] = append(measured[name+" "+f[i+1]], v)
		}
	}
	return measured, in.Err()
}

// cores is how many there were, at the end of a name; absent when there was one.
var cores = regexp.MustCompile(`-\d+$`)

func TestPromises(t *testing.T) {
	path := os.Getenv("BENCH_FILE")
	if path == "" {
		t.Skip("measured by make bench-check")
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	measured, err := read(f)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range promises() {
		rounds, err := p.rounds(measured)
		if err != nil {
			t.Error(err)
			continue
		}
		said := fmt.Sprintf("%s: median %.2f, rounds %.2f; promised %s", p.name, median(rounds), rounds, p.promised())
		if p.broken(rounds) {
			t.Error("BROKEN " + said)
			continue
		}
		t.Log(said)
	}
}

func TestWhatBreaksAPromise(t *testing.T) {
	least, most := promise{least: 4}, promise{most: 2}
	for _, tt := range []struct {
		name   string
		p      promise
		rounds []float64
		want   bool
	}{
		{"kept", least, []float64{5, 6, 7, 8}, false},
		{"kept but for a busy moment", least, []float64{1, 6, 7, 8}, false},
		{"half of it busy, the median just below", least, []float64{1, 3.9, 4, 8}, false},
		{"broken but for one", least, []float64{1, 2, 3, 5}, true},
		{"broken", least, []float64{3.8, 3.9, 3.9}, true},
		{"kept from below", most, []float64{0.9, 1, 1.1}, false},
		{"broken from above", most, []float64{2.1, 2.2, 2.3, 9}, true},
	} {
		if got := tt.p.broken(tt.rounds); got != tt.want {
			t.Errorf("%s: broken %v, want %v", tt.name, got, tt.want)
		}
	}
}

func TestReadingRounds(t *testing.T) {
	const out = `goos: linux
BenchmarkMatch/brands=10-2         	  100	       20.0 cpu-ns/op	 400.00 MB/s
BenchmarkMatch/brands=10000-2      	  100	       30.0 cpu-ns/op	 300.00 MB/s
PASS
BenchmarkMatch/brands=10-2         	  100	       10.0 cpu-ns/op	 400.00 MB/s
BenchmarkMatch/brands=10000-2      	  100	       25.0 cpu-ns/op	 300.00 MB/s
BenchmarkEvent/impl=encoding-json/brands=10-2 	 10	 9.0 cpu-ns/op
ok  	confianza/analysis/match	1.2s
`
	measured, err := read(strings.NewReader(out))
	if err != nil {
		t.Fatal(err)
	}
	rounds, err := promises()[2].rounds(measured)
	if err != nil || !slices.Equal(rounds, []float64{1.5, 2.5}) { // 30/20 and 25/10
		t.Errorf("got %v, want 1.5 and 2.5; error %v", rounds, err)
	}
	if _, err := promises()[0].rounds(measured); err == nil {
		t.Error("half of a pair is taken for a whole one")
	}
}
