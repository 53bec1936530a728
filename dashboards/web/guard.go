package web

import (
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
)

// policy allows nothing but what the page itself brings.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
	"base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// guard stands before everything. Answering only to our own host names keeps
// a hostile page from reading ours under a name of its own (DNS rebinding).
type guard struct {
	hosts map[string]bool // host:port, and host alone for the default ports
	next  http.Handler
}

func newGuard(listen, public string, next http.Handler) (*guard, error) {
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return nil, fmt.Errorf("web: listen: %w", err)
	}
	g := &guard{hosts: map[string]bool{}, next: next}
	names := []string{host}
	if ip := net.ParseIP(host); host == "localhost" || ip != nil && ip.IsLoopback() {
		names = []string{"localhost", "127.0.0.1", "::1", host}
	}
	for _, n := range names {
		g.hosts[net.JoinHostPort(n, port)] = true
		if port == "80" || port == "443" {
			g.hosts[n] = true
		}
	}
	if public != "" {
		u, err := url.Parse(public)
		if err != nil || u.Host == "" {
			return nil, fmt.Errorf("web: public URL %q is no address", public)
		}
		g.hosts[strings.ToLower(u.Host)] = true
	}
	return g, nil
}

func (g *guard) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	switch {
	case !g.hosts[strings.ToLower(r.Host)]:
		http.Error(w, "This server does not answer to that host name. If it should, set web.public_url.", http.StatusMisdirectedRequest)
	case r.Method != http.MethodGet && r.Method != http.MethodHead && !g.ours(r):
		http.Error(w, "Writes are taken from this server's own pages only.", http.StatusForbidden)
	default:
		g.next.ServeHTTP(w, r)
	}
}

// ours tells whether a write comes from our own page, or from no page at all:
// a command line sends neither header, a browser cannot leave both out.
func (g *guard) ours(r *http.Request) bool {
	if site := r.Header.Get("Sec-Fetch-Site"); site != "" && site != "same-origin" && site != "none" {
		return false
	}
	origin := r.Header.Get("Origin")
	if origin == "" {
		return true
	}
	u, err := url.Parse(origin)
	return err == nil && u.Host != "" && g.hosts[strings.ToLower(u.Host)]
}
