package store

import (
	"context"
	"fmt"
	"slices"

	"confianza/internal/mention"
)

// Intake is what a source delivered at once, past the door.
type Intake struct {
	Source   string
	Mentions []mention.Mention // one without Brands is a new revision that no longer names any
	Gone     []mention.Gone
	Back     []mention.Key // authors visible again
	Next     string        // the source's cursor; "" leaves it where it is
	Heard    mention.Span  // source time completed; empty when the source cannot tell
}

// Added says what an [Intake] changed.
type Added struct {
	New      int // mentions never seen before
	Revised  int // newer revisions of known ones
	Known    int // the same or older revisions: nothing changed
	Blocked  int // their deletion had come first, or the post is deleted
	Erased   int // posts whose text was erased
	Hidden   int // posts no longer shown
	Restored int // posts shown again
}

// Add commits one intake: mentions, then removals, then authors back, with
// the cursor and the coverage, in one transaction.
func (s *Store) Add(ctx context.Context, in Intake) (Added, error) {
	var a Added
	err := s.inTx(ctx, func(t *tx) error {
		a = Added{}
		source, err := t.words.learn(t, in.Source)
		if err != nil {
			return err
		}
		for i := range in.Mentions {
			if err := s.addOne(t, source, &in.Mentions[i], &a); err != nil {
				return fmt.Errorf("add %s/%s: %w", in.Source, in.Mentions[i].Native, err)
			}
		}
		if err := s.remove(t, in, &a); err != nil {
			return fmt.Errorf("remove from %s: %w", in.Source, err)
		}
		if in.Next != "" {
			_, err := t.exec(`INSERT INTO cursor (source, value) VALUES (?, ?)
				ON CONFLICT (source) DO UPDATE SET value = excluded.value`, source, in.Next)
			if err != nil {
				return fmt.Errorf("cursor of %s: %w", in.Source, err)
			}
		}
		return cover(t, source, in.Heard)
	})
	return a, err
}

func (s *Store) addOne(t *tx, source int64, m *mention.Mention, a *Added) error {
	key := s.postKey(m.Source, m.Native)
	var id int64
	var revision string
	var visibility mention.Visibility
	known, err := t.find(`SELECT id, revision, visibility FROM post WHERE key = ?`, []any{key}, &id, &revision, &visibility)
	switch {
	case err != nil:
		return err
	case known && visibility == mention.Deleted:
		a.Blocked++
		return nil
	case known && m.Revision <= revision:
		a.Known++
		return nil
	case known:
		a.Revised++
		return revise(t, id, m)
	case len(m.Brands) == 0:
		return nil // an edit of a post that was never ours
	}
	hidden, blocked, err := removed(t, key, m.Author)
	if err != nil {
		return err
	}
	if blocked {
		a.Blocked++
		return nil
	}
	if hidden {
		visibility = mention.Hidden
	}
	a.New++
	return insert(t, source, key, visibility, m)
}

// removed looks for a removal that came before its post.
func removed(t *tx, key []byte, author mention.Key) (hidden, blocked bool, err error) {
	var one int
	if blocked, err = t.find(`SELECT 1 FROM tombstone WHERE key = ?`, []any{key}, &one); err != nil || blocked {
		return false, blocked, err
	}
	known, err := t.find(`SELECT hidden FROM author_gone WHERE author = ?`, []any{authorBytes(author)}, &hidden)
	return known && hidden, known && !hidden, err
}

func insert(t *tx, source int64, key []byte, v mention.Visibility, m *mention.Mention) error {
	form, err := t.words.learn(t, m.Form)
	if err != nil {
		return err
	}
	var id int64
	err = t.QueryRowContext(t.ctx, `INSERT INTO post
		(key, source, native, revision, url, author, text, declared, at, seen, form, followers, visibility)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
		key, source, m.Native, m.Revision, m.URL, authorBytes(m.Author), m.Text, m.Declared,
		m.At.UnixMilli(), m.Seen.UnixMilli(), form, m.Followers, v).Scan(&id)
	if err != nil {
		return err
	}
	for _, brand := range m.Brands {
		if err := name(t, id, brand, m.At.UnixMilli()); err != nil {
			return err
		}
	}
	return nil
}

func name(t *tx, id int64, brand string, at int64) error {
	b, err := t.words.learn(t, brand)
	if err != nil {
		return err
	}
	kind, err := t.words.learn(t, string(mention.KindUnknown))
	if err != nil {
		return err
	}
	_, err = t.exec(`INSERT INTO mention (post, brand, at, kind) VALUES (?, ?, ?, ?)`, id, b, at, kind)
	return err
}

// revise replaces a post's text, and moves it to the end of the log to be
// scored again. It keeps its event time: a mention happened when it was first
// made. Its old score leaves the rollups at once.
func revise(t *tx, id int64, m *mention.Mention) error {
	if err := unroll(t, id); err != nil {
		return err
	}
	var next, at int64
	err := t.QueryRowContext(t.ctx, `SELECT max(seq) + 1, (SELECT at FROM post WHERE id = ?)
		FROM sqlite_sequence WHERE name = 'post'`, id).Scan(&next, &at)
	if err != nil {
		return err
	}
	var text, url any = m.Text, m.URL
	if len(m.Brands) == 0 {
		text, url = nil, nil // nothing of it concerns us any more
	}
	if _, err := t.exec(`UPDATE post SET id = ?, revision = ?, text = ?, url = ?, declared = ?, followers = ?, language = NULL,
		polarity = NULL, negative = NULL, neutral = NULL, positive = NULL, scorer = NULL WHERE id = ?`,
		next, m.Revision, text, url, m.Declared, m.Followers, id); err != nil {
		return err
	}
	// AUTOINCREMENT does not notice ids set by an UPDATE.
	if _, err := t.exec(`UPDATE sqlite_sequence SET seq = ? WHERE name = 'post'`, next); err != nil {
		return err
	}
	return rename(t, id, next, m.Brands, at)
}

// rename moves a post's mention rows to its new id and makes them name
// exactly brands; rows that stay remember that they were counted.
func rename(t *tx, from, to int64, brands []string, at int64) error {
	if _, err := t.exec(`UPDATE mention SET post = ? WHERE post = ?`, to, from); err != nil {
		return err
	}
	had, err := t.brandsOf(to)
	if err != nil {
		return err
	}
	for _, b := range had {
		if !slices.Contains(brands, b) {
			if _, err := t.exec(`DELETE FROM mention WHERE post = ? AND brand = ?`, to, t.words.find(b)); err != nil {
				return err
			}
		}
	}
	for _, b := range brands {
		if !slices.Contains(had, b) {
			if err := name(t, to, b, at); err != nil {
				return err
			}
		}
	}
	return nil
}

func (t *tx) brandsOf(id int64) ([]string, error) {
	rows, err := t.QueryContext(t.ctx, `SELECT brand FROM mention WHERE post = ?`, id)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var brands []string
	for rows.Next() {
		var b int64
		if err := rows.Scan(&b); err != nil {
			return nil, err
		}
		brands = append(brands, t.words.name(b))
	}
	return brands, rows.Err()
}

// Cursor is where a source goes on; "" for one never heard.
func (s *Store) Cursor(ctx context.Context, source string) (string, error) {
	var value string
	err := s.read.QueryRowContext(ctx, `SELECT coalesce((SELECT value FROM cursor WHERE source = ?), '')`,
		s.words.find(source)).Scan(&value)
	if err != nil {
		return "", fmt.Errorf("store: cursor of %s: %w", source, err)
	}
	return value, nil
}
