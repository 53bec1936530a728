package feeds

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"confianza/collectors"
)

// place is where to go on, as the cursor has it. A feed is known by a hash of
// its address, which may hold a key; one no longer configured is left out.
type place struct {
	Asked string           `json:"asked"`
	Feeds map[string]state `json:"feeds"`
}

// state is what is known of one feed.
type state struct {
	ETag     string    `json:"etag,omitempty"`
	Modified string    `json:"modified,omitempty"`
	At       time.Time `json:"at,omitzero"`    // of the last poll that succeeded
	Whole    time.Time `json:"whole,omitzero"` // since then nothing can be missing
	Fail     *failure  `json:"fail,omitempty"` // nil when that was the last poll
	Items    []memory  `json:"items,omitempty"`
}

// maxItems bounds the items remembered of all feeds together, so that the
// cursor stays below 1 MiB.
const maxItems = 12_000

// memory is one item that a feed held: 11 characters of hash of its id, 8 of
// its text, + when it was delivered or else -, and its revision.
type memory string

func remember(key, sum string, said bool, revision string) memory {
	sign := "-"
	if said {
		sign = "+"
	}
	return memory(key + sum + sign + revision)
}

const keyLength, sumLength = 11, 8

func (m memory) ok() bool         { return len(m) > keyLength+sumLength }
func (m memory) key() string      { return string(m[:keyLength]) }
func (m memory) sum() string      { return string(m[keyLength : keyLength+sumLength]) }
func (m memory) said() bool       { return m[keyLength+sumLength] == '+' }
func (m memory) revision() string { return string(m[keyLength+sumLength+1:]) }

// key and sum shorten what they tell apart: of a million items two share a key
// once in 40 million times.
func key(id string) string { return hash(id)[:keyLength] }

func sum(text string) string { return hash(text)[:sumLength] }

func hash(s string) string {
	h := sha256.Sum256([]byte(s))
	return base64.RawURLEncoding.EncodeToString(h[:16])
}

// digest changes when what is wanted does.
func digest(w collectors.Wanted) string {
	b, err := json.Marshal(w.Queries)
	if err != nil {
		return "" // strings always marshal
	}
	return hash(string(b))
}

// maxWait bounds what a server can ask for.
const maxWait = 24 * time.Hour

// read reads a cursor; one that is not ours starts over, which brings again
// what feeds hold, with the same revisions. No time in it may lie ahead of now
// by more than a wait can be long: a clock once wrong must not silence a feed.
func read(from collectors.Cursor, now time.Time) place {
	var p place
	if json.Unmarshal([]byte(from), &p) != nil {
		return place{}
	}
	for k, s := range p.Feeds {
		if s.At.After(now) {
			s.At = now
		}
		if s.Whole.After(now) {
			s.Whole = now
		}
		if f := s.Fail; f != nil && f.After.After(now.Add(f.longest())) {
			f.After = now.Add(f.longest())
		}
		p.Feeds[k] = s
	}
	return p
}

func (p place) cursor() collectors.Cursor {
	b, err := json.Marshal(p)
	if err != nil {
		return "" // times beyond the year 9999; the clock is ours
	}
	return collectors.Cursor(b)
}

// class is how a failure is met.
type class string

const (
	failed    class = ""
	throttled class = "throttled"
	rejected  class = "rejected"
)

// order says which class to end with: the lowest there is.
func order(c class) int { return slices.Index([]class{failed, throttled, rejected}, c) }

// failure is why a feed cannot be read.
type failure struct {
	Why   string           `json:"why"` // without secrets
	Cause collectors.Cause `json:"cause,omitempty"`
	Class class            `json:"class,omitempty"`
	Times int              `json:"times"` // in a row
	After time.Time        `json:"after"` // when to try again
}

// The waits of one feed while others are heard. When none is, the supervisor
// waits.
const (
	firstWait, longestWait        = time.Minute, time.Hour
	firstRejection, lastRejection = 30 * time.Minute, 6 * time.Hour
)

// again is the failure after one more poll failed.
func (f *failure) again(err error, now time.Time) *failure {
	next := &failure{Why: err.Error(), Cause: collectors.CauseOf(err), Times: 1}
	first, longest := firstWait, longestWait
	limit, limited := errors.AsType[*collectors.Throttled](err)
	switch {
	case limited:
		next.Class = throttled
	case errors.Is(err, collectors.ErrRejected):
		next.Class, first, longest = rejected, firstRejection, lastRejection
	}
	if f != nil && f.Class == next.Class {
		next.Times = f.Times + 1
	}
	wait := min(first<<min(next.Times-1, 10), longest)
	if limited {
		wait = min(max(limit.Until.Sub(now), firstWait), maxWait)
	}
	next.After = now.Add(wait)
	return next
}

// longest is how long a failure of its class can make us wait.
func (f *failure) longest() time.Duration {
	switch f.Class {
	case throttled:
		return maxWait
	case rejected:
		return lastRejection
	}
	return longestWait
}

// cause is one of the closed set, whatever a cursor says.
func (f *failure) cause() collectors.Cause {
	if slices.Contains(collectors.Causes(), f.Cause) {
		return f.Cause
	}
	return collectors.CauseOther
}

// err is the error of a failure that an earlier call of Collect met.
func (f *failure) err() error {
	err := collectors.Because(f.cause(), errors.New(f.Why))
	switch f.Class {
	case throttled:
		return &collectors.Throttled{Until: f.After, Cause: err}
	case rejected:
		return fmt.Errorf("%w: %w", err, collectors.ErrRejected)
	}
	return err
}
