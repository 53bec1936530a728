package fetch

import (
	"net/http"
	"slices"
	"strings"
	"testing"
)

func TestFollowsRedirects(t *testing.T) {
	for _, status := range []int{301, 302, 303, 307, 308} {
		c := answering(func(r *http.Request) *http.Response {
			if r.URL.Path == "/new" {
				return reply(200, "here")
			}
			return reply(status, "<a href='/new'>", "Location", "/new")
		})
		got, err := c.Get(t.Context(), Request{URL: "http://a.example/old"})
		if err != nil || string(got.Body) != "here" || got.URL != "http://a.example/new" {
			t.Errorf("%d: got %+v, %v", status, got, err)
		}
	}
}

func TestEndsRedirects(t *testing.T) {
	tests := []struct{ name, location, says string }{
		{"to itself", "http://a.example/feed", "more than 5 redirects"},
		{"to a file", "file:///etc/passwd", "302 Found to no http or https address"},
		{"to a script", "javascript:alert(1)", "302 Found to no http or https address"},
		{"to another protocol", "gopher://a.example/", "302 Found to no http or https address"},
		{"to no host", "http:///feed", "302 Found to no http or https address"},
		{"to nowhere", "", "302 Found to no http or https address"},
		{"to what cannot be read", "http://a b/", "failed to parse Location header …"},
	}
	for _, tt := range tests {
		requests := 0
		c := answering(func(*http.Request) *http.Response {
			requests++
			return reply(302, "", "Location", tt.location)
		})
		_, err := c.Get(t.Context(), Request{URL: "http://a.example/feed"})
		if err == nil || err.Error() != "fetch: http://a.example/feed: "+tt.says {
			t.Errorf("%s: got %v, want %s", tt.name, err, tt.says)
		}
		if requests > maxHops+1 {
			t.Errorf("%s: %d requests", tt.name, requests)
		}
	}
}

// Two hosts that point at each other want each other's turn.
func TestRedirectsBetweenHostsEnd(t *testing.T) {
	other := map[string]string{"a.example": "http://b.example/", "b.example": "http://a.example/"}
	c := answering(func(r *http.Request) *http.Response { return reply(302, "", "Location", other[r.URL.Host]) })
	done := make(chan error)
	for _, from := range other {
		go func() {
			_, err := c.Get(t.Context(), Request{URL: from})
			done <- err
		}()
	}
	for range other {
		if err := <-done; err == nil || !strings.Contains(err.Error(), "more than 5 redirects") {
			t.Errorf("got %v", err)
		}
	}
	if n := len(c.turns.hosts); n != 0 {
		t.Errorf("%d hosts are remembered after the last request", n)
	}
}

func TestErrorsNameBothEndsOfARedirect(t *testing.T) {
	c := answering(func(r *http.Request) *http.Response {
		if r.URL.Path == "/gone" {
			return reply(404, "")
		}
		return reply(302, "", "Location", "http://b.example/gone?key=hunter2")
	})
	_, err := c.Get(t.Context(), Request{URL: "http://a.example/feed"})
	if want := "fetch: http://a.example/feed: redirected to http://b.example/gone?key=…: 404 Not Found"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestCredentialsStayAtTheirHost(t *testing.T) {
	tests := []struct {
		name string
		hops []string // the first is asked, each points to the next
		want []bool   // which had the Authorization
	}{
		{"another path", []string{"http://a.example/", "http://a.example/b"}, []bool{true, true}},
		{"the same host spelt otherwise", []string{"http://a.example/", "http://A.example:80/b"}, []bool{true, true}},
		{"up to https", []string{"http://a.example/", "https://a.example/"}, []bool{true, true}},
		{"down to http", []string{"https://a.example/", "http://a.example/"}, []bool{true, false}},
		{"another host", []string{"http://a.example/", "http://b.example/"}, []bool{true, false}},
		{"a host below", []string{"http://a.example/", "http://b.a.example/"}, []bool{true, false}},
		{"another port", []string{"http://a.example/", "http://a.example:8080/"}, []bool{true, false}},
		{"away and back", []string{"http://a.example/", "http://b.example/", "http://a.example/b"}, []bool{true, false, false}},
	}
	for _, tt := range tests {
		var got []bool
		c := answering(func(r *http.Request) *http.Response {
			got = append(got, r.Header.Get("Authorization") != "")
			if len(got) == len(tt.hops) {
				return reply(200, "here")
			}
			return reply(302, "", "Location", tt.hops[len(got)])
		})
		header := http.Header{"Authorization": {"Bearer hunter2"}}
		if _, err := c.Get(t.Context(), Request{URL: tt.hops[0], Header: header}); err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: sent %v, want %v", tt.name, got, tt.want)
		}
	}
}

// Name and password of an address travel as an Authorization too, which
// net/http adds by itself.
func TestUserinfoStaysAtItsHost(t *testing.T) {
	var got []string
	c := answering(func(r *http.Request) *http.Response {
		name, password, _ := r.BasicAuth()
		got = append(got, name+":"+password)
		if len(got) == 2 {
			return reply(200, "here")
		}
		return reply(302, "", "Location", "//b.example/")
	})
	if _, err := c.Get(t.Context(), Request{URL: "http://ana:hunter2@a.example/"}); err != nil {
		t.Fatal(err)
	}
	if want := []string{"ana:hunter2", ":"}; !slices.Equal(got, want) {
		t.Errorf("sent %q, want %q", got, want)
	}
}
