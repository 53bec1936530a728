package store

import (
	"context"
	"errors"
	"time"
)

// A clock is believed again when it has run on for steadyFor; a step of more
// than leapAhead, or back by more than leapBack, is no running on.
const (
	leapAhead = 48 * time.Hour
	leapBack  = time.Hour
	steadyFor = 24 * time.Hour
)

// Leap is a clock that was far from its last reading; zero while the clock may
// be believed.
type Leap struct {
	From, To time.Time     // the last reading, and the one that was far from it
	Wait     time.Duration // for how long what is erased by the clock must still wait
}

// Steady reads the clock, keeps the reading, and says whether what is erased by
// the clock must wait. It is to be asked every hour. A clock that is far from
// the last reading, of this process or one before, may have jumped, and what it
// lets us erase never comes back; a process that was off for some days looks
// the same, and waits too. A store that never read the clock believes it.
func (s *Store) Steady(ctx context.Context) (l Leap, err error) {
	err = s.inTx(ctx, "read the clock", func(t *tx) error {
		now := s.now()
		last, known, err := t.moment("clock")
		if err != nil {
			return err
		}
		from, _, err := t.moment("leapt")
		if err != nil {
			return err
		}
		to, doubted, err := t.moment("steady")
		if err != nil {
			return err
		}
		if step := now.Sub(last); known && (step > leapAhead || step < -leapBack) {
			from, to, doubted = last, now, true
			if err := errors.Join(t.setMoment("leapt", from), t.setMoment("steady", to)); err != nil {
				return err
			}
		}
		if l = (Leap{}); doubted && now.Sub(to) < steadyFor {
			l = Leap{From: from, To: to, Wait: steadyFor - now.Sub(to)}
		}
		return t.setMoment("clock", now)
	})
	return l, err
}

// moment reads a fact that is a time.
func (t *tx) moment(name string) (at time.Time, known bool, err error) {
	var ms int64
	known, err = t.find(`SELECT CAST(CAST(value AS TEXT) AS INTEGER) FROM fact WHERE name = ?`, []any{name}, &ms)
	return time.UnixMilli(ms).UTC(), known, err
}

func (t *tx) setMoment(name string, at time.Time) error {
	_, err := t.exec(`INSERT INTO fact (name, value) VALUES (?, CAST(? AS BLOB))
		ON CONFLICT (name) DO UPDATE SET value = excluded.value`, name, at.UnixMilli())
	return err
}
