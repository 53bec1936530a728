// Package feeds collects articles from RSS, Atom and JSON feeds: news sites,
// security blogs, a brand's own newsroom.
//
// Each feed is polled on its own plan and asked only for what changed. One
// that cannot be read is named as a trouble and tried again, later and later,
// while the others go on; only when none can be read does collecting end with
// an error. What a feed holds when it is first met is delivered too, so that
// its history lands in the past.
package feeds

import (
	"context"
	_ "embed" // for the sample
	"errors"
	"fmt"
	"net/url"
	"slices"
	"sync"
	"time"

	"confianza/collectors"
	"confianza/collectors/fetch"
)

// Name is the source's label.
const Name = "feeds"

// Sample documents the configuration with its defaults.
//
//go:embed sample.yml
var Sample string

// Config is the source's section of the configuration.
type Config struct {
	URLs  []string      `yaml:"urls"`  // of the feeds, each once
	Every time.Duration `yaml:"every"` // between two polls of a feed
}

// Default is what [Sample] says.
func Default() Config {
	return Config{
		URLs: []string{
			"https://krebsonsecurity.com/feed/", "https://www.bleepingcomputer.com/feed/",
			"https://therecord.media/feed", "https://databreaches.net/feed/",
			"https://feeds.elpais.com/mrss-s/pages/ep/site/elpais.com/portada", "https://feeds.bbci.co.uk/mundo/rss.xml",
		},
		Every: 10 * time.Minute,
	}
}

// maxFeeds keeps the cursor, which remembers every feed's items, within what
// a commit may write.
const maxFeeds = 200

// Check names the first key with a value that cannot work.
func (c Config) Check() error {
	switch {
	case len(c.URLs) == 0:
		return errors.New("urls: at least one feed is needed")
	case len(c.URLs) > maxFeeds:
		return fmt.Errorf("urls: %d feeds are more than %d", len(c.URLs), maxFeeds)
	case c.Every < time.Minute:
		return fmt.Errorf("every: %v is shorter than 1m", c.Every)
	}
	for i, u := range c.URLs {
		at, err := url.Parse(u)
		if err != nil || at.Host == "" || at.Scheme != "http" && at.Scheme != "https" {
			return fmt.Errorf("urls: %s is not an http:// or https:// address", fetch.Redact(u))
		}
		if slices.Contains(c.URLs[:i], u) {
			return fmt.Errorf("urls: %s is listed twice", fetch.Redact(u))
		}
	}
	return nil
}

// Collector is the source.
type Collector struct {
	c     Config
	get   func(context.Context, fetch.Request) (fetch.Response, error)
	close func()
	now   func() time.Time
}

// New makes the source ready to collect through client, which keeps to one
// request at a time for each host, whichever feed or source it is for.
func New(c Config, client *fetch.Client) *Collector {
	return &Collector{c: c, get: client.Get, close: client.Close, now: time.Now}
}

// Collect polls the feeds until ctx ends or none of them can be read.
func (c *Collector) Collect(ctx context.Context, from collectors.Cursor, want collectors.Wanted, deliver collectors.Deliver) error {
	polling, cancel := context.WithCancel(ctx)
	var polls sync.WaitGroup
	defer c.close() // connections have goroutines
	defer polls.Wait()
	defer cancel()
	r := c.resume(from, want, deliver)
	for {
		for _, f := range r.due() {
			f.busy = true
			polls.Go(func() { r.polled <- c.poll(polling, f) })
		}
		if r.allFail() {
			return r.end(ctx)
		}
		next := time.NewTimer(r.next())
		select {
		case <-ctx.Done():
		case p := <-r.polled:
			if err := r.take(ctx, p); err != nil {
				return err
			}
		case <-next.C:
		}
		next.Stop()
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
}

// poll is one look at a feed.
type poll struct {
	of   *feed
	at   time.Time // when it was begun
	same bool      // nothing has changed
	doc  document
	tags fetch.Response // without body
	err  error
}

// accept prefers feeds where a server offers pages too.
const accept = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5"

func (c *Collector) poll(ctx context.Context, f *feed) poll {
	p := poll{of: f, at: c.now().UTC()}
	answer, err := c.get(ctx, fetch.Request{
		URL: f.url, ETag: f.state.ETag, Modified: f.state.Modified, Header: map[string][]string{"Accept": {accept}},
	})
	switch {
	case err != nil:
		p.err = fmt.Errorf("feeds: %w", err)
	case answer.NotModified:
		p.same = true
	default:
		if p.doc, err = decode(answer.Body, answer.Type, answer.URL); err != nil {
			p.err = collectors.Because(collectors.CauseUnreadable, fmt.Errorf("feeds: %s: %w", fetch.Redact(f.url), err))
		}
	}
	answer.Body = nil
	p.tags = answer
	return p
}
