package gdelt

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"confianza/collectors"
)

// noon is the time of every clock in these tests.
var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// text is an article that the fake holds: GDELT searches body, and gives title.
type text struct {
	name        string
	ago         time.Duration // before noon
	title, body string
	language    string
}

func (a text) address() string { return "https://diario.example/" + a.name }

// post is what an article has to come as for a brand.
func (a text) post(brand string) collectors.Post {
	at := noon.Add(-a.ago)
	return collectors.Post{Native: native(brand, a.address()), URL: a.address(), Links: []string{a.address()}, Author: "diario.example",
		Text: a.title, Language: languageTag(a.language), Brand: brand, Created: at, Seen: at, Form: collectors.FormArticle}
}

// fake is the search as documented, with its ways: errors in plain text with
// status 200, at most 250 articles, one of them twice, and no order but what
// is asked for.
type fake struct {
	articles []text

	mu      sync.Mutex
	queries []string
	said    string // an error to answer with
}

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	v := r.URL.Query()
	f.mu.Lock()
	f.queries = append(f.queries, v.Get("query"))
	said := f.said
	f.mu.Unlock()
	from, to, complaint := f.check(v.Get)
	if said != "" {
		complaint = said
	}
	if complaint != "" {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		io.WriteString(w, complaint)
		return
	}
	var found []text
	for _, a := range f.articles {
		if at := noon.Add(-a.ago); !at.Before(from) && !at.After(to) && matches(a, v.Get("query")) {
			found = append(found, a)
		}
	}
	slices.SortFunc(found, func(a, b text) int {
		if v.Get("sort") == "datedesc" {
			a, b = b, a
		}
		return int(b.ago - a.ago)
	})
	found = found[:min(len(found), 250)]
	if 0 < len(found) && len(found) < 249 {
		found = append(found[1:], found[0], found[0])
	}
	if len(found) == 0 {
		io.WriteString(w, "{}")
		return
	}
	list := []map[string]string{}
	for _, a := range found {
		list = append(list, map[string]string{
			"url": a.address(), "url_mobile": "", "title": a.title, "seendate": noon.Add(-a.ago).Format("20060102T150405Z"),
			"socialimage": "", "domain": "diario.example", "language": a.language, "sourcecountry": "Mexico",
		})
	}
	json.NewEncoder(w).Encode(map[string]any{"articles": list})
}

// check is what GDELT complains about.
func (f *fake) check(get func(string) string) (from, to time.Time, complaint string) {
	from, err1 := time.Parse(stamp, get("startdatetime"))
	to, err2 := time.Parse(stamp, get("enddatetime"))
	n, err3 := strconv.Atoi(get("maxrecords"))
	query := get("query")
	outside := regexp.MustCompile(`\([^)]*\)`).ReplaceAllString(query, "")
	switch {
	case err1 != nil || err2 != nil || from.Before(noon.Add(-reach-time.Hour)):
		return from, to, "Invalid query start date."
	case to.Sub(from) < time.Hour:
		return from, to, "Timespan is too short."
	case err3 != nil || n > 250 || get("mode") != "artlist" || get("format") != "json":
		return from, to, "Invalid mode."
	case len(query) < 3 || len(query) > 600:
		return from, to, "Your query was too short or too long."
	case strings.Contains(outside, " OR "):
		return from, to, "Queries containing OR'd terms must be surrounded by ()."
	case regexp.MustCompile(`\((?:[^ )]+|"[^"]*")\)`).MatchString(query):
		return from, to, "Parentheses may only be used around OR'd statements."
	case regexp.MustCompile(`"[^" ]{1,4}"`).MatchString(query):
		return from, to, "The specified phrase is too short."
	case strings.Contains(query, "the "):
		return from, to, fmt.Sprintf("One or more of your keywords were too short, too long or too common: (%s)", query)
	}
	return from, to, ""
}

// matches reads a query as the fake's own parser sees it.
func matches(a text, query string) bool {
	for _, part := range regexp.MustCompile(`\([^)]*\)|-?"[^"]*"|\S+`).FindAllString(query, -1) {
		ok := false
		bare := strings.TrimPrefix(part, "-")
		for _, term := range strings.Split(strings.Trim(bare, "()"), " OR ") {
			if language, is := strings.CutPrefix(term, "sourcelang:"); is {
				ok = ok || strings.EqualFold(language, a.language)
			} else {
				ok = ok || strings.Contains(strings.ToLower(a.title+" "+a.body), strings.ToLower(strings.Trim(term, `"`)))
			}
		}
		if ok == strings.HasPrefix(part, "-") {
			return false
		}
	}
	return true
}

func serve(t *testing.T, h http.Handler) string {
	t.Helper()
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	return srv.URL + "/api/v2/doc/doc"
}
