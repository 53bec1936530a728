package twitterv1

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"confianza/collectors"
	"confianza/collectors/archive"
)

const (
	maxPosts   = 500  // in a batch
	maxRecords = 5000 // looked at for one
)

// Codes of a disconnect that no retry heals: the token was revoked, or an
// admin logged out.
const tokenRevoked, adminLogout = 6, 7

// stream is one connection.
type stream struct {
	c       *Collector
	d       decoder
	deliver collectors.Deliver

	ahead   time.Duration // of the server's clock before ours
	heard   time.Time     // when the last byte came, by the server's clock
	done    time.Time     // what is delivered so far is complete up to here
	batch   collectors.Batch
	seen    int // messages in batch
	warning string
	idle    *time.Timer // ends the connection
}

func (s *stream) run(ctx context.Context) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	silent := collectors.Because(collectors.CauseSilent, fmt.Errorf("silent for %v", s.c.c.Idle))
	s.idle = time.AfterFunc(s.c.c.Idle, func() { cancel(silent) })
	defer s.idle.Stop()
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.DisableCompression = true // it holds messages back
	defer transport.CloseIdleConnections()
	answer, err := s.ask(ctx, transport)
	if err != nil {
		return why(ctx, err)
	}
	defer answer.Body.Close()
	frames := make(chan frame, queue)
	var ended error
	go func() {
		defer close(frames)
		ended = s.read(ctx, answer.Body, frames)
	}()
	err = s.listen(ctx, frames)
	cancel(err)
	for range frames { // until the reader is gone
	}
	if err == nil {
		err = ended
	}
	return why(ctx, err)
}

// why is why ctx ended when it has and err is only what came of it.
func why(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); cause != nil && errors.Is(err, context.Canceled) {
		return cause
	}
	return err
}

func (s *stream) clock(ours time.Time) time.Time { return ours.Add(s.ahead).UTC() }

// listen decodes and delivers until the connection ends, which is no error
// here.
func (s *stream) listen(ctx context.Context, frames <-chan frame) error {
	pacing := time.NewTicker(s.c.flush)
	defer pacing.Stop()
	s.reset()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-pacing.C:
			if err := s.flush(ctx); err != nil {
				return err
			}
		case f, ok := <-frames:
			if !ok {
				return s.flush(ctx)
			}
			if err := s.take(ctx, f); err != nil {
				return err
			}
		}
	}
}

func (s *stream) take(ctx context.Context, f frame) error {
	s.idle.Reset(s.c.c.Idle)
	s.heard = s.clock(f.at)
	b := bytes.TrimSpace(f.b)
	switch {
	case f.err != nil:
		s.batch.Dropped[collectors.TooLarge]++
		s.seen++
		return nil
	case len(b) == 0:
		return nil
	}
	m := s.d.decode(b)
	s.seen++
	if m.Read {
		s.batch.Read++
	}
	switch {
	case m.Post != nil:
		s.batch.Posts = append(s.batch.Posts, *m.Post)
	case m.Gone != nil:
		s.batch.Gone = append(s.batch.Gone, *m.Gone)
	case m.Dropped != "":
		s.batch.Dropped[m.Dropped] += max(m.Lost, 1)
	case m.warning != "":
		s.warning = "twitterv1: " + m.warning
	case m.disconnect != nil:
		if err := s.flush(ctx); err != nil {
			return err
		}
		return disconnected(m.disconnect.Code)
	}
	if len(s.batch.Posts) >= maxPosts || s.seen >= maxRecords {
		return s.flush(ctx)
	}
	return nil
}

// disconnected is the end that the server announced. Its words could say
// anything.
func disconnected(code int64) error {
	err := fmt.Errorf("the server ended the stream with code %d", code)
	if code != tokenRevoked && code != adminLogout {
		return collectors.Because(collectors.CauseCut, err)
	}
	return fmt.Errorf("%w: %w", err, collectors.ErrRejected)
}

// flush delivers what came. An open stream leaves nothing out but what it says
// it does, so what it published until its last byte is complete.
func (s *stream) flush(ctx context.Context) error {
	if s.seen == 0 && !s.heard.After(s.done) {
		return nil
	}
	b := s.batch
	b.Since, b.Until = s.done, s.heard
	if b.Until.Before(b.Since) {
		b.Until = b.Since
	}
	b.Next = collectors.Cursor(b.Until.Format(time.RFC3339Nano))
	if s.warning != "" {
		b.Troubles = []collectors.Trouble{{Cause: collectors.CauseOverflow, Why: s.warning}}
	}
	s.idle.Stop() // our store being slow is not the server's silence
	if err := s.deliver(ctx, b); err != nil {
		return archive.Refused{Err: err}
	}
	s.idle.Reset(s.c.c.Idle)
	s.done, s.warning = b.Until, ""
	s.reset()
	return nil
}

func (s *stream) reset() {
	s.batch, s.seen = collectors.Batch{Dropped: map[collectors.Reason]int{}}, 0
}
