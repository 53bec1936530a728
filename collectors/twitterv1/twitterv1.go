// Package twitterv1 collects tweets in the format of Twitter's API v1.1: from
// archives of it, once, and from a stream that still speaks it.
//
// Twitter's own endpoint is gone. [Import] brings the tweets of the time before
// a breach out of recordings; [Collector] listens to one address of a server
// compatible with the old stream. Both know tweets, deletions, withheld tweets
// and accounts, and the notices of posts that were left out.
package twitterv1

import (
	"context"
	_ "embed" // for the sample
	"errors"
	"fmt"
	"net/url"
	"time"

	"confianza/collectors"
	"confianza/collectors/archive"
	"confianza/collectors/fetch"
)

// Name is the source's label.
const Name = "twitterv1"

// Sample documents the configuration with its defaults.
//
//go:embed sample.yml
var Sample string

// Config is the source's section of the configuration: a stream.
type Config struct {
	URL     string            `yaml:"url"`     // of the stream, with what it asks for
	Token   collectors.Secret `yaml:"token"`   // sent as a bearer token; optional
	Country string            `yaml:"country"` // ISO 3166-1; what is withheld elsewhere stays; "" means that nothing withheld anywhere does
	Idle    time.Duration     `yaml:"idle"`    // silence after which the connection is taken for dead
}

// Default is what [Sample] says.
func Default() Config { return Config{Idle: 90 * time.Second} }

// Check names the first key with a value that cannot work.
func (c Config) Check() error {
	at, err := url.Parse(c.URL)
	switch {
	case c.URL == "":
		return errors.New("url: no stream is named")
	case err != nil || at.Host == "" || at.Scheme != "http" && at.Scheme != "https":
		return fmt.Errorf("url: %s is not an http:// or https:// address", fetch.Redact(c.URL))
	case c.Idle < time.Second:
		return fmt.Errorf("idle: %v is shorter than 1s", c.Idle)
	}
	return checkCountry(c.Country)
}

func checkCountry(country string) error {
	if country == "" {
		return nil
	}
	if len(country) != 2 || country[0] < 'A' || country[0] > 'Z' || country[1] < 'A' || country[1] > 'Z' {
		return fmt.Errorf("country: %q is not a code of two capital letters", country)
	}
	return nil
}

// Collector is the source: a stream.
type Collector struct {
	c     Config
	now   func() time.Time
	flush time.Duration // between batches
}

// New makes the source ready to collect.
func New(c Config) *Collector { return &Collector{c: c, now: time.Now, flush: time.Second} }

// Collect listens until ctx ends or the connection does. The stream cannot be
// asked for what was missed, so the cursor only says how far it was heard.
func (c *Collector) Collect(ctx context.Context, _ collectors.Cursor, want collectors.Wanted, deliver collectors.Deliver) error {
	s := stream{c: c, deliver: deliver, d: decoder{names: want.Names, country: c.c.Country}}
	err := s.run(ctx)
	switch refused, ok := errors.AsType[archive.Refused](err); {
	case ctx.Err() != nil:
		return ctx.Err()
	case ok:
		return refused.Err
	}
	return fmt.Errorf("twitterv1: %s: %w", fetch.Redact(c.c.URL), err)
}

// Import makes a collector that reads archives once: JSON Lines or an array,
// plain, gzip, bzip2, or tars of those. Its Progress and Report may be set
// before it collects. country is [Config].Country.
func Import(paths []string, country string) (*archive.Import, error) {
	if err := checkCountry(country); err != nil {
		return nil, fmt.Errorf("twitterv1: %w", err)
	}
	format := func(t *archive.Text, growing bool, names func([]byte) bool) (archive.Records, error) {
		d := decoder{names: names, country: country}
		return &records{t: t, o: archive.NewObjects(t, growing), d: d}, nil
	}
	return &archive.Import{Source: Name, Paths: paths, Format: format, Setup: country}, nil
}

// records reads the messages of an archive.
type records struct {
	t     *archive.Text
	o     *archive.Objects
	d     decoder
	begun bool
}

func (r *records) Next() (archive.Record, error) {
	if !r.begun {
		// A count that began before cannot be told from one that begins here.
		r.begun, r.d.unsure = true, r.t.Mark().Offset > 0
	}
	message, line, err := r.o.Next()
	var record archive.Record
	switch err {
	case nil:
		record = r.d.decode(message).Record
	case archive.ErrTooLong:
		record = archive.Record{Dropped: collectors.TooLarge, Why: err.Error()}
	case archive.ErrMalformed:
		record = archive.Record{Dropped: collectors.Undecodable, Why: err.Error()}
	default:
		return archive.Record{}, err
	}
	record.Line, record.End = line, r.t.Mark()
	return record, nil
}
