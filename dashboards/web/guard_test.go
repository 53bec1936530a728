package web

import (
	"context"
	"strings"
	"testing"
)

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
		{"a file", "GET", "/assets/page.css", nil, 200},
		{"its folder", "GET", "/assets/", nil, 404},
		{"a way out of it", "GET", "/assets/..%2fpage.html", nil, 404},
		{"IPv6", "GET", "/healthz", []string{"Host", "[::1]:8321"}, 200},
		{"nobody", "GET", "/healthz", []string{"Host", ""}, 421},
		{"the public name in capitals", "GET", "/healthz", []string{"Host", "TRUST.example"}, 200},
		{"the public page", "POST", "/-/reload", []string{"Host", "trust.example", "Origin", "https://trust.example"}, 200},
		{"the public page without TLS", "POST", "/-/reload", []string{"Host", "trust.example", "Origin", "http://trust.example"}, 403},
		{"a write to the page", "POST", "/", nil, 404},
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
	if reloads != 3 {
		t.Errorf("%d reloads, want 3", reloads)
	}
}

// The whole policy, word for word: a change here is a decision.
func TestHeaders(t *testing.T) {
	h := site1(t, fill(t), nil)
	for _, path := range []string{"/", "/nothing", "/assets/live.js", "/metrics"} {
		got := ask(h, "GET", path).Header()
		for key, want := range map[string]string{
			"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
			"X-Content-Type-Options":  "nosniff", "Referrer-Policy": "no-referrer",
		} {
			if got.Get(key) != want {
				t.Errorf("%s: %s: %q, want %q", path, key, got.Get(key), want)
			}
		}
	}
	body := ask(h, "GET", "/").Body.String()
	contains(t, body, nil, []string{"<style", " style=", " onclick", "<script>"})
}

// A listener on every interface is asked for from its own machine, and by the
// public name, but not by names nobody has given it.
func TestListeningEverywhere(t *testing.T) {
	h := site1(t, fill(t), func(o *Options, _ *State) { o.Listen, o.PublicURL = "[::]:8321", "https://trust.example:443" })
	for host, want := range map[string]int{"localhost:8321": 200, "trust.example": 200, "10.0.0.7:8321": 421} {
		if w := ask(h, "GET", "/healthz", "Host", host); w.Code != want {
			t.Errorf("%s: %d, want %d", host, w.Code, want)
		}
	}
}
