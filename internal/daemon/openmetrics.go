package daemon

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"confianza/internal/config"
	"confianza/internal/series"
	"confianza/internal/store"
)

// OpenMetricsExport asks for a series' samples as OpenMetrics.
type OpenMetricsExport struct {
	ExportTo
	Metric   string
	Brands   []string // none means all there are
	From, To string   // days, both included; "" for all there is, and now
	Zeros    bool
}

// ExportOpenMetrics writes a series of a store, beside whoever writes to it.
func ExportOpenMetrics(ctx context.Context, c *config.Config, o OpenMetricsExport, now time.Time) (samples int64, err error) {
	if !slices.ContainsFunc(series.Metrics(), func(m series.Metric) bool { return m.Name == o.Metric }) {
		var names []string
		for _, m := range series.Metrics() {
			names = append(names, m.Name)
		}
		return 0, fmt.Errorf("--metric: there is no %q; there are %s", o.Metric, strings.Join(names, ", "))
	}
	r, err := openReader(ctx, c)
	if err != nil {
		return 0, err
	}
	defer r.Close()
	if len(o.Brands) > 0 {
		if _, err := reported(ctx, r, c, o.Brands); err != nil {
			return 0, err
		}
	}
	span, err := days(o.From, o.To, c.Zone())
	if err != nil {
		return 0, err
	}
	if span.To.IsZero() || span.To.After(now) {
		span.To = now
	}
	if span.From.IsZero() {
		if span.From, err = first(ctx, r); err != nil {
			return 0, err
		}
	}
	q := series.New(series.Options{Store: r, Now: func() time.Time { return now }, Incidents: func() map[string]time.Time { return incidents(c) }})
	err = o.write(func(out io.Writer) error {
		samples, err = q.OpenMetrics(ctx, out, series.Dump{Metric: o.Metric, Brands: o.Brands, Span: span, Zeros: o.Zeros})
		return err
	})
	return samples, err
}

// first is when the first mention was counted, or a mistake that says that none
// was.
func first(ctx context.Context, r *store.Reader) (time.Time, error) {
	snap, err := r.Snapshot(ctx)
	if err != nil {
		return time.Time{}, err
	}
	defer snap.Close() // it was only read
	span, err := snap.Span(ctx)
	if err == nil && span.From.IsZero() {
		err = errors.New("nothing is counted there yet")
	}
	return span.From, err
}
