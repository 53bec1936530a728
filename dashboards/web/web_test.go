package web

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"confianza/internal/mention"
	"confianza/internal/store"
)

var now = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

const version = "vader@1"

// fill puts made-up mentions into a new store.
func fill(t testing.TB, said ...mention.Mention) *store.Store {
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

func score(t testing.TB, s *store.Store, said []mention.Mention) {
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

func site1(t testing.TB, s *store.Store, change func(*Options, *State)) http.Handler {
	t.Helper()
	st := State{Brands: []string{"Delta"}, Scorer: version, Shown: version, Sources: []Source{{Name: "bluesky", Phase: "listening",
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
		"en": {`<html lang="en">`, "they lost my data", "Cannot tell", "67%", "of 3 scored mentions", "1 could not be scored", "−33", "Listening to 1 of 1 source", "Listening for 83% of the period", "first heard on 23\u00a0Nov, 16:00", "rel=\"noopener noreferrer nofollow ugc\""},
		"es": {`<html lang="es">`, "they lost my data", "Sin determinar", "67\u00a0%", "de 3 menciones valoradas", "1 no se pudo valorar", "−33", "A la escucha en 1 de 1 fuente", "24\u00a0nov, 11:00"},
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

// contains fails for each text that is not on a page, or is and must not be.
func contains(t *testing.T, body string, want, unwanted []string) {
	t.Helper()
	for _, text := range want {
		if !strings.Contains(body, text) {
			t.Errorf("no %q on the page", text)
		}
	}
	for _, text := range unwanted {
		if strings.Contains(body, text) {
			t.Errorf("%q is on the page", text)
		}
	}
}

func TestEmptyPageSaysWhatComes(t *testing.T) {
	empty := fill(t)
	contains(t, ask(site1(t, empty, nil), "GET", "/?lang=es").Body.String(),
		[]string{"Aún no hay menciones", "Se está escuchando lo que se dice de Delta"}, []string{"En este momento no se escucha", `id="latest"`})
	h := site1(t, empty, func(_ *Options, s *State) {
		s.Sources[0] = Source{Name: "bluesky", Phase: "waiting", Err: "no such host", Next: now.Add(time.Minute), Since: now}
	})
	contains(t, ask(h, "GET", "/?lang=es").Body.String(),
		[]string{"Aún no hay menciones", "Cuando vuelva a haber una fuente", "no such host", "sin conexión", "próximo intento: 12:01", "En este momento no se escucha ninguna fuente"},
		[]string{"Se está escuchando"})
}

// Nothing in the last day is not nothing at all.
func TestQuietPeriod(t *testing.T) {
	h := site1(t, fill(t, says(50, mention.Negative, "en", "two days ago")), nil)
	contains(t, ask(h, "GET", "/?lang=en").Body.String(), []string{"No mentions in this period", "two days ago", "83%"}, []string{"No mentions yet"})
}

// What each phase of a source looks like in words.
func TestSourcesInWords(t *testing.T) {
	since := now.Add(-3 * time.Hour)
	h := site1(t, fill(t), func(_ *Options, s *State) {
		s.Sources = []Source{
			{Name: "bluesky", Phase: "throttled", Cause: "throttled", Err: "429", Since: since, Next: now.Add(20 * time.Hour), Heard: since},
			{Name: "feeds", Phase: "rejected", Cause: "credentials", Err: "401 <Unauthorized>", Since: since},
			{Name: "novelty", Phase: "listening", Since: since, Troubles: []Trouble{{"missing", "one.example: 404"}, {"certificate", "two.example: expired"}}},
		}
	})
	contains(t, ask(h, "GET", "/?lang=en").Body.String(), []string{"Bluesky", "paused at the source&#39;s request", "until 25\u00a0Nov, 08:00",
		"Asks us to wait.</b>", "Refuses the credentials or the access.</b>", "Nothing is at that address.</b>", "Invalid TLS certificate.</b>",
		"needs the operator", "401 &lt;Unauthorized&gt;", "novelty", "2 parts cannot be read", "Listening to 1 of 3 sources", "since 24\u00a0Nov, 09:00"}, nil)
	contains(t, ask(h, "GET", "/?lang=es").Body.String(), []string{"en pausa, a petición de la fuente", "Pide esperar.</b>", "Rechaza la credencial o el acceso.</b>", "No hay nada en esa dirección.</b>", "Certificado TLS no válido.</b>",
		"hasta: 25\u00a0nov, 08:00",
		"requiere atención técnica", "2 partes no se pueden leer", "A la escucha en 1 de 3 fuentes"}, nil)
}

// Five of seven days were listened to; the gap of two is hatched, and its rows
// in the table say so.
func TestWeekWithAGap(t *testing.T) {
	s := fill(t, says(1, mention.Negative, "en", "now"), says(150, mention.Positive, "en", "then"))
	for _, hours := range [][2]int{{168, 120}, {72, 1}} {
		heard := mention.Span{From: now.Add(-time.Duration(hours[0]) * time.Hour), To: now.Add(-time.Duration(hours[1]) * time.Hour)}
		if _, err := s.Add(t.Context(), store.Intake{Source: "bluesky", Heard: heard}); err != nil {
			t.Fatal(err)
		}
	}
	body := ask(site1(t, s, nil), "GET", "/?window=7d&lang=en").Body.String()
	// 48 of 168 hours, from the 48th on.
	contains(t, body, []string{`<rect fill="url(#hatch)" x="28.571%" y="0" width="28.571%"`, "listening for 71% of this period"}, nil)
	// Noon to noon: six hours by six, the gap's two days are eight of them.
	if got := strings.Count(body, "<td>Not listening</td>"); got != 8 {
		t.Errorf("%d rows say that nobody was listening, want 8", got)
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

// A browser that has an asset is told so, and only while it is the same.
func TestAssetsAreKnownByTheirHash(t *testing.T) {
	h := site1(t, fill(t), nil)
	tag := ask(h, "GET", "/assets/page.css").Header().Get("ETag")
	if w := ask(h, "GET", "/assets/page.css", "If-None-Match", tag); tag == "" || w.Code != http.StatusNotModified {
		t.Errorf("with tag %s: %d, want 304", tag, w.Code)
	}
	if w := ask(h, "GET", "/assets/page.css", "If-None-Match", `"other"`); w.Code != http.StatusOK {
		t.Errorf("with another tag: %d, want 200", w.Code)
	}
}

func TestMessagesInTheReadersLanguage(t *testing.T) {
	h := site1(t, fill(t), nil)
	for path, want := range map[string]string{
		"/nothing": "Esta página no existe", "/?brand=%3Cb%3E": "Esa marca no se está siguiendo",
		"/?window=7y": "Ese periodo no existe", "/?before=x": "Esa página de menciones no existe",
	} {
		w := ask(h, "GET", path, "Accept-Language", "es-AR")
		contains(t, w.Body.String(), []string{`<html lang="es">`, want}, []string{"<b>", "7y"})
	}
	if w := ask(h, "GET", "/nothing", "Cookie", languageCookie+"=en", "Accept-Language", "es"); !strings.Contains(w.Body.String(), "This page does not exist") {
		t.Error("the cookie does not outweigh what the browser asks for")
	}
}

func TestZeroOptions(t *testing.T) {
	h, err := New(Options{Store: fill(t), State: func() State { return State{} }, Listen: "127.0.0.1:8321"})
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]int{"/": 200, "/readyz": 200, "/metrics": 404} {
		if w := ask(h, "GET", path); w.Code != want {
			t.Errorf("%s: %d, want %d", path, w.Code, want)
		}
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

func TestSearch(t *testing.T) {
	kept := fill(t, says(1, mention.Negative, "en", "they lost my passport"), says(2, mention.Positive, "es", "perdió mi pasaporte, pero ayudó"))
	for {
		n, err := kept.Index(t.Context(), 100)
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			break
		}
	}
	h := site1(t, kept, nil)
	for query, want := range map[string][2]bool{ // which of the two texts is found
		"q=passport": {true, false}, "q=PERDIO": {false, true}, "q=pass*": {true, false}, "q=nobody": {false, false},
		"q=%22lost+my%22": {true, false}, "q=%22my+lost%22": {false, false}, "q=%22": {false, false}, "q=passport&polarity=positive": {false, false},
		"q=": {true, true}, "q=passport+OR+pasaporte": {false, false}, "q=text:x+NEAR(": {false, false},
	} {
		w := ask(h, "GET", "/?window=all&"+query)
		body := w.Body.String()
		got := [2]bool{strings.Contains(body, "they lost my passport"), strings.Contains(body, "pero ayudó")}
		if w.Code != http.StatusOK || got != want {
			t.Errorf("%s: %d, found %v, want %v", query, w.Code, got, want)
		}
		if !strings.Contains(body, `<input type="hidden" name="window" value="all">`) {
			t.Errorf("%s: the search forgets the window", query)
		}
	}
	if w := ask(h, "GET", "/?q="+strings.Repeat("a", 500)); w.Code != http.StatusBadRequest {
		t.Errorf("a search without end: %d", w.Code)
	}
	if body := ask(h, "GET", "/?q=%3Cscript%3E").Body.String(); strings.Contains(body, `value="<script>`) {
		t.Error("the search is not escaped")
	}
}

// A folder that is watched does not hide that nothing else is heard.
func TestAFolderHearsNobody(t *testing.T) {
	folder, lost := Source{Name: "files", Phase: "listening", Brings: true}, Source{Name: "bluesky", Phase: "waiting"}
	for _, tt := range []struct {
		sources []Source
		deaf    bool
	}{{[]Source{folder, lost}, true}, {[]Source{folder}, false}, {[]Source{folder, {Name: "bluesky", Phase: "listening"}}, false}, {[]Source{lost}, true}} {
		if got := (&view{S: State{Sources: tt.sources}}).Deaf(); got != tt.deaf {
			t.Errorf("%+v: deaf is %t", tt.sources, got)
		}
	}
}
