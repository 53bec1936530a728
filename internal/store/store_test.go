package store_test

import (
	"testing"
	"time"

	"confianza/internal/store"
	"confianza/internal/store/storetest"
)

func TestStoreKeepsItsPromises(t *testing.T) {
	storetest.Check(t, func(t *testing.T, dir string, now func() time.Time) storetest.Store {
		s, err := store.Open(t.Context(), dir, store.Options{Now: now, Tombstones: storetest.Window})
		if err != nil {
			t.Fatal(err)
		}
		return s
	})
}

func open(t testing.TB, dir string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), dir, store.Options{Who: t.Name()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return s
}
