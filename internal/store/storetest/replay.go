package storetest

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"confianza/internal/mention"
	"confianza/internal/store"
)

// act is one thing that happens to a store.
type act struct {
	Kind   string
	N      int // of the post, and what else the act counts
	Author string
	Again  bool // the same revision once more; a hidden author
}

func acts(kinds ...string) *rapid.Generator[act] {
	return rapid.Custom(func(r *rapid.T) act {
		return act{rapid.SampledFrom(kinds).Draw(r, "kind"), rapid.IntRange(1, 5).Draw(r, "n"),
			rapid.SampledFrom([]string{"ana", "bea"}).Draw(r, "author"), rapid.Bool().Draw(r, "again")}
	})
}

// history is a store with all its intakes, as a source would replay them:
// the revisions of a post in their order, and always by the same author.
type history struct {
	*world
	r        *rapid.T
	revision map[int]int
	intakes  []store.Intake
	version  string
	counted  map[store.Total]int64 // by labels
}

func newHistory(t *testing.T, open Open, r *rapid.T) *history {
	w := &world{t: t, dir: t.TempDir(), open: open, now: noon}
	w.s = open(t, w.dir, func() time.Time { return w.now })
	return &history{world: w, r: r, revision: map[int]int{}, version: "v1", counted: map[store.Total]int64{}}
}

func (h *history) close() {
	if err := h.s.Close(); err != nil {
		h.r.Errorf("close: %v", err)
	}
}

func (h *history) give(in store.Intake) {
	in.Next = fmt.Sprint(len(h.intakes))
	h.intakes = append(h.intakes, in)
	h.take(in)
}

// written is a revision of post n: its author, time and brands are its own.
func (h *history) written(n, revision int) mention.Mention {
	brands := [][]string{{"Acme"}, {"Zeta"}, {"Acme", "Zeta"}}[n%3]
	m := h.post(fmt.Sprint(n), fmt.Sprintf("word %s of %d, revision %d", []string{"good", "bad", "fine"}[revision%3], n, revision), brands...)
	m.Author, m.Revision = h.s.AuthorKey("net", []string{"ana", "bea"}[n%2]), fmt.Sprint(revision)
	m.At, m.Seen = noon.Add(-time.Duration(n)*time.Minute), noon.Add(time.Duration(n)*time.Hour)
	return m
}

func (h *history) do(a act) {
	switch a.Kind {
	case "post":
		if !a.Again || h.revision[a.N] == 0 {
			h.revision[a.N]++
		}
		h.give(store.Intake{Mentions: []mention.Mention{h.written(a.N, h.revision[a.N])}})
	case "unname":
		h.revision[a.N]++
		m := h.written(a.N, h.revision[a.N])
		m.Brands = nil
		h.give(store.Intake{Mentions: []mention.Mention{m}})
	case "delete":
		h.give(store.Intake{Gone: []mention.Gone{h.gone(fmt.Sprint(a.N))}})
	case "author gone":
		h.give(store.Intake{Gone: []mention.Gone{h.authorGone(a.Author, a.Again)}})
	case "back":
		h.give(store.Intake{Back: []mention.Key{h.s.AuthorKey("net", a.Author)}})
	case "score":
		h.score(h.version)
	case "another version":
		h.version = fmt.Sprint("v", a.N%3)
	case "retain":
		h.retain("net", noon.Add(time.Duration(a.N)*time.Hour))
	case "index":
		h.index()
	case "reopen":
		h.reopen()
	case "replay":
		h.replay(a.N)
	}
	h.neverFall()
}

// replay gives the last n intakes again, as after a crash of the source.
func (h *history) replay(n int) {
	before := h.state()
	for _, in := range h.intakes[max(0, len(h.intakes)-n):] {
		h.take(in)
	}
	if after := h.state(); after != before {
		h.r.Fatalf("replaying %d of %d intakes:\nfrom %s\n  to %s", n, len(h.intakes), before, after)
	}
}

// state is all that can be read of a store.
func (h *history) state() string {
	cursor, err := h.s.Cursor(h.t.Context(), "net")
	must(h.world, err)
	pending, err := h.s.Pending(h.t.Context(), "score")
	must(h.world, err)
	state := fmt.Sprintf("cursor %s, pending %d, totals %+v, found %q, shown %+v", cursor, pending, h.totals(), h.find("word"), h.latest(store.LatestQuery{}))
	for _, v := range []string{"v0", "v1", "v2"} {
		state += fmt.Sprintf(", %s %+v", v, h.counts(store.CountQuery{Scorer: v, Span: always, Step: time.Minute}))
	}
	return state
}

func (h *history) neverFall() {
	for _, total := range h.totals() {
		n := total.N
		total.N = 0
		if n < h.counted[total] {
			h.r.Fatalf("%+v fell from %d to %d", total, h.counted[total], n)
		}
		h.counted[total] = n
	}
}

// foundIsShown holds the search index to what may be shown.
func (h *history) foundIsShown() {
	h.index()
	if found, shown := h.find("word"), h.texts(); !slices.Equal(found, shown) {
		h.r.Fatalf("found %q, shown %q", found, shown)
	}
}

// parts holds counts to adding up over any partition of a span.
func (h *history) parts(cuts []int) {
	slices.Sort(cuts)
	edges := []time.Time{always.From}
	for _, c := range cuts {
		edges = append(edges, noon.Add(time.Duration(c)*time.Minute))
	}
	edges = append(edges, always.To)
	whole, counts, sums := map[string]int64{}, map[string]int64{}, map[string]int64{}
	gather := func(into map[string]int64, all []store.Count) {
		for _, c := range all {
			into[c.Brand+" "+string(c.Polarity)] += c.N
		}
	}
	gather(whole, h.counts(store.CountQuery{Span: always, Step: time.Hour}))
	for i := range edges[1:] {
		q := store.CountQuery{Span: mention.Span{From: edges[i], To: edges[i+1]}, Step: time.Minute}
		gather(counts, h.counts(q))
		some, err := h.s.Sums(h.t.Context(), q)
		must(h.world, err)
		gather(sums, some)
	}
	if !maps.Equal(counts, whole) || !maps.Equal(sums, whole) {
		h.r.Fatalf("cut at %v: counts %v, sums %v, in one %v", cuts, counts, sums, whole)
	}
}

// replayed says that replaying any end of what came changes nothing, whatever
// happened in between; that what is found is what may be shown; and that the
// counts of a span are those of its parts.
func replayed(t *testing.T, open Open) {
	kinds := acts("post", "post", "post", "unname", "delete", "author gone", "back", "score", "another version", "retain", "index", "reopen", "replay")
	rapid.Check(t, func(r *rapid.T) {
		h := newHistory(t, open, r)
		defer h.close()
		for _, a := range rapid.SliceOfN(kinds, 1, 25).Draw(r, "acts") {
			h.do(a)
		}
		h.foundIsShown()
		h.replay(rapid.IntRange(0, len(h.intakes)).Draw(r, "replay"))
		h.foundIsShown()
		h.parts(rapid.SliceOfN(rapid.IntRange(-8, 2), 0, 4).Draw(r, "cuts"))
	})
}

// commuted says that what may be shown, and found, does not depend on the
// order in which posts and deletions come. Counts may: a post that was scored
// before its deletion is counted, and one that was deleted first never was.
func commuted(t *testing.T, open Open) {
	rapid.Check(t, func(r *rapid.T) {
		one, two := newHistory(t, open, r), newHistory(t, open, r)
		defer one.close()
		defer two.close()
		for _, a := range rapid.SliceOfN(acts("post", "post", "delete", "author gone"), 1, 12).Draw(r, "acts") {
			a.Again = false // deleted for good; a hidden author would come back
			one.do(a)
		}
		for _, in := range rapid.Permutation(one.intakes).Draw(r, "another order") {
			two.take(two.own(one, in))
		}
		one.foundIsShown()
		two.foundIsShown()
		if a, b := one.texts(), two.texts(); !slices.Equal(a, b) {
			r.Fatalf("shown %q in one order, %q in another", a, b)
		}
	})
}

// own is another store's intake with the authors' keys of this one.
func (h *history) own(of *history, in store.Intake) store.Intake {
	mine := map[mention.Key]mention.Key{}
	for _, author := range []string{"ana", "bea"} {
		mine[of.s.AuthorKey("net", author)] = h.s.AuthorKey("net", author)
	}
	in.Mentions, in.Gone = slices.Clone(in.Mentions), slices.Clone(in.Gone)
	for i := range in.Mentions {
		in.Mentions[i].Author = mine[in.Mentions[i].Author]
	}
	for i := range in.Gone {
		in.Gone[i].Author = mine[in.Gone[i].Author]
	}
	return in
}
