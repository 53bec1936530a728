package fetch

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"confianza/collectors"
)

var now = time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC)

func TestComesBackWhenTold(t *testing.T) {
	const date = "Tue, 24 Nov 2026 10:05:00 GMT"
	tests := []struct {
		name      string
		status    int
		header    []string
		throttled bool
		wait      time.Duration
	}{
		{"429 with seconds", 429, []string{"Retry-After", " 90 "}, true, 90 * time.Second},
		{"429 with a date", 429, []string{"Retry-After", date}, true, 5 * time.Minute},
		// The server's clock says 09:00 when ours says 10:00.
		{"429 with a date by the server's clock", 429, []string{"Retry-After", "Tue, 24 Nov 2026 09:05:00 GMT", "Date", "Tue, 24 Nov 2026 09:00:00 GMT"}, true, 5 * time.Minute},
		{"429 with an old form of date", 429, []string{"Retry-After", "Tuesday, 24-Nov-26 10:05:00 GMT"}, true, 5 * time.Minute},
		{"429 with a date that passed", 429, []string{"Retry-After", "Tue, 24 Nov 2026 09:00:00 GMT"}, true, -time.Hour},
		{"429 without", 429, nil, true, time.Minute},
		{"429 with a fraction", 429, []string{"Retry-After", "1.5"}, true, time.Minute},
		{"429 with less than nothing", 429, []string{"Retry-After", "-5"}, true, time.Minute},
		{"429 with more than a duration holds", 429, []string{"Retry-After", "99999999999999999999"}, true, time.Minute},
		{"429 with a century", 429, []string{"Retry-After", "4294967295"}, true, 4294967295 * time.Second},
		{"503 with seconds", 503, []string{"Retry-After", "120"}, true, 2 * time.Minute},
		{"503 without", 503, nil, false, 0},
		{"500 with seconds", 500, []string{"Retry-After", "120"}, false, 0},
		{"403 with seconds", 403, []string{"Retry-After", "120"}, false, 0},
	}
	for _, tt := range tests {
		err := Refusal(reply(tt.status, "", tt.header...), now)
		limit, ok := errors.AsType[*collectors.Throttled](err)
		if err == nil || ok != tt.throttled {
			t.Errorf("%s: got %v, want throttled %v", tt.name, err, tt.throttled)
			continue
		}
		if ok && limit.Until.Sub(now) != tt.wait {
			t.Errorf("%s: wait %v, want %v", tt.name, limit.Until.Sub(now), tt.wait)
		}
	}
}

func TestRedact(t *testing.T) {
	tests := []struct{ address, want string }{
		{"https://a.example/feed", "https://a.example/feed"},
		{"https://ana:hunter2@a.example/feed", "https://a.example/feed"},
		{"https://hunter2@a.example/", "https://a.example/"},
		{"https://a.example/?key=hunter2&lang=es", "https://a.example/?key=…&lang=…"},
		{"https://a.example/?hunter2", "https://a.example/?…"},
		{"https://a.example/?hunter2==", "https://a.example/?…"},
		{"https://a.example/?a=1;b=hunter2", "https://a.example/?a=…"},
		{"https://a.example/#hunter2", "https://a.example/"},
		{"http:ana:hunter2@a.example", "http:…"},
		{"ana:hunter2@a.example/feed", "ana:…"},
		{"https://ana:hunter2@a b/", "[address that cannot be read]"},
		{"https://ana:hunter2%zz@a.example/", "[address that cannot be read]"},
	}
	for _, tt := range tests {
		if got := Redact(tt.address); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.address, got, tt.want)
		}
	}
}

func FuzzRedact(f *testing.F) {
	f.Add("https", "a.example", "/feed")
	f.Fuzz(func(t *testing.T, scheme, host, path string) {
		for _, address := range []string{
			scheme + "://ana:hunter2@" + host + path, scheme + ":ana:hunter2@" + host + path, scheme + "://" + host + path + "?k=hunter2",
			scheme + "://" + host + path + "?hunter2", scheme + "://" + host + path + "#hunter2",
		} {
			// What is before the secret may turn it into a path, which is shown.
			if strings.ContainsAny(scheme+host+path, ":/?#@=%&;\\") {
				return
			}
			if got := Redact(address); strings.Contains(got, "hunter2") {
				t.Errorf("%q: got %q", address, got)
			}
		}
	})
}

// Every way to fail, at an address that holds the secret wherever it can.
func TestSecretsStayOutOfErrors(t *testing.T) {
	asked := func(at string) Request {
		at = strings.Replace(at, "http://", "http://ana:hunter2@", 1)
		return Request{URL: at + "/feed?key=hunter2&hunter2#hunter2", Header: http.Header{"Authorization": {"Bearer hunter2"}}}
	}
	raw := func(answer string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			conn, _, err := http.NewResponseController(w).Hijack()
			if err == nil {
				conn.Write([]byte(answer))
				conn.Close()
			}
		}
	}
	handlers := map[string]http.HandlerFunc{
		"status":           func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) },
		"rejection":        func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(401) },
		"throttling":       func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(429) },
		"too large":        func(w http.ResponseWriter, _ *http.Request) { w.Write(make([]byte, 200)) },
		"loop":             func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.String(), http.StatusFound) },
		"redirect to file": func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "file:///hunter2", http.StatusFound) },
		"redirect to an unreadable place": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "http://a b/hunter2")
			w.WriteHeader(302)
		},
		"redirect to nobody": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://eva:hunter2@127.0.0.1:1/?hunter2", http.StatusFound)
		},
		"reset":               raw(""),
		"not HTTP":            raw("GET /feed?key=hunter2 is not for me\r\n\r\n"),
		"status that is not":  raw("HTTP/1.1 hunter2 OK\r\n\r\n"),
		"header without end":  raw("HTTP/1.1 200 OK\r\nhunter2\r\n\r\n"),
		"length that is not":  raw("HTTP/1.1 200 OK\r\nContent-Length: hunter2\r\n\r\n"),
		"unknown transfer":    raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: hunter2\r\n\r\n"),
		"chunks that are not": raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nhunter2\r\n"),
	}
	for name, h := range handlers {
		c, at := serve(t, Options{MaxBytes: 100}, h)
		_, err := c.Get(t.Context(), asked(at))
		if err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: got %v", name, err)
		}
	}
	c := New(Options{})
	t.Cleanup(c.Close)
	over, cancel := context.WithCancel(t.Context())
	cancel()
	for name, r := range map[string]Request{
		"nobody there": asked("http://127.0.0.1:1"), "no such name": asked("http://nobody.invalid"),
		"no such port": asked("http://127.0.0.1:99999"), "no address": {URL: "ana:hunter2@a.example"},
	} {
		for _, ctx := range []context.Context{t.Context(), over} {
			if _, err := c.Get(ctx, r); err == nil || strings.Contains(err.Error(), "hunter2") {
				t.Errorf("%s: got %v", name, err)
			}
		}
	}
}

func TestErrorsKeepTheirCause(t *testing.T) {
	c := New(Options{})
	t.Cleanup(c.Close)
	_, err := c.Get(t.Context(), Request{URL: "http://127.0.0.1:1/"})
	if _, ok := errors.AsType[*net.OpError](err); !ok {
		t.Errorf("got %v, want it to wrap what the network said", err)
	}
}
