package messages

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// The waits after failures that may pass, and after refusals for good: then it
// rests until there is something new to say.
const firstWait, longestWait = 5 * time.Second, 5 * time.Minute

var refusedWaits = []time.Duration{time.Hour, 6 * time.Hour, 24 * time.Hour}

// answer is what a server says of a message instead of taking it.
type answer interface {
	error
	unfit() bool // this message was refused, and another may be taken
}

// rests tells that all there is to say was refused for good, and often enough.
// Something new is tried, whatever was refused before: it may be mended.
func (l *line) rests(changes []Change, now time.Time) bool {
	fresh := func(c Change) bool { return !l.tried[c.id()] }
	if l.refusals > 0 && slices.ContainsFunc(changes, fresh) {
		l.first, l.refusals = now, 0
		l.mu.Lock()
		l.state.Next = time.Time{}
		l.mu.Unlock()
	}
	return l.refusals > len(refusedWaits)
}

// wait is how long to wait after so many failures; false is until there is
// something new.
func (l *line) wait(err error) (long time.Duration, planned bool) {
	if _, refused := errors.AsType[*Refused](err); refused {
		if l.refusals++; l.refusals > len(refusedWaits) {
			return 0, false
		}
		return refusedWaits[l.refusals-1], true
	}
	l.failed++
	long = min(longestWait, firstWait<<min(l.failed-1, 20))
	if a, ok := errors.AsType[*Answered](err); ok {
		long = max(long, a.After)
	}
	return long, true
}

// note says once that a channel takes nothing, and once that it does again.
func (l *line) note(err error, waiting int, sent bool) {
	l.mu.Lock()
	had := l.state.Err
	l.state.Err, l.state.Next, l.state.Waiting = err, time.Time{}, waiting
	if sent {
		l.state.Last = l.t.o.Now().UTC()
	}
	if err == nil {
		l.failed, l.refusals = 0, 0
	} else if long, planned := l.wait(err); planned {
		l.state.Next = l.t.o.Now().Add(long)
	}
	l.mu.Unlock()
	if sent && l.t.o.Sent != nil {
		l.t.o.Sent(l.Name, l.Address)
	}
	l.say(err, had, sent)
	if l.t.o.Notify != nil && (sent || fmt.Sprint(err) != fmt.Sprint(had)) {
		l.t.o.Notify()
	}
}

func (l *line) say(err, had error, sent bool) {
	log := l.t.o.Log.With("channel", l.Name)
	if l.Address > 0 {
		log = log.With("address", l.Address)
	}
	_, refused := errors.AsType[*Refused](err)
	_, before := errors.AsType[*Refused](had)
	switch {
	case refused && !before:
		log.Warn("refused for good; tried a few times more, then only with something new, or after a reload", "why", err)
	case err != nil && had == nil:
		log.Warn("a message is not taken; it waits", "why", err)
	case sent && had != nil:
		log.Info("messages are taken again")
	}
}
