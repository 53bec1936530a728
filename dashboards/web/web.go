// Package web is confianza's own page, in Spanish and English.
//
// It shows the state of every source, mentions by polarity over time, and the
// latest mentions; and how a brand's trend stands against the time before its
// incident. Posts are strangers' texts: they are shown as text only.
// The server answers nobody but its own hosts, takes no write from another
// origin, and runs no script but its own. It reads the store and changes
// nothing.
package web

import (
	"cmp"
	"context"
	"embed"
	"fmt"
	"html/template"
	"log/slog"
	"net/http"
	"time"

	"confianza/analysis/sentiment"
	"confianza/internal/mention"
	"confianza/internal/store"
)

//go:embed assets *.html
var files embed.FS

// Options is what the page shows and answers for. Store and State are needed;
// the rest has sensible zero values.
type Options struct {
	Store     Store
	State     func() State                                                             // the present; changes with a reload
	Ready     func() error                                                             // nil when ready, else why not
	Reload    func(context.Context) error                                              // nil when reloading over HTTP is not enabled
	About     func(ctx context.Context, brand string, in mention.Span) (*Facts, error) // what an episode is about; nil cannot say
	Metrics   http.Handler                                                             // nil has no /metrics
	API       http.Handler                                                             // all of /api/v1/; nil has none
	Listen    string                                                                   // host:port listened on
	PublicURL string                                                                   // one more address that readers use; "" for none
	Explain   Explain                                                                  // nil explains nothing
	Zone      *time.Location                                                           // the page's calendar; nil is UTC
	Now       func() time.Time                                                         // nil is the clock
	Log       *slog.Logger                                                             // nil is silent
	Version   string
}

// Explain says why a scorer scored a text as it did; ok is false when the
// scorer at work is another version, or cannot tell.
type Explain func(version string, t sentiment.Text) (e sentiment.Explanation, ok bool)

// Store is what the page reads; see [store.Store].
type Store interface {
	Counts(context.Context, store.CountQuery) ([]store.Count, error)
	LatestPage(ctx context.Context, q store.LatestQuery, posts int) (store.Page, error)
	SearchPage(ctx context.Context, q store.SearchQuery, posts int) (store.Page, error)
	Snapshot(context.Context) (*store.Snapshot, error)
	Heard(ctx context.Context, source string, within mention.Span) ([]mention.Span, error)
	Unheard(context.Context) (store.Unheard, error)
}

// State is how things are now.
type State struct {
	Brands    []string
	Incidents map[string]time.Time // by brand: when the day of its incident began
	Sources   []Source
	Scorer    string   // version of the scorer at work
	Shown     string   // version whose figures are shown; another one while everything is scored again
	Again     float64  // how much of that is done, 0 to 1
	Pending   int64    // mentions not scored yet
	Notices   []string // why the configuration was not taken when last read
	Outputs   []Output // what we send elsewhere
	Disk      Disk     // why nothing can be stored; zero when it can
	Clock     Clock    // that it jumped; zero while it is believed
	Alerts    []Alert  // that fire now, the oldest first
}

// Alert is an alert that fires.
type Alert struct {
	Name, Severity string            // as its rule says
	Summary        map[string]string // by language of the page; "" where its rule does not speak it
	Since          time.Time
}

// In is the summary in a language, or in another, or else the name.
func (a Alert) In(lang string) string { return cmp.Or(a.Summary[lang], a.Summary["en"], a.Name) }

// Output is a place we send things to, and whether they arrive.
type Output struct {
	Kind    string    // remote_write, weekly_report, alertmanager, messages
	Name    string    // as the operator calls it
	Address int       // which of its addresses, from 1; 0 is all
	Cause   string    // why nothing arrives, as the messages cause_ have it; "" when all is well
	Err     string    // the same in the words of the error
	Next    time.Time // of the next try; zero when none is planned
	Last    time.Time // when all had arrived; zero when never
	Idle    bool      // nothing has been sent yet, and nothing need be
}

// Disk is why nothing can be stored at present.
type Disk struct {
	Reason string // one of [store.DiskReasons]; "" when all is well
	Path   string // what cannot be written
	Err    string
	Since  time.Time
}

// Clock is a jump of this machine's clock that keeps retention waiting.
type Clock struct {
	From, To time.Time // its readings before and after
	Until    time.Time // when it will be believed again
}

// Source is one source's state.
type Source struct {
	Name     string
	Live     bool      // the detectors hear it
	Brings   bool      // what others kept: it hears nobody itself
	Phase    string    // starting, listening, waiting, throttled, rejected, finished, stopped
	Cause    string    // why it is not heard, as the messages cause_ have it; "" when it is
	Err      string    // the same in the words of the error
	Since    time.Time // of the phase
	Next     time.Time // of the next try; zero when none is planned
	Heard    time.Time // until when it is completely read; zero when never
	Troubles []Trouble // parts that cannot be read while the rest goes on
}

// Trouble is a part of a source that cannot be read.
type Trouble struct{ Cause, Why string }

// site is the running page.
type site struct {
	o       Options
	locales *locales
	pages   *template.Template
}

// New makes the page. It returns an error when a message or a template is
// broken, or when Listen or PublicURL is no address.
func New(o Options) (http.Handler, error) {
	o.complete()
	ls, err := newLocales(o.Zone)
	if err != nil {
		return nil, fmt.Errorf("web: %w", err)
	}
	pages, err := template.ParseFS(files, "*.html")
	if err != nil {
		return nil, fmt.Errorf("web: %w", err)
	}
	served, err := newAssets(files)
	if err != nil {
		return nil, fmt.Errorf("web: %w", err)
	}
	s := &site{o, ls, pages}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.home)
	mux.HandleFunc("GET /trend", s.trend)
	mux.HandleFunc("GET /episodes", s.episodes)
	for path, a := range served {
		mux.Handle("GET "+path, a)
	}
	if o.Metrics != nil {
		mux.Handle("GET /metrics", o.Metrics)
	}
	if o.API != nil {
		mux.Handle("/api/v1/", o.API)
	}
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	mux.HandleFunc("GET /readyz", s.ready)
	mux.HandleFunc("POST /-/reload", s.reload)
	mux.HandleFunc("/", s.nowhere)
	return newGuard(o.Listen, o.PublicURL, mux)
}

func (o *Options) complete() {
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Ready == nil {
		o.Ready = func() error { return nil }
	}
}

func (s *site) ready(w http.ResponseWriter, _ *http.Request) {
	if err := s.o.Ready(); err != nil {
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
		return
	}
	fmt.Fprintln(w, "ready")
}

func (s *site) reload(w http.ResponseWriter, r *http.Request) {
	if s.o.Reload == nil {
		http.Error(w, "Reloading over HTTP is off: start with --enable-lifecycle, or send SIGHUP.", http.StatusForbidden)
		return
	}
	if err := s.o.Reload(r.Context()); err != nil {
		http.Error(w, err.Error(), http.StatusUnprocessableEntity)
		return
	}
	fmt.Fprintln(w, "reloaded")
}
