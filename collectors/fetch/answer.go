package fetch

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"confianza/collectors"
)

// redirect is where the answer points, nil when it is no redirect.
func redirect(answer *http.Response, at *url.URL) (*url.URL, error) {
	switch answer.StatusCode {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther,
		http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
	default:
		return nil, nil
	}
	next, err := at.Parse(answer.Header.Get("Location"))
	if err != nil || answer.Header.Get("Location") == "" || next.Host == "" ||
		next.Scheme != "http" && next.Scheme != "https" {
		return nil, collectors.Because(collectors.CauseRedirects, fmt.Errorf("%s to no http or https address", status(answer)))
	}
	return next, nil
}

// Without a time to come back, a 429 means this long.
const unsaid = time.Minute

// Refusal is the error an answer other than a document stands for, by the
// rules of [Client.Get]; nil when it is a document. Sources that speak HTTP by
// themselves use it too.
func Refusal(answer *http.Response, now time.Time) error {
	err := collectors.Because(Meaning(answer.StatusCode), errors.New(status(answer)))
	until, said := comeBack(answer.Header, now)
	switch code := answer.StatusCode; {
	case code >= 200 && code < 300:
		return nil
	case code == http.StatusTooManyRequests && !said:
		return &collectors.Throttled{Until: now.Add(unsaid), Cause: err}
	case code == http.StatusTooManyRequests, code == http.StatusServiceUnavailable && said:
		return &collectors.Throttled{Until: until, Cause: err}
	case code == http.StatusUnauthorized, code == http.StatusPaymentRequired, code == http.StatusForbidden:
		return fmt.Errorf("%w: %w", err, collectors.ErrRejected)
	}
	return err
}

// Meaning is the cause a status stands for when it is no document, and not one
// that asks us to wait.
func Meaning(code int) collectors.Cause {
	switch {
	case code == http.StatusPaymentRequired:
		return collectors.CausePayment
	case code == http.StatusUnauthorized, code == http.StatusForbidden:
		return collectors.CauseCredentials
	case code == http.StatusNotFound, code == http.StatusGone:
		return collectors.CauseMissing
	case code >= 500:
		return collectors.CauseServer
	case code >= 400:
		return collectors.CauseRequest
	case code >= 300:
		return collectors.CauseRedirects
	}
	return collectors.CauseUnreadable
}

// status is the code and our words for it: the server's own could say
// anything.
func status(answer *http.Response) string {
	return strings.TrimSpace(strconv.Itoa(answer.StatusCode) + " " + http.StatusText(answer.StatusCode))
}

// comeBack reads Retry-After (RFC 9110, 10.2.3), which has seconds or a date.
// A date counts from the server's own Date, since its clock may not be ours.
func comeBack(h http.Header, now time.Time) (until time.Time, said bool) {
	v := strings.TrimSpace(h.Get("Retry-After"))
	if seconds, err := strconv.ParseUint(v, 10, 32); err == nil {
		return now.Add(time.Duration(seconds) * time.Second), true
	}
	at, err := http.ParseTime(v)
	if err != nil {
		return time.Time{}, false
	}
	if server, err := http.ParseTime(h.Get("Date")); err == nil {
		return now.Add(at.Sub(server)), true
	}
	return at, true
}

// Redact is an address that may be shown: without password, and with the
// names but not the values of its query.
func Redact(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "[address that cannot be read]"
	}
	return redact(u)
}

func redact(u *url.URL) string {
	shown := *u
	shown.User, shown.Fragment, shown.RawFragment = nil, "", ""
	if u.Opaque != "" {
		shown.Opaque = "…" // such as http:name:password@host
	}
	if u.RawQuery != "" {
		var names []string
		for pair := range strings.SplitSeq(u.RawQuery, "&") {
			name, value, _ := strings.Cut(pair, "=")
			if strings.Trim(value, "=") == "" {
				names = append(names, "…") // a key may stand alone, and end in padding
				continue
			}
			names = append(names, name+"=…")
		}
		shown.RawQuery = strings.Join(names, "&")
	}
	return shown.String()
}
