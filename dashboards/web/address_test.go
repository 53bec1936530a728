package web

import (
	"context"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"testing"
	"time"
	"unicode/utf8"

	"confianza/internal/mention"
	"confianza/internal/store"
)

// Whatever address, language and cookie a reader comes with, the page is shown
// or what it was asked for is refused; it is in one of its languages, runs
// nothing of the address, and every address it leads to is understood.
func FuzzAddress(f *testing.F) {
	s := fill(f, says(1, mention.Negative, "es", "Delta perdió mis datos"))
	h := site1(f, s, func(o *Options, _ *State) { o.Store = full{s} })
	f.Add("window=7d&brand=Delta&q=datos&lang=en", "es-MX,en;q=0.5", "en")
	f.Add("window=all&q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E&polarity=negative", "\xff", "zz")
	f.Add("before=-1125899906842624.9223372036854775807&q=OR+NEAR(&q=*", "*", "")
	f.Add("lang=xx&window=30d&before=1795521600000.0", "en;q=nan,,;", "es; a=b")
	f.Fuzz(func(t *testing.T, query, accept, cookie string) {
		r := httptest.NewRequest("GET", "/", nil)
		r.Host, r.URL.RawQuery = "127.0.0.1:8321", query
		r.Header["Accept-Language"] = []string{accept}
		r.Header["Cookie"] = []string{languageCookie + "=" + cookie}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != http.StatusOK && w.Code != http.StatusBadRequest {
			t.Fatalf("%q: got %d", query, w.Code)
		}
		body := w.Body.String()
		if !utf8.ValidString(body) || alert.MatchString(body) {
			t.Errorf("%q: what a stranger wrote is in %s", query, body)
		}
		if l := w.Header().Get("Content-Language"); l != "es" && l != "en" {
			t.Errorf("%q: in language %q", accept, l)
		}
		for _, found := range links.FindAllStringSubmatch(body, -1) {
			u, err := url.Parse(html.UnescapeString(found[1]))
			if err != nil {
				t.Fatalf("%q leads to %q: %v", query, found[1], err)
			}
			if _, err := read(u.Query(), []string{"Delta"}, time.UTC); err != nil {
				t.Errorf("%q leads to %q, whose %v means nothing", query, found[1], err)
			}
		}
	})
}

// full is a store that has more than a page shows: the real one takes any search
// by a law of its own, and is slow under a fuzzer.
type full struct{ *store.Store }

func (full) Counts(_ context.Context, q store.CountQuery) ([]store.Count, error) {
	return []store.Count{{At: now.Add(-time.Hour), Brand: "Delta", Source: "bluesky", Language: "es", Polarity: mention.Negative, N: 3}}, nil
}

func (full) LatestPage(_ context.Context, q store.LatestQuery, _ int) (store.Page, error) {
	all := make([]mention.Mention, q.Limit)
	for i := range all {
		all[i] = says(float64(i), mention.Negative, "es", "Delta perdió mis datos")
		all[i].ID, all[i].Brands = int64(100-i), []string{"Delta"}
	}
	return store.Page{Mentions: all}, nil
}

// SearchPage ends before the page is full.
func (f full) SearchPage(ctx context.Context, _ store.SearchQuery, posts int) (store.Page, error) {
	p, err := f.LatestPage(ctx, store.LatestQuery{Limit: 3}, posts)
	p.Before, p.BeforeID = now.Add(-24*time.Hour), 7
	return p, err
}

func (full) Heard(context.Context, string, mention.Span) ([]mention.Span, error) {
	return []mention.Span{{From: now.Add(-48 * time.Hour), To: now}}, nil
}

var (
	alert = regexp.MustCompile(`(?i)<script>|<[a-z]+[^>]*\son[a-z]+=`)
	links = regexp.MustCompile(`href="(/\?[^"]*)"`)
)
