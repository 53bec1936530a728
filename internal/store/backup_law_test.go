package store_test

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"pgregory.net/rapid"

	"confianza/internal/mention"
	"confianza/internal/store"
)

// A restored backup is the store as it was; with the deletions' log of the
// store that was lost, without what was deleted since.
func TestBackupLaw(t *testing.T) {
	at := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	span := mention.Span{From: at.AddDate(0, -1, 0), To: at.AddDate(0, 1, 0)}
	must := func(r *rapid.T, err error) {
		if err != nil {
			r.Fatal(err)
		}
	}
	openAt := func(r *rapid.T, dir string) *store.Store {
		s, err := store.Open(t.Context(), dir, store.Options{})
		must(r, err)
		return s
	}
	state := func(r *rapid.T, s *store.Store) string {
		shown, err := s.Latest(t.Context(), store.LatestQuery{Limit: 99})
		must(r, err)
		counts, err := s.Counts(t.Context(), store.CountQuery{Span: span, Step: time.Minute})
		must(r, err)
		totals, err := s.Totals(t.Context())
		must(r, err)
		found, err := s.Search(t.Context(), store.SearchQuery{Text: "word", Limit: 99})
		must(r, err)
		cursor, err := s.Cursor(t.Context(), "net")
		must(r, err)
		return fmt.Sprintf("shown %+v\ncounts %+v\ntotals %+v\nfound %+v\ncursor %s", shown, counts, totals, found, cursor)
	}
	rapid.Check(t, func(r *rapid.T) {
		folder := t.TempDir()
		s := openAt(r, filepath.Join(folder, "lost"))
		_, err := s.Begin(t.Context(), "score", "v1")
		must(r, err)
		steps := 0
		do := func(kind string) {
			n := rapid.IntRange(1, 5).Draw(r, "n")
			steps++
			in := store.Intake{Source: "net", Next: fmt.Sprint(steps)}
			switch kind {
			case "post":
				in.Mentions = []mention.Mention{{Source: "net", Native: fmt.Sprint(n), Revision: fmt.Sprintf("%03d", steps), Text: fmt.Sprint("word ", steps),
					Author: s.AuthorKey("net", fmt.Sprint("author ", n%2)), At: at.Add(time.Duration(n) * time.Minute), Seen: at, Form: "post", Brands: []string{"Acme"}}}
			case "delete":
				in.Gone = []mention.Gone{{Native: fmt.Sprint(n)}}
			case "author gone":
				in.Gone = []mention.Gone{{Author: s.AuthorKey("net", fmt.Sprint("author ", n%2))}}
			case "score":
				recent, err := s.Recent(t.Context(), "score", n)
				must(r, err)
				for _, m := range recent {
					_, err := s.Done(t.Context(), "score", m.ID, []store.Scored{{ID: m.ID, Score: mention.Score{Language: "en", Polarity: mention.Neutral, Neutral: 1, Scorer: "v1"}}})
					must(r, err)
				}
				return
			}
			_, err := s.Add(t.Context(), in)
			must(r, err)
			_, err = s.Index(t.Context(), 99)
			must(r, err)
		}
		for _, kind := range rapid.SliceOfN(rapid.SampledFrom([]string{"post", "post", "delete", "author gone", "score"}), 1, 12).Draw(r, "before") {
			do(kind)
		}
		backup := filepath.Join(folder, "backup")
		must(r, s.Backup(t.Context(), backup))
		before := state(r, s)
		for _, kind := range rapid.SliceOfN(rapid.SampledFrom([]string{"delete", "author gone"}), 0, 4).Draw(r, "since") {
			do(kind)
		}
		shown := func(s *store.Store) string {
			all, err := s.Latest(t.Context(), store.LatestQuery{Limit: 99})
			must(r, err)
			return fmt.Sprintf("%+v", all)
		}
		since := shown(s)
		must(r, s.Close())

		for name, log := range map[string]string{"alone": "", "with the log": filepath.Join(folder, "lost", "deletions.log")} {
			_, err := store.Restore(t.Context(), backup, filepath.Join(folder, name), log)
			must(r, err)
			restored := openAt(r, filepath.Join(folder, name))
			if log == "" {
				if got := state(r, restored); got != before {
					r.Errorf("restored alone:\n%s\nwas\n%s", got, before)
				}
			} else if got := shown(restored); got != since {
				r.Errorf("restored with the log: shown %s, was %s", got, since)
			}
			must(r, restored.Close())
		}
	})
}
