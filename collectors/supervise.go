package collectors

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"
)

// Phase is where a supervised source stands: a closed set, since it becomes a
// metric label.
type Phase string

// The phases. Rejected is the one that needs the operator.
const (
	Starting  Phase = "starting"
	Listening Phase = "listening"
	Waiting   Phase = "waiting"
	Limited   Phase = "throttled"
	Rejected  Phase = "rejected"
	Finished  Phase = "finished"
	Stopped   Phase = "stopped"
)

// Phases lists every phase.
func Phases() []Phase {
	return []Phase{Starting, Listening, Waiting, Limited, Rejected, Finished, Stopped}
}

// Status is what is known of a supervised source.
type Status struct {
	Source   string
	Phase    Phase
	Since    time.Time // of this phase
	Cause    Cause     // why it is not heard; "" when it is
	Err      string    // the same in the error's own words
	Next     time.Time // of the next try; zero when none is planned
	Heard    time.Time // source time completed
	Attempts int       // so far
	Troubles []Trouble // parts that cannot be read while the rest goes on
}

// The waits between attempts, by class of error.
const (
	firstWait, longestWait         = time.Second, 2 * time.Minute
	firstRejection, lastRejection  = time.Minute, 30 * time.Minute
	healthyAfter                   = 10 * time.Second
	shortestThrottle, longThrottle = time.Second, 24 * time.Hour
)

// Supervisor keeps one source running: it starts it from the durable cursor,
// and again after each error, later and later while it fails. The wait starts
// over only for a source heard ten seconds or more, never on a mere connection.
type Supervisor struct {
	Source    string
	Collector Collector
	Load      func(ctx context.Context) (Cursor, error) // the durable cursor
	Deliver   Deliver
	Idle      time.Duration // without a batch for so long, an attempt is taken for dead; 0 never is
	Notify    func(Status)  // on each change; may be nil

	mu     sync.Mutex
	status Status
}

// Run runs the source until ctx ends or the source does, and returns nil. It
// returns an error only when Load or Deliver does: damage to our own store.
func (s *Supervisor) Run(ctx context.Context, want Wanted) error {
	wait := map[Phase]time.Duration{}
	for {
		a := attempt{s: s}
		err := a.run(ctx, want)
		switch {
		case a.damage != nil:
			err := fmt.Errorf("%s: %w", s.Source, a.damage)
			s.set(func(st *Status) {
				st.Phase, st.Cause, st.Err, st.Next = Stopped, ofStore(err), err.Error(), time.Time{}
			})
			return err
		case ctx.Err() != nil:
			s.set(func(st *Status) { st.Phase, st.Cause, st.Err, st.Next = Stopped, "", "", time.Time{} })
			return nil
		case err == nil:
			s.set(func(st *Status) { st.Phase, st.Cause, st.Err, st.Next = Finished, "", "", time.Time{} })
			return nil
		}
		if a.healthy() {
			clear(wait)
		}
		phase, d := s.pause(err, wait)
		s.set(func(st *Status) {
			st.Phase, st.Cause, st.Err, st.Next = phase, CauseOf(err), err.Error(), time.Now().Add(d)
		})
		select {
		case <-ctx.Done():
		case <-time.After(d):
		}
	}
}

// pause says how an error leaves the source, and for how long. Up to a fifth
// is taken off at random, so that many instances do not return together.
func (s *Supervisor) pause(err error, wait map[Phase]time.Duration) (Phase, time.Duration) {
	var limit *Throttled
	phase, first, longest := Waiting, firstWait, longestWait
	switch {
	case errors.As(err, &limit):
		// A server that says now, again and again, is asked later and later too.
		wait[Limited] = min(max(2*wait[Limited], shortestThrottle), longestWait)
		return Limited, min(max(time.Until(limit.Until), wait[Limited]), longThrottle)
	case errors.Is(err, ErrRejected):
		phase, first, longest = Rejected, firstRejection, lastRejection
	}
	wait[phase] = min(max(2*wait[phase], first), longest)
	return phase, wait[phase] - time.Duration(rand.Int64N(int64(wait[phase])/5))
}

// ofStore is the cause of an error of our own side.
func ofStore(err error) Cause {
	if c := CauseOf(err); c == CauseDisk {
		return c
	}
	return CauseStore
}

func (s *Supervisor) heard(b Batch) {
	s.set(func(st *Status) {
		st.Phase, st.Cause, st.Err, st.Next, st.Troubles = Listening, "", "", time.Time{}, b.Troubles
		if b.Until.After(st.Heard) {
			st.Heard = b.Until
		}
	})
}

func (s *Supervisor) set(change func(*Status)) {
	s.mu.Lock()
	before := s.status.Phase
	s.status.Source = s.Source
	change(&s.status)
	if s.status.Phase != before {
		s.status.Since = time.Now().UTC()
	}
	st := s.status
	s.mu.Unlock()
	if s.Notify != nil {
		s.Notify(st)
	}
}

// Status is the present state. It may be called at any time.
func (s *Supervisor) Status() Status {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.status
}
