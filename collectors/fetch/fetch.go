// Package fetch gets documents over HTTP as a good guest does.
//
// It says who asks, asks one thing at a time of each host, asks only for what
// changed, comes back when told to, and bounds what it reads in size and time.
// Its errors tell the classes of [collectors.Collector] apart and hold neither
// passwords nor query values. What a document means, its character set
// included, is left to the caller.
package fetch

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"
	"time"

	"golang.org/x/net/http/httpguts"

	"confianza/collectors"
)

// Options are a client's limits and its name; zero values take the defaults.
type Options struct {
	Contact  string        // address or e-mail of whoever runs this, for the server's operator to write to
	MaxBytes int64         // of one document, after decompression; 16 MiB
	Total    time.Duration // for one document, redirects included, from its turn on; 60 s
	Idle     time.Duration // without a byte; 20 s
}

// Client gets documents. It is safe for concurrent use, and asks one thing at
// a time of each host: sources that may meet at a host share one Client, since
// two know nothing of each other. [Client.Close] it when done.
type Client struct {
	http  http.Client
	agent string
	o     Options
	turns turns
}

// New makes a client.
func New(o Options) *Client {
	if o.MaxBytes <= 0 {
		o.MaxBytes = 16 << 20
	}
	if o.Total <= 0 {
		o.Total = time.Minute
	}
	if o.Idle <= 0 {
		o.Idle = 20 * time.Second
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.DisableCompression = true // ours bounds what comes out
	transport.MaxResponseHeaderBytes = 1 << 20
	c := &Client{o: o, agent: Agent(o.Contact)}
	c.http.Transport = transport
	c.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return c
}

// Close ends the connections kept for further requests. The client may be
// used again: it will make new ones.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// Agent is the User-Agent of all our requests; contact is the address or
// e-mail of whoever runs this, or "".
func Agent(contact string) string {
	version := "devel"
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		version = info.Main.Version
	}
	if contact == "" {
		return "confianza/" + version
	}
	return fmt.Sprintf("confianza/%s (+%s)", version, contact)
}

// Request asks for one document. With ETag or Modified, as an earlier
// [Response] had them, it asks only for a newer one.
type Request struct {
	URL            string
	ETag, Modified string
	Header         http.Header // further ones, such as Accept or Authorization; sent to the URL's own host only
}

// Response is a document, or that it has not changed.
type Response struct {
	Body           []byte // decompressed; nil when NotModified
	NotModified    bool
	Type           string // Content-Type as sent
	URL            string // where it was found after redirects
	ETag, Modified string // for the next [Request]
}

// maxHops bounds redirects.
const maxHops = 5

// Get gets one document. An error wraps [collectors.ErrRejected] for 401, 402
// and 403, is a [collectors.Throttled] for 429, and for a 503 that says when
// to come back, and wraps ctx's error once that has ended.
func (c *Client) Get(ctx context.Context, r Request) (Response, error) {
	at, err := url.Parse(r.URL)
	if err != nil || at.Scheme != "http" && at.Scheme != "https" || at.Host == "" {
		return Response{}, fmt.Errorf("fetch: %s: not an http or https address", Redact(r.URL))
	}
	free, err := c.turns.take(ctx, host(at))
	if err != nil {
		return Response{}, explain(ctx, r.URL, at, err)
	}
	defer func() { free() }()
	limited, cancel := context.WithTimeoutCause(ctx, c.o.Total, collectors.Because(collectors.CauseSilent, fmt.Errorf("not done after %v", c.o.Total)))
	defer cancel()
	home := at
	for range maxHops + 1 {
		if host(at) != host(home) || at.Scheme != home.Scheme && at.Scheme != "https" {
			r.Header = nil // may hold credentials: for its own host, and never in the clear
		}
		res, next, err := c.hop(limited, at, r)
		if err != nil {
			return Response{}, explain(ctx, r.URL, at, err)
		}
		if next == nil {
			return res, nil
		}
		free()
		at = next
		if free, err = c.turns.take(limited, host(at)); err != nil {
			free = func() {}
			return Response{}, explain(ctx, r.URL, at, err)
		}
	}
	return Response{}, collectors.Because(collectors.CauseRedirects, fmt.Errorf("fetch: %s: more than %d redirects", Redact(r.URL), maxHops))
}

// explain names the address that was asked for, and the one that a redirect
// led to, and prefers to say that ctx ended.
func explain(ctx context.Context, asked string, at *url.URL, err error) error {
	if ctx.Err() != nil {
		err = ctx.Err()
	}
	if said, _, quotes := strings.Cut(err.Error(), `"`); quotes {
		err = unquoted{said + "…", err}
	}
	asked = Redact(asked)
	if shown := redact(at); shown != asked {
		return fmt.Errorf("fetch: %s: redirected to %s: %w", asked, shown, err)
	}
	return fmt.Errorf("fetch: %s: %w", asked, err)
}

// unquoted is an error without the words of the server that net/http quotes: a
// broken answer may repeat our request, key included.
type unquoted struct {
	said string
	err  error
}

func (u unquoted) Error() string { return u.said }
func (u unquoted) Unwrap() error { return u.err }

// hop makes one request, when it is the host's turn; next is where a redirect
// points.
func (c *Client) hop(ctx context.Context, at *url.URL, r Request) (res Response, next *url.URL, err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	drip := time.AfterFunc(c.o.Idle, func() { cancel(collectors.Because(collectors.CauseSilent, fmt.Errorf("silent for %v", c.o.Idle))) })
	defer drip.Stop()
	answer, err := c.http.Do(c.request(ctx, at, r))
	if err != nil {
		return Response{}, nil, cause(ctx, err)
	}
	defer answer.Body.Close()
	if next, err := redirect(answer, at); next != nil || err != nil {
		return Response{}, next, err
	}
	if answer.StatusCode == http.StatusNotModified {
		if r.ETag == "" && r.Modified == "" {
			return Response{}, nil, unreadable(errors.New("304 Not Modified though nothing was known"))
		}
		return unchanged(answer, at, r), nil, nil
	}
	if err := Refusal(answer, time.Now()); err != nil {
		return Response{}, nil, err
	}
	body, err := c.body(answer, drip)
	if err != nil {
		return Response{}, nil, cause(ctx, err)
	}
	return Response{
		Body: body, Type: answer.Header.Get("Content-Type"), URL: at.String(),
		ETag: answer.Header.Get("ETag"), Modified: answer.Header.Get("Last-Modified"),
	}, nil, nil
}

func unchanged(answer *http.Response, at *url.URL, r Request) Response {
	res := Response{NotModified: true, URL: at.String(), ETag: r.ETag, Modified: r.Modified}
	if tag := answer.Header.Get("ETag"); tag != "" {
		res.ETag = tag
	}
	if at := answer.Header.Get("Last-Modified"); at != "" {
		res.Modified = at
	}
	return res
}

// cause is why ctx ended when it has, since what is read then only says that
// it did. What neither the network nor a limit explains was no HTTP, or not in
// the compression it claimed.
func cause(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	// What net/http says begins with the whole address.
	if u, ok := errors.AsType[*url.Error](err); ok {
		err = u.Err
	}
	if collectors.CauseOf(err) == collectors.CauseOther {
		return unreadable(err)
	}
	return err
}

func unreadable(err error) error { return collectors.Because(collectors.CauseUnreadable, err) }

func (c *Client) request(ctx context.Context, at *url.URL, r Request) *http.Request {
	h := r.Header.Clone()
	if h == nil {
		h = http.Header{}
	}
	h.Set("User-Agent", c.agent)
	h.Set("Accept-Encoding", "gzip, deflate")
	set(h, "If-None-Match", r.ETag)
	set(h, "If-Modified-Since", r.Modified)
	req := &http.Request{Method: http.MethodGet, URL: at, Header: h, Host: at.Host}
	return req.WithContext(ctx)
}

// set leaves out a value that cannot be sent: what a server once gave us must
// not make every later request fail.
func set(h http.Header, key, value string) {
	if value != "" && httpguts.ValidHeaderFieldValue(value) {
		h.Set(key, value)
	}
}
