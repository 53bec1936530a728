package people

import (
	"fmt"
	"log/slog"
	"math"
	"testing"
	"time"

	"confianza/internal/mention"
	"confianza/internal/store"
)

// noon is the present at first, and yesterday the day that is counted.
var (
	noon      = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	yesterday = noon.Unix()/86400 - 1
)

// hall is a store, whose clock the test sets, and what counts in it.
type hall struct {
	*Counter
	t     *testing.T
	posts int
}

func newHall(t *testing.T) *hall {
	t.Helper()
	s, err := store.Open(t.Context(), t.TempDir(), store.Options{Now: func() time.Time { return noon }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	h := &hall{t: t, Counter: &Counter{Store: s, Brands: []string{"Acme"}, Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return noon }}}
	h.begin("v1")
	return h
}

func (h *hall) begin(version string) {
	h.t.Helper()
	if _, err := h.Store.Begin(h.t.Context(), stage, version); err != nil {
		h.t.Fatal(err)
	}
}

// said is what an author says; "bad" and "good" are the polarity of a post that
// begins so.
type said struct{ author, text string }

// say stores posts of so many hours before noon.
func (h *hall) say(ago int, all ...said) {
	h.t.Helper()
	in := store.Intake{Source: "net"}
	for _, s := range all {
		h.posts++
		m := mention.Mention{Source: "net", Native: fmt.Sprint(h.posts), Revision: "1", Text: s.text, At: noon.Add(-time.Duration(ago) * time.Hour), Seen: noon, Form: "post", Brands: []string{"Acme"}}
		if s.author != "" {
			m.Author = h.Store.AuthorKey("net", s.author)
		}
		in.Mentions = append(in.Mentions, m)
	}
	if _, err := h.Store.Add(h.t.Context(), in); err != nil {
		h.t.Fatal(err)
	}
}

// score does all that is to be done; "v2" finds everything good.
func (h *hall) score(version string) {
	h.t.Helper()
	recent, err := h.Store.Recent(h.t.Context(), stage, 10_000)
	if err != nil || len(recent) == 0 {
		h.t.Fatal(len(recent), err)
	}
	var scored []store.Scored
	for _, m := range recent {
		s := mention.Score{Language: "en", Polarity: mention.Neutral, Scorer: version}
		switch {
		case m.Text == "":
			continue
		case version == "v2" || m.Text[:4] == "good":
			s.Polarity = mention.Positive
		case m.Text[:3] == "bad":
			s.Polarity = mention.Negative
		case m.Text[:3] == "???":
			s.Polarity = mention.Unknown
		}
		scored = append(scored, store.Scored{ID: m.ID, Score: s})
	}
	if _, err := h.Store.Done(h.t.Context(), stage, recent[len(recent)-1].ID, scored); err != nil {
		h.t.Fatal(err)
	}
}

// want looks, and holds a day to its votes and their sum; 0 votes is none.
func (h *hall) want(what string, day int64, votes, sum float64) {
	h.t.Helper()
	if err := h.Look(h.t.Context(), near); err != nil {
		h.t.Fatal(err)
	}
	snap, err := h.Store.Snapshot(h.t.Context())
	if err != nil {
		h.t.Fatal(err)
	}
	defer snap.Close()
	all, err := snap.Votes(h.t.Context(), "Acme")
	if err != nil {
		h.t.Fatal(err)
	}
	if all.Scorer != snap.Scorer() && votes > 0 {
		h.t.Errorf("%s: votes are of scorer %q", what, all.Scorer)
	}
	if got := all.Days[day]; math.Abs(got.Weight-votes) > 1e-9 || math.Abs(got.Sum-sum) > 1e-9 {
		h.t.Errorf("%s: %.3f votes, sum %.3f; want %.3f and %.3f", what, got.Weight, got.Sum, votes, sum)
	}
}

// An author has one vote, who is not known one each; what cannot be read has
// none. A day is counted when it is over, and again when more comes.
func TestDaysAreCountedByPeople(t *testing.T) {
	h := newHall(t)
	h.want("nothing", yesterday, 0, 0)
	h.say(20, said{"ana", "bad one"}, said{"ana", "bad two"}, said{"ana", "bad three"}, said{"eva", "good one"}, said{"luis", "so so"}, said{"luis", "good two"}, said{"", "bad four"}, said{"", "bad five"}, said{"eva", "??? what"})
	h.say(2, said{"ana", "bad today"})
	h.want("not scored yet", yesterday, 0, 0)
	h.score("v1")
	// ana -1, eva 1, luis (0 + 1)/2, two nobody knows -1 each.
	h.want("yesterday", yesterday, 5, -1.5)
	h.want("today is not over", yesterday+1, 0, 0)
	h.say(19, said{"pia", "good late"})
	h.score("v1")
	h.want("late", yesterday, 6, -0.5)
}

// One text has three votes, whoever posts it.
func TestCopiesHaveThreeVotes(t *testing.T) {
	h := newHall(t)
	var all []said
	for i := range 30 {
		all = append(all, said{fmt.Sprint("robot", i), "bad company, they lost all my personal data again"})
	}
	h.say(20, append(all, said{"ana", "good people, they were very helpful to me today"})...)
	h.score("v1")
	h.want("three to one", yesterday, 4, -2)
}

// Numbers outlive texts, and are not made of what is left of them.
func TestVotesOutliveTexts(t *testing.T) {
	h := newHall(t)
	h.say(20, said{"ana", "bad one"}, said{"eva", "good one"}, said{"luis", "bad two"})
	h.score("v1")
	h.want("before", yesterday, 3, -1)
	if n, err := h.Store.Retain(t.Context(), "net", noon.Add(time.Hour)); err != nil || n != 3 {
		t.Fatal(n, err)
	}
	h.want("erased", yesterday, 3, -1)
	h.say(19, said{"pia", "good late"})
	h.score("v1")
	h.want("one text of four", yesterday, 3, -1)
}

// A day most of whose texts were gone before it was counted is left out.
func TestTooFewTextsLeft(t *testing.T) {
	h := newHall(t)
	h.say(20, said{"ana", "bad one"}, said{"eva", "good one"})
	h.score("v1")
	if _, err := h.Store.Forget(t.Context(), "net", "ana"); err != nil {
		t.Fatal(err)
	}
	h.want("half", yesterday, 0, 0)
}

// Another scorer counts all days anew, when everything is scored again and not
// before, and a day without texts has no votes of it.
func TestVotesNeverMixScorers(t *testing.T) {
	h := newHall(t)
	const long = 50 * 24
	h.say(long, said{"ana", "bad one"})
	h.say(20, said{"ana", "bad one"}, said{"eva", "good one"})
	h.score("v1")
	h.want("v1", yesterday, 2, 0)
	h.want("v1, long ago", yesterday-49, 1, -1)
	h.begin("v2")
	h.want("while it is scored again", yesterday, 2, 0)
	h.score("v2")
	h.want("v2", yesterday, 2, 2)
	h.want("v2, long ago", yesterday-49, 1, 1)
}

// Many days are counted in several goes, each of which is kept.
func TestManyDays(t *testing.T) {
	h := newHall(t)
	for d := range 3 * batch {
		h.say(24*(d+1), said{"ana", "bad one"})
	}
	h.score("v1")
	h.want("the first", yesterday, 1, -1)
	h.want("the last", yesterday-3*batch+1, 1, -1)
}
