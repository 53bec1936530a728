// Package bluesky collects posts from Bluesky's Jetstream, live and from its
// replay window, with their deletions and the comings and goings of accounts.
//
// It speaks the v1 dialect, which needs no credentials. A connection that ends
// is resumed from the durable cursor, at another instance when there is one;
// what comes twice is the same post with the same revision.
package bluesky

import (
	"context"
	_ "embed" // for the sample
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"confianza/collectors"
	"confianza/collectors/fetch"
)

// Name is the source's label.
const Name = "bluesky"

// Sample documents the configuration with its defaults.
//
//go:embed sample.yml
var Sample string

// Config is the source's section of the configuration.
type Config struct {
	URLs     []string      `yaml:"urls"`     // Jetstream instances, tried in this order
	Compress bool          `yaml:"compress"` // ask for zstd
	Replay   time.Duration `yaml:"replay"`   // how far back a first start goes
	Idle     time.Duration `yaml:"idle"`     // silence after which a connection is taken for dead
}

// Default is what [Sample] says.
func Default() Config {
	return Config{
		URLs: []string{
			"wss://jetstream1.us-east.bsky.network/subscribe", "wss://jetstream2.us-east.bsky.network/subscribe",
			"wss://jetstream1.us-west.bsky.network/subscribe", "wss://jetstream2.us-west.bsky.network/subscribe",
		},
		Replay: 24 * time.Hour,
		Idle:   time.Minute,
	}
}

// Check names the first key with a value that cannot work.
func (c Config) Check() error {
	if len(c.URLs) == 0 {
		return errors.New("urls: at least one Jetstream instance is needed")
	}
	for _, u := range c.URLs {
		at, err := url.Parse(u)
		if err != nil || at.Host == "" || at.Scheme != "ws" && at.Scheme != "wss" {
			return fmt.Errorf("urls: %s is not a ws:// or wss:// address", fetch.Redact(u))
		}
	}
	switch {
	case c.Replay < 0:
		return fmt.Errorf("replay: %v is negative", c.Replay)
	case c.Idle < time.Second:
		return fmt.Errorf("idle: %v is shorter than 1s", c.Idle)
	}
	return nil
}

// Collector is the source.
type Collector struct {
	c      Config
	now    func() time.Time
	agent  string        // User-Agent
	flush  time.Duration // the cursor moves at most so often when nothing matches
	settle time.Duration // after which a replay that caught up surely is live

	dialling time.Duration // what a connection may take to open
}

// New makes the source ready to collect. agent is its User-Agent.
func New(c Config, agent string) *Collector {
	return &Collector{c: c, now: time.Now, agent: agent, flush: time.Second, settle: 15 * time.Second, dialling: 15 * time.Second}
}

// Collect listens until ctx ends or every instance has failed once.
func (c *Collector) Collect(ctx context.Context, from collectors.Cursor, want collectors.Wanted, deliver collectors.Deliver) error {
	at := c.place(from)
	var troubles []collectors.Trouble
	var errs []error
	for _, address := range c.order(at.host) {
		s := stream{c: c, address: address, at: at, want: want, troubles: troubles, deliver: func(ctx context.Context, b collectors.Batch) error {
			if err := deliver(ctx, b); err != nil {
				return refused{err}
			}
			if b.Next != "" {
				at = c.place(b.Next)
			}
			return nil
		}}
		err := s.run(ctx)
		switch refusal, ok := errors.AsType[refused](err); {
		case ctx.Err() != nil:
			return ctx.Err()
		case ok:
			return refusal.error
		}
		err = fmt.Errorf("bluesky: %s: %w", fetch.Redact(address), err)
		troubles = append(troubles, collectors.TroubleOf(err))
		errs = append(errs, err)
	}
	return worst(errs)
}

// refused is an error of our own side, which no other instance heals.
type refused struct{ error }

// worst is the error to end with: one that is simply retried when there is
// one, since an instance that can be tried again is not the operator's
// business. Only the last has its words said; the others were troubles.
func worst(errs []error) error {
	for _, err := range slices.Backward(errs) {
		_, waits := errors.AsType[*collectors.Throttled](err)
		if !waits && !errors.Is(err, collectors.ErrRejected) {
			return err
		}
	}
	return errs[len(errs)-1]
}

// order is the instances with the one at host, if any, first: only there does
// a cursor mean the very same events.
func (c *Collector) order(host string) []string {
	urls := slices.Clone(c.c.URLs)
	for i, u := range urls {
		if hostOf(u) == host {
			return append([]string{u}, slices.Delete(urls, i, i+1)...)
		}
	}
	return urls
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Host
}

// place is where to go on: the time of the last event, at which instance.
type place struct {
	micros int64
	host   string
	fresh  bool // nothing was ever read: it is only where the replay begins
}

// place reads a cursor as [place.cursor] writes it. One that cannot be read,
// or that lies in the future, which Jetstream takes for "live", starts over.
func (c *Collector) place(from collectors.Cursor) place {
	number, host, _ := strings.Cut(string(from), "@")
	micros, err := strconv.ParseInt(number, 10, 64)
	if now := c.now(); err != nil || micros <= 0 || micros > now.Add(time.Hour).UnixMicro() {
		return place{micros: now.Add(-c.c.Replay).UnixMicro(), fresh: true}
	}
	return place{micros: micros, host: host}
}

func (p place) cursor() collectors.Cursor {
	return collectors.Cursor(strconv.FormatInt(p.micros, 10) + "@" + p.host)
}
