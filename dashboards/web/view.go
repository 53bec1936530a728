package web

import (
	"bytes"
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"confianza/internal/mention"
	"confianza/internal/store"
)

const latestShown = 20

// view is all that the template shows.
type view struct {
	L            *locale
	C            choice
	S            State
	Now          time.Time
	Within       mention.Span
	Windows      []string
	Polarities   []mention.Polarity
	Total        tally
	Mentions     change
	Net          change
	Heard        float64 // share of the window in which any source was listening
	Chart        *chart  // nil when nothing was counted
	Latest       []post
	OlderAddress string // "" when there are none
	Version      string
}

// post is a mention as the page shows it.
type post struct {
	mention.Mention
	Text     string
	Link     link
	Linked   bool
	Language string
}

func (s *site) view(ctx context.Context, l *locale, c choice, state State) (*view, error) {
	v := &view{L: l, C: c, S: state, Now: s.o.Now(), Windows: windows, Polarities: mention.Polarities(), Version: s.o.Version}
	counts, err := s.count(ctx, v)
	if err != nil {
		return nil, err
	}
	v.Total = total(counts)
	heard, err := s.heard(ctx, state, v.Within)
	if err != nil {
		return nil, err
	}
	v.Heard = share(heard, v.Within)
	if err := s.compare(ctx, v); err != nil {
		return nil, err
	}
	if v.Total.Total() > 0 {
		g := fineness(v.Within.To.Sub(v.Within.From))
		v.Chart = draw(l, g, v.Within, g.buckets(v.Within, s.o.Zone), counts, gaps(heard, v.Within))
	}
	return v, s.latest(ctx, v)
}

// count counts the window, and finds where it begins when it has no beginning
// of its own: with the first mention there is.
func (s *site) count(ctx context.Context, v *view) ([]store.Count, error) {
	q := store.CountQuery{Span: mention.Span{To: v.Now}}
	if v.C.Brand != "" {
		q.Brands = []string{v.C.Brand}
	}
	if d := length(v.C.Window); d > 0 {
		v.Within = mention.Span{From: v.Now.Add(-d), To: v.Now}
	} else {
		q.Span.From, q.Step = time.Date(1995, 1, 1, 0, 0, 0, 0, time.UTC), 24*time.Hour
		days, err := s.o.Store.Counts(ctx, q)
		if err != nil {
			return nil, err
		}
		v.Within = mention.Span{From: v.Now.Add(-24 * time.Hour), To: v.Now}
		if len(days) > 0 && days[0].At.Before(v.Within.From) {
			v.Within.From = days[0].At
		}
	}
	q.Span, q.Step = v.Within, fineness(v.Within.To.Sub(v.Within.From)).step(v.Within, s.o.Zone)
	return s.o.Store.Counts(ctx, q)
}

// heard is when any source was listening.
func (s *site) heard(ctx context.Context, state State, within mention.Span) ([]mention.Span, error) {
	var all []mention.Span
	for _, src := range state.Sources {
		spans, err := s.o.Store.Heard(ctx, src.Name, within)
		if err != nil {
			return nil, err
		}
		all = append(all, spans...)
	}
	return union(all), nil
}

// compare sets the window against the one before it.
func (s *site) compare(ctx context.Context, v *view) error {
	d := length(v.C.Window)
	if d == 0 {
		v.Mentions, v.Net = change{Verdict: noBefore}, change{Verdict: noBefore}
		return nil
	}
	before := mention.Span{From: v.Within.From.Add(-d), To: v.Within.From}
	q := store.CountQuery{Span: before, Step: time.Hour}
	if v.C.Brand != "" {
		q.Brands = []string{v.C.Brand}
	}
	counts, err := s.o.Store.Counts(ctx, q)
	if err != nil {
		return err
	}
	heard, err := s.heard(ctx, v.S, before)
	if err != nil {
		return err
	}
	v.Mentions, v.Net = compare(v.Total, total(counts), v.Heard, share(heard, before))
	return nil
}

func (s *site) latest(ctx context.Context, v *view) error {
	ms, err := s.o.Store.Latest(ctx, store.LatestQuery{
		Brand: v.C.Brand, Polarity: v.C.Polarity, Before: v.C.Before, BeforeID: v.C.BeforeID, Limit: latestShown + 1,
	})
	if err != nil {
		return err
	}
	if len(ms) > latestShown {
		ms = ms[:latestShown]
		v.OlderAddress = v.C.Older(&ms[latestShown-1])
	}
	for _, m := range ms {
		p := post{Mention: m, Text: plain(m.Text), Language: m.Score.Language}
		p.Link, p.Linked = safeLink(m.URL)
		v.Latest = append(v.Latest, p)
	}
	return nil
}

// Deaf tells that no source is heard now.
func (v *view) Deaf() bool {
	return !slices.ContainsFunc(v.S.Sources, func(s Source) bool { return s.Phase == "listening" })
}

// render writes the page whole or not at all.
func (s *site) render(w http.ResponseWriter, v *view) {
	var b bytes.Buffer
	if err := s.page.Execute(&b, v); err != nil {
		s.o.Log.Error("page not drawn", "why", err)
		http.Error(w, v.L.OneOf("bad", "page"), http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Language", v.L.Lang)
	h.Set("Vary", "Accept-Language, Cookie")
	w.Write(b.Bytes()) // the reader may be gone
}

// NegativeShare is the share of negatives among the scored.
func (v *view) NegativeShare() float64 {
	if v.Total.Scored() == 0 {
		return 0
	}
	return float64(v.Total.Negative) / float64(v.Total.Scored())
}

// Named is the brands shown, in words.
func (v *view) Named() string {
	if v.C.Brand != "" {
		return v.C.Brand
	}
	return strings.Join(v.S.Brands, ", ")
}

// Length is for plurals of lists.
func (v *view) Length(list []string) int64 { return int64(len(list)) }
