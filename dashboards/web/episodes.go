package web

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"time"

	"confianza/internal/mention"
	"confianza/internal/store"
)

// episodeDays is how far back episodes are shown.
const episodeDays = 30

// episode is a stretch in which a detector held that something was unusual.
type episode struct {
	L    *locale
	Kind string // volume, drop, rise
	mention.Span
	Open  bool           // still, and Span ends now
	Deaf  []mention.Span // of it, in which no source that the detectors hear was heard
	Peak  float64        // of the detector's score
	Tally tally          // of its mentions
	Facts *Facts         // of the one that is looked at
	link  episodesLink
}

// Facts are what is known of an episode beside its numbers; package explain
// gathers them.
type Facts struct {
	Drivers  []Part
	Examples []Example
}

// Part is what of the mentions has something in common.
type Part struct {
	Name string
	N    int64
}

// Example is a mention, masked.
type Example struct{ Text, URL, Polarity string }

// ID is its place on the page.
func (e episode) ID() string { return e.Kind + "-" + strconv.FormatInt(e.From.Unix(), 10) }

// Look is the address with what this one is about.
func (e episode) Look() string { return e.link.Look(e) }

// Posts is the address of its mentions, the newest first: of the polarity that
// made it.
func (e episode) Posts() string {
	c := choice{Window: lastDay, Brand: e.link.Brand, Before: e.To, lang: e.link.lang}
	switch e.Kind {
	case "drop":
		c.Polarity = mention.Negative
	case "rise":
		c.Polarity = mention.Positive
	}
	return c.String() + "#latest"
}

// Minutes is how long it lasted.
func (e episode) Minutes() int64 { return int64(e.To.Sub(e.From) / time.Minute) }

// Unheard is how many of its minutes nobody listened in.
func (e episode) Unheard() (n int64) {
	for _, s := range e.Deaf {
		n += int64(s.To.Sub(s.From) / time.Minute)
	}
	return n
}

// PeakWords is the highest score, for a reader.
func (e episode) PeakWords() string { return e.L.numbers.Sprintf("%.1f", e.Peak) }

// Net is the net feeling within it, in points.
func (e episode) Net() float64 { return e.Tally.Net() }

// episodesView is all that the template shows.
type episodesView struct {
	L       *locale
	A       episodesLink
	S       State
	Now     time.Time
	Within  mention.Span
	Rows    []episodeRow
	Ticks   []tick
	All     []episode // the newest first
	Since   time.Time // since when anybody looked; zero for never
	Version string
}

// Found is how many there are.
func (v *episodesView) Found() int64 { return int64(len(v.All)) }

// episodeRow is when episodes of a kind were open.
type episodeRow struct {
	Kind  string
	Bands []band
	N     int64
}

// episodes shows what the detectors found of a brand.
func (s *site) episodes(w http.ResponseWriter, r *http.Request) {
	l := s.reader(r)
	state := s.o.State()
	a, err := readEpisodes(r.URL.Query(), state.Brands)
	if err != nil {
		s.say(w, l, http.StatusBadRequest, err.Error())
		return
	}
	remember(w, a.lang)
	v := &episodesView{L: l, A: a, S: state, Now: l.now, Version: s.o.Version}
	if err := s.fillEpisodes(r.Context(), v); err != nil {
		if !errors.Is(err, context.Canceled) {
			s.o.Log.Error("episodes not shown", "why", err)
		}
		s.say(w, l, http.StatusInternalServerError, "store")
		return
	}
	s.render(w, l, http.StatusOK, "episodes.html", v)
}

func (s *site) fillEpisodes(ctx context.Context, v *episodesView) error {
	days := calendar(episodeDays-1, v.Now, s.o.Zone)
	v.Within = mention.Span{From: days[0].From, To: v.Now}
	v.Ticks = dayTicks(v.L, v.Within, days)
	snap, err := s.o.Store.Snapshot(ctx)
	if err != nil {
		return err
	}
	defer snap.Close()
	heard, err := s.heardLive(ctx, v)
	if err != nil {
		return err
	}
	f := finder{v: v, open: map[string]*episode{}}
	if err := snap.Findings(ctx, v.A.Brand, v.Within.From.Unix()/3600, v.Now.Unix()/3600, f.hour); err != nil {
		return err
	}
	f.end(v.Now)
	v.Since = f.since
	slices.SortStableFunc(f.all, func(a, b episode) int { return b.From.Compare(a.From) })
	for i := range f.all {
		e := &f.all[i]
		e.Deaf = deaf(e.Span, heard)
		if err := s.countEpisode(ctx, v.A.Brand, e); err != nil {
			return err
		}
		if e.Kind == v.A.Kind && e.From.Equal(v.A.From) && s.o.About != nil {
			if e.Facts, err = s.o.About(ctx, v.A.Brand, e.Span); err != nil {
				return err
			}
		}
	}
	v.All = f.all
	for _, kind := range episodeKinds {
		row := episodeRow{Kind: kind}
		var spans []mention.Span
		for _, e := range v.All {
			if e.Kind == kind {
				spans = append(spans, gaps(e.Deaf, e.Span)...)
				row.N++
			}
		}
		for _, b := range union(spans) {
			one := across(b, v.Within)
			width := max(percent(one.Width), 0.4) // an hour of a month is hardly seen
			row.Bands = append(row.Bands, band{min(percent(one.X), 100-width), width})
		}
		v.Rows = append(v.Rows, row)
	}
	return nil
}

// countEpisode adds up what was said while an episode was open.
func (s *site) countEpisode(ctx context.Context, brand string, e *episode) error {
	counts, err := s.o.Store.Counts(ctx, store.CountQuery{Brands: []string{brand}, Span: e.Span, Step: time.Hour})
	if err != nil {
		return err
	}
	for _, c := range counts {
		e.Tally.add(c.Polarity, c.N)
	}
	return nil
}
