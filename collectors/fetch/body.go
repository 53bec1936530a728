package fetch

import (
	"bufio"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"confianza/collectors"
)

// body reads and decompresses a document within the limits.
func (c *Client) body(answer *http.Response, drip *time.Timer) ([]byte, error) {
	tooLarge := collectors.Because(collectors.CauseTooLarge, fmt.Errorf("larger than %d bytes", c.o.MaxBytes))
	// Bounded before and after: a stream may inflate, or only seem to (gzip may
	// consist of empty members without end).
	sent := &capped{r: &dripping{answer.Body, drip, c.o.Idle}, left: c.o.MaxBytes, over: tooLarge}
	plain, err := decompress(sent, answer.Header.Get("Content-Encoding"))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(&capped{r: plain, left: c.o.MaxBytes, over: tooLarge})
}

func decompress(r io.Reader, encoding string) (io.Reader, error) {
	encoding = strings.ToLower(strings.TrimSpace(encoding))
	switch encoding {
	case "", "identity":
		return r, nil
	case "gzip", "x-gzip", "deflate":
	default:
		return nil, errors.New("in a compression that was not asked for")
	}
	b := bufio.NewReader(r)
	head, err := b.Peek(2)
	switch {
	case len(head) == 0 && err == io.EOF:
		return b, nil // nothing, compressed
	case err != nil && err != io.EOF:
		return nil, err
	case encoding != "deflate":
		return gzip.NewReader(b)
	case zlibbed(head):
		return zlib.NewReader(b)
	}
	// Some servers send deflate without the wrapper RFC 9110 asks for.
	return flate.NewReader(b), nil
}

// zlibbed tells a zlib header (RFC 1950, 2.2) from bare deflate.
func zlibbed(head []byte) bool {
	return len(head) == 2 && head[0]&0x0f == 8 && (int(head[0])<<8|int(head[1]))%31 == 0
}

// capped is a reader that ends with an error once more than left was read.
type capped struct {
	r    io.Reader
	left int64
	over error
}

func (c *capped) Read(p []byte) (int, error) {
	if int64(len(p)) > c.left+1 {
		p = p[:c.left+1]
	}
	n, err := c.r.Read(p)
	if int64(n) > c.left {
		return int(c.left), c.over
	}
	c.left -= int64(n)
	return n, err
}

// dripping puts off the end of an idle connection with each byte.
type dripping struct {
	r     io.Reader
	timer *time.Timer
	idle  time.Duration
}

func (d *dripping) Read(p []byte) (int, error) {
	n, err := d.r.Read(p)
	if n > 0 {
		d.timer.Reset(d.idle)
	}
	return n, err
}
