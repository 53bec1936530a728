package series_test

import (
	"context"
	"database/sql"
	"encoding/binary"
	"fmt"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/tsdb"
	"github.com/prometheus/prometheus/tsdb/chunkenc"

	"confianza/internal/series"
	"confianza/internal/store"
)

// dense is a store of so many series with mentions in every minute of so many
// days before noon. Its tables are filled by hand: saying millions of mentions
// takes longer than what is measured here.
func dense(t testing.TB, lines, days int) *store.Store {
	t.Helper()
	dir := t.TempDir()
	s, err := store.Open(t.Context(), dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	if _, err := s.Begin(t.Context(), "score", "v1"); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", filepath.Join(dir, "confianza.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	tx, err := db.Begin()
	if err != nil {
		t.Fatal(err)
	}
	do := func(query string, args ...any) {
		if _, err := tx.Exec(query, args...); err != nil {
			t.Fatal(query, err)
		}
	}
	word := func(w string) (id int64) {
		do(`INSERT INTO word (text) VALUES (?) ON CONFLICT DO NOTHING`, w)
		if err := tx.QueryRow(`SELECT id FROM word WHERE text = ?`, w).Scan(&id); err != nil {
			t.Fatal(err)
		}
		return id
	}
	end := noon.Unix() / 3600
	v1, net, kind := word("v1"), word("net"), word("unknown")
	do(`INSERT INTO cover (source, since, until) VALUES (?, ?, ?)`, net, (end-int64(days)*24)*3600_000, end*3600_000)
	for i := range lines {
		id := i + 1
		do(`INSERT INTO series (id, brand, source, language, polarity, kind, scorer) VALUES (?, ?, ?, ?, ?, ?, ?)`,
			id, word(fmt.Sprint("brand", i/12)), net, word([]string{"en", "es", "pt"}[i/4%3]), word([]string{"negative", "neutral", "positive", "unknown"}[i%4]), kind, v1)
		for h := end - int64(days)*24; h < end; h++ {
			var packed []byte
			total := uint64(0)
			for m := range int64(60) {
				n := uint64((int64(i)*7 + h*13 + m*m) % 5)
				packed, total = binary.AppendUvarint(packed, n), total+n
			}
			do(`INSERT INTO rollup (series, hour, total, minutes) VALUES (?, ?, ?, ?)`, id, h, total, packed)
		}
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if s, err = store.Open(t.Context(), dir, store.Options{}); err != nil { // it learns the words
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// copied is a real TSDB that holds every sample of a queryable.
func copied(t testing.TB, q storage.Queryable, days int) *tsdb.DB {
	t.Helper()
	o := tsdb.DefaultOptions()
	o.RetentionDuration = int64(10 * 365 * 24 * time.Hour / time.Millisecond)
	db, err := tsdb.Open(t.TempDir(), slog.New(slog.DiscardHandler), nil, o, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	db.DisableCompactions()
	// Day by day, since a TSDB takes them in the order of time.
	for d := days; d > 0; d-- {
		reader, err := q.Querier(noon.AddDate(0, 0, -d).UnixMilli(), noon.AddDate(0, 0, 1-d).UnixMilli()-1)
		if err != nil {
			t.Fatal(err)
		}
		app := db.Appender(t.Context())
		set := reader.Select(t.Context(), true, nil, labels.MustNewMatcher(labels.MatchEqual, "__name__", "confianza_mentions"))
		for set.Next() {
			s := set.At()
			for it := s.Iterator(nil); it.Next() == chunkenc.ValFloat; {
				at, v := it.At()
				if _, err := app.Append(0, s.Labels(), at, v); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := set.Err(); err != nil {
			t.Fatal(err)
		}
		reader.Close()
		if err := app.Commit(); err != nil {
			t.Fatal(err)
		}
	}
	return db
}

// asker answers range queries.
type asker func(ctx context.Context, expr string, from, to time.Time, step time.Duration) (promql.Query, error)

// both are our engine and Prometheus' own over the same samples.
func both(t testing.TB, lines, days int) (ours, theirs asker) {
	t.Helper()
	s := dense(t, lines, days)
	q := series.New(series.Options{Store: s.Reader, Now: func() time.Time { return noon }})
	db := copied(t, q, days)
	engine := promql.NewEngine(promql.EngineOpts{MaxSamples: 50_000_000, Timeout: 5 * time.Minute, EnableAtModifier: true, EnableNegativeOffset: true,
		NoStepSubqueryIntervalFn: func(int64) int64 { return 60_000 }, Parser: parser.NewParser(parser.Options{})})
	return series.NewEngine(q, series.Limits{Samples: 50_000_000, Timeout: 5 * time.Minute}).Range,
		func(ctx context.Context, expr string, from, to time.Time, step time.Duration) (promql.Query, error) {
			return engine.NewRangeQuery(ctx, db, nil, expr, from, to, step)
		}
}

// ask answers a query and prints it.
func (a asker) ask(t testing.TB, expr string, from, to time.Time, step time.Duration) string {
	t.Helper()
	q, err := a(t.Context(), expr, from, to, step)
	if err != nil {
		t.Fatal(err)
	}
	defer q.Close()
	r := q.Exec(t.Context())
	if r.Err != nil {
		t.Fatal(expr, r.Err)
	}
	return r.String()
}

// What dashboards and rules ask is answered as a real TSDB answers it that holds
// the same samples.
func TestAnswersAreThoseOfARealTSDB(t *testing.T) {
	ours, theirs := both(t, 8, 3)
	for _, expr := range []string{
		`confianza_mentions`,
		`sum(sum_over_time(confianza_mentions[1h]))`,
		`sum by (polarity) (sum_over_time(confianza_mentions{language="en"}[1d]))`,
		`sum(sum_over_time(confianza_mentions[1h] offset 17m))`,
		`sum(sum_over_time(confianza_mentions[90m] offset -30m))`,
		`100 * (sum(sum_over_time(confianza_mentions{polarity="positive"}[6h])) - sum(sum_over_time(confianza_mentions{polarity="negative"}[6h]))) / (sum(sum_over_time(confianza_mentions[6h])) > 0)`,
		`sum(sum_over_time(confianza_mentions[1d] @ end()))`,
		`max_over_time(sum(sum_over_time(confianza_mentions[1h]))[6h:30m])`,
		`max_over_time((sum(sum_over_time(confianza_mentions[1h] offset 30m)))[1d:1h])`,
		`avg_over_time(confianza_mentions[2h])`,
		`count_over_time(confianza_mentions[47m])`,
		`quantile_over_time(0.9, confianza_mentions{polarity=~"n.*"}[3h])`,
		`topk(2, sum_over_time(confianza_mentions[4h]))`,
		`sum(sum_over_time(confianza_mentions[1h])) / sum(sum_over_time(confianza_mentions[1h] offset 1d))`,
	} {
		for _, step := range []time.Duration{time.Hour, 13 * time.Minute} {
			from, to := noon.Add(-30*time.Hour), noon.Add(-time.Minute)
			if got, want := ours.ask(t, expr, from, to, step), theirs.ask(t, expr, from, to, step); got != want {
				t.Errorf("%s step %v\n got %.600s\nwant %.600s", expr, step, got, want)
			}
		}
	}
}

// The series of decision 5's figures: 60 of them, dense.
func BenchmarkQuery(b *testing.B) {
	for _, c := range []struct {
		name, expr string
		days       int
		long, step time.Duration
	}{
		{"90d by 1h", `sum_over_time(confianza_mentions[1h])`, 90, 90 * 24 * time.Hour, time.Hour},
		{"90d by 1h, shifted 17m", `sum_over_time(confianza_mentions[1h] offset 17m)`, 90, 90 * 24 * time.Hour, time.Hour},
		{"1d by 1m of 5m", `sum_over_time(confianza_mentions[5m])`, 90, 24 * time.Hour, time.Minute},
		{"net of 90d by 1d", `sum(sum_over_time(confianza_mentions{polarity="positive"}[1d])) / sum(sum_over_time(confianza_mentions[1d]))`, 90, 90 * 24 * time.Hour, 24 * time.Hour},
		{"1y by 1d", `sum_over_time(confianza_mentions[1d])`, 365, 365 * 24 * time.Hour, 24 * time.Hour},
	} {
		b.Run(fmt.Sprintf("query=%s", c.name), func(b *testing.B) {
			ours, theirs := both(b, 60, c.days)
			for _, impl := range []struct {
				name string
				asker
			}{{"tsdb", theirs}, {"ours", ours}} {
				b.Run("impl="+impl.name, func(b *testing.B) {
					b.ReportAllocs()
					for b.Loop() {
						q, err := impl.asker(b.Context(), c.expr, noon.Add(-c.long), noon.Add(-time.Minute), c.step)
						if err != nil {
							b.Fatal(err)
						}
						if r := q.Exec(b.Context()); r.Err != nil {
							b.Fatal(r.Err)
						}
						q.Close()
					}
				})
			}
		})
	}
}
