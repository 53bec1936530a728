package daemon

import (
	"errors"
	"net/http"
	"time"

	"confianza/collectors"
	"confianza/collectors/fetch"
	"confianza/dashboards/web"
	"confianza/internal/messages"
)

// outputOf is a place we send things to, for the page.
func outputOf(kind, name string, err error, next, last time.Time) web.Output {
	o := web.Output{Kind: kind, Name: name, Next: next, Last: last}
	if err != nil {
		o.Cause, o.Err = string(causeOf(err)), err.Error()
	}
	return o
}

// causeOf is why a place does not take what we send. Who sends knows the status
// of an answer; what it stands for is the same as where we listen.
func causeOf(err error) collectors.Cause {
	switch mail, refused := errors.AsType[*messages.Refused](err); {
	case refused && mail.Letter:
		return collectors.CauseRequest
	case refused:
		return collectors.CauseMissing
	}
	answer, ok := errors.AsType[interface {
		error
		StatusCode() int
	}](err)
	switch {
	case !ok:
		return collectors.CauseOf(err)
	case answer.StatusCode() == http.StatusTooManyRequests:
		return collectors.CauseThrottled
	}
	return fetch.Meaning(answer.StatusCode())
}
