package store_test

import (
	"testing"
	"time"

	"confianza/internal/store"
)

func TestAClockThatJumpedIsNotBelieved(t *testing.T) {
	dir, now := t.TempDir(), noon
	open := func() *store.Store {
		s, err := store.Open(t.Context(), dir, store.Options{Now: func() time.Time { return now }})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	s := open()
	for _, step := range []struct {
		name   string
		to     time.Time
		reopen bool
		wait   time.Duration
	}{
		{"the first reading", noon, false, 0},
		{"an hour on", noon.Add(time.Hour), false, 0},
		{"two days asleep", noon.Add(49 * time.Hour), false, 0},
		{"in 2038", time.Date(2038, 1, 19, 3, 14, 7, 0, time.UTC), false, 24 * time.Hour},
		{"an hour later, opened again", time.Date(2038, 1, 19, 4, 14, 7, 0, time.UTC), true, 23 * time.Hour},
		{"right again", noon.Add(50 * time.Hour), false, 24 * time.Hour},
		{"half a day on", noon.Add(62 * time.Hour), true, 12 * time.Hour},
		{"corrected by a second", noon.Add(62*time.Hour - time.Second), false, 12*time.Hour + time.Second},
		{"a day on", noon.Add(74 * time.Hour), false, 0},
		{"off for a week", noon.Add(242 * time.Hour), true, 24 * time.Hour},
		{"a day later", noon.Add(266 * time.Hour), false, 0},
	} {
		if step.reopen {
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			s = open()
		}
		now = step.to
		if wait, err := s.Steady(t.Context()); err != nil || wait != step.wait {
			t.Errorf("%s: waits %v, want %v; error %v", step.name, wait, step.wait, err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}
