package remotewrite

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// unreached says that a request did not arrive and may yet: it is sent again.
type unreached struct {
	place string
	cause error
	after time.Duration // the receiver asked for so long; 0 when it did not
}

func (e *unreached) Error() string {
	if no, ok := errors.AsType[*refusal](e.cause); ok {
		return no.Error() // which names the place itself
	}
	return fmt.Sprintf("remote write to %s: %v", e.place, e.cause)
}
func (e *unreached) Unwrap() error { return e.cause }

// wait is how long to leave the receiver alone after so many failures in a row.
func (e *unreached) wait(failed int) time.Duration {
	if e.after > 0 {
		return e.after
	}
	return jitter(min(longestWait, firstWait<<min(failed-1, 20)))
}

// refusal says that the receiver will never take something of a request.
type refusal struct {
	place string
	*answered
}

func (e *refusal) Error() string {
	return fmt.Sprintf("remote write to %s: it refuses samples: %s; does it take them out of order for as long as the window?", e.place, e.answered)
}

// answered is a status other than success, with what the receiver says of it.
type answered struct {
	code int
	said string
}

func (e *answered) Error() string   { return fmt.Sprintf("%d: %s", e.code, e.said) }
func (e *answered) StatusCode() int { return e.code }

// place names the receiver without credentials.
func (s *Sender) place() string {
	u, err := url.Parse(s.Receiver.URL)
	if err != nil {
		return s.Receiver.Name
	}
	return s.Receiver.Name + " (" + u.Scheme + "://" + u.Host + u.Path + ")"
}

// plain takes the address, which may hold a password, out of a client's error.
func plain(err error) error {
	if e, ok := errors.AsType[*url.Error](err); ok {
		return e.Err
	}
	return err
}

// judge reads an answer. A bad request and one that is too large are about what
// was sent; every other refusal is about us or the receiver, and passes.
func (s *Sender) judge(answer *http.Response) error {
	defer answer.Body.Close()
	said, err := io.ReadAll(io.LimitReader(answer.Body, 1024))
	if err != nil && answer.StatusCode < 300 {
		return &unreached{place: s.place(), cause: err}
	}
	words := &answered{answer.StatusCode, strings.TrimSpace(firstLine(string(said)))}
	switch code := answer.StatusCode; {
	case code/100 == 2:
		return nil
	case code == http.StatusBadRequest, code == http.StatusRequestEntityTooLarge, code == http.StatusUnprocessableEntity, code == http.StatusConflict:
		return &refusal{s.place(), words}
	default:
		return &unreached{s.place(), words, s.retryAfter(answer.Header.Get("Retry-After"))}
	}
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

// retryAfter reads both forms of the header (RFC 9110, section 10.2.3), an hour
// at most.
func (s *Sender) retryAfter(v string) time.Duration {
	d := time.Duration(0)
	if n, err := strconv.Atoi(v); err == nil {
		d = time.Duration(min(n, 3600)) * time.Second
	} else if at, err := http.ParseTime(v); err == nil {
		d = at.Sub(s.now())
	}
	return min(max(d, 0), time.Hour)
}
