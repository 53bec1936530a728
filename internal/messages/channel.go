package messages

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"
)

// Sender brings a message to people.
type Sender interface {
	// Send returns once the message was taken. Its error holds no secret.
	Send(ctx context.Context, m Message) error
}

// Channel is a way to one mailbox, chat or program, and what is to be heard there.
// A mail channel of a configuration is one of these for each of its addresses,
// so that none waits for another.
type Channel struct {
	Name        string
	Address     int      // which of the addresses of that name, from 1; 0 where there is one only
	Destination string   // what tells this place from others under whatever name; never shown
	Teams       []string // what their alerts' label team says; none is everything
	Sender      Sender
}

// Delivery is how telling one channel goes.
type Delivery struct {
	Name    string
	Address int       // as in [Channel]
	Waiting int       // changes not told yet
	Err     error     // why not; nil when all is well
	Last    time.Time // when it last took a message
	Next    time.Time // of the next try while Err says why; zero when none is planned
}

// told is what a channel knows of an alert.
type told struct {
	Alert
	Severity string    `json:"severity"` // that was told, none for an alert without; "" when it is owed
	Gone     time.Time `json:"gone"`     // since when it does not fire; zero while it does
}

// line is a channel at work.
type line struct {
	Channel
	t *Teller

	// Of run alone.
	knows    map[string]told // by key
	first    time.Time       // since when changes are gathered; zero when there are none
	failed   int
	refusals int             // in a row, for good
	tried    map[string]bool // ids of the changes that it was last tried to tell

	mu    sync.Mutex
	state Delivery
}

func (l *line) wants(a Alert) bool {
	return len(l.Teams) == 0 || slices.Contains(l.Teams, a.Labels["team"])
}

// look compares what fires with what is known, and gives what is to be told.
// Alerts that are inhibited are neither begun nor over.
func (l *line) look(firing, heard []Alert, now time.Time) (changes []Change) {
	present := map[string]bool{}
	for _, a := range firing {
		present[a.key()] = true
	}
	worst := map[string]Alert{}
	for _, a := range heard {
		if w, known := worst[a.key()]; l.wants(a) && (!known || rank(a.Labels["severity"]) > rank(w.Labels["severity"])) {
			worst[a.key()] = a
		}
	}
	for key, a := range worst {
		was, known := l.knows[key]
		switch {
		case !known:
			changes = append(changes, Change{Phase: Begun, Alert: a})
		case was.Severity == "":
			changes = append(changes, Change{Phase: Begun, Alert: a})
		case rank(a.Labels["severity"]) > rank(was.Severity):
			a.Since = was.Since
			changes = append(changes, Change{Phase: Worse, Alert: a})
		}
		if known && !was.Gone.IsZero() {
			was.Gone = time.Time{}
			l.knows[key] = was
		}
	}
	for key, was := range l.knows {
		switch {
		case present[key]:
		case was.Gone.IsZero():
			was.Gone = now
			l.knows[key] = was
		case now.Sub(was.Gone) >= l.t.o.Settle:
			c := Change{Phase: Over, Alert: was.Alert, Until: was.Gone}
			if was.Severity == "" {
				c.Phase = Missed
			}
			changes = append(changes, c)
		}
	}
	return changes
}

// learn notes that a message was taken, or that it is owed.
func (l *line) learn(m Message, taken bool) {
	for _, c := range m.Changes {
		key := c.key()
		was := l.knows[key]
		switch {
		case c.Phase == Over || c.Phase == Missed:
			if taken {
				delete(l.knows, key)
			}
		case taken:
			if c.Phase == Worse { // its end is told in the words of its beginning
				c.Annotations = was.Annotations
			}
			l.knows[key] = told{Alert: c.Alert, Severity: cmp.Or(c.Labels["severity"], "none"), Gone: was.Gone}
		case c.Phase == Begun:
			l.knows[key] = told{Alert: c.Alert, Gone: was.Gone}
		}
	}
}

func (l *line) status() Delivery {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.state
}
