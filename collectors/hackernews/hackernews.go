// Package hackernews collects stories and comments from Hacker News through
// its search by Algolia, which holds every one since 2006.
//
// Each name of a brand is searched for, from a past on into the present. The
// search finds more than was meant; the door decides.
package hackernews

import (
	"context"
	_ "embed" // for the sample
	"fmt"
	"net/url"
	"strconv"
	"time"

	"confianza/collectors"
	"confianza/collectors/fetch"
	"confianza/collectors/search"
)

// Name is the source's label.
const Name = "hackernews"

// Sample documents the configuration with its defaults.
//
//go:embed sample.yml
var Sample string

// Config is the source's section of the configuration.
type Config struct {
	URL   string        `yaml:"url"`   // of search_by_date
	Every time.Duration `yaml:"every"` // between two rounds of all queries
	Past  time.Duration `yaml:"past"`  // how far back a brand's first round goes
}

// Default is what [Sample] says.
func Default() Config {
	return Config{URL: "https://hn.algolia.com/api/v1/search_by_date", Every: 5 * time.Minute, Past: 8760 * time.Hour}
}

// longest is about the age of Hacker News.
const longest = 20 * 8760 * time.Hour

// Check names the first key with a value that cannot work.
func (c Config) Check() error {
	at, err := url.Parse(c.URL)
	switch {
	case err != nil || at.Host == "" || at.Scheme != "http" && at.Scheme != "https":
		return fmt.Errorf("url: %s is not an http:// or https:// address", fetch.Redact(c.URL))
	case c.Every < time.Minute:
		return fmt.Errorf("every: %v is shorter than 1m", c.Every)
	case c.Past < 0 || c.Past > longest:
		return fmt.Errorf("past: %v is not between 0s and %v", c.Past, longest)
	}
	return nil
}

// Collector is the source.
type Collector struct{ s search.Search }

// New makes the source ready to collect through client.
func New(c Config, client *fetch.Client) *Collector {
	return &Collector{search.Search{
		Site: site(c, client), Every: c.Every, Past: c.Past, Now: time.Now, Wait: search.Wait,
	}}
}

// Backfill makes a collector that ends once everything from from to just
// before to is delivered. Its cursor is not that of [New]'s; killed, it goes
// on from it, also with a later to.
func Backfill(c Config, client *fetch.Client, from, to time.Time) collectors.Collector {
	b := New(c, client)
	b.s.Span = &search.Stretch{From: from, To: to}
	return b
}

// Collect searches until ctx or the span ends.
func (c *Collector) Collect(ctx context.Context, from collectors.Cursor, want collectors.Wanted, deliver collectors.Deliver) error {
	return c.s.Collect(ctx, from, want, deliver)
}

// What the search allows: 1,000 hits an answer, and 10,000 requests an hour
// for each IP address, of which we take a third at most.
const (
	maxHits = 1000
	pace    = time.Second
)

func site(c Config, client *fetch.Client) search.Site {
	return search.Site{
		Name: Name, Unit: time.Second, Widest: 90 * 24 * time.Hour, Settle: 15 * time.Minute, Cap: maxHits, Pace: pace,
		Questions: questions, Close: client.Close,
		Ask: func(ctx context.Context, q search.Question, in search.Stretch, names func([]byte) bool) (search.Answer, error) {
			answer, err := client.Get(ctx, fetch.Request{URL: address(c.URL, q.Text, in)})
			if err != nil {
				return search.Answer{}, err
			}
			found, err := decode(answer.Body, names)
			if err != nil {
				return search.Answer{}, collectors.Because(collectors.CauseUnreadable, fmt.Errorf("%s: %w", fetch.Redact(c.URL), err))
			}
			return found, nil
		},
	}
}

// address is one request, as https://hn.algolia.com/api says. Highlights would
// repeat every text.
func address(at, text string, in search.Stretch) string {
	u, err := url.Parse(at)
	if err != nil {
		return at // fetch says what is wrong with it
	}
	v := u.Query()
	v.Set("query", text)
	v.Set("advancedSyntax", "true")
	v.Set("typoTolerance", "false")
	v.Set("tags", "(story,comment)")
	v.Set("numericFilters", fmt.Sprintf("created_at_i>=%d,created_at_i<%d", in.From.Unix(), in.To.Unix()))
	v.Set("hitsPerPage", strconv.Itoa(maxHits))
	v.Set("attributesToHighlight", "none")
	u.RawQuery = v.Encode()
	return u.String()
}
