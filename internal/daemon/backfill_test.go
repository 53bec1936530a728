package daemon

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"confianza/internal/config"
	"confianza/internal/mention"
	"confianza/internal/store"
)

// algolia is a fake of Hacker News' search: one comment an hour.
func algolia(t *testing.T) string {
	bounds := regexp.MustCompile(`created_at_i(>=?|<=?)(\d+)`)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		from, to := int64(0), time.Now().Unix()
		for _, m := range bounds.FindAllStringSubmatch(r.URL.Query().Get("numericFilters"), -1) {
			n, _ := strconv.ParseInt(m[2], 10, 64)
			switch m[1] {
			case ">":
				from = n + 1
			case ">=":
				from = n
			case "<":
				to = n - 1
			case "<=":
				to = n
			}
		}
		hits := []map[string]any{}
		for at := (from + 3599) / 3600 * 3600; at <= to && len(hits) < 1000; at += 3600 {
			hits = append(hits, map[string]any{"objectID": fmt.Sprint(at), "author": "ana", "created_at_i": at,
				"comment_text": "Zafiro, said at " + fmt.Sprint(at), "story_title": "A story", "_tags": []string{"comment"}})
		}
		json.NewEncoder(w).Encode(map[string]any{"hits": hits, "nbHits": len(hits), "hitsPerPage": 1000, "page": 0, "nbPages": 1})
	}))
	t.Cleanup(s.Close)
	return s.URL
}

func TestBackfill(t *testing.T) {
	t.Parallel()
	c, err := config.Parse("c.yml", fmt.Appendf(nil, "brands: [{name: Zafiro}]\ndata: %s\nsources: {hackernews: {url: '%s'}}\n", filepath.Join(t.TempDir(), "data"), algolia(t)))
	if err != nil {
		t.Fatal(err)
	}
	from := time.Now().UTC().AddDate(0, 0, -5).Truncate(24 * time.Hour)
	fill := func(ctx context.Context, source string) (string, error) {
		var out bytes.Buffer
		err := Do(ctx, c, &BackfillTask{Source: source, From: from}, Say{Out: &out}, slog.New(slog.DiscardHandler))
		return out.String(), err
	}
	for i := range 2 { // the second time nothing is new
		if said, err := fill(t.Context(), ""); err != nil || !strings.HasPrefix(said, "hackernews: ") {
			t.Fatalf("time %d: said %q, %v", i, said, err)
		}
	}
	s, err := store.Open(t.Context(), c.Data, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	counts, err := s.Counts(t.Context(), store.CountQuery{Step: 24 * time.Hour, Span: mention.Span{From: from, To: from.AddDate(0, 0, 5)}})
	if err != nil {
		t.Fatal(err)
	}
	days := map[string]int64{}
	for _, n := range counts {
		days[n.At.Format(time.DateOnly)] += n.N
	}
	for day := from; day.Before(from.AddDate(0, 0, 5)); day = day.AddDate(0, 0, 1) {
		if got := days[day.Format(time.DateOnly)]; got != 24 {
			t.Errorf("%s: %d mentions, want one an hour", day.Format(time.DateOnly), got)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := fill(t.Context(), "bluesky"); err == nil || !strings.Contains(err.Error(), `"bluesky" is no source with a past`) {
		t.Errorf("got %v", err)
	}
	over, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := fill(over, ""); err == nil {
		t.Error("no error from a backfill that was told to end")
	}
}
