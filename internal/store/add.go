package store

import (
	"context"
	"fmt"

	"confianza/internal/mention"
)

// Intake is what a source delivered at once, past the door.
type Intake struct {
	Source   string
	Mentions []mention.Mention // one without Brands is a new revision that no longer names any
	Gone     []mention.Gone
	Back     []mention.Key // authors visible again
	Next     string        // the cursor of Reader; "" leaves it where it is
	Reader   string        // who reads, when one source has several readers (a watched folder, an import); "" is the source itself
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
	err := s.inTx(ctx, "add from "+in.Source, func(t *tx) error {
		a = Added{}
		source, err := t.words.learn(t, in.Source)
		if err != nil {
			return err
		}
		for i := range in.Mentions {
			if err := s.addOne(t, source, in.Source, &in.Mentions[i], &a); err != nil {
				return fmt.Errorf("post %s: %w", in.Mentions[i].Native, err)
			}
		}
		if err := s.remove(t, in, &a); err != nil {
			return fmt.Errorf("remove: %w", err)
		}
		if in.Next != "" {
			reader := source
			if in.Reader != "" {
				if reader, err = t.words.learn(t, in.Reader); err != nil {
					return err
				}
			}
			_, err := t.exec(`INSERT INTO cursor (source, value) VALUES (?, ?)
				ON CONFLICT (source) DO UPDATE SET value = excluded.value`, reader, in.Next)
			if err != nil {
				return fmt.Errorf("cursor: %w", err)
			}
		}
		return cover(t, source, in.Heard)
	})
	return a, err
}

func (s *Store) addOne(t *tx, source int64, from string, m *mention.Mention, a *Added) error {
	key := s.postKey(from, m.Native)
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
	said, err := say(t, m)
	if err != nil {
		return err
	}
	id, err := t.insert(`INSERT INTO post
		(key, source, revision, author, said, declared, at, seen, form, followers, visibility)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, key, source, m.Revision, authorBytes(m.Author), said, m.Declared,
		m.At.UnixMilli(), m.Seen.UnixMilli(), form, m.Followers, v)
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

// say keeps what points at a person apart from the log.
func say(t *tx, m *mention.Mention) (id int64, err error) {
	return t.insert(`INSERT INTO said (native, url, text) VALUES (?, ?, ?)`, m.Native, m.URL, m.Text)
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

// Cursor is where a reader goes on, most often a source; "" for one never heard.
func (s *Store) Cursor(ctx context.Context, reader string) (string, error) {
	var value string
	err := s.read.QueryRowContext(ctx, `SELECT coalesce((SELECT value FROM cursor WHERE source = ?), '')`,
		s.words.find(reader)).Scan(&value)
	if err != nil {
		return "", s.failed("cursor of "+reader, err)
	}
	return value, nil
}
