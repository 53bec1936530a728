package config

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"confianza/analysis/match"
)

// Incident is what happened to a brand.
type Incident struct {
	Date string `yaml:"date"` // 2026-10-01, in the calendar of the time zone; "" for none
}

// Check finds a date that is none; its error begins with its key.
func (i Incident) Check() error {
	if _, err := time.Parse(time.DateOnly, i.Date); i.Date != "" && err != nil {
		return fmt.Errorf("date: %q is no day such as 2026-10-01", i.Date)
	}
	return nil
}

func (b Brand) matched() match.Brand {
	return match.Brand{Name: b.Name, Names: b.Names, Handles: b.Handles, Hashtags: b.Hashtags, Domains: b.Domains, Context: b.Context, Exclude: b.Exclude}
}

// Reports says which files are written by themselves.
type Reports struct {
	Folder    string   `yaml:"folder"` // "" writes none
	Weekly    Weekly   `yaml:"weekly"`
	Languages []string `yaml:"languages"` // es, en
	Formats   []string `yaml:"formats"`   // xlsx, csv, json
}

// Weekly is when the weekly trend is written, in the calendar of the time zone.
type Weekly struct {
	Day string `yaml:"day"` // monday to sunday
	At  string `yaml:"at"`  // 07:00
}

func defaultReports() Reports {
	return Reports{Weekly: Weekly{"monday", "07:00"}, Languages: []string{"es"}, Formats: []string{"xlsx", "csv"}}
}

// Check finds values that cannot work; its error begins with their keys.
func (r Reports) Check() error {
	if _, err := r.Weekly.Weekday(); err != nil {
		return fmt.Errorf("weekly: day: %w", err)
	}
	if _, err := time.Parse("15:04", r.Weekly.At); err != nil {
		return fmt.Errorf("weekly: at: %q is no time such as 07:00", r.Weekly.At)
	}
	for _, l := range []struct {
		key          string
		given, there []string
	}{{"languages", r.Languages, []string{"es", "en"}}, {"formats", r.Formats, []string{"xlsx", "csv", "json"}}} {
		if len(l.given) == 0 {
			return fmt.Errorf("%s: none; there are %s", l.key, strings.Join(l.there, ", "))
		}
		for _, g := range l.given {
			if !slices.Contains(l.there, g) {
				return fmt.Errorf("%s: there is no %q; there are %s", l.key, g, strings.Join(l.there, ", "))
			}
		}
	}
	return nil
}

// Weekday reads the day.
func (w Weekly) Weekday() (time.Weekday, error) {
	for d := time.Sunday; d <= time.Saturday; d++ {
		if strings.EqualFold(w.Day, d.String()) {
			return d, nil
		}
	}
	return 0, errors.New("it is monday, tuesday, wednesday, thursday, friday, saturday or sunday")
}

// keys are what an error begins with: "weekly: at: …".
func keys(err error) (path []any) {
	for rest := err.Error(); ; {
		key, after, found := strings.Cut(rest, ": ")
		if !found || strings.ContainsAny(key, " \"") {
			return path
		}
		path, rest = append(path, key), after
	}
}
