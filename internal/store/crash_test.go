package store_test

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"confianza/internal/mention"
	"confianza/internal/store"
)

func TestKilledWriterLosesNothingAcknowledged(t *testing.T) {
	dir := t.TempDir()
	for round := range 3 {
		dir := fmt.Sprintf("%s/%d", dir, round)
		next, kill := child(t, dir)
		for range 5 + 7*round {
			next()
		}
		kill()
		acknowledged := 0
		for line := next(); line != ""; line = next() { // what it had said before it died
			n, err := strconv.Atoi(line)
			if err != nil {
				t.Fatal(err)
			}
			acknowledged = n
		}
		if acknowledged == 0 {
			acknowledged = 10 * (5 + 7*round)
		}
		s := open(t, dir) // its lock is free too
		checkWhole(t, s, acknowledged)
	}
}

// checkWhole counts what a killed writer left: at least what it acknowledged,
// and cursor, log and rollups telling one story.
func checkWhole(t *testing.T, s *store.Store, acknowledged int) {
	t.Helper()
	cursor, err := s.Cursor(t.Context(), "net")
	if err != nil {
		t.Fatal(err)
	}
	added, err := strconv.Atoi(cursor)
	if err != nil || added < acknowledged || added > acknowledged+20 {
		t.Fatalf("cursor is %q, %d mentions were acknowledged", cursor, acknowledged)
	}
	ms, err := s.Latest(t.Context(), store.LatestQuery{Limit: 2 * added})
	if err != nil || len(ms) != added {
		t.Fatalf("got %d mentions, want %d as the cursor says; error %v", len(ms), added, err)
	}
	pending, err := s.Pending(t.Context(), "score")
	if err != nil {
		t.Fatal(err)
	}
	var counted int64
	cs, err := s.Counts(t.Context(), store.CountQuery{Span: mention.Span{From: noon, To: noon.AddDate(1, 0, 0)}, Step: time.Hour})
	for _, c := range cs {
		counted += c.N
	}
	if err != nil || counted != int64(added)-pending {
		t.Errorf("got %d counted, want %d added less %d pending; error %v", counted, added, pending, err)
	}
}

func TestSecondWriterIsToldWhoHoldsTheStore(t *testing.T) {
	dir := t.TempDir()
	next, kill := child(t, dir)
	next() // it is writing now
	_, err := store.Open(t.Context(), dir, store.Options{})
	var locked *store.LockedError
	if !errors.As(err, &locked) {
		t.Fatalf("got %v, want a *LockedError", err)
	}
	if !strings.HasPrefix(locked.Holder, "the child, process ") || !strings.Contains(err.Error(), locked.Holder) {
		t.Errorf("error does not name the holder: %v", err)
	}
	if want := dir + "/lock"; locked.Path != want {
		t.Errorf("got path %q, want %q", locked.Path, want)
	}
	kill()
	for next() != "" { // until the kernel has ended it
	}
	open(t, dir)
}

func TestLockIsFreeAfterClose(t *testing.T) {
	dir := t.TempDir()
	for range 2 {
		s, err := store.Open(t.Context(), dir, store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := store.Open(t.Context(), dir, store.Options{}); err == nil {
			t.Fatal("a second store opened beside the first")
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
