package collectortest

import (
	"bufio"
	"net"
	"net/http"
)

// Hijack hands over the connection with the filter still in it.
func (t *tap) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	c, rw, err := http.NewResponseController(t.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, err
	}
	t.conn = c
	filtered := tapped{c, t}
	return filtered, bufio.NewReadWriter(rw.Reader, bufio.NewWriter(filtered)), nil
}

type tapped struct {
	net.Conn
	t *tap
}

func (c tapped) Write(p []byte) (int, error) { return c.t.filter(c.t, p) }
