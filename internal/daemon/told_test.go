package daemon

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"confianza/collectors"
)

// letsDown is one way for a source to be let down, and what a person is told.
type letsDown struct {
	name    string
	serve   http.HandlerFunc
	sources string // with {at}, the fake server
	source  string
	state   collectors.Phase
	cause   collectors.Cause
	why     string // part of the line in the log, and of the page
	es, en  string
}

func answers(status int, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(status)
	}
}

const secret = "hunter2"

// Where it is not heard, feeds is asked with a secret in its address.
const oneFeed = "feeds: {urls: ['http://ana:hunter2@{at}/feed?key=hunter2']}"

func waysToBeLetDown() []letsDown {
	const feeds = "feeds"
	return []letsDown{
		{"401", answers(401), oneFeed, feeds, collectors.Rejected, collectors.CauseCredentials, "/feed?key=…: 401 Unauthorized",
			"Rechaza la credencial o el acceso", "Refuses the credentials or the access"},
		{"402", answers(402), oneFeed, feeds, collectors.Rejected, collectors.CausePayment, "/feed?key=…: 402 Payment Required",
			"Pide un pago", "Asks for payment"},
		{"429", answers(429, "Retry-After", "90"), oneFeed, feeds, collectors.Limited, collectors.CauseThrottled, "429 Too Many Requests",
			"Pide esperar", "Asks us to wait"},
		{"400", answers(400), oneFeed, feeds, collectors.Waiting, collectors.CauseRequest, "/feed?key=…: 400 Bad Request",
			"No acepta lo que se le pide", "Does not accept what it is asked"},
		{"404", answers(404), oneFeed, feeds, collectors.Waiting, collectors.CauseMissing, "/feed?key=…: 404 Not Found",
			"No hay nada en esa dirección", "Nothing is at that address"},
		{"500", answers(500), oneFeed, feeds, collectors.Waiting, collectors.CauseServer, "/feed?key=…: 500 Internal Server Error",
			"Error del servidor (5xx)", "Server error (5xx)"},
		{"a circle", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.String(), http.StatusFound) },
			oneFeed, feeds, collectors.Waiting, collectors.CauseRedirects, "/feed?key=…: more than 5 redirects",
			"Redirige en círculo o a ninguna parte", "Redirects in circles or to nowhere"},
		{"a cut", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			w.Write([]byte("<rss>"))
		}, oneFeed, feeds, collectors.Waiting, collectors.CauseCut, "/feed?key=…: unexpected EOF", "Se cortó la conexión", "The connection was cut"},
		{"a web page", func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("<!doctype html><title>Sign in</title>")) },
			oneFeed, feeds, collectors.Waiting, collectors.CauseUnreadable, "/feed?key=…: a web page, not a feed", "Respuesta ilegible", "Unreadable answer"},
		{"no HTTP", func(w http.ResponseWriter, _ *http.Request) {
			if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
				conn.Write([]byte("220 mail.example ESMTP hunter2\r\n"))
				conn.Close()
			}
		}, oneFeed, feeds, collectors.Waiting, collectors.CauseUnreadable, "/feed?key=…: net/http", "Respuesta ilegible", "Unreadable answer"},
		{"20 MiB", func(w http.ResponseWriter, _ *http.Request) {
			piece := make([]byte, 1<<20)
			for range 20 {
				w.Write(piece)
			}
		}, oneFeed, feeds, collectors.Waiting, collectors.CauseTooLarge, "/feed?key=…: larger than 16777216 bytes", "Respuesta demasiado grande", "Answer too large"},
		// A label longer than any may be: nobody is asked for it.
		{"no such name", nil, "feeds: {urls: ['http://ana:hunter2@" + strings.Repeat("x", 64) + ".invalid/feed']}", feeds, collectors.Waiting, collectors.CauseDNS,
			".invalid/feed: dial tcp: lookup", "No se encuentra el servidor (DNS)", "Server not found (DNS)"},
		{"nobody there", nil, "feeds: {urls: ['http://ana:hunter2@127.0.0.1:1/feed']}", feeds, collectors.Waiting, collectors.CauseUnreachable,
			"http://127.0.0.1:1/feed: dial tcp", "No se puede llegar al servidor", "The server cannot be reached"},
		{"TLS where there is none", answers(200), "feeds: {urls: ['https://ana:hunter2@{at}/feed?key=hunter2']}", feeds, collectors.Waiting, collectors.CauseTLS,
			"/feed?key=…: http: server gave HTTP response", "Falla la conexión segura (TLS)", "The secure connection (TLS) fails"},
		{"a silent stream", func(w http.ResponseWriter, r *http.Request) {
			if conn, err := websocket.Accept(w, r, nil); err == nil {
				defer conn.CloseNow()
				<-conn.CloseRead(r.Context()).Done()
			}
		}, "feeds: {enabled: false}\n  bluesky: {urls: ['ws://ana:hunter2@{at}/subscribe?key=hunter2'], idle: 1s}", "bluesky", collectors.Waiting, collectors.CauseSilent,
			"/subscribe?key=…: silent for 1s", "No contesta", "Does not answer"},
		{"no secret", answers(200), "feeds: {enabled: false}\n  twitterv1: {url: 'http://{at}/stream?key=hunter2', token: {env: CONFIANZA_TEST_UNSET}}", "twitterv1",
			collectors.Rejected, collectors.CauseSecret, "environment variable CONFIANZA_TEST_UNSET is empty",
			"Falta la credencial donde indica la configuración", "The credential is not where the configuration says"},
		{"no folder", nil, "feeds: {enabled: false}\n  files: {folder: /nowhere/at/all}", "files", collectors.Waiting, collectors.CauseFile,
			"/nowhere/at/all: no such file or directory", "No se puede leer o escribir el archivo o la carpeta", "The file or folder cannot be read or written"},
	}
}

// letDown starts a daemon whose one source is let down.
func letDown(t *testing.T, serve http.HandlerFunc, sources string) (*running, *output) {
	t.Helper()
	dir := t.TempDir()
	if serve != nil {
		s := httptest.NewServer(serve)
		t.Cleanup(s.Close)
		sources = strings.ReplaceAll(sources, "{at}", strings.TrimPrefix(s.URL, "http://"))
	}
	if !strings.Contains(sources, "bluesky") {
		sources += "\n  bluesky: {enabled: false}"
	}
	file, log := filepath.Join(dir, "confianza.yml"), new(output)
	write(t, file, "brands: [{name: Delta}]\ndata: %s\nweb: {listen: '127.0.0.1:0'}\nsources:\n  %s\n  hackernews: {enabled: false}\n", filepath.Join(dir, "data"), sources)
	return startLogging(t, file, log), log
}

// Whatever lets a source down: one line in the log that names the place, a
// metric with the cause, and the state with its cause on the page, in both
// languages and without the secret.
func TestWhatLetsASourceDownIsTold(t *testing.T) {
	for _, tt := range waysToBeLetDown() {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r, log := letDown(t, tt.serve, tt.sources)
			defer r.end()
			failures := fmt.Sprintf(`confianza_collector_failures_total{cause=%q,source=%q}`, tt.cause, tt.source)
			r.eventually("the failure", func() bool { return r.metric(failures) >= 1 })
			if tt.state == collectors.Waiting {
				r.eventually("another try", func() bool {
					return r.metric(fmt.Sprintf(`confianza_collector_reconnects_total{source=%q}`, tt.source)) >= 1 && r.metric(failures) >= 2
				})
			}
			r.eventually("the state", func() bool {
				return r.metric(fmt.Sprintf(`confianza_collector_state{source=%q,state=%q}`, tt.source, tt.state)) == 1
			})
			if n := strings.Count(log.String(), "source not heard"); n != 1 || !strings.Contains(log.String(), "cause="+string(tt.cause)) || !strings.Contains(log.String(), tt.why) {
				t.Errorf("%d lines, want one that names cause %s and %q:\n%s", n, tt.cause, tt.why, log)
			}
			r.eventually("listening to be said to be 0", func() bool {
				return strings.Contains(r.get("metrics"), fmt.Sprintf("confianza_listening{source=%q} 0\n", tt.source))
			})
			metrics := r.get("metrics")
			for lang, cause := range map[string]string{"es": tt.es, "en": tt.en} {
				page := r.get("?lang=" + lang)
				if want := `<p class="why"><b>` + cause + `.</b> <code lang="en">`; !strings.Contains(page, want) || !strings.Contains(page, tt.why) {
					t.Errorf("the page in %s says neither %q nor %q", lang, want, tt.why)
				}
				metrics += page
			}
			if strings.Contains(metrics+log.String(), secret) {
				t.Error("the secret shows")
			}
		})
	}
}

// One feed of two is gone, and comes back.
func TestAPartThatFailsIsTold(t *testing.T) {
	t.Parallel()
	const rss = `<?xml version="1.0"?><rss version="2.0"><channel><title>News</title><item><guid>http://a.example/1</guid><title>Delta lost data</title></item></channel></rss>`
	r, log := letDown(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/good" {
			http.NotFound(w, r)
			return
		}
		fmt.Fprint(w, rss)
	}, "feeds: {urls: ['http://{at}/good', 'http://ana:hunter2@{at}/gone?key=hunter2']}")
	defer r.end()
	r.eventually("the trouble", func() bool { return r.metric(`confianza_collector_troubles{source="feeds"}`) == 1 })
	if got := r.metric(`confianza_collector_state{source="feeds",state="listening"}`); got != 1 {
		t.Error("the source is not called heard, though one of its feeds is")
	}
	if said := log.String(); strings.Count(said, "part of a source not heard") != 1 || !strings.Contains(said, "cause=missing") ||
		!strings.Contains(said, "/gone?key=…: 404 Not Found") || strings.Contains(said, secret) {
		t.Errorf("the log says:\n%s", said)
	}
	for lang, want := range map[string]string{"es": "<b>No hay nada en esa dirección.</b>", "en": "<b>Nothing is at that address.</b>"} {
		if page := r.get("?lang=" + lang); !strings.Contains(page, want) || strings.Contains(page, secret) {
			t.Errorf("the page in %s does not say %s", lang, want)
		}
	}
}

// Posts that cannot be used are counted by reason, and the log says once of
// each that it happens; of what is usual, posts without words, it says nothing.
func TestDroppedPostsAreTold(t *testing.T) {
	t.Parallel()
	lines := []string{
		`{"created_at":`, // undecodable
		`{"created_at":"Mon Mar 02 12:00:00 +0000 2026","text":"Delta","user":{"id":7,"id_str":"7"}}`,                // without id
		`{"created_at":"","id":1,"id_str":"1","text":"Delta","user":{"id":7,"id_str":"7"}}`,                          // without time
		`{"created_at":"Mon Mar 02 12:00:00 +0000 2026","id":2,"id_str":"2","text":"","user":{"id":7,"id_str":"7"}}`, // without text
		`{"text":"` + strings.Repeat("Delta ", 1<<18) + `"}`,                                                         // 1.5 MiB
		`{"limit":{"track":5}}`, // the server left out five
	}
	r, log := letDown(t, func(w http.ResponseWriter, r *http.Request) {
		for _, line := range lines {
			fmt.Fprintf(w, "%s\r\n", line)
		}
		http.NewResponseController(w).Flush()
		<-r.Context().Done()
	}, "feeds: {enabled: false}\n  twitterv1: {url: 'http://ana:hunter2@{at}/stream?key=hunter2'}")
	defer r.end()
	for reason, want := range map[collectors.Reason]float64{
		collectors.Undecodable: 1, collectors.NoID: 1, collectors.NoTime: 1, collectors.NoText: 1, collectors.TooLarge: 1, collectors.Behind: 5,
	} {
		r.eventually(fmt.Sprintf("%v for %s", want, reason), func() bool {
			return r.metric(fmt.Sprintf(`confianza_collector_dropped_total{reason=%q,source="twitterv1"}`, reason)) == want
		})
		line := fmt.Sprintf("msg=\"posts dropped\" source=twitterv1 reason=%s posts=%v\n", reason, want)
		if reason == collectors.NoText {
			if strings.Contains(log.String(), line) {
				t.Errorf("the log says %q, which is usual", line)
			}
			continue
		}
		r.eventually(line, func() bool { return strings.Count(log.String(), line) == 1 })
	}
	if strings.Contains(log.String(), secret) {
		t.Error("the secret shows")
	}
}

// The same reason is said again an hour later, with all since.
func TestDropsAreSaidOnceAnHour(t *testing.T) {
	log := new(output)
	said := &told{source: "net", log: slog.New(slog.NewTextHandler(log, nil))}
	at := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	for range 100 {
		said.dropped(map[collectors.Reason]int{collectors.NoTime: 2, collectors.NoText: 3}, at)
		at = at.Add(time.Minute)
	}
	// At 12:00 the first two, at 13:00 those of sixty minutes.
	for _, want := range []string{"reason=no_time posts=2\n", "reason=no_time posts=120\n"} {
		if strings.Count(log.String(), want) != 1 || strings.Count(log.String(), "\n") != 2 {
			t.Errorf("want %q among two lines:\n%s", want, log)
		}
	}
}

// A cause that can happen can be said, and looked up.
func TestEveryCauseHasItsWords(t *testing.T) {
	manual, err := os.ReadFile("../../docs/operating.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range []string{"es", "en"} {
		b, err := os.ReadFile("../../dashboards/web/locales/" + lang + ".json")
		if err != nil {
			t.Fatal(err)
		}
		var messages map[string]any
		if err := json.Unmarshal(b, &messages); err != nil {
			t.Fatal(err)
		}
		for _, c := range collectors.Causes() {
			words, ok := messages["cause_"+string(c)].(string)
			if !ok {
				t.Errorf("%s: cause %s has no words", lang, c)
			}
			if !strings.Contains(string(manual), "| `"+string(c)+"` | *"+words+"*") && lang == "en" {
				t.Errorf("docs/operating.md has no row for %s, which the page calls %q", c, words)
			}
		}
	}
}
