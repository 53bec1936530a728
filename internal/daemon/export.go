package daemon

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"time"

	"confianza/analysis/report"
	"confianza/internal/config"
	"confianza/internal/export"
	"confianza/internal/mention"
	"confianza/internal/pipeline"
	"confianza/internal/store"
)

// ExportTo is where an export goes and how.
type ExportTo struct {
	Out      io.Writer // what File is not named for
	File     string    // "" for Out
	Format   string
	Language string // es or en
	BOM      bool
}

// write has an export written, to a file that only its owner may read.
func (e ExportTo) write(f func(io.Writer) error) error {
	if e.File == "" {
		return f(e.Out)
	}
	return export.File(e.File, 0o600, f)
}

// WeeklyExport asks for the weekly trend.
type WeeklyExport struct {
	ExportTo
	Brands   []string // none: those of the configuration, or else all there are
	From, To string   // days, both included; "" for a year ago and today
	Incident string   // a day, in place of the configuration's; "" for none
}

// ExportWeekly writes the weekly trend of a store, beside whoever writes to it.
func ExportWeekly(ctx context.Context, c *config.Config, w WeeklyExport, now time.Time) error {
	r, err := openReader(ctx, c)
	if err != nil {
		return err
	}
	defer r.Close()
	span, err := days(w.From, w.To, c.Zone())
	if err != nil {
		return err
	}
	if span.To.IsZero() || span.To.After(now) {
		span.To = now
	}
	if span.From.IsZero() {
		span.From = span.To.AddDate(-1, 0, 0)
	}
	if w.Incident != "" {
		if err := (config.Incident{Date: w.Incident}).Check(); err != nil {
			return fmt.Errorf("--incident: %w", err)
		}
	}
	brands, err := reported(ctx, r, c, w.Brands)
	if err != nil {
		return err
	}
	if years := span.To.Year() - span.From.Year(); years > longestTrend { // a Duration has 292
		return fmt.Errorf("--from: %d years are more than the %d that a trend may have", years, longestTrend)
	}
	weeks := report.Weeks(report.Stretch(span), c.Zone())
	trend, err := weekly(ctx, r, c, weeks, brands, w.Incident, now)
	if err != nil {
		return err
	}
	if w.From == "" {
		trend = trend.Trimmed()
	}
	if trend.Empty() {
		return nothingThere(ctx, r, c, brands)
	}
	return w.write(func(out io.Writer) error {
		return export.Weekly(out, trend, export.Format(w.Format), w.Language, w.BOM)
	})
}

// longestTrend is in years: every week is a row, also one in which nothing was said.
const longestTrend = 30

func openReader(ctx context.Context, c *config.Config) (*store.Reader, error) {
	if err := c.Check(); err != nil {
		return nil, err
	}
	return store.OpenReader(ctx, c.Data)
}

// days reads a first and a last day. An end that is not given stays zero.
func days(from, to string, zone *time.Location) (span mention.Span, err error) {
	for _, d := range []struct {
		flag, day string
		into      *time.Time
		add       int
	}{{"--from", from, &span.From, 0}, {"--to", to, &span.To, 1}} {
		if d.day == "" {
			continue
		}
		day, err := time.Parse(time.DateOnly, d.day)
		if err != nil {
			return span, fmt.Errorf("%s: %q is no day such as 2026-09-30", d.flag, d.day)
		}
		*d.into = report.Day(day.AddDate(0, 0, d.add), zone)
	}
	if !span.To.IsZero() && !span.To.After(span.From) {
		return span, fmt.Errorf("--to: %s is before %s", to, from)
	}
	return span, nil
}

// weekly gathers the trend of some brands. incident is a day that goes before
// those of the configuration.
func weekly(ctx context.Context, s exported, c *config.Config, weeks []report.Week, brands []string, incident string, now time.Time) (report.Weekly, error) {
	said, err := lastReport(ctx, s)
	if err != nil {
		return report.Weekly{}, err
	}
	ask := export.Ask{Made: now, Zone: c.Zone(), Weeks: weeks, Listening: listened(c)}
	for _, e := range catalog() {
		ask.Sources = append(ask.Sources, e.name)
	}
	for _, name := range brands {
		b := export.Brand{Name: name, Said: said.Said[name]}
		day := incident
		if i := slices.IndexFunc(c.Brands, func(b config.Brand) bool { return b.Name == name }); day == "" && i >= 0 {
			day = c.Brands[i].Incident.Date
		}
		if day != "" {
			at, err := time.Parse(time.DateOnly, day)
			if err != nil {
				return report.Weekly{}, err
			}
			b.Incident = report.Day(at, c.Zone())
		}
		ask.Brands = append(ask.Brands, b)
	}
	m, err := export.Gather(ctx, s, ask)
	return report.New(m), err
}

// listened are the sources that a configuration asks for.
func listened(c *config.Config) (names []string) {
	for _, e := range catalog() {
		if section := c.Sources[e.name]; section == nil && e.on || section != nil && section.Enabled {
			names = append(names, e.name)
		}
	}
	return names
}

// reported are the brands to report on: those asked for, those of the
// configuration, or all there are.
func reported(ctx context.Context, r *store.Reader, c *config.Config, asked []string) ([]string, error) {
	there, err := counted(ctx, r)
	if err != nil {
		return nil, err
	}
	brands := asked
	if len(brands) == 0 {
		brands = c.BrandNames()
	}
	if len(brands) == 0 {
		brands = there
	}
	for _, b := range brands {
		configured := slices.ContainsFunc(c.Brands, func(known config.Brand) bool { return known.Name == b })
		if !configured && !slices.Contains(there, b) {
			return nil, fmt.Errorf("export: there is no brand %q; there are %s", b, strings.Join(there, ", "))
		}
	}
	if len(brands) == 0 {
		return nil, errors.New("export: nothing was counted yet")
	}
	return brands, nil
}

// counted are the brands that anything was ever counted of, sorted.
func counted(ctx context.Context, r *store.Reader) ([]string, error) {
	totals, err := r.Totals(ctx)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, t := range totals {
		names = append(names, t.Brand)
	}
	return slices.Compact(names), nil
}

// nothingThere says when there would be something.
func nothingThere(ctx context.Context, r *store.Reader, c *config.Config, brands []string) error {
	counts, err := r.Counts(ctx, store.CountQuery{Brands: brands, Step: time.Hour,
		Span: mention.Span{From: time.Unix(0, 0), To: time.Now().AddDate(1, 0, 0)}})
	if err != nil {
		return err
	}
	if len(counts) == 0 {
		return fmt.Errorf("export: nothing was counted yet of %s", strings.Join(brands, ", "))
	}
	first, last := counts[0].At.In(c.Zone()), counts[len(counts)-1].At.In(c.Zone())
	return fmt.Errorf("export: nothing in these weeks; of %s there is something from %s to %s: say --from and --to",
		strings.Join(brands, ", "), first.Format(time.DateOnly), last.Format(time.DateOnly))
}

// MentionsExport asks for mentions.
type MentionsExport struct {
	ExportTo
	Brand, Source, Spoken string // Spoken is the language of the texts
	Polarity, Text        string
	From, To              string // days, both included
	Unmasked              bool
	Log                   *slog.Logger
}

// ExportMentions writes a selection of a store's mentions, beside whoever
// writes to it, and returns how many.
func ExportMentions(ctx context.Context, c *config.Config, m MentionsExport, now time.Time) (n int, err error) {
	r, err := openReader(ctx, c)
	if err != nil {
		return 0, err
	}
	defer r.Close()
	span, err := days(m.From, m.To, c.Zone())
	if err != nil {
		return 0, err
	}
	if m.Brand != "" {
		if _, err := reported(ctx, r, c, []string{m.Brand}); err != nil {
			return 0, err
		}
	}
	if err := m.warn(ctx, r); err != nil {
		return 0, err
	}
	if m.Polarity != "" && !slices.Contains(mention.Polarities(), mention.Polarity(m.Polarity)) {
		return 0, fmt.Errorf("--polarity: there is no %q; there are %v", m.Polarity, mention.Polarities())
	}
	how := export.Style{Format: export.Format(m.Format), Language: m.Language, Zone: c.Zone(), Made: now, Unmasked: m.Unmasked, BOM: m.BOM}
	for _, b := range c.Brands {
		how.Keep = append(how.Keep, b.Handles...)
	}
	sel := export.Selection{Brand: m.Brand, Source: m.Source, Language: m.Spoken, Polarity: mention.Polarity(m.Polarity), Text: m.Text, Span: span}
	err = m.write(func(out io.Writer) error {
		n, err = export.Mentions(ctx, out, r, sel, how)
		return err
	})
	return n, err
}

// warn says when words do not find all there is.
func (m MentionsExport) warn(ctx context.Context, r *store.Reader) error {
	if m.Text == "" {
		return nil
	}
	pending, err := r.Pending(ctx, pipeline.StageIndex)
	if err == nil && pending > 0 {
		m.Log.Warn("mentions that words do not find yet: a running confianza indexes them", "mentions", pending)
	}
	return err
}
