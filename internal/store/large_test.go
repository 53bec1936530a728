//go:build large

package store_test

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"confianza/internal/mention"
	"confianza/internal/store"
	"confianza/test/cputime"
)

// TestLarge fills one store with a year of mentions, ten million unless
// MENTIONS says otherwise, and reports on the way what it takes: microseconds a
// mention of the last stretch, bytes a mention, and how long a page's queries
// take. It is not part of CI: it asserts the numbers of mentions only.
//
//	make bench-large
func TestLarge(t *testing.T) {
	total := 10_000_000
	if v := os.Getenv("MENTIONS"); v != "" {
		var err error
		if total, err = strconv.Atoi(v); err != nil {
			t.Fatalf("MENTIONS: %v", err)
		}
	}
	dir := t.TempDir()
	s := open(t, dir)
	begin(t, s)
	k := maker{store: s, every: 365 * 24 * time.Hour / time.Duration(total)}
	var add, score, index time.Duration
	since, cpu := 0, cputime.Used()
	for n := 0; n < total; n += stretch {
		for i := n; i < n+stretch; i += 500 {
			ms := k.made(i, 500)
			start := time.Now()
			if a, err := s.Add(t.Context(), store.Intake{Source: "net", Mentions: ms, Next: fmt.Sprint(i)}); err != nil || a.New != 500 {
				t.Fatal(a, err)
			}
			add += time.Since(start)
		}
		score += timed(func() { scoreAll(t, s) })
		index += timed(func() { indexBatches(t, s) })
		done := n + stretch
		if at := []int{total / 10, total / 5, total / 2, total}; slices.Contains(at, done) {
			f := float64(done - since)
			t.Logf("%8d mentions: intake %.1f µs, scores %.1f µs, index %.1f µs a mention; %.1f µs of CPU in all; %d bytes a mention",
				done, float64(add.Microseconds())/f, float64(score.Microseconds())/f, float64(index.Microseconds())/f,
				float64((cputime.Used()-cpu).Microseconds())/f, size(t, dir)/int64(done))
			pages(t, s, done, noon.Add(time.Duration(done)*k.every))
			add, score, index, since, cpu = 0, 0, 0, done, cputime.Used()
		}
	}
	rooms(t, k, dir, total)
}

// rooms reports what takes how much of a store, in bytes a mention; in a large
// one not what retention leaves, which takes a minute a million.
func rooms(t *testing.T, k maker, dir string, total int) {
	t.Helper()
	s := k.store
	db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "confianza.db")+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query(`SELECT CASE WHEN name = 'said' THEN 'text, id, address' WHEN name LIKE '%post%' OR name LIKE '%mention%' THEN 'the log and its indexes'
		WHEN name LIKE 'search%' THEN 'search index' WHEN name LIKE 'spoke%' THEN 'who spoke' ELSE 'rollups and the rest' END AS part,
		sum(pgsize) FROM dbstat WHERE aggregate = 1 GROUP BY part ORDER BY part`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var part string
		var bytes int64
		if err := rows.Scan(&part, &bytes); err != nil {
			t.Fatal(err)
		}
		t.Logf("%8d mentions: %4d bytes a mention: %s", total, bytes/int64(total), part)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	into := filepath.Join(t.TempDir(), "backup")
	took := timed(func() { err = s.Backup(t.Context(), into) })
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(filepath.Join(into, "confianza.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%8d mentions: %4d bytes a mention: in a backup, made in %.1f s", total, info.Size()/int64(total), took.Seconds())
	if total > 1_000_000 {
		return
	}
	author := k.made(total/2, 1)[0].Native[:32]
	var posts int
	took = timed(func() { posts, err = s.Forget(t.Context(), "net", author) })
	if err != nil || posts == 0 {
		t.Fatal(posts, err)
	}
	t.Logf("%8d mentions: an author of %d forgotten in %.1f s, the index written anew", total, posts, took.Seconds())
	total -= posts
	took = timed(func() { posts, err = s.Retain(t.Context(), "net", noon.AddDate(100, 0, 0)) })
	if err == nil {
		_, err = s.Prune(t.Context())
	}
	var used int64
	if err == nil {
		err = db.QueryRow(`SELECT (SELECT page_count FROM pragma_page_count) - (SELECT freelist_count FROM pragma_freelist_count)`).Scan(&used)
	}
	if err != nil || posts != total {
		t.Fatal(posts, err)
	}
	t.Logf("%8d mentions: %4d bytes a mention: left after retention, which erased %.0f a second", total, used*4096/int64(total), float64(posts)/took.Seconds())
}

// indexBatches indexes as much at a time as the daemon does.
func indexBatches(t *testing.T, s *store.Store) {
	for n := 1; n > 0; {
		var err error
		if n, err = s.Index(t.Context(), 2000); err != nil {
			t.Fatal(err)
		}
	}
}

// stretch is mentions between two looks at what the stages have before them.
const stretch = 10_000

func timed(f func()) time.Duration {
	start := time.Now()
	f()
	return time.Since(start)
}

func size(t *testing.T, dir string) (bytes int64) {
	t.Helper()
	for _, name := range []string{"confianza.db", "confianza.db-wal"} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		bytes += info.Size()
	}
	return bytes
}

// pages times what a page asks a store with n mentions up to a moment.
func pages(t *testing.T, s *store.Store, n int, now time.Time) {
	t.Helper()
	counts := func(days int, step time.Duration, want int) func() int {
		span := mention.Span{From: now.AddDate(0, 0, -days), To: now.Add(time.Hour)}
		return func() (n int) {
			cs, err := s.Counts(t.Context(), store.CountQuery{Span: span, Step: step})
			for _, c := range cs {
				n += int(c.N)
			}
			if err != nil || want > 0 && n != want {
				t.Fatalf("counted %d, want %d; error %v", n, want, err)
			}
			return n
		}
	}
	part := false // of the last page: it ended before everything was looked at
	page := func(p store.Page, err error) int {
		if err != nil {
			t.Fatal(err)
		}
		part = !p.Before.IsZero()
		return len(p.Mentions)
	}
	latest := func(q store.LatestQuery) func() int {
		q.Limit = 50
		return func() int { return page(s.LatestPage(t.Context(), q, store.PagePosts)) }
	}
	search := func(q store.SearchQuery) func() int {
		q.Limit = 50
		return func() int { return page(s.SearchPage(t.Context(), q, store.PagePosts)) }
	}
	for _, q := range []struct {
		name string
		ask  func() int
	}{
		{"counts of 24 hours by minute", counts(1, time.Minute, 0)},
		{"counts of 90 days by hour", counts(90, time.Hour, 0)},
		{"counts of all by day", counts(400, 24*time.Hour, n)},
		{"latest", latest(store.LatestQuery{})},
		{"latest of a brand", latest(store.LatestQuery{Brand: "Acme"})},
		{"latest of a brand, negative, half-way back", latest(store.LatestQuery{Brand: "Acme", Polarity: mention.Negative, Before: noon.Add(now.Sub(noon) / 2)})},
		{"latest in a language nobody writes", latest(store.LatestQuery{Brand: "Acme", Language: "tlh"})},
		{"search for a frequent word", search(store.SearchQuery{Text: word(3), Brand: "Acme"})},
		{"search for a rare word", search(store.SearchQuery{Text: word(1900)})},
		{"search for two words", search(store.SearchQuery{Text: word(3) + " " + word(40)})},
		{"search for a phrase", search(store.SearchQuery{Text: `"` + word(3) + " " + word(4) + `"`})},
		{"search for a beginning", search(store.SearchQuery{Text: "a*"})},
		{"search for a frequent word in a language nobody writes", search(store.SearchQuery{Text: word(3), Language: "tlh"})},
		{"search for a frequent word in a source that has nothing", search(store.SearchQuery{Text: word(3), Brand: "Acme", Source: "web"})},
		{"latest of a brand in a source that has nothing", latest(store.LatestQuery{Brand: "Acme", Source: "web"})},
	} {
		var took []time.Duration
		rows, all := 0, "all"
		for range 5 {
			part = false
			took = append(took, timed(func() { rows = q.ask() }))
		}
		if part {
			all = "some"
		}
		slices.Sort(took)
		t.Logf("%8d mentions: %8.1f ms  %s (%d; looked at %s)", n, float64(took[2].Microseconds())/1000, q.name, rows, all)
	}
}
