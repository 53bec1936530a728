package store

import (
	"context"
	"fmt"

	"confianza/internal/mention"
)

// remove applies an intake's removals and returns.
func (s *Store) remove(t *tx, in Intake, a *Added) error {
	now := s.now().UnixMilli()
	for _, g := range in.Gone {
		if err := s.removeOne(t, in.Source, g, now, a); err != nil {
			return err
		}
	}
	for _, author := range in.Back {
		if _, err := t.exec(`DELETE FROM author_gone WHERE author = ?`, author[:]); err != nil {
			return err
		}
		n, err := t.exec(`UPDATE post SET visibility = 0 WHERE author = ? AND visibility = 1`, author[:])
		if err != nil {
			return err
		}
		a.Restored += int(n)
	}
	return nil
}

func (s *Store) removeOne(t *tx, source string, g mention.Gone, now int64, a *Added) error {
	if g.Native != "" {
		key := s.postKey(source, g.Native)
		n, err := erase(t, `key = ?`, key)
		a.Erased += n
		if err != nil || n > 0 {
			return err
		}
		// Deleting an already erased post leaves a tombstone too: harmless.
		_, err = t.exec(`INSERT INTO tombstone (key, at) VALUES (?, ?) ON CONFLICT DO NOTHING`, key, now)
		return err
	}
	_, err := t.exec(`INSERT INTO author_gone (author, hidden, at) VALUES (?, ?, ?)
		ON CONFLICT (author) DO UPDATE SET hidden = min(hidden, excluded.hidden)`, g.Author[:], g.Hidden, now)
	if err != nil {
		return err
	}
	if g.Hidden {
		n, err := t.exec(`UPDATE post SET visibility = 1 WHERE author = ? AND visibility = 0`, g.Author[:])
		a.Hidden += int(n)
		return err
	}
	n, err := erase(t, `author = ?`, g.Author[:])
	a.Erased += n
	return err
}

// erase deletes what points at a person: text, id, address and author. The
// row stays, and so do the numbers counted from it.
func erase(t *tx, where string, arg any) (int, error) {
	n, err := t.exec(`UPDATE post SET visibility = 2, text = NULL, native = NULL, url = NULL, author = NULL
		WHERE `+where+` AND visibility < 2`, arg)
	return int(n), err
}

// Forget erases a person: the texts, ids, addresses and keys of all an
// author's posts, now and not at the source's word. It returns how many posts
// it erased. Their numbers stay; replaying the source does not bring them back.
func (s *Store) Forget(ctx context.Context, source, author string) (posts int, err error) {
	key := s.AuthorKey(source, author)
	err = s.inTx(ctx, func(t *tx) error {
		posts, err = erase(t, `author = ?`, key[:])
		if err != nil {
			return fmt.Errorf("forget: %w", err)
		}
		_, err = t.exec(`DELETE FROM author_gone WHERE author = ?`, key[:])
		return err
	})
	if err != nil {
		return 0, err
	}
	// The write-ahead log still holds the erased pages until it is emptied.
	_, err = s.write.ExecContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`)
	return posts, err
}

// Prune drops removals of posts and authors never stored once their source
// can no longer replay them. It returns how many it dropped.
func (s *Store) Prune(ctx context.Context) (int, error) {
	var dropped int64
	err := s.inTx(ctx, func(t *tx) error {
		before := s.now().Add(-s.tombs).UnixMilli()
		n, err := t.exec(`DELETE FROM tombstone WHERE at < ?`, before)
		if err != nil {
			return fmt.Errorf("prune: %w", err)
		}
		// A hidden author's mark stays while it still hides a post.
		m, err := t.exec(`DELETE FROM author_gone WHERE at < ?
			AND NOT EXISTS (SELECT 1 FROM post WHERE post.author = author_gone.author)`, before)
		dropped = n + m
		return err
	})
	return int(dropped), err
}
