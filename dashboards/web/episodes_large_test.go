//go:build large

package web

import (
	"fmt"
	"math"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"confianza/internal/mention"
	"confianza/internal/store"
)

// TestEpisodesLarge fills a store with the findings of a thousand brands over a
// year, unless BRANDS and DAYS say otherwise, each with an episode of an hour
// and a half every six hours, and reports how long the pages take. It asserts
// what they say only.
//
//	make bench-large
func TestEpisodesLarge(t *testing.T) {
	brands, days := numberOf(t, "BRANDS", 1000), numberOf(t, "DAYS", 365)
	s, err := store.Open(t.Context(), t.TempDir(), store.Options{Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	names := make([]string, brands)
	for i := range names {
		names[i] = fmt.Sprintf("Brand %04d", i)
	}
	start := time.Now()
	manyMentions(t, s, names)
	manyFindings(t, s, names, days)
	t.Logf("%d brands, %d days: %.0f s to fill", brands, days, time.Since(start).Seconds())
	h := site1(t, s, func(_ *Options, st *State) { st.Brands = names })
	for _, p := range []struct{ what, address, says string }{
		{"episodes of one brand, a month", "/episodes?lang=en&brand=Brand+0500", "118 episodes in 30 days"},
		{"one of them looked at", "/episodes?lang=en&brand=Brand+0500&kind=drop&from=" + fmt.Sprint(now.Add(-6*time.Hour).Unix()), "118 episodes in 30 days"},
		{"now", "/?lang=en&brand=Brand+0500", "Brand 0500"},
	} {
		var took []time.Duration
		for range 7 {
			start := time.Now()
			w := ask(h, http.MethodGet, p.address)
			took = append(took, time.Since(start))
			if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), p.says) {
				t.Fatalf("%s: %d, without %q", p.what, w.Code, p.says)
			}
		}
		slices.Sort(took)
		t.Logf("%s: %.0f ms, the median of seven", p.what, float64(took[3].Microseconds())/1000)
	}
}

func numberOf(t *testing.T, name string, usual int) int {
	t.Helper()
	v := os.Getenv(name)
	if v == "" {
		return usual
	}
	n, err := strconv.Atoi(v)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return n
}

// manyMentions gives each brand two hundred mentions in the last month, in three
// sources, four languages and all polarities.
func manyMentions(t *testing.T, s *store.Store, brands []string) {
	t.Helper()
	sources, languages := []string{"bluesky", "feeds", "hackernews"}, []string{"en", "es", "fr", "other"}
	polarities := []mention.Polarity{mention.Negative, mention.Neutral, mention.Positive, mention.Unknown}
	for i, brand := range brands {
		for j, source := range sources {
			var all []mention.Mention
			for n := range 70 {
				all = append(all, mention.Mention{Source: source, Native: fmt.Sprint(i, "/", n), Brands: []string{brand}, Form: "post", Text: brand, Seen: now,
					At: now.Add(-time.Duration((n*70+i+j)%(30*24*60)) * time.Minute), Score: mention.Score{Polarity: polarities[n%4], Language: languages[n/4%4]}})
			}
			if _, err := s.Add(t.Context(), store.Intake{Source: source, Mentions: all, Next: fmt.Sprint(i)}); err != nil {
				t.Fatal(err)
			}
			score(t, s, all)
		}
	}
}

// manyFindings has each brand's drops open from six hours before now, twelve
// before and so on, for ninety minutes.
func manyFindings(t *testing.T, s *store.Store, brands []string, days int) {
	t.Helper()
	last := now.Unix() / 60
	var kept []store.Finding
	for hour := last/60 - int64(days)*24; hour <= last/60; hour++ {
		h := new(store.FoundHour)
		for i := range h {
			ago := last - (hour*60 + int64(i))
			if ago <= 0 {
				continue
			}
			h[i] = store.Found{Said: true, Spike: 1, Drop: 2, Dropped: ago%360 == 0 || ago%360 > 270}
			if h[i].Drop = math.NaN(); h[i].Dropped {
				h[i].Drop = 5
			}
		}
		for _, b := range brands {
			kept = append(kept, store.Finding{Brand: b, Hour: hour, Found: h})
		}
		if len(kept) > 20_000 || hour == last/60 {
			if err := s.Keep(t.Context(), kept, nil); err != nil {
				t.Fatal(err)
			}
			kept = kept[:0]
		}
	}
}
