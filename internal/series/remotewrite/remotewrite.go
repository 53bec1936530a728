// Package remotewrite sends mentions per minute, and the gauges beside them, on
// to a Prometheus, Mimir or VictoriaMetrics.
//
// A [Sender] promises that within the receiver's window nothing is lost and
// nothing counts twice, over failures, retries and restarts of either side:
// what it owes is the store's to know ([store.Store.Ship]), and a shipment goes
// out again as it was until it has arrived. Samples are deltas by event time,
// for sum_over_time; they come out of order when mentions come late, so the
// receiver must allow that for as long as the window. What is older is counted
// as skipped; it can be brought by `confianza export openmetrics`.
package remotewrite

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"time"

	"confianza/internal/mention"
	"confianza/internal/store"
)

// Shipper is what a Sender needs of the store.
type Shipper interface {
	Ship(ctx context.Context, receiver string, within mention.Span, limit int) (store.Shipment, error)
	Arrived(ctx context.Context, receiver string) error
}

// Receiver is where samples go.
type Receiver struct {
	Name   string
	URL    string
	Window time.Duration     // how far back the receiver takes samples
	Labels map[string]string // added to every series
	// Authorize puts credentials on a request, read anew each time; nil for none.
	Authorize func(*http.Request) error
}

// Status is how sending goes.
type Status struct {
	Receiver string
	Sent     int   // samples that arrived, since the last status
	Skipped  int64 // mentions that changed minutes from before the window, since the last status
	Refused  int   // samples the receiver will never take, since the last status
	Err      error // why nothing arrives now; nil when all is well
	Next     time.Time
}

// Sender sends to one receiver.
type Sender struct {
	Receiver Receiver
	Store    Shipper
	Gauges   Gauges // what is sent beside mentions; nil is nothing
	Notes    Notes  // needed with Gauges
	Client   *http.Client
	Notify   func(Status)
	Now      func() time.Time                           // nil means the clock
	Wait     func(context.Context, time.Duration) error // nil means to wait
	Agent    string                                     // User-Agent

	refusing time.Time // since when every sample is refused; zero while some are taken
	untaken  error     // why the last gauges were refused; nil when they were taken
}

const (
	// every is how often a sender looks for something new.
	every = 5 * time.Second
	// settled is how long after its end a minute is first sent, so that most go as
	// one sample.
	settled = 20 * time.Second
	// early keeps samples from passing the edge of the receiver's window on their
	// way.
	early = 10 * time.Minute
	// batch is about how many samples go in one request.
	batch = 2000

	firstWait, longestWait = time.Second, 5 * time.Minute

	// patience is for how long a receiver may refuse everything before what it
	// refuses is given up: it may be configured wrongly, or be the wrong one.
	patience = time.Hour
)

// Run sends until ctx ends, and returns ctx's error or one of our own store.
func (s *Sender) Run(ctx context.Context) error {
	var failed int
	for {
		more, err := s.step(ctx)
		if err == nil && !more {
			more, err = s.gauges(ctx)
		}
		wait := every
		e, unreachable := errors.AsType[*unreached](err)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case unreachable:
			failed++
			wait = e.wait(failed)
			s.Notify(Status{Receiver: s.Receiver.Name, Err: e, Next: s.now().Add(wait)})
		case err != nil:
			return err
		default:
			failed = 0
			if more {
				continue
			}
		}
		if err := s.wait(ctx, wait); err != nil {
			return err
		}
	}
}

// step sends one shipment. more says that another waits already.
func (s *Sender) step(ctx context.Context) (more bool, err error) {
	now := s.now()
	sh, err := s.Store.Ship(ctx, s.Receiver.Name, mention.Span{From: now.Add(early - s.Receiver.Window), To: now.Add(-settled)}, batch)
	if err != nil {
		return false, err
	}
	if sh.Skipped > 0 { // told once, so before anything can fail
		s.Notify(Status{Receiver: s.Receiver.Name, Skipped: sh.Skipped, Err: s.untaken})
	}
	if len(sh.Deltas) == 0 {
		s.Notify(Status{Receiver: s.Receiver.Name, Err: s.untaken}) // owing nothing mends nothing
		return sh.More, nil
	}
	refused, why, err := s.send(ctx, sh.Deltas)
	if err != nil {
		return false, err
	}
	if err := s.Store.Arrived(ctx, s.Receiver.Name); err != nil {
		return false, err
	}
	if why == nil {
		why = s.untaken
	}
	s.Notify(Status{Receiver: s.Receiver.Name, Sent: len(sh.Deltas) - refused, Refused: refused, Err: why})
	return sh.More, nil
}

// send delivers a shipment. A receiver that will never take one sample may
// refuse all of a request, so those to blame are looked for; they are given up,
// and counted with the reason of the last. One that takes nothing at all is
// rather configured wrongly: then everything waits.
func (s *Sender) send(ctx context.Context, ds []store.Delta) (refused int, why, err error) {
	err = s.post(ctx, ds)
	no, refusing := errors.AsType[*refusal](err)
	if err == nil {
		s.refusing = time.Time{}
	}
	if !refusing {
		return 0, nil, err
	}
	if s.refusing.IsZero() {
		s.refusing = s.now()
	}
	err = s.post(ctx, ds[len(ds)-1:]) // the newest is the likeliest to be taken
	_, again := errors.AsType[*refusal](err)
	switch {
	case again && s.now().Sub(s.refusing) < patience:
		return 0, nil, &unreached{place: s.place(), cause: no}
	case !again && (err != nil || len(ds) == 1):
		return 0, nil, err
	}
	refused, why, err = s.halve(ctx, ds, no)
	if err == nil && refused < len(ds) {
		s.refusing = time.Time{}
	}
	return refused, why, err
}

// halve sends the halves of what was refused as a whole.
func (s *Sender) halve(ctx context.Context, ds []store.Delta, no *refusal) (refused int, why, err error) {
	if len(ds) == 1 {
		return 1, no, nil
	}
	for _, half := range [][]store.Delta{ds[:len(ds)/2], ds[len(ds)/2:]} {
		n, because := 0, error(nil)
		err := s.post(ctx, half)
		if no, again := errors.AsType[*refusal](err); again {
			n, because, err = s.halve(ctx, half, no)
		}
		if err != nil {
			return 0, nil, err
		}
		if refused += n; because != nil {
			why = because
		}
	}
	return refused, why, nil
}

func (s *Sender) post(ctx context.Context, ds []store.Delta) error {
	body, err := encode(ds, s.Receiver.Labels)
	if err != nil {
		return fmt.Errorf("remote write to %s: %w", s.Receiver.Name, err)
	}
	return s.request(ctx, body)
}

// request sends a body that is ready.
func (s *Sender) request(ctx context.Context, body []byte) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.Receiver.URL, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("remote write to %s: %w", s.Receiver.Name, err)
	}
	req.Header.Set("Content-Type", "application/x-protobuf")
	req.Header.Set("Content-Encoding", "snappy")
	req.Header.Set("X-Prometheus-Remote-Write-Version", "0.1.0")
	req.Header.Set("User-Agent", s.Agent)
	if s.Receiver.Authorize != nil {
		if err := s.Receiver.Authorize(req); err != nil {
			return &unreached{place: s.place(), cause: err}
		}
	}
	answer, err := s.Client.Do(req)
	if err != nil {
		return &unreached{place: s.place(), cause: plain(err)}
	}
	return s.judge(answer)
}

func (s *Sender) now() time.Time {
	if s.Now != nil {
		return s.Now()
	}
	return time.Now()
}

func (s *Sender) wait(ctx context.Context, d time.Duration) error {
	if s.Wait != nil {
		return s.Wait(ctx, d)
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// jitter spreads waits, so that senders of one receiver do not come together.
func jitter(d time.Duration) time.Duration {
	return d*3/4 + rand.N(d/2)
}
