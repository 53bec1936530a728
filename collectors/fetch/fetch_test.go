package fetch

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"confianza/collectors"
)

// serve starts a server and a client that are gone when the test is.
func serve(t *testing.T, o Options, h http.HandlerFunc) (*Client, string) {
	t.Helper()
	srv := httptest.NewServer(h)
	c := New(o)
	t.Cleanup(srv.Close)
	t.Cleanup(c.Close)
	return c, srv.URL
}

// answers is a whole network in a function: it lets tests name any host.
type answers func(*http.Request) *http.Response

func (f answers) RoundTrip(r *http.Request) (*http.Response, error) {
	return f(r), nil
}

func answering(f answers) *Client {
	c := New(Options{})
	c.http.Transport = f
	return c
}

// reply has a status and headers as key, value, key, value.
func reply(status int, body string, header ...string) *http.Response {
	h := http.Header{}
	for i := 0; i < len(header); i += 2 {
		h.Set(header[i], header[i+1])
	}
	return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(strings.NewReader(body))}
}

func TestSaysWhoAsks(t *testing.T) {
	var got http.Header
	for contact, want := range map[string]string{"": "confianza/devel", "mailto:ana@example.org": "confianza/devel (+mailto:ana@example.org)"} {
		c, at := serve(t, Options{Contact: contact}, func(_ http.ResponseWriter, r *http.Request) { got = r.Header })
		// A source cannot pass for something else.
		header := http.Header{"User-Agent": {"Mozilla/5.0"}, "Accept": {"text/xml"}}
		if _, err := c.Get(t.Context(), Request{URL: at, Header: header}); err != nil {
			t.Fatal(err)
		}
		if agent := got.Get("User-Agent"); agent != want || Agent(contact) != want {
			t.Errorf("contact %q: user agent %q, want %q", contact, agent, want)
		}
		if got.Get("Accept") != "text/xml" || got.Get("Accept-Encoding") != "gzip, deflate" {
			t.Errorf("headers %v", got)
		}
		if header.Get("User-Agent") != "Mozilla/5.0" {
			t.Error("the caller's header was changed")
		}
	}
}

func TestGetsADocument(t *testing.T) {
	c, at := serve(t, Options{}, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=iso-8859-1")
		w.Header().Set("ETag", `"v1"`)
		w.Header().Set("Last-Modified", "Tue, 24 Nov 2026 08:00:00 GMT")
		w.Write([]byte("a\xf1o"))
	})
	got, err := c.Get(t.Context(), Request{URL: at + "/x"})
	if err != nil {
		t.Fatal(err)
	}
	want := Response{Type: "text/plain; charset=iso-8859-1", URL: at + "/x", ETag: `"v1"`, Modified: "Tue, 24 Nov 2026 08:00:00 GMT"}
	if body := string(got.Body); body != "a\xf1o" || got.NotModified || got.Type != want.Type || got.URL != want.URL ||
		got.ETag != want.ETag || got.Modified != want.Modified {
		t.Errorf("got %+v, want %+v and the bytes as they are", got, want)
	}
}

func TestAsksOnlyForWhatChanged(t *testing.T) {
	const then, later = "Tue, 24 Nov 2026 08:00:00 GMT", "Tue, 24 Nov 2026 09:00:00 GMT"
	var asked http.Header
	var answer *http.Response
	c := answering(func(r *http.Request) *http.Response { asked = r.Header; return answer })
	tests := []struct {
		name           string
		answer         *http.Response
		etag, modified string // that the next request is to have
	}{
		{"nothing new said", reply(304, ""), `"v1"`, then},
		{"a new tag", reply(304, "", "ETag", `W/"v2"`), `W/"v2"`, then},
		{"a new time", reply(304, "", "Last-Modified", later), `"v1"`, later},
	}
	for _, tt := range tests {
		answer = tt.answer
		got, err := c.Get(t.Context(), Request{URL: "http://a.example/", ETag: `"v1"`, Modified: then})
		if err != nil || !got.NotModified || got.Body != nil || got.ETag != tt.etag || got.Modified != tt.modified {
			t.Errorf("%s: got %+v, %v", tt.name, got, err)
		}
		if asked.Get("If-None-Match") != `"v1"` || asked.Get("If-Modified-Since") != then {
			t.Errorf("%s: asked with %v", tt.name, asked)
		}
	}
	answer = reply(304, "")
	if _, err := c.Get(t.Context(), Request{URL: "http://a.example/"}); err == nil || !strings.Contains(err.Error(), "nothing was known") {
		t.Errorf("304 to a plain request: %v", err)
	}
	if asked.Get("If-None-Match") != "" || asked["If-Modified-Since"] != nil {
		t.Errorf("a plain request had conditions: %v", asked)
	}
}

// Such a tag would otherwise make net/http refuse every request from then on.
func TestATagThatCannotBeSentIsLeftOut(t *testing.T) {
	var asked http.Header
	c, at := serve(t, Options{}, func(_ http.ResponseWriter, r *http.Request) { asked = r.Header })
	if _, err := c.Get(t.Context(), Request{URL: at, ETag: "a\nb", Modified: "\x00"}); err != nil {
		t.Fatal(err)
	}
	if asked["If-None-Match"] != nil || asked["If-Modified-Since"] != nil {
		t.Errorf("asked with %v", asked)
	}
}

func TestSaysThatItsContextEnded(t *testing.T) {
	for _, how := range []string{"before", "during"} {
		ctx, cancel := context.WithCancel(t.Context())
		c, at := serve(t, Options{}, func(_ http.ResponseWriter, r *http.Request) {
			cancel()
			<-r.Context().Done()
		})
		if how == "before" {
			cancel()
		}
		if _, err := c.Get(ctx, Request{URL: at}); !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled %s: got %v", how, err)
		}
		cancel()
	}
}

func TestTakesHTTPAddressesOnly(t *testing.T) {
	c := answering(func(*http.Request) *http.Response { return reply(200, "reached") })
	for _, address := range []string{"", "feed", "/etc/passwd", "file:///etc/passwd", "ftp://a.example/", "http://", "http:a.example", "http://a b/", "://"} {
		if _, err := c.Get(t.Context(), Request{URL: address}); err == nil || !strings.HasSuffix(err.Error(), "not an http or https address") {
			t.Errorf("%q: got %v", address, err)
		}
	}
}

func TestErrorsTellTheClass(t *testing.T) {
	tests := []struct {
		status             int
		rejected, throttle bool
	}{
		{401, true, false}, {402, true, false}, {403, true, false}, {429, false, true},
		{404, false, false}, {410, false, false}, {500, false, false}, {503, false, false}, {300, false, false}, {100, false, false},
	}
	for _, tt := range tests {
		c := answering(func(*http.Request) *http.Response { return reply(tt.status, "<p>canary</p>") })
		_, err := c.Get(t.Context(), Request{URL: "http://a.example/feed"})
		_, throttled := errors.AsType[*collectors.Throttled](err)
		if err == nil || errors.Is(err, collectors.ErrRejected) != tt.rejected || throttled != tt.throttle {
			t.Errorf("%d: got %v, want rejected %v, throttled %v", tt.status, err, tt.rejected, tt.throttle)
		}
		if strings.Contains(err.Error(), "canary") || !strings.HasPrefix(err.Error(), "fetch: http://a.example/feed: ") {
			t.Errorf("%d: got %v", tt.status, err)
		}
	}
	for _, status := range []int{200, 203, 204} {
		if err := Refusal(reply(status, ""), now); err != nil {
			t.Errorf("%d is refused: %v", status, err)
		}
	}
}
