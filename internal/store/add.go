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
	Next     string        // the cursor of Reader; "" leaves it where it is
	Reader   string        // who reads, when one source has several readers (a watched folder, an import); "" is the source itself
	Heard    mention.Span  // source time completed; empty when the source cannot tell
	Brands   []string      // that were listened for in it
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
		for ms := range slices.Chunk(in.Mentions, addAtOnce) {
			if err := s.addSome(t, source, in.Source, ms, &a); err != nil {
				return err
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
		return cover(t, source, in.Heard, in.Brands)
	})
	return a, err
}

// addAtOnce is how many mentions are looked up, and then written, together.
const addAtOnce = 512

func (s *Store) addSome(t *tx, source int64, from string, ms []mention.Mention, a *Added) error {
	keys := make([][]byte, len(ms))
	for i := range ms {
		keys[i] = s.postKey(from, ms[i].Native)
	}
	stands, err := standings(t, keys, ms)
	if err != nil {
		return fmt.Errorf("look up posts: %w", err)
	}
	var f fresh
	again := map[string]bool{} // by key: came in before, so that what was looked up is no longer true
	for i := range ms {
		if again[string(keys[i])] {
			if err := f.insert(t, source); err != nil {
				return err
			}
			if err := lookUp(t, keys[i:i+1], ms[i:i+1], stands[i:i+1]); err != nil {
				return fmt.Errorf("post %s: %w", ms[i].Native, err)
			}
		}
		again[string(keys[i])] = true
		if err := addOne(t, &f, source, keys[i], stands[i], &ms[i], a); err != nil {
			return fmt.Errorf("post %s: %w", ms[i].Native, err)
		}
	}
	return f.insert(t, source)
}

func addOne(t *tx, f *fresh, source int64, key []byte, at standing, m *mention.Mention, a *Added) error {
	switch {
	case at.known && at.visibility == mention.Deleted:
		a.Blocked++
	case at.known && m.Revision <= at.revision:
		a.Known++
	case at.known:
		a.Revised++
		if err := f.insert(t, source); err != nil { // the log keeps the order of the intake
			return err
		}
		return revise(t, at.id, m)
	case len(m.Brands) == 0: // an edit of a post that was never ours
	case at.blocked:
		a.Blocked++
	default:
		a.New++
		v := mention.Shown
		if at.hidden {
			v = mention.Hidden
		}
		f.add(key, v, m)
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
