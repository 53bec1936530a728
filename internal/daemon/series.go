package daemon

import (
	"time"

	"confianza/analysis/report"
	"confianza/internal/config"
	"confianza/internal/series"
)

// series are the daemon's own, with the brands and sources of the present
// configuration.
func (d *Daemon) series() *series.Queryable {
	return series.New(series.Options{
		Store: d.store.Reader, Patient: patience,
		Brands: func() []string {
			d.mu.Lock()
			defer d.mu.Unlock()
			return d.config.BrandNames()
		},
		Incidents: func() map[string]time.Time {
			d.mu.Lock()
			defer d.mu.Unlock()
			return incidents(d.config)
		},
		Sources: func() []string {
			s := d.present()
			if s == nil {
				return nil
			}
			var names []string
			for _, src := range s.sources {
				names = append(names, src.Source)
			}
			return names
		},
	})
}

// incidents are those of a configuration, by brand.
func incidents(c *config.Config) map[string]time.Time {
	dates := map[string]time.Time{}
	for _, b := range c.Brands {
		if day, err := time.Parse(time.DateOnly, b.Incident.Date); err == nil {
			dates[b.Name] = report.Day(day, c.Zone())
		}
	}
	return dates
}

// patience is how long a source may say nothing before its supervisor takes it
// for dead: until then a minute without it is late, not deaf.
func patience(source string) time.Duration { return entryOf(source).idle }
