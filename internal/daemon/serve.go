package daemon

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	toolkit "github.com/prometheus/exporter-toolkit/web"

	"confianza/analysis/sentiment"
	"confianza/collectors"
	"confianza/dashboards/web"
	"confianza/internal/config"
	"confianza/internal/pipeline"
	"confianza/internal/series/api"
)

// closing is how long requests under way may take to end.
const closing = 5 * time.Second

// serve opens the page and says where it is. The channel gives the server's
// end, once: nil after ctx has ended.
func (d *Daemon) serve(ctx context.Context) (<-chan error, error) {
	c := d.config
	listener, err := net.Listen("tcp", c.Web.Listen)
	if err != nil {
		return nil, fmt.Errorf("page: %w; another address can be given with --listen", err)
	}
	d.address = pageAddress(c.Web, listener.Addr().String())
	handler, err := web.New(d.page(ctx, listener.Addr().String()))
	if err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute,
		ErrorLog: slog.NewLogLogger(d.o.Log.Handler(), slog.LevelWarn)}
	stopped := context.AfterFunc(ctx, func() {
		limited, cancel := context.WithTimeout(context.WithoutCancel(ctx), closing)
		defer cancel()
		if server.Shutdown(limited) != nil {
			server.Close()
		}
	})
	served := make(chan error, 1)
	go func() {
		defer stopped()
		served <- d.listen(ctx, c.Web.ConfigFile, server, listener)
		close(served)
	}()
	d.greet(listener.Addr().String())
	return served, nil
}

// listen serves until the server is shut down, with TLS and passwords when
// a file of the exporter-toolkit asks for them.
func (d *Daemon) listen(ctx context.Context, file string, server *http.Server, listener net.Listener) error {
	var err error
	if file != "" {
		off := false
		err = toolkit.Serve(listener, server, &toolkit.FlagConfig{WebConfigFile: &file, WebSystemdSocket: &off}, d.o.Log)
	} else {
		err = server.Serve(listener)
	}
	if errors.Is(err, http.ErrServerClosed) && ctx.Err() != nil {
		return nil
	}
	return err
}

// checkPage finds what the exporter-toolkit would find only once we listen.
func checkPage(w config.Web) error {
	if err := toolkit.Validate(w.ConfigFile); err != nil {
		return fmt.Errorf("config: web: config_file: %s: %w", w.ConfigFile, err)
	}
	return nil
}

// greet says where the page is.
func (d *Daemon) greet(address string) {
	fmt.Fprintf(d.o.Out, "confianza listens for %s\nPage: %s  (Ctrl-C stops)\n", strings.Join(d.config.BrandNames(), ", "), pageAddress(d.config.Web, address))
}

// pageAddress is where a reader finds the page: everywhere, as 0.0.0.0 says it,
// is nowhere that a browser could go.
func pageAddress(w config.Web, listening string) string {
	if w.PublicURL != "" {
		return strings.TrimSuffix(w.PublicURL, "/") + "/"
	}
	host, port, err := net.SplitHostPort(listening)
	if ip := net.ParseIP(host); err == nil && ip != nil && ip.IsUnspecified() {
		listening = net.JoinHostPort("localhost", port)
	}
	return w.Scheme() + "://" + listening + "/"
}

func (d *Daemon) page(ctx context.Context, address string) web.Options {
	o := web.Options{
		Store: d.store, Metrics: d.metrics.Handler(), Listen: address, PublicURL: d.config.Web.PublicURL,
		Zone: d.config.Zone(), Now: d.o.Now, Log: d.o.Log, Version: d.o.Version,
		API:     api.New(api.Options{Engine: d.engine, Rules: d, Log: d.o.Log, Version: d.o.Version}),
		State:   func() web.State { return d.state(ctx) },
		Explain: d.explain,
		About:   d.explainEpisode,
		Ready: func() error {
			if d.present() == nil {
				return errors.New("starting")
			}
			return nil
		},
	}
	if d.o.Lifecycle {
		o.Reload = d.requestReload
	}
	return o
}

// explain says why the scorer at work scores a text as it does.
func (d *Daemon) explain(version string, t sentiment.Text) (e sentiment.Explanation, ok bool) {
	s := d.present()
	if s == nil {
		return e, false
	}
	if s.scoring.Scorer.Version() != version {
		return e, false
	}
	return s.scorer.explain(t)
}

// state is the present for the page.
func (d *Daemon) state(ctx context.Context) web.State {
	d.mu.Lock()
	s, c, refused, clock := d.shift, d.config, d.refused, d.clock
	d.mu.Unlock()
	st := web.State{Brands: c.BrandNames(), Incidents: incidents(c), Clock: clock}
	if refused != "" {
		st.Notices = append(st.Notices, refused)
	}
	if why, since := d.store.Blocked(); why != nil {
		st.Disk = web.Disk{Reason: why.Reason, Path: why.Path, Err: why.Err.Error(), Since: since}
	}
	if s == nil {
		return st
	}
	st.Scorer = s.scoring.Scorer.Version()
	// The page says more than these numbers; without them, it still says it.
	st.Pending, _ = d.store.Pending(ctx, pipeline.StageScore)
	if at, err := d.store.Bookmark(ctx, pipeline.StageScore); err == nil {
		st.Shown = at.Shown
		if at.Again() {
			st.Again = float64(at.Through) / float64(at.Until)
		}
	}
	for _, one := range s.sending {
		st.Outputs = append(st.Outputs, one.output())
	}
	st.Outputs = append(st.Outputs, s.reports.outputs()...)
	alerts, outputs := s.alarms()
	st.Alerts, st.Outputs = alerts, slices.Concat(st.Outputs, outputs, s.tellings())
	for _, src := range s.sources {
		now, e := src.Status(), entryOf(src.Source)
		st.Sources = append(st.Sources, web.Source{
			Name: src.Source, Live: e.live, Brings: e.brings, Phase: string(now.Phase), Cause: string(now.Cause), Err: now.Err, Since: now.Since, Next: now.Next,
			Heard: src.lastHeard(), Troubles: troubles(now.Troubles),
		})
	}
	return st
}

func troubles(all []collectors.Trouble) (shown []web.Trouble) {
	for _, one := range all {
		shown = append(shown, web.Trouble{Cause: string(one.Cause), Why: one.Why})
	}
	return shown
}
