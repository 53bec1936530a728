package hackernews

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"confianza/collectors"
)

// noon is the time of every clock in these tests.
var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// item is a story or a comment that the fake holds.
type item struct {
	id   int
	ago  time.Duration // before noon
	text string
	url  string // of a story; "" makes it a comment
}

// post is what item has to come as.
func (i item) post() collectors.Post {
	at := noon.Add(-i.ago)
	id := strconv.Itoa(i.id)
	p := collectors.Post{Native: id, URL: "https://news.ycombinator.com/item?id=" + id, Author: "u" + id, Text: i.text,
		Created: at, Seen: at, Form: collectors.FormReply}
	if i.url != "" {
		p.Form, p.Links = collectors.FormPost, []string{i.url}
	}
	return p
}

func (i item) hit() map[string]any {
	h := map[string]any{
		"objectID": strconv.Itoa(i.id), "created_at_i": noon.Add(-i.ago).Unix(), "author": fmt.Sprintf("u%d", i.id),
		"title": nil, "url": nil, "story_text": nil, "comment_text": i.text, "_tags": []string{"comment"},
	}
	if i.url != "" {
		h["title"], h["url"], h["comment_text"], h["_tags"] = i.text, i.url, nil, []string{"story"}
	}
	return h
}

// fake is the search as documented: it finds words in texts and addresses, at
// most 1,000 in an answer. Its hits are in no order, and the first comes twice,
// within the limit.
type fake struct {
	items []item

	mu       sync.Mutex
	requests []string
}

var window = regexp.MustCompile(`^created_at_i>=(\d+),created_at_i<(\d+)$`)

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	v := r.URL.Query()
	f.mu.Lock()
	f.requests = append(f.requests, v.Get("numericFilters"))
	f.mu.Unlock()
	span := window.FindStringSubmatch(v.Get("numericFilters"))
	perPage, err := strconv.Atoi(v.Get("hitsPerPage"))
	if span == nil || err != nil || v.Get("tags") != "(story,comment)" || v.Get("advancedSyntax") != "true" {
		http.Error(w, `{"message":"bad request"}`, http.StatusBadRequest)
		return
	}
	perPage = min(perPage, 1000)
	hits := []map[string]any{}
	all := 0
	for _, i := range f.items {
		if !within(i, span) || !holds(i, v.Get("query")) {
			continue
		}
		if all++; len(hits) < perPage {
			hits = append(hits, i.hit())
		}
	}
	if len(hits) > 0 && len(hits) < perPage {
		hits = append(hits, hits[0])
	}
	json.NewEncoder(w).Encode(map[string]any{"hits": hits, "nbHits": all, "hitsPerPage": perPage, "page": 0, "nbPages": 1})
}

func within(i item, span []string) bool {
	from, _ := strconv.ParseInt(span[1], 10, 64)
	to, _ := strconv.ParseInt(span[2], 10, 64)
	at := noon.Add(-i.ago).Unix()
	return from <= at && at < to
}

// holds tells whether every quoted phrase occurs, or at least begins: the
// search is not strict.
func holds(i item, query string) bool {
	for n, p := range strings.Split(query, `"`) {
		if n%2 == 1 && !strings.Contains(strings.ToLower(i.text+" "+i.url), strings.ToLower(p[:min(4, len(p))])) {
			return false
		}
	}
	return true
}

func serve(t *testing.T, h http.Handler) string {
	t.Helper()
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	return srv.URL + "/api/v1/search_by_date"
}
