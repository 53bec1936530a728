// Package nab scores detectors as the Numenta Anomaly Benchmark does.
//
// The scoring is that of Lavin and Ahmad, "Evaluating Real-time Anomaly
// Detection Algorithms: the Numenta Anomaly Benchmark" (2015), written anew
// from the paper and held to the published rules: the first detection in a
// window of labelled anomaly counts, the more the earlier; a window without one
// costs; and so does each detection outside of windows. It promises to read a
// folder of the benchmark's data as it is published, and copies none of it.
// What detects is the caller's.
package nab

import "math"

// Profile says what matters to an application.
type Profile struct {
	Name                       string
	found, missed, falselyRung float64 // what a window found at once earns, one missed costs, and a detection far from any costs
}

// The three profiles of the benchmark.
var (
	Standard         = Profile{"standard", 1, 1, 0.11}
	FewFalseAlarms   = Profile{"reward low FP", 1, 1, 0.22}
	FewMissedWindows = Profile{"reward low FN", 1, 2, 0.11}
)

// Profiles are all of them, in the order the benchmark lists them.
func Profiles() [3]Profile { return [3]Profile{Standard, FewFalseAlarms, FewMissedWindows} }

// Probation is how many rows at the beginning of a series a detector may learn
// from without being judged: 15 %, at most 750.
func Probation(rows int) int { return int(min(math.Floor(0.15*float64(rows)), 0.15*5000)) }

// Series is one file of the benchmark.
type Series struct {
	Name    string    // such as "realTweets/Twitter_volume_AAPL.csv"
	Times   []string  // as the file has them
	Values  []float64 // one for each time
	Windows []Window  // in order of time
}

// Window is a span of rows labelled as anomalous, both ends within.
type Window struct{ First, Last int }

// sigmoid weighs a position relative to a window: about 1 at its beginning
// (-1), 0 at its end, about -1 one width later and exactly so from three on.
func sigmoid(position float64) float64 {
	if position >= 3 {
		return -1
	}
	return 2/(1+math.Exp(5*position)) - 1
}

// worth is what a detection at each row would earn, and the number of the
// window it is in, -1 outside, -2 in probation.
func (s Series) worth() (earned []float64, window []int) {
	earned, window = make([]float64, len(s.Values)), make([]int, len(s.Values))
	next, probation := 0, Probation(len(s.Values))
	for i := range s.Values {
		for next < len(s.Windows) && s.Windows[next].Last < i {
			next++
		}
		switch {
		case next < len(s.Windows) && s.Windows[next].First <= i:
			w := s.Windows[next]
			earned[i], window[i] = sigmoid(-float64(w.Last-i+1)/float64(w.Last-w.First+1))/sigmoid(-1), next
		case next > 0:
			w := s.Windows[next-1]
			earned[i], window[i] = sigmoid(float64(i-w.Last)/float64(w.Last-w.First)), -1
		default:
			earned[i], window[i] = -1, -1
		}
		if i < probation {
			window[i] = -2
		}
	}
	return earned, window
}

// Result is the outcome on some series.
type Result struct {
	Raw, Null, Perfect      float64 // sums of the benchmark's points: got, by detecting nothing, at most
	Windows, Found, Falsely int     // windows there are and found; rows detected outside of any
}

// Score is the benchmark's normalised score: 0 for detecting nothing, 100 for
// detecting each window at its first row and nothing else. Without windows there
// is nothing to score, and it is 0.
func (r Result) Score() float64 {
	if r.Windows == 0 {
		return 0
	}
	return 100 * (r.Raw - r.Null) / (r.Perfect - r.Null)
}

// Plus adds up the results on different series.
func (r Result) Plus(o Result) Result {
	return Result{r.Raw + o.Raw, r.Null + o.Null, r.Perfect + o.Perfect, r.Windows + o.Windows, r.Found + o.Found, r.Falsely + o.Falsely}
}

// Judge scores what a detector said of a series: a row is detected when its
// score is at or above the threshold.
func Judge(s Series, scores []float64, threshold float64, p Profile) (r Result) {
	earned, window := s.worth()
	best := make([]float64, len(s.Windows)) // what the best detection of a window earned
	judged := make([]bool, len(s.Windows))  // some of its rows are past probation
	for i, w := range window {
		hit := scores[i] >= threshold
		switch {
		case w >= 0:
			if !judged[w] {
				judged[w], best[w] = true, -p.missed
			}
			if hit {
				best[w] = max(best[w], p.found*earned[i])
			}
		case w == -1 && hit:
			r.Raw += p.falselyRung * earned[i]
			r.Falsely++
		}
	}
	r.Windows = len(s.Windows)
	r.Perfect = p.found * float64(len(s.Windows))
	for w, points := range best {
		r.Raw += points
		if judged[w] {
			r.Null -= p.missed
		}
		if points > -p.missed && judged[w] {
			r.Found++
		}
	}
	return r
}
