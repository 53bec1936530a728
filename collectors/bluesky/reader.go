package bluesky

import (
	"bytes"
	"context"
	"errors"

	"github.com/coder/websocket"

	"confianza/collectors"
)

// reader reads messages into a bounded queue, so that the connection's pings
// are answered while a batch is being stored.
type reader struct {
	conn  *websocket.Conn
	out   chan *bytes.Buffer
	free  chan *bytes.Buffer
	plain *decompressor // nil without compression
	err   error         // why out was closed
}

func newReader(conn *websocket.Conn, compressed bool) *reader {
	r := &reader{conn: conn, out: make(chan *bytes.Buffer, queue), free: make(chan *bytes.Buffer, queue+2)}
	if compressed {
		r.plain = new(decompressor)
	}
	return r
}

func (r *reader) run(ctx context.Context) {
	defer close(r.out)
	if r.plain != nil {
		if r.err = r.plain.open(); r.err != nil {
			return
		}
		defer r.plain.close()
	}
	for {
		b := r.buffer()
		if r.err = r.read(ctx, b); r.err != nil {
			return
		}
		select {
		case r.out <- b:
		case <-ctx.Done():
			r.err = ctx.Err()
			return
		}
	}
}

func (r *reader) read(ctx context.Context, into *bytes.Buffer) error {
	kind, frame, err := r.conn.Reader(ctx)
	if err != nil {
		return ending(err)
	}
	if kind == websocket.MessageBinary {
		return r.plain.read(frame, into)
	}
	_, err = into.ReadFrom(frame)
	return ending(err)
}

// ending says what the end of a connection means.
func ending(err error) error {
	closed, ok := errors.AsType[websocket.CloseError](err)
	switch {
	case errors.Is(err, websocket.ErrMessageTooBig), ok && closed.Code == websocket.StatusMessageTooBig:
		return collectors.Because(collectors.CauseTooLarge, err)
	case ok:
		return collectors.Because(collectors.CauseCut, err)
	}
	return err
}

func (r *reader) buffer() *bytes.Buffer {
	select {
	case b := <-r.free:
		b.Reset()
		return b
	default:
		return new(bytes.Buffer)
	}
}

// done gives a message's buffer back.
func (r *reader) done(b *bytes.Buffer) {
	select {
	case r.free <- b:
	default:
	}
}
