package store

import (
	"strings"
	"testing"
	"time"

	"confianza/internal/mention"
)

// plan is how SQLite would answer a query: one line a step.
func plan(t *testing.T, s *Store, query string, args []any) string {
	t.Helper()
	rows, err := s.read.QueryContext(t.Context(), `EXPLAIN QUERY PLAN `+query, args...)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var steps []string
	for rows.Next() {
		var id, parent, unused int
		var step string
		if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
			t.Fatal(err)
		}
		steps = append(steps, step)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return strings.Join(steps, "\n")
}

// A page must be walked down an index and never sorted: then it costs what it
// holds.
func TestLatestWalksAnIndex(t *testing.T) {
	s := openHere(t)
	for _, source := range []string{"net", "web", "feeds"} {
		if _, err := s.Add(t.Context(), Intake{Source: source, Mentions: []mention.Mention{
			{Native: "1", Form: "post", At: time.Unix(0, 0), Seen: time.Unix(0, 0), Brands: []string{"Acme"}}}}); err != nil {
			t.Fatal(err)
		}
	}
	before := time.Unix(1, 0)
	for _, tt := range []struct {
		name string
		q    LatestQuery
		want string // the first step
	}{
		{"of all", LatestQuery{}, "SEARCH p USING INDEX post_source_at (source=?)"},
		{"of all, since", LatestQuery{Since: before}, "SEARCH p USING INDEX post_source_at (source=? AND at>?)"},
		{"of a source", LatestQuery{Source: "net", Language: "en", Since: before}, "SEARCH p USING INDEX post_source_at (source=? AND at>?)"},
		{"of a source, a later page", LatestQuery{Source: "net", Before: before}, "SEARCH p USING INDEX post_source_at (source=? AND at<?)"},
		{"of a brand and source, since", LatestQuery{Brand: "Acme", Source: "net", Since: before},
			"SEARCH m USING COVERING INDEX mention_brand_at (brand=? AND at>?)"},
		{"of all, a later page", LatestQuery{Before: before}, "SEARCH p USING INDEX post_source_at (source=? AND at<?)"},
		{"of a brand", LatestQuery{Brand: "Acme"}, "SEARCH m USING COVERING INDEX mention_brand_at (brand=?)"},
		{"of a brand, a later page", LatestQuery{Brand: "Acme", Before: before},
			"SEARCH m USING COVERING INDEX mention_brand_at (brand=? AND (at,post)<(?,?))"},
		{"of a brand and polarity, a later page", LatestQuery{Brand: "Acme", Polarity: mention.Negative, Before: before},
			"SEARCH m USING COVERING INDEX mention_brand_at (brand=? AND (at,post)<(?,?))"},
	} {
		sources, err := s.sources(t.Context(), tt.q)
		if err != nil {
			t.Fatal(err)
		}
		ways := 1
		if tt.q.Brand == "" && tt.q.Source == "" {
			ways = 3 // net, web and feeds
		}
		steps, args := s.walk(tt.q, sources).steps()
		got := plan(t, s, steps, args)
		if strings.Count(got, tt.want) != ways || strings.Contains(got, "TEMP B-TREE") || strings.Contains(got, "SCAN") {
			t.Errorf("%s: got\n%s\nwant %s %d times, and no sorting", tt.name, got, tt.want, ways)
		}
		// What was found is read behind it, and put in order once more.
		tail, args := s.walk(tt.q, sources).tail(9)
		got = plan(t, s, `SELECT p.id FROM `+tail, args)
		way, _, _ := strings.Cut(got, "SCAN (subquery")
		if strings.Count(way, tt.want) != ways || strings.Contains(way, "TEMP B-TREE") || strings.Contains(strings.ReplaceAll(got, "SCAN (subquery", ""), "SCAN") {
			t.Errorf("%s: got\n%s\nwant %s %d times, and no sorting on the way", tt.name, got, tt.want, ways)
		}
	}
}

// A search that matches few reads them; one of many walks down from the newest,
// as the latest do. Texts are never sorted.
func TestSearchPlans(t *testing.T) {
	s := openHere(t)
	q := LatestQuery{Brand: "Acme", Source: "net"}
	query, args := s.matches(q, `"a"`).steps()
	got := plan(t, s, query, args)
	first, rest, _ := strings.Cut(got, "\n")
	if !strings.HasPrefix(first, "SCAN f VIRTUAL TABLE INDEX") || !strings.HasPrefix(rest, "SEARCH p USING INTEGER PRIMARY KEY (rowid=?)") {
		t.Errorf("few: got\n%s", got)
	}
	query, args = s.indexed(q, []int64{1}).steps()
	if got := plan(t, s, query, args); !strings.HasPrefix(got, "SEARCH m USING COVERING INDEX mention_brand_at (brand=?)") || strings.Contains(got, "TEMP B-TREE") || strings.Contains(got, "search") {
		t.Errorf("many: got\n%s", got)
	}
}

func TestOtherQueriesUseTheirIndex(t *testing.T) {
	s := openHere(t)
	for _, tt := range []struct {
		query, want string
		args        []any
	}{
		{hoursOf + `r.hour BETWEEN 1 AND 2`, "SEARCH r USING PRIMARY KEY (series=? AND hour>? AND hour<?)", nil},
		{`SELECT p.id FROM ` + recentTail, "SEARCH p USING INTEGER PRIMARY KEY (rowid>?)", []any{"score", 1}},
		{lessOf + `(1, 2, x'00', 3), (4, 5, x'00', 6)` + lessFrom, "SEARCH spoke USING PRIMARY KEY (day=? AND brand=? AND author=?)", nil},
		{`DELETE FROM spoke WHERE posts <= 0 AND (day, brand, author) IN (VALUES (1, 2, x'00'), (3, 4, x'00'))`,
			"SEARCH spoke USING PRIMARY KEY (day=? AND brand=? AND author=?)", nil},
		{outdated, "SEARCH post USING INTEGER PRIMARY KEY (rowid>?)", []any{0, 1, 1, 1}},
		{byAuthor, "SEARCH p USING COVERING INDEX post_author (<expr>=? AND author=?)", []any{"a"}},
		{`UPDATE post SET visibility = 0 WHERE author = ? AND visibility = 1`, "SEARCH post USING INDEX post_hidden (author=?)", []any{"a"}},
	} {
		if got := plan(t, s, tt.query, tt.args); !strings.Contains(got, tt.want) || strings.Contains(got, "TEMP B-TREE") {
			t.Errorf("%s: got\n%s\nwant %s, and no sorting", tt.query, got, tt.want)
		}
	}
}

// Readers keep old pages in the write-ahead log; forgetting must say so.
func TestForgettingBesideAReader(t *testing.T) {
	s := openHere(t)
	m := mention.Mention{Native: "1", Form: "post", At: time.Unix(0, 0), Seen: time.Unix(0, 0),
		Author: s.AuthorKey("net", "ana"), Text: "bad", Brands: []string{"Acme"}}
	if _, err := s.Add(t.Context(), Intake{Source: "net", Mentions: []mention.Mention{m}}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.write.ExecContext(t.Context(), `PRAGMA busy_timeout = 1`); err != nil {
		t.Fatal(err)
	}
	reader, err := s.read.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Rollback()
	var n int
	if err := reader.QueryRow(`SELECT count(*) FROM post`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	posts, err := s.Forget(t.Context(), "net", "ana")
	if posts != 1 || err == nil || !strings.Contains(err.Error(), "try again") {
		t.Errorf("got %d posts, error %v; want 1 and to be told to try again", posts, err)
	}
	if _, err := s.Prune(t.Context()); err != nil {
		t.Errorf("got %v; want it left to the next Prune", err)
	}
	if err := reader.Rollback(); err != nil {
		t.Fatal(err)
	}
	if posts, err = s.Forget(t.Context(), "net", "ana"); posts != 0 || err != nil {
		t.Errorf("got %d posts, error %v; want 0 and an empty log", posts, err)
	}
}

func openHere(t *testing.T) *Store {
	t.Helper()
	s, err := Open(t.Context(), t.TempDir(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return s
}

// What is counted of one brand is found by it: with a thousand brands, going
// through the series of all of them took sixty times as long.
func TestCountsOfABrandAreFoundByIt(t *testing.T) {
	s := openHere(t)
	where, args := CountQuery{Brands: []string{"Acme"}}.where()
	if got, want := plan(t, s, hoursOf+where, args), "SEARCH series USING COVERING INDEX sqlite_autoindex_series_1 (brand=?)"; !strings.Contains(got, want) || strings.Contains(got, "SCAN series") {
		t.Errorf("got\n%s\nwant %s", got, want)
	}
}
