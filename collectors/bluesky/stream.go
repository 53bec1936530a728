package bluesky

import (
	"context"
	"errors"
	"fmt"
	"time"

	"confianza/collectors"
)

const (
	maxPosts   = 500     // in a batch
	queue      = 1024    // messages read but not yet decoded
	maxMessage = 1 << 20 // bytes; Jetstream is told, so that it leaves larger ones out
	kept       = 24 * time.Hour
)

// How far before the last event to start. Events come slightly out of order,
// each instance stamps them by its own clock, and what a second look would
// have found must come again after a crash before it.
const rewindHere, rewindElsewhere = 30 * time.Second, 40 * time.Second

// stream is one connection to one instance.
type stream struct {
	c        *Collector
	address  string
	at       place
	want     collectors.Wanted
	deliver  collectors.Deliver
	troubles []collectors.Trouble // of the instances that failed before this one

	host   string
	since  time.Time // where the stretch that the next batch completes begins; zero before the first event
	pacing *time.Ticker
	idle   *time.Timer
	second second
	batch  collectors.Batch
	back   map[string]bool // authors in batch.Back
}

func (s *stream) run(ctx context.Context) error {
	s.host = hostOf(s.address)
	first, err := s.c.connect(ctx, s.address, s.from())
	if err != nil {
		return err
	}
	defer first.close()
	defer s.second.end()
	return s.listen(ctx, first)
}

// from is the cursor to ask for, in microseconds. It is never below 1: what an
// instance makes of less is nowhere said.
func (s *stream) from() int64 {
	switch {
	case s.at.fresh:
		return s.at.micros
	case s.at.host != s.host:
		return max(1, s.at.micros-rewindElsewhere.Microseconds())
	}
	return max(1, s.at.micros-rewindHere.Microseconds())
}

// listen decodes and delivers until the connection ends, is silent for too
// long, or delivery fails. What was read before the end is delivered first, so
// that a server that never lasts a second still gets us further.
func (s *stream) listen(ctx context.Context, first *connection) error {
	s.pacing, s.idle = time.NewTicker(s.c.flush), time.NewTimer(s.c.c.Idle)
	defer s.pacing.Stop()
	defer s.idle.Stop()
	s.second.settled = time.NewTimer(0)
	s.second.settled.Stop()
	s.reset()
	var d decoder
	for {
		var err error
		select {
		case <-ctx.Done():
			return ctx.Err()
		case message, ok := <-first.out:
			if !ok {
				return errors.Join(s.flush(ctx), first.err)
			}
			s.idle.Reset(s.c.c.Idle)
			e := d.decode(message.Bytes(), s.want.Names)
			first.done(message)
			if e.micros > 0 {
				s.pass(e.micros)
				s.second.plan(s.c, e.micros)
			}
			err = s.take(ctx, e)
		case <-s.second.settled.C:
			s.look(ctx)
		case message, ok := <-s.second.out():
			err = s.seen(ctx, &d, message, ok)
		case <-s.pacing.C:
			err = s.flush(ctx)
		case <-s.idle.C:
			return collectors.Because(collectors.CauseSilent, fmt.Errorf("silent for %v", s.c.c.Idle))
		}
		if err != nil {
			return err
		}
	}
}

// take adds one event to the batch.
func (s *stream) take(ctx context.Context, e event) error {
	if e.read {
		s.batch.Read++
	}
	switch b := &s.batch; {
	case e.post != nil:
		b.Posts = append(b.Posts, *e.post)
	case e.gone != nil:
		if s.back[e.gone.Author] { // a batch is applied removals first
			if err := s.flush(ctx); err != nil {
				return err
			}
		}
		b.Gone = append(b.Gone, *e.gone)
	case e.back != "":
		b.Back, s.back[e.back] = append(b.Back, e.back), true
	case e.dropped != "":
		b.Dropped[e.dropped]++
	}
	if len(s.batch.Posts) >= maxPosts {
		return s.flush(ctx)
	}
	return nil
}

// pass notes that the stream has come to a time of its server's clock.
//
// Everything since the cursor is complete, unless it is older than what an
// instance is sure to keep: then listening begins with what still came.
func (s *stream) pass(micros int64) {
	if s.since.IsZero() {
		s.since = time.UnixMicro(min(micros, s.at.micros)).UTC()
		if s.at.fresh || s.c.now().Sub(s.since) > kept {
			s.since = time.UnixMicro(micros).UTC()
		}
	}
	if micros > s.at.micros || s.at.fresh {
		s.at = place{micros: micros, host: s.host}
	}
}

func (s *stream) flush(ctx context.Context) error {
	b := s.batch
	if s.since.IsZero() && len(b.Dropped) == 0 {
		return nil // nothing came yet
	}
	if b.Troubles = s.troubles; !s.since.IsZero() {
		b.Next, b.Since, b.Until = s.at.cursor(), s.since, time.UnixMicro(s.at.micros).UTC()
		if b.Until.Before(b.Since) {
			b.Until = b.Since
		}
	}
	if b.Until.Equal(b.Since) && b.Read == 0 && len(b.Posts)+len(b.Gone)+len(b.Back)+len(b.Dropped) == 0 {
		return nil // nothing since the last one
	}
	if err := s.deliver(ctx, b); err != nil {
		return err
	}
	s.since = b.Until
	s.reset()
	return nil
}

func (s *stream) reset() {
	s.batch = collectors.Batch{Dropped: map[collectors.Reason]int{}}
	s.back = map[string]bool{}
}
