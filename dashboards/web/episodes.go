package web

import (
	"context"
	"errors"
	"math"
	"net/http"
	"net/url"
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
	Open  bool    // still, and Span ends now
	Peak  float64 // of the detector's score
	Tally tally   // of its mentions
	Facts *Facts  // of the one that is looked at
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

// episodesLink is what the reader asked for, as the address says it.
type episodesLink struct {
	Brand string
	Kind  string    // of the episode looked at
	From  time.Time // when it began; zero for none
	lang  string
}

func readEpisodes(q url.Values, brands []string) (episodesLink, error) {
	a := episodesLink{Brand: q.Get("brand"), Kind: q.Get("kind")}
	if l := q.Get("lang"); l == "es" || l == "en" {
		a.lang = l
	}
	if a.Brand == "" && len(brands) > 0 {
		a.Brand = brands[0]
	} else if a.Brand != "" && !slices.Contains(brands, a.Brand) {
		return a, errors.New("brand")
	}
	if f := q.Get("from"); f != "" {
		n, err := strconv.ParseInt(f, 10, 64)
		if err != nil || n < 0 || n > 1<<40 || !slices.Contains(episodeKinds, a.Kind) {
			return a, errors.New("episode")
		}
		a.From = time.Unix(n, 0).UTC()
	}
	return a, nil
}

var episodeKinds = []string{"volume", "drop", "rise"}

// WithBrand, WithLang and Look are the address with another of each.
func (a episodesLink) WithBrand(brand string) string {
	return episodesLink{Brand: brand, lang: a.lang}.String()
}
func (a episodesLink) WithLang(lang string) string { a.lang = lang; return a.String() }
func (a episodesLink) Look(e episode) string {
	a.Kind, a.From = e.Kind, e.From
	return a.String() + "#" + e.ID()
}

// Now and Trend are the brand's other views.
func (a episodesLink) Now() string {
	return choice{Window: lastDay, Brand: a.Brand, lang: a.lang}.String()
}
func (a episodesLink) Trend() string {
	return period{Days: periods[0], Brand: a.Brand, lang: a.lang}.String()
}

func (a episodesLink) String() string {
	q := url.Values{}
	set := func(name, value string) {
		if value != "" {
			q.Set(name, value)
		}
	}
	set("brand", a.Brand)
	set("lang", a.lang)
	if !a.From.IsZero() {
		set("kind", a.Kind)
		set("from", strconv.FormatInt(a.From.Unix(), 10))
	}
	if len(q) == 0 {
		return "/episodes"
	}
	return "/episodes?" + q.Encode()
}

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
	f := finder{v: v, open: map[string]*episode{}}
	if err := snap.Findings(ctx, v.A.Brand, v.Within.From.Unix()/3600, v.Now.Unix()/3600, f.hour); err != nil {
		return err
	}
	f.end(v.Now)
	v.Since = f.since
	slices.SortStableFunc(f.all, func(a, b episode) int { return b.From.Compare(a.From) })
	for i := range f.all {
		e := &f.all[i]
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
				spans = append(spans, e.Span)
				row.N++
			}
		}
		slices.Reverse(spans)
		for _, b := range spans {
			one := across(b, v.Within)
			row.Bands = append(row.Bands, band{percent(one.X), max(percent(one.Width), 0.4)}) // an hour of a month is hardly seen
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

// finder makes episodes of minutes.
type finder struct {
	v     *episodesView
	open  map[string]*episode
	all   []episode
	since time.Time
}

func (f *finder) hour(hour int64, h *store.FoundHour) {
	for i, m := range h {
		at := time.Unix(hour*3600+int64(i)*60, 0).UTC()
		if !m.Said || at.Before(f.v.Within.From) {
			continue
		}
		if f.since.IsZero() {
			f.since = at
		}
		f.minute("volume", m.Burst, m.Spike, at)
		f.minute("drop", m.Dropped, m.Drop, at)
		f.minute("rise", m.Risen, math.NaN(), at)
	}
}

func (f *finder) minute(kind string, open bool, score float64, at time.Time) {
	e := f.open[kind]
	switch {
	case open && e == nil:
		e = &episode{L: f.v.L, Kind: kind, Span: mention.Span{From: at}, link: f.v.A}
		f.open[kind] = e
	case !open && e != nil:
		f.all = append(f.all, *e)
		delete(f.open, kind)
		return
	case !open:
		return
	}
	e.To = at.Add(time.Minute)
	if score > e.Peak { // not for NaN
		e.Peak = score
	}
}

// end leaves the episodes open that were still at the last minute looked at.
func (f *finder) end(now time.Time) {
	for _, kind := range episodeKinds {
		if e := f.open[kind]; e != nil {
			e.Open = now.Sub(e.To) < 15*time.Minute
			f.all = append(f.all, *e)
		}
	}
}
