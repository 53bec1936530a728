package trials

import (
	"cmp"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"confianza/analysis/drivers"
	"confianza/analysis/drops"
	"confianza/analysis/language"
	"confianza/analysis/sentiment"
	"confianza/analysis/spikes"
	"confianza/internal/scorer"
)

// Told is one labelled mention of the past.
type Told struct {
	Brand, Author, Text string
	At                  time.Time
	Reason              string             // why it is negative, as somebody labelled it; may be ""
	score               map[string]float64 // 1 for its polarity
}

// Columns are where a CSV file has what a replay needs; Author and Reason may
// be "".
type Columns struct{ Brand, Author, Text, Time, Reason string }

// ReadTold reads mentions from a CSV file with a header. Its error names the
// file, and the line of a time that cannot be read.
func ReadTold(path string, c Columns) (all []Told, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if len(rows) < 2 {
		return nil, fmt.Errorf("%s: no mention in it", path)
	}
	at := func(name string) (int, error) {
		i := slices.Index(rows[0], name)
		if i < 0 && name != "" {
			return 0, fmt.Errorf("%s: no column %q; there are %s", path, name, strings.Join(rows[0], ", "))
		}
		return i, nil
	}
	var where [5]int
	for i, name := range []string{c.Brand, c.Author, c.Text, c.Time, c.Reason} {
		if where[i], err = at(name); err != nil {
			return nil, err
		}
	}
	for n, row := range rows[1:] {
		cell := func(i int) string {
			if where[i] < 0 {
				return ""
			}
			return row[where[i]]
		}
		when, err := time.Parse("2006-01-02 15:04:05 -0700", cell(3))
		if err != nil {
			if when, err = time.Parse(time.RFC3339, cell(3)); err != nil {
				return nil, fmt.Errorf("%s: mention %d: %w", path, n+1, err)
			}
		}
		all = append(all, Told{Brand: cell(0), Author: cell(1), Text: cell(2), At: when.UTC(), Reason: cell(4)})
	}
	slices.SortStableFunc(all, func(a, b Told) int { return a.At.Compare(b.At) })
	return all, nil
}

// Replay is which episodes mentions of the past open when they are heard as
// they were said.
type Replay struct {
	Mentions int       `json:"mentions"`
	From, To time.Time // of the first and the last
	Episodes []Episode `json:"episodes"`
}

// Episode is one of them.
type Episode struct {
	Brand   string    `json:"brand"`
	Kind    string    `json:"kind"` // volume, drop or rise
	From    time.Time `json:"from"` // when it opened
	To      time.Time `json:"to"`   // when it was over; zero when it never was
	Early   bool      `json:"early,omitempty"`
	N       float64   `json:"mentions"` // of the 20 minutes (volume) or 15 minutes before it opened
	Usual   float64   `json:"usual"`    // volume: usual at that hour, 0 while unknown
	Net     [2]int    `json:"net"`      // points, in the hours before and when it opened
	Drivers []string  `json:"drivers"`  // with their authors
	Reasons []string  `json:"reasons"`  // labelled more often than before, in percent of the negatives
}

// RunReplay has the detectors hear mentions in the order of their time.
func RunReplay(ctx context.Context, all []Told, sc sentiment.Scorer) (*Replay, error) {
	texts := make([]sentiment.Text, len(all))
	for i, m := range all {
		texts[i] = sentiment.Text{Text: m.Text, Language: language.Identify(m.Text, "").Code}
	}
	scores, err := sc.Score(ctx, texts)
	if err != nil {
		return nil, err
	}
	by, names := map[string][]Told{}, []string{}
	for i, m := range all {
		if scores[i].Known {
			m.score = map[string]float64{string(scores[i].Label()): 1}
		}
		if by[m.Brand] == nil {
			names = append(names, m.Brand)
		}
		by[m.Brand] = append(by[m.Brand], m)
	}
	r := &Replay{Mentions: len(all), From: all[0].At, To: all[len(all)-1].At}
	slices.Sort(names)
	for _, name := range names {
		r.Episodes = append(r.Episodes, replay(name, by[name], r.From, r.To)...)
	}
	return r, nil
}

// ReplayNamed replays with a scorer by its name, see [scorer.Open].
func ReplayNamed(ctx context.Context, name, weights string, all []Told) (*Replay, error) {
	sc, err := scorer.Open(name, weights)
	if err != nil {
		return nil, err
	}
	return RunReplay(ctx, all, sc)
}

// replay has fresh detectors hear one brand.
func replay(brand string, ms []Told, from, to time.Time) (found []Episode) {
	volume, feeling := new(spikes.Detector), new(drops.Detector)
	open := map[string]int{} // kind to its place in found
	note := func(kind, call string, minute int64, e Episode) {
		at := time.Unix(60*(minute+1), 0).UTC()
		if call == "over" {
			found[open[kind]].To = at
		}
		if call == "opened" {
			e.Brand, e.Kind, e.From = brand, kind, at
			e.Drivers, e.Reasons = about(brand, ms, at)
			open[kind] = len(found)
			found = append(found, e)
		}
	}
	next, authors := 0, map[string]bool{}
	for minute := from.Unix() / 60; minute <= to.Unix()/60; minute++ {
		var m drops.Minute
		for ; next < len(ms) && ms[next].At.Unix()/60 == minute; next++ {
			m.Positive += ms[next].score[string(sentiment.Positive)]
			m.Neutral += ms[next].score[string(sentiment.Neutral)]
			m.Negative += ms[next].score[string(sentiment.Negative)]
			authors[cmp.Or(ms[next].Author, fmt.Sprint(next))] = true
		}
		f := feeling.Add(minute, m, false)
		e := Episode{N: f.N, Net: [2]int{points(f.Baseline), points(f.Now)}}
		note("drop", string(f.Call), minute, e)
		note("rise", string(f.Notice), minute, e)
		if (minute+1)%5 == 0 {
			s := volume.Add(minute/5, float64(len(authors)), false)
			note("volume", string(s.Call), minute, Episode{N: s.Sum, Usual: s.Usual, Early: s.Early, Net: e.Net})
			clear(authors)
		}
	}
	return found
}

func points(net float64) int { return int(100 * net) }

// about is what was said in the hour until an episode opened that was not said
// before: drivers, and labelled reasons.
func about(brand string, ms []Told, at time.Time) (words, reasons []string) {
	begin := at.Add(-time.Hour)
	talk := drivers.Talk{Leave: []string{brand, strings.ReplaceAll(brand, " ", "")}}
	var n [2]float64 // labelled: before, and in the hour
	share := map[string]*[2]float64{}
	for _, m := range ms {
		if m.At.After(at) {
			break
		}
		now := 0
		if m.At.After(begin) {
			now = 1
			talk.Window = append(talk.Window, drivers.Post{Author: m.Author, Text: m.Text})
		} else {
			talk.Before = append(talk.Before, drivers.Post{Author: m.Author, Text: m.Text})
		}
		if m.Reason != "" {
			if share[m.Reason] == nil {
				share[m.Reason] = new([2]float64)
			}
			n[now]++
			share[m.Reason][now]++
		}
	}
	for _, d := range drivers.Find(talk, 4) {
		words = append(words, fmt.Sprintf("%s (%d)", d.Words, d.N))
	}
	type lifted struct{ before, now float64 }
	lift := map[string]lifted{}
	var names []string
	for reason, k := range share {
		if l := (lifted{k[0] / max(1, n[0]), k[1] / max(1, n[1])}); k[1] >= 3 && l.now > 1.25*l.before {
			lift[reason], names = l, append(names, reason)
		}
	}
	slices.SortFunc(names, func(a, b string) int {
		return cmp.Or(cmp.Compare(lift[b].now-lift[b].before, lift[a].now-lift[a].before), strings.Compare(a, b))
	})
	for _, name := range names[:min(2, len(names))] {
		reasons = append(reasons, fmt.Sprintf("%s %.0f %% (was %.0f %%)", name, 100*lift[name].now, 100*lift[name].before))
	}
	return words, reasons
}

// Table writes them, oldest first within a brand.
func (r *Replay) Table(w io.Writer) error {
	fmt.Fprintf(w, "%d mentions from %s to %s, heard as they were said: %d episodes\n", r.Mentions, r.From.Format(time.DateTime), r.To.Format(time.DateTime), len(r.Episodes))
	for _, e := range r.Episodes {
		until := "the end"
		if !e.To.IsZero() {
			until = e.To.Format("02 15:04")
		}
		fmt.Fprintf(w, "\n%s: %s, %s to %s: %.0f mentions", e.Brand, e.Kind, e.From.Format("02 15:04"), until, e.N)
		switch {
		case e.Early:
			fmt.Fprint(w, " (provisional)")
		case e.Kind == "volume":
			fmt.Fprintf(w, ", usually %.0f", e.Usual)
		}
		fmt.Fprintf(w, "; net %+d to %+d\n", e.Net[0], e.Net[1])
		fmt.Fprintf(w, "    drivers: %s\n    reasons: %s\n", cmp.Or(strings.Join(e.Drivers, ", "), "–"), cmp.Or(strings.Join(e.Reasons, ", "), "–"))
	}
	return nil
}
