package fetch

import (
	"net/http"
	"time"
)

// Agent is the User-Agent of all our requests; contact is the address or
// e-mail of whoever runs this, or "".
func Agent(contact string) string { return agent(contact) }

// Refusal is the error an answer other than a document stands for, by the
// rules of [Client.Get]; nil when it is a document. It is for sources that
// speak HTTP by themselves.
func Refusal(answer *http.Response, now time.Time) error { return refusal(answer, now) }
