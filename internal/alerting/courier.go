package alerting

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/rules"

	"confianza/internal/config"
)

// Delivery is how telling one Alertmanager goes.
type Delivery struct {
	Name    string    // its host and port
	Waiting int       // alerts it has not taken yet
	Err     error     // why not; nil when the last delivery arrived
	Last    time.Time // when it last took some
	Next    time.Time // of the next try while Err says why
}

// courier brings alerts to one Alertmanager. It keeps the latest state of each
// until that has arrived: what fired and ended while nobody answered arrives as
// what it is, once.
type courier struct {
	to     config.Endpoint
	client *http.Client
	log    *slog.Logger
	tell   func()
	count  func(name string, alerts int)
	first  time.Duration // wait after a failure
	wake   chan struct{}

	mu      sync.Mutex
	waiting map[uint64]alert // by hash of labels
	state   Delivery
}

// alert is what Alertmanager's API takes
// (https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml).
type alert struct {
	Labels       labels.Labels `json:"labels"`
	Annotations  labels.Labels `json:"annotations"`
	StartsAt     time.Time     `json:"startsAt"`
	EndsAt       time.Time     `json:"endsAt"`
	GeneratorURL string        `json:"generatorURL,omitempty"`
}

// The waits between tries, and how many alerts may wait and go in one request.
const (
	firstWait, longestWait  = time.Second, time.Minute
	mostWaiting, mostAtOnce = 10_000, 256
)

func newCourier(to config.Endpoint, e *Evaluator) *courier {
	count := e.o.Counted
	if count == nil {
		count = func(string, int) {}
	}
	return &courier{to: to, log: e.o.Log, tell: e.tell, count: count, first: firstWait, wake: make(chan struct{}, 1), waiting: map[uint64]alert{}, state: Delivery{Name: Name(to)},
		client: &http.Client{Timeout: 10 * time.Second, CheckRedirect: stay}}
}

// stay follows no redirect: it would carry alerts and credentials elsewhere.
func stay(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// Name is what an Alertmanager is called in metrics and messages: its host and
// port.
func Name(a config.Endpoint) string {
	u, err := url.Parse(a.URL)
	if err != nil {
		return a.URL
	}
	return u.Host
}

// take puts the present state of alerts in the place of what waits.
func (c *courier) take(page string, alerts []*rules.Alert) {
	c.mu.Lock()
	for _, a := range alerts {
		ends := a.ResolvedAt
		if ends.IsZero() {
			ends = a.ValidUntil
		}
		key := a.Labels.Hash()
		if _, known := c.waiting[key]; known || len(c.waiting) < mostWaiting {
			c.waiting[key] = alert{a.Labels, a.Annotations, a.FiredAt, ends, page}
		}
	}
	c.mu.Unlock()
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

// run delivers until ctx ends, later and later while nobody answers.
func (c *courier) run(ctx context.Context) {
	defer c.client.CloseIdleConnections()
	var wait time.Duration
	for {
		err := c.deliver(ctx)
		if ctx.Err() != nil {
			return
		}
		var again <-chan time.Time
		if wait = min(max(2*wait, c.first), longestWait); err == nil {
			wait = 0
		} else {
			again = time.After(wait)
		}
		c.note(err, wait)
		select {
		case <-ctx.Done():
			return
		case <-again:
		case <-awake(c.wake, err == nil):
		}
	}
}

// awake is wake, unless it is not to wake anybody: who waits after a failure
// waits for the time alone.
func awake(wake chan struct{}, listen bool) <-chan struct{} {
	if listen {
		return wake
	}
	return nil
}

// note says once that an Alertmanager is lost, and once that it is back.
func (c *courier) note(err error, wait time.Duration) {
	c.mu.Lock()
	had := c.state.Err
	if c.state.Err, c.state.Next = err, (time.Time{}); err != nil {
		c.state.Next = time.Now().Add(wait)
	}
	c.mu.Unlock()
	switch {
	case err != nil && had == nil:
		c.log.Warn("alerts do not reach Alertmanager; they wait", "alertmanager", c.state.Name, "why", err)
	case err == nil && had != nil:
		c.log.Info("alerts reach Alertmanager again", "alertmanager", c.state.Name)
	}
	if fmt.Sprint(err) != fmt.Sprint(had) {
		c.tell()
	}
}

// deliver sends all that waits.
func (c *courier) deliver(ctx context.Context) error {
	for {
		c.mu.Lock()
		batch := map[uint64]alert{}
		for _, key := range slices.Sorted(maps.Keys(c.waiting)) {
			if len(batch) < mostAtOnce {
				batch[key] = c.waiting[key]
			}
		}
		c.mu.Unlock()
		if len(batch) == 0 {
			return nil
		}
		err := c.post(ctx, slices.Collect(maps.Values(batch)))
		if refused, ok := errors.AsType[*refusal](err); ok {
			// It takes what it can of a batch, and never the rest.
			c.log.Warn("Alertmanager refuses some alerts", "alertmanager", c.state.Name, "why", refused)
		} else if err != nil {
			return err
		}
		c.arrived(batch)
	}
}

// refusal is what Alertmanager says of alerts that are wrong in themselves.
type refusal struct{ what string }

func (r *refusal) Error() string { return r.what }

// arrived forgets what was taken, but for what has changed meanwhile.
func (c *courier) arrived(batch map[uint64]alert) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for key, sent := range batch {
		if now := c.waiting[key]; now.EndsAt.Equal(sent.EndsAt) && now.StartsAt.Equal(sent.StartsAt) {
			delete(c.waiting, key)
		}
	}
	c.count(c.state.Name, len(batch))
	c.state.Last = time.Now().UTC()
}

func (c *courier) post(ctx context.Context, batch []alert) error {
	b, err := json.Marshal(batch)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, strings.TrimSuffix(c.to.URL, "/")+"/api/v2/alerts", bytes.NewReader(b))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	if err := c.to.Authorize(req); err != nil {
		return err
	}
	answer, err := c.client.Do(req)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	said, _ := io.ReadAll(io.LimitReader(answer.Body, 512)) // only for the message
	if answer.StatusCode == http.StatusBadRequest {
		return &refusal{strings.TrimSpace(string(said))}
	}
	if answer.StatusCode/100 != 2 {
		return &answered{answer.StatusCode, strings.TrimSpace(string(said))}
	}
	return nil
}

// answered is a status other than success, with what Alertmanager says of it.
type answered struct {
	code int
	said string
}

func (e *answered) Error() string {
	return fmt.Sprintf("%d %s: %s", e.code, http.StatusText(e.code), e.said)
}

// StatusCode is the code of the answer.
func (e *answered) StatusCode() int { return e.code }

func (c *courier) status() Delivery {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := c.state
	s.Waiting = len(c.waiting)
	return s
}
