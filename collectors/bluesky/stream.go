package bluesky

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/coder/websocket"

	"confianza/collectors"
	"confianza/collectors/fetch"
)

const (
	maxPosts   = 500  // in a batch
	queue      = 1024 // messages read but not yet decoded
	dialLimit  = 15 * time.Second
	maxMessage = 1 << 20 // bytes; Jetstream is told, so that it leaves larger ones out
	kept       = 24 * time.Hour
)

// How far before the last event to start: events come slightly out of order,
// and each instance stamps them by its own clock.
const rewindHere, rewindElsewhere = 2 * time.Second, 10 * time.Second

// stream is one connection to one instance.
type stream struct {
	c        *Collector
	at       place
	want     collectors.Wanted
	deliver  collectors.Deliver
	troubles []string // of the instances that failed before this one

	host   string
	since  time.Time // where the stretch that the next batch completes begins; zero before the first event
	pacing *time.Ticker
	idle   *time.Timer
	batch  collectors.Batch
	back   map[string]bool // authors in batch.Back
}

func (s *stream) run(ctx context.Context, address string) error {
	s.host = hostOf(address)
	conn, err := s.dial(ctx, address)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	frames := newReader(conn, s.c.c.Compress)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		frames.run(ctx)
	}()
	err = s.listen(ctx, frames)
	cancel()
	conn.CloseNow()
	<-ended
	return err
}

func (s *stream) dial(ctx context.Context, address string) (*websocket.Conn, error) {
	limited, cancel := context.WithTimeoutCause(ctx, dialLimit, fmt.Errorf("no connection after %v", dialLimit))
	defer cancel()
	transport := http.DefaultTransport.(*http.Transport).Clone()
	defer transport.CloseIdleConnections() // an answer that was no upgrade leaves one
	conn, answer, err := websocket.Dial(limited, s.address(address), &websocket.DialOptions{
		HTTPClient: &http.Client{Transport: transport},
		HTTPHeader: http.Header{"User-Agent": {s.c.agent}},
	})
	if err != nil {
		if answer != nil && answer.StatusCode != http.StatusSwitchingProtocols {
			if refusal := fetch.Refusal(answer, time.Now()); refusal != nil {
				return nil, refusal
			}
		}
		if limited.Err() != nil && ctx.Err() == nil {
			return nil, context.Cause(limited)
		}
		if u, ok := errors.AsType[*url.Error](err); ok {
			err = u.Err // the rest is the whole address
		}
		return nil, err
	}
	conn.SetReadLimit(2 * maxMessage)
	return conn, nil
}

// address adds what we want and from when.
func (s *stream) address(base string) string {
	rewind := rewindHere
	if s.at.host != s.host {
		rewind = rewindElsewhere
	}
	if s.at.fresh {
		rewind = 0
	}
	u, err := url.Parse(base)
	if err != nil {
		return base // the dialler says what is wrong with it
	}
	q := u.Query()
	q.Set("wantedCollections", postCollection)
	q.Set("maxMessageSizeBytes", strconv.Itoa(maxMessage))
	q.Set("cursor", strconv.FormatInt(s.at.micros-rewind.Microseconds(), 10))
	if s.c.c.Compress {
		q.Set("compress", "true")
	}
	u.RawQuery = q.Encode()
	return u.String()
}

// listen decodes and delivers until the connection ends, is silent for too
// long, or delivery fails. What was read before the end is delivered first, so
// that a server that never lasts a second still gets us further.
func (s *stream) listen(ctx context.Context, frames *reader) error {
	s.pacing, s.idle = time.NewTicker(s.c.flush), time.NewTimer(s.c.c.Idle)
	defer s.pacing.Stop()
	defer s.idle.Stop()
	s.reset()
	var d decoder
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case message, ok := <-frames.out:
			if !ok {
				if err := s.flush(ctx); err != nil {
					return err
				}
				return frames.err
			}
			s.idle.Reset(s.c.c.Idle)
			err := s.take(ctx, d.decode(message.Bytes(), s.want.Names))
			frames.done(message)
			if err != nil {
				return err
			}
		case <-s.pacing.C:
			if err := s.flush(ctx); err != nil {
				return err
			}
		case <-s.idle.C:
			return fmt.Errorf("silent for %v", s.c.c.Idle)
		}
	}
}

// take adds one event to the batch.
func (s *stream) take(ctx context.Context, e event) error {
	if e.micros > 0 {
		s.pass(e.micros)
	}
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
