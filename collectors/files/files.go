// Package files collects posts from CSV, TSV and JSON Lines files.
//
// It is the source behind every import and behind the replays in tests, where
// the same bytes always give the same posts: [Import] reads files once, and
// [Collector] watches a folder. Columns are found by well-known names unless a
// [Map] says otherwise. A damaged row is dropped and counted, and never takes
// the rows after it along.
package files

import (
	"context"
	_ "embed" // for the sample
	"errors"
	"fmt"
	"strings"
	"time"

	"confianza/collectors"
	"confianza/collectors/archive"
)

// Name is the source's label, unless an import was given another.
const Name = "files"

// Sample documents the configuration with its defaults.
//
//go:embed sample.yml
var Sample string

// Config is the source's section of the configuration: a folder to watch.
type Config struct {
	Folder     string        `yaml:"folder"`      // watched, without what is below it
	Map        Map           `yaml:"map"`         // which column holds what
	Zone       string        `yaml:"zone"`        // of times that do not say theirs
	TimeFormat string        `yaml:"time_format"` // as Go writes layouts; "" means the usual ones
	Every      time.Duration `yaml:"every"`       // between two looks at the folder
	Settle     time.Duration `yaml:"settle"`      // an unchanged file is taken for finished after it
}

// Default is what [Sample] says.
func Default() Config {
	return Config{Zone: "UTC", Every: 30 * time.Second, Settle: time.Minute}
}

// Check names the first key with a value that cannot work.
func (c Config) Check() error {
	switch {
	case c.Folder == "":
		return errors.New("folder: no folder to watch is named")
	case c.Every < time.Second:
		return fmt.Errorf("every: %v is shorter than 1s", c.Every)
	case c.Settle < 0:
		return fmt.Errorf("settle: %v is negative", c.Settle)
	}
	_, err := c.options().reading()
	return err
}

func (c Config) options() Options {
	return Options{Map: c.Map, Zone: c.Zone, TimeFormat: c.TimeFormat}
}

// Collector is the source: a watched folder.
type Collector struct {
	c   Config
	now func() time.Time
}

// New makes the source ready to collect.
func New(c Config) *Collector { return &Collector{c: c, now: time.Now} }

// Collect watches the folder until ctx ends.
func (c *Collector) Collect(ctx context.Context, from collectors.Cursor, want collectors.Wanted, deliver collectors.Deliver) error {
	r, err := c.c.options().reading()
	if err != nil {
		return fmt.Errorf("files: %w: %w", err, collectors.ErrRejected)
	}
	w := c.watch(r.format, from, want.Names, deliver)
	for {
		if err := w.round(ctx); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(c.c.Every):
		}
	}
}

// Options say how to read files. The zero value reads columns by their
// well-known names and times in UTC.
type Options struct {
	Map        Map
	Zone       string // of times that do not say theirs, such as America/Bogota; "" means UTC
	TimeFormat string // as Go writes layouts; "" means the usual ones
	Label      string // the source that the posts are stored under; "" means [Name]
}

// Import makes a collector that reads files once. Its Progress and Report may
// be set before it collects. An error names the option that cannot work.
func Import(paths []string, o Options) (*archive.Import, error) {
	r, err := o.reading()
	if err != nil {
		return nil, fmt.Errorf("files: %w", err)
	}
	label := o.Label
	if label == "" {
		label = Name
	}
	if strings.Trim(label, labelSigns) != "" || len(label) > 40 {
		return nil, fmt.Errorf("files: label: %q is not up to 40 small letters, digits, - and _", label)
	}
	return &archive.Import{
		Source: label, Paths: paths, Format: r.format,
		Setup: fmt.Sprintf("%q %q %q", o.Map, o.Zone, o.TimeFormat),
	}, nil
}

// labelSigns are those of a source's name, which stands before the / of ids.
const labelSigns = "abcdefghijklmnopqrstuvwxyz0123456789-_"
