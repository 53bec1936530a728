package bluesky

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"confianza/collectors"
	"confianza/collectors/fetch"
)

// second is a second look at the moment when a replay caught up with the
// present. Jetstream v1 may pass over what happens while it changes from one
// to the other; a second connection has that moment in its own replay, and
// the first hears what the second would pass over.
type second struct {
	settled *time.Timer // fires once the first connection surely is live
	around  int64       // when it caught up, in microseconds; 0 until it has
	*connection
}

// caughtUp is how near to the present a replay is all but over.
const caughtUp = 10 * time.Second

// plan notes that the first connection has come to a time.
func (s *second) plan(c *Collector, micros int64) {
	if s.around == 0 && c.now().Sub(time.UnixMicro(micros)) < caughtUp {
		s.around = micros
		s.settled.Reset(c.settle)
	}
}

// out has what the second connection reads; it is nil, and so never ready,
// while there is none.
func (s *second) out() <-chan *bytes.Buffer {
	if s.connection == nil {
		return nil
	}
	return s.connection.out
}

func (s *second) end() {
	if s.connection != nil {
		s.connection.close()
		s.connection = nil
	}
}

// look opens the second connection. Without it the first goes on, and the
// source says so: the next reconnect begins early enough to look again.
func (s *stream) look(ctx context.Context) {
	var err error
	if s.second.connection, err = s.c.connect(ctx, s.address, s.second.around-rewindHere.Microseconds()); err != nil {
		s.missed(err)
	}
}

// seen takes what the second connection read, until it has come as far as the
// first: then no older word on an account can have followed a newer one.
func (s *stream) seen(ctx context.Context, d *decoder, message *bytes.Buffer, ok bool) error {
	if !ok {
		s.missed(s.second.err)
		s.second.end()
		return nil
	}
	e := d.decode(message.Bytes(), s.want.Names)
	s.second.done(message)
	e.read = false // it was counted once
	if e.micros >= s.at.micros {
		defer s.second.end()
	}
	return s.take(ctx, e)
}

func (s *stream) missed(err error) {
	s.troubles = append(s.troubles, collectors.TroubleOf(fmt.Errorf("bluesky: %s: second look: %w", fetch.Redact(s.address), err)))
}
