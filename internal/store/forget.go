package store

import (
	"context"
	"errors"
	"fmt"
)

// Forget erases a person: the texts, ids, addresses and keys of all an
// author's posts, now and not at the source's word, in the database, its search
// index and its write-ahead log. It returns how many posts it erased. Their
// numbers stay; replaying the source does not bring them back. What the source
// had said of the author holds until [Store.Prune] drops it.
//
// With an error and posts above zero, the posts are erased but words of theirs
// are still in pages of the index or the write-ahead log: the next Forget or
// Prune clears them.
func (s *Store) Forget(ctx context.Context, source, author string) (posts int, err error) {
	key := s.AuthorKey(source, author)
	err = s.inTx(ctx, "forget an author of "+source, func(t *tx) error {
		posts, err = forget(t, key[:], s.now().UnixMilli())
		return err
	})
	if err != nil {
		return 0, err
	}
	if err := s.sweep(ctx); err != nil {
		return posts, err
	}
	busy, err := s.emptyLog(ctx)
	if busy {
		err = errors.New("store: forget: the posts are erased, but a reader or a backup keeps older pages of the write-ahead log: try again")
	}
	return posts, err
}

// emptyLog moves the write-ahead log into the database and cuts it to nothing:
// it holds pages as they were before they were erased. busy is true when a
// reader still needs them, and nothing was cut.
func (s *Store) emptyLog(ctx context.Context) (busy bool, err error) {
	if s.copying.Load() {
		return true, nil // a backup reads: waiting for it would keep writers waiting too
	}
	err = s.patiently(ctx, func() error {
		var pages, moved int
		err := s.write.QueryRowContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &pages, &moved)
		if err != nil {
			return s.failed("empty the write-ahead log", err)
		}
		return nil
	})
	return busy && err == nil, err
}

// Prune drops removals of posts and authors never stored once their source
// can no longer replay them. It clears the write-ahead log of what was erased
// since, unless a reader is at it, and once a day the search index: then the
// next Prune does. It returns how many removals it dropped.
func (s *Store) Prune(ctx context.Context) (int, error) {
	var dropped int64
	err := s.inTx(ctx, "prune", func(t *tx) error {
		before := s.now().Add(-s.tombs).UnixMilli()
		n, err := t.exec(`DELETE FROM tombstone WHERE at < ?`, before)
		if err != nil {
			return fmt.Errorf("tombstones: %w", err)
		}
		// A hidden author's mark stays while it still hides a post.
		m, err := t.exec(`DELETE FROM author_gone WHERE at < ?
			AND NOT EXISTS (SELECT 1 FROM post WHERE post.author = author_gone.author AND visibility = 1)`, before)
		if err != nil {
			return fmt.Errorf("authors: %w", err)
		}
		dropped = n + m
		_, err = t.exec(`DELETE FROM spoke WHERE gone < ?`, before)
		return err
	})
	if err != nil {
		return 0, err
	}
	if err := s.tidy(ctx); err != nil {
		return int(dropped), err
	}
	_, err = s.emptyLog(ctx)
	return int(dropped), err
}

// tidy gives back room, and once in a while clears the index.
func (s *Store) tidy(ctx context.Context) error {
	due, err := s.sweepDue(ctx)
	if err == nil && due {
		err = s.sweep(ctx)
	}
	if err != nil {
		return err
	}
	return s.reclaim(ctx)
}
