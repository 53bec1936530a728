package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"confianza/internal/mention"
	"confianza/internal/store"
)

var now = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

const version = "vader@1"

// fill puts made-up mentions into a new store.
func fill(t *testing.T, said ...mention.Mention) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), t.TempDir(), store.Options{Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	for i := range said {
		m := &said[i]
		m.Source, m.Seen, m.Form = "bluesky", m.At, "post"
		if m.Native = fmt.Sprint("n", i); m.Brands == nil {
			m.Brands = []string{"Delta"}
		}
	}
	_, err = s.Add(t.Context(), store.Intake{Source: "bluesky", Mentions: said, Next: "1",
		Heard: mention.Span{From: now.Add(-20 * time.Hour), To: now.Add(-time.Minute)}})
	if err != nil {
		t.Fatal(err)
	}
	score(t, s, said)
	return s
}

func score(t *testing.T, s *store.Store, said []mention.Mention) {
	t.Helper()
	if _, err := s.Begin(t.Context(), "score", version); err != nil {
		t.Fatal(err)
	}
	recent, err := s.Recent(t.Context(), "score", len(said)+1)
	if err != nil || len(recent) == 0 {
		return
	}
	var scores []store.Scored
	for i, m := range recent {
		scores = append(scores, store.Scored{ID: m.ID, Score: said[i].Score})
		scores[i].Score.Scorer = version
	}
	if _, err := s.Done(t.Context(), "score", recent[len(recent)-1].ID, scores); err != nil {
		t.Fatal(err)
	}
}

func says(hoursAgo float64, p mention.Polarity, lang, text string) mention.Mention {
	return mention.Mention{At: now.Add(-time.Duration(hoursAgo * float64(time.Hour))), Text: text,
		URL: "https://bsky.app/profile/did:plc:a/post/b", Score: mention.Score{Polarity: p, Language: lang}}
}

func site1(t *testing.T, s *store.Store, change func(*Options, *State)) http.Handler {
	t.Helper()
	st := State{Brands: []string{"Delta"}, Scorer: version, Sources: []Source{{Name: "bluesky", Phase: "listening",
		Since: now.Add(-20 * time.Hour), Heard: now.Add(-time.Minute)}}}
	o := Options{Store: s, Ready: func() error { return nil }, Listen: "127.0.0.1:8321", Now: func() time.Time { return now },
		Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Version: "test",
		Metrics: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "metrics") })}
	if change != nil {
		change(&o, &st)
	}
	o.State = func() State { return st }
	h, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func ask(h http.Handler, method, path string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, nil)
	r.Host = "127.0.0.1:8321"
	for i := 0; i < len(header); i += 2 {
		if header[i] == "Host" {
			r.Host = header[i+1]
		}
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestPage(t *testing.T) {
	h := site1(t, fill(t, says(1, mention.Negative, "en", "they lost my data"), says(2, mention.Negative, "en", "again"),
		says(3, mention.Positive, "en", "thank you"), says(4, mention.Unknown, "es", "¿y mis datos?")), nil)
	for lang, want := range map[string][]string{
		"en": {`<html lang="en">`, "they lost my data", "Cannot tell", "67%", "of 3 that could be scored", "−33", "listening", "rel=\"noopener noreferrer nofollow ugc\""},
		"es": {`<html lang="es">`, "they lost my data", "No se sabe", "67\u00a0%", "de 3 que se pudieron valorar", "−33", "a la escucha", "24\u00a0nov\u00a02026"},
	} {
		w := ask(h, "GET", "/?lang="+lang)
		for _, s := range want {
			if !strings.Contains(w.Body.String(), s) {
				t.Errorf("%s: no %q on the page", lang, s)
			}
		}
		if w.Code != http.StatusOK || !strings.Contains(w.Header().Get("Set-Cookie"), languageCookie+"="+lang) {
			t.Errorf("%s: status %d, cookie %q", lang, w.Code, w.Header().Get("Set-Cookie"))
		}
	}
	if w := ask(h, "GET", "/", "Accept-Language", "es-MX,es;q=0.9,en;q=0.5"); !strings.Contains(w.Body.String(), `<html lang="es">`) {
		t.Error("a Mexican browser gets no Spanish page")
	}
}

func TestEmptyPageSaysWhatComes(t *testing.T) {
	h := site1(t, fill(t), func(_ *Options, s *State) {
		s.Sources[0] = Source{Name: "bluesky", Phase: "waiting", Err: "no such host", Next: now.Add(time.Minute), Since: now}
	})
	body := ask(h, "GET", "/?lang=es").Body.String()
	for _, want := range []string{"Todavía no se ha dicho nada", "no such host", "sin conexión", "próximo intento: 12:01", "no se oye ninguna fuente"} {
		if !strings.Contains(body, want) {
			t.Errorf("no %q on the page", want)
		}
	}
}

func TestStrangersTextStaysText(t *testing.T) {
	evil := says(1, mention.Neutral, "en", "<script>alert(1)</script> \u202Egnp.exe <img src=x onerror=y>")
	evil.URL = "javascript:alert(1)"
	h := site1(t, fill(t, evil), func(_ *Options, s *State) { s.Notices = []string{"<b>bold</b>"} })
	body := ask(h, "GET", "/").Body.String()
	for _, bad := range []string{"<script>alert", "<img src=x", "javascript:", "\u202e", "<b>bold"} {
		if strings.Contains(body, bad) {
			t.Errorf("%q reached the page", bad)
		}
	}
	if !strings.Contains(body, "&lt;script&gt;alert(1)") {
		t.Error("the text itself is not shown")
	}
}

func TestGuard(t *testing.T) {
	reloads := 0
	h := site1(t, fill(t), func(o *Options, _ *State) {
		o.PublicURL = "https://trust.example"
		o.Reload = func(context.Context) error { reloads++; return nil }
	})
	tests := []struct {
		name, method, path string
		header             []string
		want               int
	}{
		{"our address", "GET", "/", nil, 200},
		{"localhost", "GET", "/", []string{"Host", "localhost:8321"}, 200},
		{"the public name", "GET", "/", []string{"Host", "trust.example"}, 200},
		{"a name of somebody else", "GET", "/", []string{"Host", "evil.example:8321"}, 421},
		{"our name at another port", "GET", "/metrics", []string{"Host", "127.0.0.1:80"}, 421},
		{"a command line", "POST", "/-/reload", nil, 200},
		{"our own page", "POST", "/-/reload", []string{"Origin", "http://localhost:8321", "Sec-Fetch-Site", "same-origin"}, 200},
		{"another page", "POST", "/-/reload", []string{"Origin", "https://evil.example"}, 403},
		{"a sandboxed page", "POST", "/-/reload", []string{"Origin", "null"}, 403},
		{"a page of another site", "POST", "/-/reload", []string{"Sec-Fetch-Site", "cross-site"}, 403},
		{"nothing there", "GET", "/nothing", nil, 404},
		{"a folder", "GET", "/assets/page.css", nil, 200},
		{"nonsense", "GET", "/?window=7y", nil, 400},
		{"an unknown brand", "GET", "/?brand=Acme", nil, 400},
	}
	for _, tt := range tests {
		w := ask(h, tt.method, tt.path, tt.header...)
		if w.Code != tt.want {
			t.Errorf("%s: %d, want %d", tt.name, w.Code, tt.want)
		}
		if !strings.HasPrefix(w.Header().Get("Content-Security-Policy"), "default-src 'none';") {
			t.Errorf("%s: no content security policy", tt.name)
		}
	}
	if reloads != 2 {
		t.Errorf("%d reloads, want 2", reloads)
	}
}

func TestProbes(t *testing.T) {
	h := site1(t, fill(t), func(o *Options, _ *State) { o.Ready = func() error { return errors.New("starting") } })
	for path, want := range map[string]int{"/healthz": 200, "/readyz": 503, "/metrics": 200} {
		if w := ask(h, "GET", path); w.Code != want {
			t.Errorf("%s: %d, want %d", path, w.Code, want)
		}
	}
	if w := ask(h, "POST", "/-/reload"); w.Code != 403 || !strings.Contains(w.Body.String(), "--enable-lifecycle") {
		t.Errorf("reload: %d %s", w.Code, w.Body)
	}
}

// Every message is there in both languages, with the same values in it.
func TestMessagesMatch(t *testing.T) {
	read := func(lang string) map[string]any {
		b, err := os.ReadFile("locales/" + lang + ".json")
		if err != nil {
			t.Fatal(err)
		}
		var m map[string]any
		if err := json.Unmarshal(b, &m); err != nil {
			t.Fatal(err)
		}
		return m
	}
	en, es := read("en"), read("es")
	for id, text := range en {
		other, ok := es[id]
		if !ok {
			t.Errorf("%s is not in Spanish", id)
			continue
		}
		if fmt.Sprintf("%T", text) != fmt.Sprintf("%T", other) || strings.Count(fmt.Sprint(text), "{{") != strings.Count(fmt.Sprint(other), "{{") {
			t.Errorf("%s: %v and %v differ in form", id, text, other)
		}
	}
	if len(en) != len(es) || len(en) < 50 {
		t.Errorf("%d English and %d Spanish messages", len(en), len(es))
	}
}

func TestPagingShowsEachOnce(t *testing.T) {
	var said []mention.Mention
	for i := range 45 {
		said = append(said, says(float64(i)/60, mention.Neutral, "en", fmt.Sprintf("text number %02d.", i)))
	}
	h := site1(t, fill(t, said...), nil)
	seen, path := map[string]int{}, "/"
	for pages := 0; path != ""; pages++ {
		body := ask(h, "GET", path).Body.String()
		for i := range 45 {
			if strings.Contains(body, fmt.Sprintf("text number %02d.", i)) {
				seen[fmt.Sprint(i)]++
			}
		}
		path = ""
		if _, rest, ok := strings.Cut(body, `<p class="pages">`); ok && strings.Contains(rest, "Older") {
			links := strings.Split(rest, `href="`)
			path = strings.ReplaceAll(strings.SplitN(links[len(links)-1], `"`, 2)[0], "&amp;", "&")
			path = strings.TrimSuffix(path, "#latest")
		}
		if pages > 3 {
			t.Fatal("paging does not end")
		}
	}
	for i := range 45 {
		if seen[fmt.Sprint(i)] != 1 {
			t.Errorf("text %d is on %d pages", i, seen[fmt.Sprint(i)])
		}
	}
}
