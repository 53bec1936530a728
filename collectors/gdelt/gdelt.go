// Package gdelt collects news articles of the last three months, in 65
// languages, through the search of the GDELT Project (DOC 2.0).
//
// GDELT searches whole articles and gives their titles. An article therefore
// belongs to the brand it was searched for, whatever its title says: the door
// is not asked.
package gdelt

import (
	"context"
	_ "embed" // for the sample
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"time"

	"confianza/collectors"
	"confianza/collectors/fetch"
	"confianza/collectors/search"
)

// Name is the source's label.
const Name = "gdelt"

// Sample documents the configuration with its defaults.
//
//go:embed sample.yml
var Sample string

// Config is the source's section of the configuration.
type Config struct {
	URL       string        `yaml:"url"`       // of the DOC 2.0 API
	Languages []string      `yaml:"languages"` // BCP 47, of the articles; none means all
	Every     time.Duration `yaml:"every"`     // between two rounds of all queries
	Past      time.Duration `yaml:"past"`      // how far back a brand's first round goes
}

// Default is what [Sample] says.
func Default() Config {
	return Config{
		URL: "https://api.gdeltproject.org/api/v2/doc/doc", Languages: []string{"es", "pt", "en"},
		Every: 15 * time.Minute, Past: reach,
	}
}

// reach is the "rolling window of the last 3 months" the search has.
const reach = 2160 * time.Hour

// maxLanguages keeps room for names in a query.
const maxLanguages = 5

// Check names the first key with a value that cannot work.
func (c Config) Check() error {
	at, err := url.Parse(c.URL)
	switch {
	case err != nil || at.Host == "" || at.Scheme != "http" && at.Scheme != "https":
		return fmt.Errorf("url: %s is not an http:// or https:// address", fetch.Redact(c.URL))
	case len(c.Languages) > maxLanguages:
		return fmt.Errorf("languages: %d are more than %d; none means all", len(c.Languages), maxLanguages)
	case c.Every < 15*time.Minute:
		return fmt.Errorf("every: %v is shorter than 15m, in which GDELT has news", c.Every)
	case c.Past < 0 || c.Past > reach:
		return fmt.Errorf("past: %v is not between 0s and %v", c.Past, reach)
	}
	for _, l := range c.Languages {
		if _, ok := languageName(l); !ok {
			return fmt.Errorf("languages: %q is none that GDELT knows, such as es, pt, en", l)
		}
	}
	return nil
}

// Collector is the source.
type Collector struct {
	s search.Search
	a *asker
}

// New makes the source ready to collect through client.
func New(c Config, client *fetch.Client) *Collector {
	a := &asker{c: c, client: client, wait: search.Wait, now: time.Now, pace: pace}
	return &Collector{search.Search{
		Site: a.site(), Every: c.Every, Past: c.Past, Now: time.Now, Wait: search.Wait,
	}, a}
}

// Backfill makes a collector that ends once everything from from to just
// before to is delivered, as far as GDELT goes back. Its cursor is not that of
// [New]'s; killed, it goes on from it, also with a later to.
func Backfill(c Config, client *fetch.Client, from, to time.Time) collectors.Collector {
	b := New(c, client)
	b.s.Span = &search.Stretch{From: from, To: to}
	return b
}

// Collect searches until ctx or the span ends.
func (c *Collector) Collect(ctx context.Context, from collectors.Cursor, want collectors.Wanted, deliver collectors.Deliver) error {
	return c.s.Collect(ctx, from, want, deliver)
}

// What the search allows: 250 articles an answer, one request in 5 s for each
// IP address, of which we keep a little clear, and stretches of an hour: it
// has refused shorter ones ("Timespan is too short").
const (
	maxArticles = 250
	pace        = 5500 * time.Millisecond
	narrowest   = time.Hour
)

// asker asks for one stretch.
type asker struct {
	c      Config
	client *fetch.Client
	wait   func(context.Context, time.Duration) error
	now    func() time.Time
	pace   time.Duration
}

func (a *asker) site() search.Site {
	return search.Site{
		Name: Name, Unit: narrowest, Widest: 7 * 24 * time.Hour, Settle: 2 * time.Hour, Reach: reach, Cap: maxArticles, Pace: a.pace,
		Questions: func(q []collectors.Query) []search.Question { return questions(q, a.c.Languages) },
		Ask:       a.ask, Close: a.client.Close,
	}
}

// ask asks for a stretch from its beginning and, where it is too full and
// cannot be narrower, from its end too.
func (a *asker) ask(ctx context.Context, q search.Question, in search.Stretch, _ func([]byte) bool) (search.Answer, error) {
	early, err := a.get(ctx, q, in, "dateasc")
	if err != nil || !early.More || in.To.Sub(in.From) > narrowest {
		return early, err
	}
	if err := a.wait(ctx, a.pace); err != nil {
		return search.Answer{}, err
	}
	late, err := a.get(ctx, q, in, "datedesc")
	if err != nil {
		return search.Answer{}, err
	}
	return join(early, late), nil
}

func (a *asker) get(ctx context.Context, q search.Question, in search.Stretch, order string) (search.Answer, error) {
	answer, err := a.client.Get(ctx, fetch.Request{URL: address(a.c.URL, q.Text, in, order)})
	if err != nil {
		return search.Answer{}, err
	}
	found, err := decode(answer.Body, q.Brand)
	if _, refused := errors.AsType[*search.Refused](err); err != nil && !refused {
		err = fmt.Errorf("%s: %w", fetch.Redact(a.c.URL), err)
	}
	if errors.Is(err, errTooOften) {
		return search.Answer{}, &collectors.Throttled{Until: a.now().Add(time.Minute), Cause: err}
	}
	return found, err
}

// join is what two answers hold together. The first has all before its latest
// time, the second all after its earliest; of one and the same quarter of an
// hour neither need have all. Answers that are the same may have been sorted
// by nothing.
func join(early, late search.Answer) search.Answer {
	both := search.Answer{Found: early.Found, Posts: early.Posts, Dropped: early.Dropped, More: late.More}
	known := map[string]bool{}
	var last, first time.Time
	for _, p := range early.Posts {
		known[p.Native] = true
		if p.Created.After(last) {
			last = p.Created
		}
	}
	added := 0
	for _, p := range late.Posts {
		if first.IsZero() || p.Created.Before(first) {
			first = p.Created
		}
		if !known[p.Native] {
			added++
			both.Posts = append(both.Posts, p)
		}
	}
	both.Found += added
	if added > 0 && first.Before(last) {
		both.More = false
	}
	return both
}

// stamp is how GDELT writes a time in a request.
const stamp = "20060102150405"

// address is one request, as
// https://blog.gdeltproject.org/gdelt-doc-2-0-api-debuts/ says.
func address(at, text string, in search.Stretch, order string) string {
	u, err := url.Parse(at)
	if err != nil {
		return at // fetch says what is wrong with it
	}
	v := u.Query()
	v.Set("query", text)
	v.Set("mode", "artlist")
	v.Set("format", "json")
	v.Set("sort", order)
	v.Set("maxrecords", strconv.Itoa(maxArticles))
	v.Set("startdatetime", in.From.UTC().Format(stamp))
	v.Set("enddatetime", in.To.UTC().Format(stamp))
	u.RawQuery = v.Encode()
	return u.String()
}
