package store_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"confianza/internal/mention"
	"confianza/internal/store"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// some makes n mentions by many authors, one every 77 s from the given moment
// on, of two brands in turn.
func some(s *store.Store, first, n int, from time.Time) []mention.Mention {
	ms := make([]mention.Mention, n)
	for i := range ms {
		k := first + i
		at := from.Add(time.Duration(k) * 77 * time.Second)
		ms[i] = mention.Mention{Source: "net", Native: fmt.Sprint(k), Revision: "1", URL: fmt.Sprintf("https://net.example/%d", k),
			Author: s.AuthorKey("net", fmt.Sprint("author", k%1000)), Declared: "en", At: at, Seen: at.Add(time.Second), Form: "post",
			Text:   fmt.Sprintf("post %d: Acme lost my data again and nobody answers the telephone, what am I paying them for", k),
			Brands: []string{[]string{"Acme", "Zeta"}[k%2]}}
	}
	return ms
}

// verdicts scores what a stage has before it, three polarities in turn.
func verdicts(ms []mention.Mention) []store.Scored {
	scores := make([]store.Scored, len(ms))
	for i, m := range ms {
		scores[i] = store.Scored{ID: m.ID, Score: mention.Score{Language: "en", Polarity: mention.Polarities()[m.ID%3],
			Negative: 0.5, Neutral: 0.25, Positive: 0.25, Scorer: "v1"}}
	}
	return scores
}

// BenchmarkAdd adds batches of 500, alone and with the index stage running
// behind, as the daemon does.
func BenchmarkAdd(b *testing.B) {
	b.Run("alone", func(b *testing.B) { addBatches(b, open(b, b.TempDir()), func() {}) })
	b.Run("indexed", func(b *testing.B) {
		s := open(b, b.TempDir())
		wake, done := make(chan struct{}, 1), make(chan error)
		go func() {
			for range wake {
				for n := indexBatch; n == indexBatch; { // whole batches: small ones wait for more
					var err error
					if n, err = s.Index(context.Background(), indexBatch); err != nil {
						done <- err
						return
					}
				}
			}
			done <- nil
		}()
		added := 0
		addBatches(b, s, func() {
			if added += 500; added%indexBatch == 0 {
				select {
				case wake <- struct{}{}:
				default:
				}
			}
		})
		close(wake)
		if err := <-done; err != nil {
			b.Fatal(err)
		}
	})
}

const indexBatch = 4000

// addBatches calls after after each.
func addBatches(b *testing.B, s *store.Store, after func()) {
	n := 0
	for b.Loop() {
		in := store.Intake{Source: "net", Mentions: some(s, n, 500, noon), Next: fmt.Sprint(n)}
		if a, err := s.Add(b.Context(), in); err != nil || a.New != 500 {
			b.Fatal(a, err)
		}
		n += 500
		after()
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "mentions/s")
	pending, err := s.Pending(b.Context(), "index")
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(pending)/float64(n), "unindexed/mention")
}

func BenchmarkDone(b *testing.B) {
	s := open(b, b.TempDir())
	if _, err := s.Begin(b.Context(), "score", "v1"); err != nil {
		b.Fatal(err)
	}
	n := 0
	for b.Loop() {
		b.StopTimer()
		if _, err := s.Add(b.Context(), store.Intake{Source: "net", Mentions: some(s, n, 500, noon)}); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		ms, err := s.Recent(b.Context(), "score", 500)
		if err != nil || len(ms) != 500 {
			b.Fatal(len(ms), err)
		}
		if _, err := s.Done(b.Context(), "score", ms[499].ID, verdicts(ms)); err != nil {
			b.Fatal(err)
		}
		n += 500
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "mentions/s")
}

// filled is a store with 100,000 scored mentions over 89 days, two brands and
// three polarities.
func filled(b *testing.B) *store.Store {
	s := open(b, b.TempDir())
	begin(b, s)
	for n := 0; n < 100_000; n += 1000 {
		if _, err := s.Add(b.Context(), store.Intake{Source: "net", Mentions: some(s, n, 1000, noon)}); err != nil {
			b.Fatal(err)
		}
	}
	scoreAll(b, s)
	return s
}

func BenchmarkLatest(b *testing.B) {
	s := filled(b)
	for _, q := range []store.LatestQuery{
		{Limit: 50},
		{Limit: 50, Brand: "Acme"},
		{Limit: 50, Brand: "Acme", Polarity: mention.Negative, Before: noon.AddDate(0, 0, 45)},
		{Limit: 50, Brand: "Acme", Polarity: mention.Unknown}, // none: has to look at them all
	} {
		b.Run(fmt.Sprintf("brand=%s,polarity=%s", q.Brand, q.Polarity), func(b *testing.B) {
			for b.Loop() {
				if _, err := s.Latest(b.Context(), q); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkCounts(b *testing.B) {
	s := filled(b)
	for _, step := range []time.Duration{time.Minute, time.Hour, 24 * time.Hour} {
		b.Run("90days/step="+step.String(), func(b *testing.B) {
			for b.Loop() {
				var n int64
				cs, err := s.Counts(b.Context(), store.CountQuery{Span: mention.Span{From: noon, To: noon.AddDate(0, 0, 90)}, Step: step})
				for _, c := range cs {
					n += c.N
				}
				if err != nil || n != 100_000 {
					b.Fatal(n, err)
				}
			}
		})
	}
}
