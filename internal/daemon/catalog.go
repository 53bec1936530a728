package daemon

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"confianza/collectors"
	"confianza/collectors/bluesky"
	"confianza/collectors/feeds"
	"confianza/collectors/fetch"
	"confianza/collectors/files"
	"confianza/collectors/gdelt"
	"confianza/collectors/hackernews"
	"confianza/collectors/twitterv1"
	"confianza/internal/config"
)

// entry is one source confianza knows.
type entry struct {
	name   string
	what   string        // it collects, in a few words
	on     bool          // listened to without being configured
	live   bool          // tells at once what is said, so that bursts are bursts
	brings bool          // what others kept: that it is read proves of no minute that it was listened to
	idle   time.Duration // an attempt without a batch for so long is dead
	sample string
	build  func(*config.Section, means) (collectors.Collector, error)
	past   func(s *config.Section, m means, from, to time.Time) (collectors.Collector, error) // for backfill; nil where a source has no past to ask for
}

// means are what sources share.
type means struct {
	client *fetch.Client // one for all, so that no host is asked twice at once
	agent  string        // User-Agent for those that speak otherwise
}

// catalog lists every source, in the order people see them.
func catalog() []entry {
	return []entry{
		{
			name: bluesky.Name, what: "all public posts of Bluesky, live and from the last day", on: true, live: true, sample: bluesky.Sample,
			build: build(bluesky.Default(), func(c bluesky.Config, m means) collectors.Collector { return bluesky.New(c, m.agent) }),
		},
		{
			name: feeds.Name, what: "articles of news feeds: RSS, Atom, JSON Feed", on: true, sample: feeds.Sample,
			build: build(feeds.Default(), func(c feeds.Config, m means) collectors.Collector { return feeds.New(c, m.client) }),
		},
		{
			// Off: it finds names in bodies that nobody here can read, and a name such as Delta is in thousands that mean another.
			name: gdelt.Name, what: "news of the world of the last three months, in Spanish, Portuguese and English", sample: gdelt.Sample,
			build: build(gdelt.Default(), func(c gdelt.Config, m means) collectors.Collector { return gdelt.New(c, m.client) }),
			past:  past(gdelt.Default(), gdelt.Backfill),
		},
		{
			name: hackernews.Name, what: "stories and comments of Hacker News, for years back", on: true, sample: hackernews.Sample,
			build: build(hackernews.Default(), func(c hackernews.Config, m means) collectors.Collector { return hackernews.New(c, m.client) }),
			past:  past(hackernews.Default(), hackernews.Backfill),
		},
		{
			name: files.Name, what: "CSV, TSV and JSON Lines files that appear in a folder", brings: true, sample: files.Sample,
			build: build(files.Default(), func(c files.Config, _ means) collectors.Collector { return files.New(c) }),
		},
		{
			name: twitterv1.Name, what: "a stream in the format of Twitter's API v1.1", live: true, sample: twitterv1.Sample,
			build: build(twitterv1.Default(), func(c twitterv1.Config, _ means) collectors.Collector { return twitterv1.New(c) }),
		},
	}
}

// entryOf is a source's; the zero one where there is none of that name.
func entryOf(name string) (e entry) {
	for _, e := range catalog() {
		if e.name == name {
			return e
		}
	}
	return e
}

// build makes a source from its section.
func build[C checked](defaults C, of func(C, means) collectors.Collector) func(*config.Section, means) (collectors.Collector, error) {
	return func(s *config.Section, m means) (collectors.Collector, error) {
		c, err := decode(s, defaults)
		if err != nil {
			return nil, err
		}
		return of(c, m), nil
	}
}

// past makes a source's collector of a stretch of the past from its section.
func past[C checked](defaults C, of func(c C, client *fetch.Client, from, to time.Time) collectors.Collector,
) func(s *config.Section, m means, from, to time.Time) (collectors.Collector, error) {
	return func(s *config.Section, m means, from, to time.Time) (collectors.Collector, error) {
		c, err := decode(s, defaults)
		if err != nil {
			return nil, err
		}
		return of(c, m.client, from, to), nil
	}
}

// checked is a source's configuration.
type checked interface{ Check() error }

// decode reads a section over the defaults, and checks it unless it is off:
// what is off may be unfinished, but not misspelt.
func decode[T checked](s *config.Section, defaults T) (T, error) {
	c := defaults
	if err := s.Decode(&c); err != nil {
		return c, err
	}
	if s != nil && !s.Enabled {
		return c, nil
	}
	if err := c.Check(); err != nil {
		return c, s.At(err)
	}
	return c, nil
}

// made is a source ready to be supervised.
type made struct {
	name      string
	brings    bool
	idle      time.Duration
	collector collectors.Collector
}

// configured makes the sources that a configuration asks for: those that are
// on by default or have a section, unless it says `enabled: false`.
func configured(c *config.Config, client *fetch.Client) ([]made, error) {
	share := means{client, fetch.Agent(c.Contact)}
	known := map[string]bool{}
	var all []made
	for _, e := range catalog() {
		known[e.name] = true
		section := c.Sources[e.name]
		if section == nil && !e.on {
			continue
		}
		one, err := e.build(section, share)
		if err != nil {
			return nil, err
		}
		if section == nil || section.Enabled {
			all = append(all, made{e.name, e.brings, e.idle, one})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(c.Sources)) {
		if !known[name] {
			return nil, c.Sources[name].Unknown(sourceNames())
		}
	}
	for _, name := range slices.Sorted(maps.Keys(c.Retention)) {
		if !known[name] && name != "default" {
			return nil, c.At(fmt.Errorf("there is no source %q; there are default, %s", name, sourceNames()), "retention")
		}
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("config: sources: every source is off")
	}
	return all, nil
}

func sourceNames() string {
	var names []string
	for _, e := range catalog() {
		names = append(names, e.name)
	}
	return strings.Join(names, ", ")
}

// Example is confianza.example.yml.
func Example() []byte {
	var samples []config.Sample
	for _, e := range catalog() {
		samples = append(samples, config.Sample{Source: e.name, Text: e.sample, On: e.on})
	}
	return config.Example(samples)
}
