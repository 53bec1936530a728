package store

import "confianza/internal/mention"

// remove applies an intake's removals and returns.
func (s *Store) remove(t *tx, in Intake, a *Added) error {
	now := s.now().UnixMilli()
	for _, g := range in.Gone {
		if err := s.removeOne(t, in.Source, g, now, a); err != nil {
			return err
		}
	}
	for _, author := range in.Back {
		if err := authorReturns(t, author[:], now, a); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) removeOne(t *tx, source string, g mention.Gone, now int64, a *Added) error {
	if g.Native != "" {
		key := s.postKey(source, g.Native)
		n, err := removePost(t, key, now, a)
		if err != nil || n > 0 {
			return err
		}
		// Deleting an already erased post leaves a tombstone too: harmless.
		_, err = t.exec(`INSERT INTO tombstone (key, at) VALUES (?, ?) ON CONFLICT DO UPDATE SET at = excluded.at`, key, now)
		return err
	}
	if g.Author == (mention.Key{}) {
		return nil // nobody's posts are not one person's
	}
	return removeAuthor(t, g.Author[:], g.Hidden, now, a)
}

func removePost(t *tx, key []byte, now int64, a *Added) (int, error) {
	n, err := erase(t, now, `key = ?`, key)
	if n > 0 {
		t.deleted(postGone, now, key)
	}
	a.Erased += n
	return n, err
}

func removeAuthor(t *tx, author []byte, hidden bool, now int64, a *Added) error {
	_, err := t.exec(`INSERT INTO author_gone (author, hidden, at) VALUES (?, ?, ?)
		ON CONFLICT (author) DO UPDATE SET hidden = min(hidden, excluded.hidden), at = excluded.at`, author, hidden, now)
	if err != nil {
		return err
	}
	if hidden {
		n, err := t.exec(`UPDATE post SET visibility = 1 WHERE id IN (`+byAuthor+`) AND visibility = 0`, author)
		if n > 0 {
			t.deleted(authorHidden, now, author)
		}
		a.Hidden += int(n)
		return err
	}
	n, err := eraseAuthor(t, author)
	if n > 0 {
		t.deleted(authorGone, now, author)
	}
	a.Erased += n
	return err
}

// authorReturns shows a hidden author's posts again: a deletion is for good.
func authorReturns(t *tx, author []byte, now int64, a *Added) error {
	if _, err := t.exec(`DELETE FROM author_gone WHERE author = ? AND hidden = 1`, author); err != nil {
		return err
	}
	n, err := t.exec(`UPDATE post SET visibility = 0 WHERE author = ? AND visibility = 1`, author)
	if n > 0 {
		t.deleted(authorBack, now, author)
	}
	a.Restored += int(n)
	return err
}

// forget erases an author's posts, and blocks no later ones.
func forget(t *tx, author []byte, now int64) (posts int, err error) {
	posts, err = eraseAuthor(t, author)
	if posts > 0 {
		t.deleted(forgotten, now, author)
	}
	return posts, err
}

// byAuthor gives an author's posts by going through the log in the stretches
// that their index is kept by, some 2 µs each. An index by author alone would
// be quicker to read and far slower to write: each new post would change a page
// anywhere in it, see docs/decisions/0012-what-an-index-costs.md.
const byAuthor = `WITH RECURSIVE stretch (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM stretch WHERE n < (SELECT max(id) >> 12 FROM post))
	SELECT p.id FROM stretch CROSS JOIN post p ON p.id >> 12 = n AND p.author = ?`

func eraseAuthor(t *tx, author []byte) (posts int, err error) {
	ids, err := t.numbers(byAuthor, author)
	if err != nil {
		return 0, err
	}
	for _, id := range ids {
		n, err := erase(t, nil, `id = ?`, id)
		if err != nil {
			return 0, err
		}
		posts += n
	}
	return posts, nil
}

// erase deletes what points at a person: text, id, address and author. The
// row stays, and so do the numbers counted from it. gone is when the source
// said so, to know the author for a while who says it again; nil forgets at
// once.
func erase(t *tx, gone any, where string, args ...any) (int, error) {
	where += ` AND visibility < 2`
	if err := silence(t, gone, where, args); err != nil {
		return 0, err
	}
	if err := unsay(t, where, args...); err != nil {
		return 0, err
	}
	n, err := t.exec(`UPDATE post SET visibility = 2, said = NULL, author = NULL WHERE `+where, args...)
	return int(n), err
}

// unsay writes blanks over what posts said, in place: see table said. Its
// words leave the index.
func unsay(t *tx, where string, args ...any) error {
	if err := unindex(t, where, args); err != nil {
		return err
	}
	if _, err := t.exec(`INSERT OR IGNORE INTO blank (said) SELECT said FROM post WHERE `+where+` AND said IS NOT NULL`, args...); err != nil {
		return err
	}
	_, err := t.exec(`UPDATE said SET native = printf('%*s', octet_length(native), ''), url = printf('%*s', octet_length(url), ''),
		text = printf('%*s', octet_length(text), '') WHERE id IN (SELECT said FROM post WHERE `+where+`)`, args...)
	return err
}
