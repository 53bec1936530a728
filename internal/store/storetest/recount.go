package storetest

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"confianza/internal/mention"
	"confianza/internal/store"
)

// recount does random things to a store and to a [model] of it, and compares
// all counts after each.
func recount(t *testing.T, open Open) {
	rapid.Check(t, func(r *rapid.T) {
		w := &world{t: t, dir: t.TempDir(), open: open, now: noon}
		w.s = open(t, w.dir, func() time.Time { return w.now })
		defer func() {
			if err := w.s.Close(); err != nil {
				r.Errorf("close: %v", err)
			}
		}()
		m := &model{w: w, r: r, posts: map[string]*said{}, authors: map[string]bool{}, gone: map[string]bool{}}
		m.begin()
		r.Repeat(map[string]func(*rapid.T){
			"":       m.compare,
			"add":    m.add,
			"score":  m.score,
			"begin":  func(*rapid.T) { m.begin() },
			"remove": m.remove,
			"back":   m.back,
			"reopen": func(*rapid.T) { w.reopen() },
		})
	})
}

// model is the store in a few maps, with every count made from the posts
// themselves.
type model struct {
	w       *world
	r       *rapid.T
	posts   map[string]*said // by native id
	authors map[string]bool  // gone ones; true while they may come back
	gone    map[string]bool  // native ids deleted before they came
	version string
	through int
	last    int // position of the newest post
}

type said struct {
	position int
	revision int
	author   string
	at       time.Time
	brands   []string
	deleted  bool
	scores   map[string]mention.Polarity // by version
}

func (m *model) draw(name string, from ...string) string {
	return rapid.SampledFrom(from).Draw(m.r, name)
}

func (m *model) add(r *rapid.T) {
	m.r = r
	native := m.draw("native", "1", "2", "3", "4")
	author := m.draw("author", "ana", "bea")
	revision := rapid.IntRange(1, 5).Draw(r, "revision")
	minute := rapid.IntRange(-200, 200).Draw(r, "minute")
	brands := [][]string{nil, {"Acme"}, {"Zeta"}, {"Acme", "Zeta"}}[rapid.IntRange(0, 3).Draw(r, "brands")]
	post := m.w.post(native, "text", brands...)
	post.Author, post.Revision = m.w.s.AuthorKey("net", author), fmt.Sprint(revision)
	post.At = time.Unix(0, 0).UTC().Add(time.Duration(minute) * time.Minute)
	m.w.add(post)

	old := m.posts[native]
	mayReturn, authorGone := m.authors[author]
	switch {
	case old != nil && (old.deleted || revision <= old.revision):
		return
	case old != nil:
		author, post.At = old.author, old.at
	case len(brands) == 0 || m.gone[native] || authorGone && !mayReturn:
		return
	}
	m.last++
	m.posts[native] = &said{m.last, revision, author, post.At, brands, false, map[string]mention.Polarity{}}
}

// score does a few posts, with a polarity that the version and the draw decide.
func (m *model) score(r *rapid.T) {
	m.r = r
	limit := rapid.IntRange(1, 3).Draw(r, "limit")
	var todo []*said
	for _, p := range m.posts {
		if p.position > m.through {
			todo = append(todo, p)
		}
	}
	slices.SortFunc(todo, func(a, b *said) int { return cmp.Compare(a.position, b.position) })
	todo = todo[:min(limit, len(todo))]
	recent := m.w.recent(limit)
	if len(recent) != len(todo) {
		r.Fatalf("got %d recent posts, want %d", len(recent), len(todo))
	}
	var scores []store.Scored
	for i, p := range todo {
		if recent[i].ID != int64(p.position) {
			r.Fatalf("got position %d, want %d", recent[i].ID, p.position)
		}
		polarity := rapid.SampledFrom(mention.Polarities()).Draw(r, "polarity")
		scores = append(scores, verdict(recent[i].ID, polarity, m.version))
		p.scores[m.version], m.through = polarity, p.position
	}
	if len(scores) > 0 {
		m.w.done(int64(m.through), scores...)
	}
}

func (m *model) begin() {
	version := m.draw("version", "v1", "v2", "v3")
	again := m.version != "" && m.version != version
	if got := m.w.begin(version); got != again {
		m.r.Fatalf("begin %s after %s: got %v, want %v", version, m.version, got, again)
	}
	if again {
		m.through = 0
	}
	m.version = version
}

func (m *model) remove(r *rapid.T) {
	m.r = r
	if native := m.draw("native", "1", "2", "3", "4", "author"); native != "author" {
		m.w.take(store.Intake{Gone: []mention.Gone{m.w.gone(native)}})
		m.gone[native] = true
		if p := m.posts[native]; p != nil {
			p.deleted = true
		}
		return
	}
	author, hidden := m.draw("author", "ana", "bea"), rapid.Bool().Draw(r, "hidden")
	m.w.take(store.Intake{Gone: []mention.Gone{m.w.authorGone(author, hidden)}})
	mayReturn, before := m.authors[author]
	m.authors[author] = hidden && (mayReturn || !before)
	for _, p := range m.posts {
		p.deleted = p.deleted || p.author == author && !hidden
	}
}

func (m *model) back(r *rapid.T) {
	m.r = r
	author := m.draw("author", "ana", "bea")
	m.w.take(store.Intake{Back: []mention.Key{m.w.s.AuthorKey("net", author)}})
	if m.authors[author] {
		delete(m.authors, author)
	}
}

// compare checks every version's counts, by minute and by day, and what may be
// shown.
func (m *model) compare(r *rapid.T) {
	for _, version := range []string{"v1", "v2", "v3"} {
		for _, step := range []time.Duration{time.Minute, 24 * time.Hour} {
			want := map[string]int64{}
			for _, p := range m.posts {
				if polarity, ok := p.scores[version]; ok {
					for _, brand := range p.brands {
						want[fmt.Sprint(p.at.Truncate(step), brand, polarity)]++
					}
				}
			}
			got := map[string]int64{}
			for _, c := range m.w.counts(store.CountQuery{Scorer: version, Span: always, Step: step}) {
				got[fmt.Sprint(c.At, c.Brand, c.Polarity)] += c.N
			}
			if !maps.Equal(got, want) {
				r.Fatalf("counts of %s by %s:\n got %v\nwant %v", version, step, got, want)
			}
		}
	}
	shown := 0
	for _, p := range m.posts {
		if _, gone := m.authors[p.author]; !gone && !p.deleted && len(p.brands) > 0 {
			shown++
		}
	}
	if got := len(m.w.latest(store.LatestQuery{})); got != shown {
		r.Fatalf("got %d posts shown, want %d", got, shown)
	}
}
