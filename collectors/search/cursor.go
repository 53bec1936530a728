package search

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"time"

	"confianza/collectors"
)

// place is a cursor: for each question, by a hash of its words, the stretch
// that is complete, in Unix seconds. Questions no longer asked are left out.
type place struct {
	Asked map[string][2]int64 `json:"asked"`
}

func key(q Question) string {
	h := sha256.Sum256([]byte(q.Brand + "\n" + q.Text))
	return base64.RawURLEncoding.EncodeToString(h[:12])
}

// thread is one question on its way through time.
type thread struct {
	Question
	key     string
	since   time.Time // from here to done all is delivered
	done    time.Time
	at      time.Time // read so far; beyond done where a post may still turn up
	sure    time.Time // done before our clock seemed to jump ahead; zero when it did not
	width   time.Duration
	due     time.Time // of the next look, once in the present
	refusal *Refused  // nil when the last answer was one
	lost    string    // what an answer could not hold, latest first
}

// thread puts a question where the cursor says that it is, or at its beginning.
//
// A time from the future would skip what lies before it: a clock was wrong, and
// the question begins again.
func (s *Search) thread(q Question, p place, now time.Time) *thread {
	t := &thread{Question: q, key: key(q), width: s.Widest}
	begin := now.Add(-s.Past)
	if s.Span != nil {
		begin = s.Span.From
	}
	if oldest := now.Add(-s.Reach); s.Reach > 0 && begin.Before(oldest) {
		begin = oldest
	}
	begin = begin.UTC().Truncate(time.Second)
	t.since, t.done = begin, begin
	if known, ok := p.Asked[t.key]; ok {
		since, done := time.Unix(known[0], 0).UTC(), time.Unix(known[1], 0).UTC()
		sound := known[0] > 0 && !done.Before(since) && !done.After(now.Add(time.Hour))
		if sound && (s.Span == nil || !since.After(begin) && !done.Before(begin)) {
			t.since, t.done = since, done
		}
	}
	if oldest := now.Add(-s.Reach).Truncate(time.Second); s.Reach > 0 && t.done.Before(oldest) {
		t.since, t.done = oldest, oldest // away for longer than the site looks back
	}
	if s.Span == nil {
		t.settle(s.settled(now))
	}
	t.at = t.done
	return t
}

// settle takes back what may not be complete after all.
func (t *thread) settle(settled time.Time) {
	if t.done.After(settled) {
		t.done = settled
	}
	if t.since.After(t.done) {
		t.since = t.done
	}
}

// settled is until when a site surely finds all that it ever will.
func (s *Search) settled(now time.Time) time.Time {
	return now.Add(-s.Settle).UTC().Truncate(time.Second)
}

// read reads a cursor; one that is not ours begins anew, which changes nothing
// where posts keep their ids.
func read(from collectors.Cursor) place {
	var p place
	if json.Unmarshal([]byte(from), &p) != nil {
		return place{}
	}
	return p
}

func (r *run) cursor() collectors.Cursor {
	p := place{Asked: map[string][2]int64{}}
	for _, t := range r.threads {
		p.Asked[t.key] = [2]int64{t.since.Unix(), t.done.Unix()}
	}
	b, err := json.Marshal(p)
	if err != nil {
		return "" // strings and numbers always marshal
	}
	return collectors.Cursor(b)
}
