package store

import (
	"slices"

	"confianza/internal/mention"
)

// revise replaces a post's text, and moves it to the end of the log to be
// scored again. It keeps its event time: a mention happened when it was first
// made. Its old score leaves the rollups at once.
func revise(t *tx, id int64, m *mention.Mention) error {
	if err := unroll(t, id); err != nil {
		return err
	}
	var next, at int64
	err := t.one(`SELECT max(seq) + 1, (SELECT at FROM post WHERE id = ?)
		FROM sqlite_sequence WHERE name = 'post'`, []any{id}, &next, &at)
	if err != nil {
		return err
	}
	said, err := sayInstead(t, id, m)
	if err != nil {
		return err
	}
	if _, err := t.exec(`UPDATE post SET id = ?, revision = ?, said = ?, declared = ?, followers = ?, language = NULL,
		polarity = NULL, negative = NULL, neutral = NULL, positive = NULL, scorer = NULL WHERE id = ?`,
		next, m.Revision, said, m.Declared, m.Followers, id); err != nil {
		return err
	}
	// AUTOINCREMENT does not notice ids set by an UPDATE.
	if _, err := t.exec(`UPDATE sqlite_sequence SET seq = ? WHERE name = 'post'`, next); err != nil {
		return err
	}
	return rename(t, id, next, m.Brands, at)
}

// sayInstead replaces what a post said. It gives nil for one that names no
// brand any more: nothing of it concerns us.
func sayInstead(t *tx, id int64, m *mention.Mention) (said any, err error) {
	if err := unsay(t, `id = ?`, id); err != nil || len(m.Brands) == 0 {
		return nil, err
	}
	return say(t, m)
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
			brand, err := t.words.learn(t, b) // known, though perhaps to this transaction only
			if err != nil {
				return err
			}
			var counted bool
			if err := t.one(`DELETE FROM mention WHERE post = ? AND brand = ? RETURNING counted`, []any{to, brand}, &counted); err != nil {
				return err
			}
			if counted {
				if err := t.unnamed(to, brand, at); err != nil {
					return err
				}
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
	ids, err := t.numbers(`SELECT brand FROM mention WHERE post = ?`, id)
	if err != nil {
		return nil, err
	}
	var brands []string
	for _, b := range ids {
		brands = append(brands, t.words.name(b))
	}
	return brands, nil
}
