package web

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"confianza/internal/mention"
	"confianza/internal/store"
)

const latestShown = 20

// beginning is before anything the store can hold.
var beginning = time.Date(1995, 1, 1, 0, 0, 0, 0, time.UTC)

// view is all that the template shows.
type view struct {
	L            *locale
	C            choice
	S            State
	Now          time.Time
	End          time.Time // of the window: now, or the end of the day looked back to
	Within       mention.Span
	Windows      []string
	Polarities   []mention.Polarity
	Total        tally
	Mentions     change
	Net          change
	Ears         []ear
	Heard        float64 // share of the window in which any source was listening
	Chart        *chart  // nil when nothing was counted
	Ever         bool    // there is some mention, in this window or not
	Latest       []post
	OlderAddress string    // "" when there are none
	LookedBackTo time.Time // looking ended there, with older ones left; zero when it did not
	OnAddress    string    // goes on from there
	LastAddress  string    // address of the last day with a mention, where the window has none; "" when there is no such day
	Version      string

	heard []mention.Span // when any source was listening, ever
}

// post is a mention as the page shows it.
type post struct {
	mention.Mention
	Text   string
	Link   link
	Linked bool
	Why    *why // nil when nobody can tell
}

func (s *site) view(ctx context.Context, l *locale, c choice, state State) (*view, error) {
	v := &view{L: l, C: c, S: state, Now: l.now, End: c.Until.End(l.now), Windows: windows, Polarities: mention.Polarities(), Version: s.o.Version}
	counts, err := s.count(ctx, v)
	if err != nil {
		return nil, err
	}
	v.Total = total(counts)
	if err := s.listen(ctx, v, counts); err != nil {
		return nil, err
	}
	if err := s.compare(ctx, v); err != nil {
		return nil, err
	}
	if v.Total.Total() > 0 {
		g := fineness(v.Within.To.Sub(v.Within.From))
		v.Chart = draw(l, g, v.Within, g.buckets(v.Within, s.o.Zone), counts, v.heard)
	}
	return v, s.latest(ctx, v)
}

// count counts the window. One of all time begins with the first mention and
// ends with the day of the last, unless somebody has listened since.
func (s *site) count(ctx context.Context, v *view) ([]store.Count, error) {
	q := v.asked(mention.Span{From: beginning, To: v.End}, 24*time.Hour)
	v.Within = mention.Span{From: v.End.Add(-24 * time.Hour), To: v.End}
	if d := length(v.C.Window); d > 0 {
		v.Within.From = v.End.Add(-d)
	} else {
		days, err := s.o.Store.Counts(ctx, q)
		if err != nil {
			return nil, err
		}
		if len(days) > 0 {
			if end := days[len(days)-1].At.AddDate(0, 0, 1); end.Before(v.End) && !v.heardSince(end) {
				v.Within = mention.Span{From: end.AddDate(0, 0, -1), To: end}
			}
			if days[0].At.Before(v.Within.From) {
				v.Within.From = days[0].At
			}
		}
		if fineness(v.Within.To.Sub(v.Within.From)) >= weekly {
			return days, nil // fine enough already
		}
	}
	q.Span, q.Step = v.Within, fineness(v.Within.To.Sub(v.Within.From)).step(v.Within, s.o.Zone)
	return s.o.Store.Counts(ctx, q)
}

// heardSince tells whether a source of the present has been heard since.
func (v *view) heardSince(t time.Time) bool {
	return slices.ContainsFunc(v.S.Sources, func(s Source) bool { return s.Heard.After(t) })
}

// asked is the reader's brand in a span.
func (v *view) asked(span mention.Span, step time.Duration) store.CountQuery {
	q := store.CountQuery{Span: span, Step: step}
	if v.C.Brand != "" {
		q.Brands = []string{v.C.Brand}
	}
	return q
}

// compare sets the window against the one before it.
func (s *site) compare(ctx context.Context, v *view) error {
	d := length(v.C.Window)
	if d == 0 {
		v.Mentions, v.Net = change{Verdict: noBefore}, change{Verdict: noBefore}
		return nil
	}
	before := mention.Span{From: v.Within.From.Add(-d), To: v.Within.From}
	counts, err := s.o.Store.Counts(ctx, v.asked(before, time.Hour))
	if err != nil {
		return err
	}
	v.Mentions, v.Net = compare(v.Total, total(counts), v.Heard, share(v.heard, before))
	return nil
}

func (s *site) latest(ctx context.Context, v *view) error {
	c := v.C
	if c.Until.Back(v.Now) && !c.Paged() {
		c.Before = v.End
	}
	p, err := s.mentions(ctx, c)
	if err != nil {
		return err
	}
	ms := p.Mentions
	if !p.Before.IsZero() {
		v.LookedBackTo, v.OnAddress = p.Before, v.C.Older(p.Before, p.BeforeID)
	}
	v.Ever = v.Total.Total() > 0 || len(ms) > 0 || v.C.Polarity != "" || v.C.Source != "" || v.C.Language != "" || v.C.Text != "" || v.C.Paged() || v.OnAddress != ""
	if len(ms) > latestShown {
		ms = ms[:latestShown]
		v.OlderAddress = v.C.Older(ms[latestShown-1].At, ms[latestShown-1].ID)
	}
	if v.Total.Total() == 0 && len(ms) > 0 && v.C.Newest() == v.C.unfiltered().Newest() {
		v.LastAddress = v.C.WithUntil(dayOf(ms[0].At, s.o.Zone))
	}
	for _, m := range ms {
		p := post{Mention: m, Text: plain(m.Text)}
		p.Link, p.Linked = safeLink(m.URL)
		p.Why = s.explain(&p)
		v.Latest = append(v.Latest, p)
	}
	return nil
}

// mentions are those chosen, with one more than is shown. A search without a
// word in it finds nothing.
func (s *site) mentions(ctx context.Context, c choice) (store.Page, error) {
	if c.Text == "" {
		return s.o.Store.LatestPage(ctx, store.LatestQuery{
			Brand: c.Brand, Source: c.Source, Language: c.Language, Polarity: c.Polarity, Before: c.Before, BeforeID: c.BeforeID, Limit: latestShown + 1,
		}, store.PagePosts)
	}
	p, err := s.o.Store.SearchPage(ctx, store.SearchQuery{
		Text: c.Text, Brand: c.Brand, Source: c.Source, Language: c.Language, Polarity: c.Polarity, Before: c.Before, BeforeID: c.BeforeID, Limit: latestShown + 1,
	}, store.PagePosts)
	if _, wordless := errors.AsType[*store.QueryError](err); wordless {
		return store.Page{}, nil
	}
	return p, err
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

// Length and Sources are for sentences about lists.
func (v *view) Length(list []Trouble) int64 { return int64(len(list)) }
func (v *view) Sources() int64              { return int64(len(v.Ears)) }
