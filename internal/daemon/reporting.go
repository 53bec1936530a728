package daemon

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"sync"
	"time"

	"confianza/analysis/report"
	"confianza/dashboards/web"
	"confianza/internal/config"
	"confianza/internal/export"
	"confianza/internal/metrics"
	"confianza/internal/store"
)

// reportedWeeks are in each report: a quarter.
const reportedWeeks = 13

// reporting writes the weekly report when it is due.
type reporting struct {
	store   *store.Store
	config  *config.Config
	metrics *metrics.Metrics
	said    func(err error) // hears of each failure that is another than the last, and nil when it is over

	mu    sync.Mutex
	err   error // why the file that is due is not there; nil when all is well
	next  time.Time
	last  time.Time // when a report was written
	empty string    // the week that there was nothing to report of
}

func (s *shift) newReporting() *reporting {
	r := &reporting{store: s.d.store, config: s.config, metrics: s.d.metrics}
	r.said = func(err error) {
		if err == nil {
			s.log.Info("weekly report written after all", "folder", s.config.Reports.Folder)
			return
		}
		s.log.Warn("weekly report not written", "why", err, "next try", "in a minute")
	}
	return r
}

// run looks once a minute, so that a clock that jumps or a machine that sleeps
// makes a report late by no more. An error is of our own store.
func (r *reporting) run(ctx context.Context) error {
	if r.config.Reports.Folder == "" {
		return nil
	}
	minute := time.NewTicker(time.Minute)
	defer minute.Stop()
	for now := time.Now(); ; {
		if err := r.look(ctx, now); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case now = <-minute.C:
		}
	}
}

// look writes the report that is due and not written: the latest, when several
// were missed, since it holds the weeks before too.
func (r *reporting) look(ctx context.Context, now time.Time) error {
	last, err := lastReport(ctx, r.store)
	if err != nil {
		return err
	}
	week, err := r.due(now)
	if err != nil {
		return err
	}
	r.mu.Lock()
	r.last = last.At
	done := last.Week >= week.Name() || r.empty == week.Name()
	r.mu.Unlock()
	if done {
		r.metrics.Report("weekly", false, last.At)
		return nil
	}
	trend, err := r.trend(ctx, week, now)
	if err != nil {
		return err
	}
	if trend.Empty() {
		r.mu.Lock()
		r.empty = week.Name()
		r.mu.Unlock()
		r.metrics.Report("weekly", false, last.At)
		return nil
	}
	return r.put(ctx, week.Name(), trend, last.At)
}

func (r *reporting) due(now time.Time) (report.Week, error) {
	w := r.config.Reports.Weekly
	day, err := w.Weekday()
	if err != nil {
		return report.Week{}, err
	}
	at, err := time.Parse("15:04", w.At)
	return report.Due(now, day, at.Hour(), at.Minute(), r.config.Zone()), err
}

func (r *reporting) trend(ctx context.Context, last report.Week, now time.Time) (report.Weekly, error) {
	weeks := report.Weeks(report.Stretch{From: last.From.AddDate(0, 0, -7*(reportedWeeks-1)), To: last.To}, r.config.Zone())
	trend, err := weekly(ctx, r.store, r.config, weeks, r.config.BrandNames(), "", now)
	return trend.Trimmed(), err
}

// put writes the files, and then notes that they are there: killed in between,
// it writes the same ones again.
func (r *reporting) put(ctx context.Context, week string, trend report.Weekly, before time.Time) error {
	failed := r.files(week, trend)
	r.note(failed, trend.Made)
	if failed != nil {
		r.metrics.Report("weekly", true, before)
		return nil // tried again
	}
	note, err := json.Marshal(noteOf(week, trend))
	if err != nil {
		return err
	}
	if err := r.store.SetNote(ctx, weeklyNote, note); err != nil {
		return err
	}
	r.metrics.Report("weekly", false, trend.Made)
	return nil
}

func (r *reporting) files(week string, trend report.Weekly) error {
	for _, format := range r.config.Reports.Formats {
		for i, language := range r.config.Reports.Languages {
			name := fmt.Sprintf("confianza-%s.%s.%s", week, language, format)
			if export.Format(format) == export.JSON {
				if i > 0 {
					continue // it is the same in every language
				}
				name = fmt.Sprintf("confianza-%s.json", week)
			}
			err := export.File(filepath.Join(r.config.Reports.Folder, name), 0o644, func(out io.Writer) error {
				return export.Weekly(out, trend, export.Format(format), language, false)
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// note keeps how it went for the page, and tells what changed.
func (r *reporting) note(err error, at time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	had := r.err
	r.err, r.next = err, time.Time{}
	switch {
	case err != nil:
		if r.next = at.Add(time.Minute); had == nil || had.Error() != err.Error() {
			r.said(err)
		}
	case had != nil:
		r.said(nil)
	}
	if err == nil {
		r.last = at
	}
}

// outputs is the report for the page; none when none is written.
func (r *reporting) outputs() []web.Output {
	if r.config.Reports.Folder == "" {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return []web.Output{outputOf("weekly_report", r.config.Reports.Folder, r.err, r.next, r.last)}
}
