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
	s, y2038 := open(), time.Date(2038, 1, 19, 3, 14, 7, 0, time.UTC)
	after := func(hours int) time.Time { return noon.Add(time.Duration(hours) * time.Hour) }
	for _, step := range []struct {
		name   string
		to     time.Time
		reopen bool
		want   store.Leap
	}{
		{"the first reading", noon, false, store.Leap{}},
		{"an hour on", after(1), false, store.Leap{}},
		{"two days asleep", after(49), false, store.Leap{}},
		{"in 2038", y2038, false, store.Leap{From: after(49), To: y2038, Wait: 24 * time.Hour}},
		{"an hour later, opened again", y2038.Add(time.Hour), true, store.Leap{From: after(49), To: y2038, Wait: 23 * time.Hour}},
		{"right again", after(50), false, store.Leap{From: y2038.Add(time.Hour), To: after(50), Wait: 24 * time.Hour}},
		{"half a day on", after(62), true, store.Leap{From: y2038.Add(time.Hour), To: after(50), Wait: 12 * time.Hour}},
		{"corrected by a second", after(62).Add(-time.Second), false,
			store.Leap{From: y2038.Add(time.Hour), To: after(50), Wait: 12*time.Hour + time.Second}},
		{"a day on", after(74), false, store.Leap{}},
		{"off for a week", after(242), true, store.Leap{From: after(74), To: after(242), Wait: 24 * time.Hour}},
		{"a day later", after(266), false, store.Leap{}},
	} {
		if step.reopen {
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			s = open()
		}
		now = step.to
		if l, err := s.Steady(t.Context()); err != nil || l != step.want {
			t.Errorf("%s: got %v, want %v; error %v", step.name, l, step.want, err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}
