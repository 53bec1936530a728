package trials

import (
	"encoding/csv"
	"fmt"
	"io"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"confianza/analysis/spikes"
	"confianza/internal/trials/nab"
)

// Benchmark is the outcome on a category of NAB.
type Benchmark struct {
	Category  string      `json:"category"`
	Series    int         `json:"series"`
	Windows   int         `json:"windows"`
	Threshold float64     `json:"threshold"` // of a mark, as the daemon has it
	Ours      Points      `json:"ours"`      // at that threshold, for all series
	Held      Points      `json:"held_out"`  // each series at the threshold that is best for the others
	Range     []Threshold `json:"thresholds"`
	Files     []File      `json:"files"`
	Published []Published `json:"published,omitempty"`
}

// Points are normalised scores by profile, and what they are made of.
type Points struct {
	Standard         float64 `json:"standard"`
	FewFalseAlarms   float64 `json:"reward_low_fp"`
	FewMissedWindows float64 `json:"reward_low_fn"`
	Found            int     `json:"windows_found"`
	Falsely          int     `json:"false_detections"`
}

// Threshold is what another threshold would give.
type Threshold struct {
	At float64 `json:"at"`
	Points
}

// File is one series' standard score at our threshold.
type File struct {
	Name     string  `json:"name"`
	Standard float64 `json:"standard"`
	Windows  int     `json:"windows"`
	Found    int     `json:"windows_found"`
	Falsely  int     `json:"false_detections"`
}

// Published is what another detector reached on the same category, from the
// benchmark's published results.
type Published struct {
	Name   string    `json:"name"`
	Points []float64 `json:"points"` // standard, reward low FP, reward low FN, as far as known
}

// published are the results on realTweets, each at the one threshold that is
// best for its profile over the whole benchmark.
func published(category string) []Published {
	if category != "realTweets" {
		return nil
	}
	return []Published{
		{"ARTime", []float64{81.8, 70.1, 87.9}}, {"contextOSE", []float64{74.5}}, {"Skyline", []float64{68.9}},
		{"Numenta HTM", []float64{68.0}}, {"Twitter ADVec", []float64{59.6}}, {"windowed Gaussian", []float64{51.4}},
		{"random cut forest", []float64{48.1}},
	}
}

// tried are the thresholds shown beside ours.
func tried() (all []float64) {
	for t := 19; t <= 32; t++ {
		all = append(all, float64(t)/10)
	}
	return all
}

// RunBenchmark tries [spikes.Detector] on series of one category.
func RunBenchmark(category string, all []nab.Series) *Benchmark {
	b := &Benchmark{Category: category, Series: len(all), Threshold: spikes.Unusual, Published: published(category)}
	scores := make([][]float64, len(all))
	for i, s := range all {
		scores[i] = scoresOf(s.Values)
		b.Windows += len(s.Windows)
	}
	judged := map[float64][]results{}
	for _, t := range tried() {
		judged[t] = judge(all, scores, t)
		b.Range = append(b.Range, Threshold{t, sum(judged[t], -1).points()})
	}
	ours := judge(all, scores, spikes.Unusual)
	b.Ours = sum(ours, -1).points()
	for i, s := range all {
		r := ours[i][0]
		b.Files = append(b.Files, File{s.Name, r.Score(), r.Windows, r.Found, r.Falsely})
	}
	b.Held = held(judged, len(all)).points()
	return b
}

// results are one for each profile of the benchmark.
type results [3]nab.Result

func judge(all []nab.Series, scores [][]float64, threshold float64) (each []results) {
	for i, s := range all {
		var r results
		for p, profile := range nab.Profiles() {
			r[p] = nab.Judge(s, marks(scores[i], threshold), 1, profile)
		}
		each = append(each, r)
	}
	return each
}

// sum adds the results of all series but one.
func sum(each []results, without int) (r results) {
	for i := range each {
		for p := range r {
			if i != without {
				r[p] = r[p].Plus(each[i][p])
			}
		}
	}
	return r
}

// held judges each series at the threshold that has the best standard score on
// all the others.
func held(judged map[float64][]results, series int) (r results) {
	for i := range series {
		best, at := math.Inf(-1), 0.0
		for _, t := range tried() {
			if score := sum(judged[t], i)[0].Score(); score > best {
				best, at = score, t
			}
		}
		for p := range r {
			r[p] = r[p].Plus(judged[at][i][p])
		}
	}
	return r
}

func (r results) points() Points {
	return Points{r[0].Score(), r[1].Score(), r[2].Score(), r[0].Found, r[0].Falsely}
}

// scoresOf has a detector score a series, a row a bin.
func scoresOf(values []float64) []float64 {
	d, scores := new(spikes.Detector), make([]float64, len(values))
	for i, v := range values {
		scores[i] = d.Add(int64(i+1), v, false).Score
	}
	return scores
}

// marks is 1 where a detector with such a threshold would mark a bin: at most
// once a day.
func marks(scores []float64, threshold float64) []float64 {
	out, last := make([]float64, len(scores)), math.MinInt/2
	for i, s := range scores {
		if s >= threshold && i-last > 24*12 {
			out[i], last = 1, i
		}
	}
	return out
}

// Table writes the outcome.
func (b *Benchmark) Table(w io.Writer) error {
	fmt.Fprintf(w, "%s: %d series, %d windows; normalised scores\n\n", b.Category, b.Series, b.Windows)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "standard\tlow FP\tlow FN\tfound\tfalse\t  ")
	row := func(p Points, name string) {
		fmt.Fprintf(t, "%.1f\t%.1f\t%.1f\t%d\t%d\t  %s\n", p.Standard, p.FewFalseAlarms, p.FewMissedWindows, p.Found, p.Falsely, name)
	}
	row(b.Ours, fmt.Sprintf("confianza, threshold %.1f for all", b.Threshold))
	row(b.Held, "confianza, threshold from the other series")
	for _, p := range b.Published {
		cells := []string{"", "", ""}
		for i, x := range p.Points {
			cells[i] = strconv.FormatFloat(x, 'f', 1, 64)
		}
		fmt.Fprintf(t, "%s\t\t\t  %s (published)\n", strings.Join(cells, "\t"), p.Name)
	}
	fmt.Fprintln(t, "\t\t\t\t\t")
	for _, r := range b.Range {
		row(r.Points, fmt.Sprintf("threshold %.1f", r.At))
	}
	fmt.Fprintln(t, "\t\t\t\t\t")
	for _, f := range b.Files {
		fmt.Fprintf(t, "%.1f\t\t\t%d of %d\t%d\t  %s\n", f.Standard, f.Found, f.Windows, f.Falsely, f.Name)
	}
	return t.Flush()
}

// WriteScores writes what the detector says of each row of some series, a CSV a
// series under dir with the columns timestamp, value and anomaly_score. The
// last is 0 to 1: a quarter of the score. A bin that is beyond the threshold
// within a day of a mark is no news, and is held just under it.
func WriteScores(dir string, all []nab.Series) error {
	for _, s := range all {
		if err := writeScores(filepath.Join(dir, filepath.FromSlash(s.Name)), s); err != nil {
			return fmt.Errorf("eval: write scores: %w", err)
		}
	}
	return nil
}

func writeScores(path string, s nab.Series) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return err
	}
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	out := csv.NewWriter(f)
	rows := [][]string{{"timestamp", "value", "anomaly_score"}}
	scores := scoresOf(s.Values)
	marked := marks(scores, spikes.Unusual)
	for i, score := range scores {
		if marked[i] == 0 {
			score = min(score, spikes.Unusual-0.01)
		}
		rows = append(rows, []string{s.Times[i], strconv.FormatFloat(s.Values[i], 'f', -1, 64), strconv.FormatFloat(min(1, score/4), 'f', 6, 64)})
	}
	if err := out.WriteAll(rows); err != nil {
		return err
	}
	return f.Close()
}

// Benchmarks are the outcomes on several categories.
type Benchmarks []*Benchmark

// RunBenchmarks tries each category of some series by itself, and then all of
// several together.
func RunBenchmarks(all []nab.Series) (b Benchmarks) {
	by := map[string][]nab.Series{}
	for _, s := range all {
		category, _, _ := strings.Cut(s.Name, "/")
		by[category] = append(by[category], s)
	}
	for _, category := range slices.Sorted(maps.Keys(by)) {
		b = append(b, RunBenchmark(category, by[category]))
	}
	if len(b) > 1 {
		b = append(b, RunBenchmark("all", all))
	}
	return b
}

// Table writes them below each other.
func (b Benchmarks) Table(w io.Writer) error {
	for i, one := range b {
		if i > 0 {
			fmt.Fprintln(w)
		}
		if err := one.Table(w); err != nil {
			return err
		}
	}
	return nil
}
