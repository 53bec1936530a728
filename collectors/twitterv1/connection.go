package twitterv1

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"time"

	"confianza/collectors"
	"confianza/collectors/archive"
	"confianza/collectors/fetch"
)

// queue is how many messages may be read but not yet decoded.
const queue = 256

// maxAhead is how far a server's clock may be from ours. One that is further
// off is wrong, and would call years heard that are still to come.
const maxAhead = time.Hour

// frame is a message, or a keep-alive when it is empty.
type frame struct {
	b   []byte
	err error // archive.ErrTooLong
	at  time.Time
}

func (s *stream) ask(ctx context.Context, transport http.RoundTripper) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.c.c.URL, nil)
	if err != nil {
		return nil, errors.New("not an http or https address")
	}
	req.Header.Set("User-Agent", fetch.Agent(""))
	if s.c.c.Token.Set() {
		token, err := s.c.c.Token.Reveal()
		if err != nil {
			return nil, err
		}
		req.Header.Set("Authorization", "Bearer "+token)
	}
	client := http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := client.Do(req)
	if err != nil {
		if u, ok := errors.AsType[*url.Error](err); ok {
			err = u.Err // the rest is the whole address
		}
		return nil, err
	}
	now := s.c.now()
	if err := refusal(answer, now); err != nil {
		answer.Body.Close()
		return nil, err
	}
	if at, err := http.ParseTime(answer.Header.Get("Date")); err == nil && at.Sub(now).Abs() <= maxAhead {
		s.ahead = at.Sub(now)
	}
	s.done = s.clock(now)
	s.heard = s.done
	return answer, nil
}

// refusal is what [fetch.Refusal] says, and that 420 was v1.1's 429.
func refusal(answer *http.Response, now time.Time) error {
	if answer.StatusCode == 420 {
		return &collectors.Throttled{Until: now.Add(time.Minute), Cause: errors.New("420 Enhance Your Calm")}
	}
	return fetch.Refusal(answer, now)
}

// read reads messages into a bounded queue. Each ends with \r\n; a bare \n may
// stand within one.
func (s *stream) read(ctx context.Context, body io.Reader, out chan<- frame) error {
	t := archive.NewLive("stream", body)
	var pending []byte
	for {
		line, whole, err := t.Line()
		if err != nil && err != archive.ErrTooLong {
			return ending(err)
		}
		f := frame{err: err, at: s.c.now()}
		f.b = append(pending, line...)
		pending = nil
		switch {
		case len(f.b) > archive.MaxRecord:
			f.b, f.err = nil, archive.ErrTooLong
		case err == nil && !complete(f.b, whole):
			pending = append(f.b, '\n')
			continue
		}
		select {
		case out <- f:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// ending is the end of a stream that should have none.
func ending(err error) error {
	if err == io.EOF {
		return collectors.Because(collectors.CauseCut, errors.New("the server ended the stream"))
	}
	return err
}

// complete tells a message from the first part of one.
func complete(b []byte, whole bool) bool {
	if !whole {
		return false // cut off by the end of the connection
	}
	// Not by fastjson, whose time grows with the square of the depth: a
	// megabyte of brackets takes it more than ten minutes.
	return len(b) == 0 || b[len(b)-1] == '\r' || json.Valid(b)
}
