// Package storetest holds the promises of package store as a test.
//
// A store's test is one call to [Check]; a store behind another database must
// pass it too. It leaves to the store's own tests what only its files show:
// locks, secrets, damage, and what is left on disk.
package storetest

import (
	"context"
	"testing"
	"time"

	"confianza/internal/mention"
	"confianza/internal/store"
)

// Store is what a store must do; [store.Store] says how each behaves.
type Store interface {
	Add(ctx context.Context, in store.Intake) (store.Added, error)
	Cursor(ctx context.Context, source string) (string, error)
	Heard(ctx context.Context, source string, within mention.Span) ([]mention.Span, error)
	Listen(ctx context.Context, brands []string) error
	ListenToo(ctx context.Context, brands []string) error
	Unheard(ctx context.Context) (store.Unheard, error)
	AuthorKey(source, author string) mention.Key

	Begin(ctx context.Context, stage, version string) (again bool, err error)
	Shown(ctx context.Context) (scorer string, err error)
	Bookmark(ctx context.Context, stage string) (store.Bookmark, error)
	Recent(ctx context.Context, stage string, limit int) ([]mention.Mention, error)
	Done(ctx context.Context, stage string, through int64, scores []store.Scored) ([]store.Total, error)
	Pending(ctx context.Context, stage string) (int64, error)

	Counts(ctx context.Context, q store.CountQuery) ([]store.Count, error)
	Sums(ctx context.Context, q store.CountQuery) ([]store.Count, error)
	Voices(ctx context.Context, brand string, within mention.Span) (store.Voices, error)
	Latest(ctx context.Context, q store.LatestQuery) ([]mention.Mention, error)
	LatestPage(ctx context.Context, q store.LatestQuery, posts int) (store.Page, error)
	Snapshot(ctx context.Context) (*store.Snapshot, error)
	Totals(ctx context.Context) ([]store.Total, error)
	SetNote(ctx context.Context, name string, value []byte) error
	Note(ctx context.Context, name string) (value []byte, err error)
	Index(ctx context.Context, limit int) (posts int, err error)
	Search(ctx context.Context, q store.SearchQuery) ([]mention.Mention, error)
	SearchPage(ctx context.Context, q store.SearchQuery, posts int) (store.Page, error)

	Receivers(ctx context.Context, names []string, since time.Time) error
	Ship(ctx context.Context, receiver string, within mention.Span, limit int) (store.Shipment, error)
	Arrived(ctx context.Context, receiver string) error

	Forget(ctx context.Context, source, author string) (posts int, err error)
	Prune(ctx context.Context) (dropped int, err error)
	Retain(ctx context.Context, source string, before time.Time) (posts int, err error)
	Close() error
}

// Window is how long an opened store must remember removals of posts it never
// had: what [store.Options] takes as its own.
const Window = 72 * time.Hour

// Open opens the store kept in dir, new when dir is empty, with now as its
// clock. It ends the test when it cannot.
type Open func(t *testing.T, dir string, now func() time.Time) Store

// promise is one thing every store must do.
type promise struct {
	name string
	keep func(w *world)
}

// Check holds a store to each promise, every one in a folder of its own.
func Check(t *testing.T, open func(t *testing.T, dir string, now func() time.Time) Store) {
	t.Helper()
	for _, group := range [][]promise{intake, removal, authors, coverage, stages, versions, counting, summing, snapshots, reading, searching, retention, shipping} {
		for _, p := range group {
			t.Run(p.name, func(t *testing.T) { p.keep(newWorld(t, open)) })
		}
	}
	t.Run("what is shipped adds up to the counts under random operations", func(t *testing.T) { shipped(t, open) })
	t.Run("replaying any end of what came changes nothing", func(t *testing.T) { replayed(t, open) })
	t.Run("posts and deletions commute in what is shown", func(t *testing.T) { commuted(t, open) })
	t.Run("counts equal a recount under random operations", func(t *testing.T) { recount(t, open) })
}
