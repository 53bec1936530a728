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

// connection is an open WebSocket and its reader.
type connection struct {
	*reader
	close func() // ends the reader and waits for it
}

// connect opens a connection that begins at a time, in microseconds of the
// instance's clock.
func (c *Collector) connect(ctx context.Context, base string, from int64) (*connection, error) {
	conn, err := c.dial(ctx, c.address(base, from))
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	r := newReader(conn, c.c.Compress)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		r.run(ctx)
	}()
	return &connection{r, func() {
		cancel()
		conn.CloseNow()
		<-ended
	}}, nil
}

func (c *Collector) dial(ctx context.Context, address string) (*websocket.Conn, error) {
	limited, cancel := context.WithTimeoutCause(ctx, c.dialling, collectors.Because(collectors.CauseSilent, fmt.Errorf("no connection after %v", c.dialling)))
	defer cancel()
	transport := http.DefaultTransport.(*http.Transport).Clone()
	defer transport.CloseIdleConnections() // an answer that was no upgrade leaves one
	conn, answer, err := websocket.Dial(limited, address, &websocket.DialOptions{
		HTTPClient: &http.Client{Transport: transport, CheckRedirect: stay},
		HTTPHeader: http.Header{"User-Agent": {c.agent}},
	})
	if err != nil {
		if answer != nil && answer.StatusCode != http.StatusSwitchingProtocols {
			if refusal := fetch.Refusal(answer, time.Now()); refusal != nil {
				return nil, refusal
			}
			err = collectors.Because(collectors.CauseUnreadable, err) // 200: a page, not a stream
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

// stay follows no redirect: it would be told the address, which may hold a
// key, by its Referer.
func stay(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// address adds what we want and from when.
func (c *Collector) address(base string, from int64) string {
	u, err := url.Parse(base)
	if err != nil {
		return base // the dialler says what is wrong with it
	}
	q := u.Query()
	q.Set("wantedCollections", postCollection)
	q.Set("maxMessageSizeBytes", strconv.Itoa(maxMessage))
	q.Set("cursor", strconv.FormatInt(from, 10))
	if c.c.Compress {
		q.Set("compress", "true")
	}
	u.RawQuery = q.Encode()
	return u.String()
}
