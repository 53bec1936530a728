// Package pipeline carries posts through the house: from a source's batch past
// the door into the store, and from the store's log through the scorer back.
//
// [Intake] is the door-side half, called by each source; [Scoring] is a stage
// over the log. Both keep nothing that the store does not have, so that either
// may die at any point.
package pipeline

import (
	"context"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"confianza/analysis/match"
	"confianza/collectors"
	"confianza/internal/mention"
	"confianza/internal/metrics"
	"confianza/internal/store"
)

// Stages lists the stages that every mention goes through.
func Stages() []string { return []string{StageScore, StageIndex} }

// Door decides which brands a post names. It can be exchanged while sources
// run.
type Door struct{ m atomic.Pointer[match.Matcher] }

// NewDoor makes a door for the brands of m.
func NewDoor(m *match.Matcher) *Door {
	d := new(Door)
	d.Exchange(m)
	return d
}

// Exchange makes the door open for the brands of m from the next batch on.
func (d *Door) Exchange(m *match.Matcher) { d.m.Store(m) }

// Brands are those the door is open for.
func (d *Door) Brands() []string { return d.m.Load().Brands() }

// Names is the cheap door for sources: false means that no brand can match.
func (d *Door) Names(text []byte) bool { return d.m.Load().Names(text) }

// brands gives the brands a post names, sorted; unknown is true when a mapped
// column names a brand that is not configured.
func (d *Door) brands(p *collectors.Post) (names []string, unknown bool) {
	m := d.m.Load()
	if p.Brand != "" {
		for _, b := range m.Brands() {
			if folded(b) == folded(p.Brand) {
				return []string{b}, false
			}
		}
		return nil, true
	}
	for _, i := range m.Match(p.Text, p.Links, nil) {
		names = append(names, m.Brands()[i])
	}
	slices.Sort(names)
	return names, false
}

// Intake makes a source's batches durable.
type Intake struct {
	Store   *store.Store
	Door    *Door
	Metrics *metrics.Metrics
	Reader  string           // whose cursor moves; "" is the source's own
	Wake    func()           // called after mentions were stored; may be nil
	Now     func() time.Time // nil means the clock
}

// Deliver gives the delivering end for one source: see [collectors.Deliver].
// after, when not nil, is told what each batch changed.
func (in *Intake) Deliver(source string, after func(collectors.Batch, store.Added)) collectors.Deliver {
	return func(ctx context.Context, b collectors.Batch) error {
		now := time.Now
		if in.Now != nil {
			now = in.Now
		}
		work, matched, dropped := in.sift(source, b, now().UTC())
		added, err := in.Store.Add(ctx, work)
		if err != nil {
			return err
		}
		in.Metrics.Posts(source, b.Read, matched)
		for reason, n := range dropped {
			in.Metrics.Dropped(source, string(reason), n)
		}
		in.Metrics.Removed(source, added.Erased, added.Hidden, added.Restored)
		if !b.Until.IsZero() {
			in.Metrics.Lag(source, now().Sub(b.Until))
		}
		if added.New+added.Revised > 0 && in.Wake != nil {
			in.Wake()
		}
		if after != nil {
			b.Dropped = dropped
			after(b, added)
		}
		return nil
	}
}

// sift turns a batch into what the store takes. matched counts posts that
// name a brand.
func (in *Intake) sift(source string, b collectors.Batch, now time.Time) (work store.Intake, matched int, dropped map[collectors.Reason]int) {
	dropped = map[collectors.Reason]int{}
	for reason, n := range b.Dropped {
		dropped[reason] = n
	}
	work = store.Intake{Source: source, Reader: in.Reader, Next: string(b.Next), Heard: mention.Span{From: b.Since, To: b.Until}, Brands: in.Door.Brands()}
	for i := range b.Posts {
		p := &b.Posts[i]
		brands, unknown := in.Door.brands(p)
		if unknown {
			dropped[collectors.UnknownBrand]++
			continue
		}
		if p.Seen.IsZero() && p.Created.After(now.Add(ahead)) {
			dropped[collectors.NoTime]++
			continue
		}
		if len(brands) > 0 {
			matched++
		}
		work.Mentions = append(work.Mentions, in.mention(source, p, brands, now))
	}
	for _, g := range b.Gone {
		gone := mention.Gone{Native: g.Native, Hidden: g.Hidden}
		if g.Native == "" {
			gone.Author = in.Store.AuthorKey(source, g.Author)
		}
		work.Gone = append(work.Gone, gone)
	}
	for _, author := range b.Back {
		work.Back = append(work.Back, in.Store.AuthorKey(source, author))
	}
	return work, matched, dropped
}

func (in *Intake) mention(source string, p *collectors.Post, brands []string, now time.Time) mention.Mention {
	seen := p.Seen
	if seen.IsZero() {
		seen = now
	}
	form := p.Form
	if form == "" {
		form = collectors.FormPost
	}
	return mention.Mention{
		Source: source, Native: p.Native, Revision: p.Revision, URL: p.URL,
		Author: in.Store.AuthorKey(source, p.Author), Text: p.Text, Declared: p.Language,
		At: eventTime(p.Created, seen), Seen: seen.UTC(), Form: string(form), Followers: p.Followers, Brands: brands,
	}
}

// folded is a brand's name as a column may write it: whatever case, accents
// and space around it.
func folded(name string) string { return strings.TrimSpace(string(match.Fold(nil, []byte(name)))) }

// ahead is how far an author's clock may be ahead of ours where the source has
// none of its own, as in a file. Beyond it is no clock but a wrong date, and
// calling it now would make a spike of it.
const ahead = 24 * time.Hour

// epoch is before every source we know: an author's clock that says less was
// never set.
var epoch = time.Date(1995, 1, 1, 0, 0, 0, 0, time.UTC)

// eventTime is when a post counts as said: the author's clock, unless that
// says later than the source published it, or nonsense. Bluesky's own feeds
// sort by the same earlier of two; see docs/decisions/0002-event-time.md.
func eventTime(created, seen time.Time) time.Time {
	if created.Before(epoch) || created.After(seen) {
		return seen.UTC()
	}
	return created.UTC()
}
