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
	hosts  map[string]bool // host:port, and host alone for the default ports
	public *url.URL        // nil for none
	next   http.Handler
}

func newGuard(listen, public string, next http.Handler) (*guard, error) {
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return nil, fmt.Errorf("web: listen: %w", err)
	}
	g := &guard{hosts: map[string]bool{}, next: next}
	for _, n := range hostNames(host) {
		g.hosts[strings.ToLower(net.JoinHostPort(n, port))] = true
		if port == "80" || port == "443" {
			g.hosts[strings.TrimSuffix(strings.ToLower(net.JoinHostPort(n, "")), ":")] = true // [::1], not ::1
		}
	}
	if public == "" {
		return g, nil
	}
	if g.public, err = url.Parse(public); err != nil || g.public.Host == "" {
		return nil, fmt.Errorf("web: public URL %q is no address", public)
	}
	if g.public.Scheme+g.public.Port() == "https443" || g.public.Scheme+g.public.Port() == "http80" {
		g.public.Host = strings.TrimSuffix(g.public.Host, ":"+g.public.Port()) // browsers leave it out
	}
	return g, nil
}

// hostNames are the names that a listening host is asked for by. Who listens
// everywhere can be asked for from this machine; other names for it are for
// the public URL to say.
func hostNames(host string) []string {
	ip := net.ParseIP(host)
	if host == "" || host == "localhost" || ip != nil && (ip.IsLoopback() || ip.IsUnspecified()) {
		return []string{"localhost", "127.0.0.1", "::1", host}
	}
	return []string{host}
}

func (g *guard) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	switch {
	case !g.named(r.Host):
		http.Error(w, "This server does not answer to that host name.\n"+
			"If readers should reach it so, set web.public_url in the configuration to the address they use, and restart.",
			http.StatusMisdirectedRequest)
	case r.Method != http.MethodGet && r.Method != http.MethodHead && !g.ours(r):
		http.Error(w, "Writes are taken from this server's own pages only.", http.StatusForbidden)
	default:
		g.next.ServeHTTP(w, r)
	}
}

// named tells whether a request asks for us by a name of ours.
func (g *guard) named(host string) bool {
	host = strings.ToLower(host)
	return g.hosts[host] || g.public != nil && strings.EqualFold(host, g.public.Host)
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
	if err != nil || u.Host == "" {
		return false
	}
	if g.public != nil && strings.EqualFold(u.Host, g.public.Host) {
		return u.Scheme == g.public.Scheme // the same host without TLS is anybody's on the way
	}
	return g.hosts[strings.ToLower(u.Host)]
}
