package store

import "strings"

// walk is a query for mentions that may be shown, newest event first.
type walk struct {
	from, at, id string // the tables, and the columns that order them
	where        []string
	args         []any
}

// walk goes down an index from the newest event, so that a page costs what it
// holds and not what the store holds. CROSS JOIN keeps SQLite from turning the
// walk around. Languages and polarities have no index of their own: it would
// be written twice for each mention, and most of them are common.
func (s *Reader) walk(q LatestQuery) *walk {
	switch {
	case q.Brand != "":
		w := s.filtered(q, `mention m CROSS JOIN post p ON p.id = m.post`, `m.at`, `m.post`)
		w.and(`m.brand = ?`, s.words.find(q.Brand))
		return w
	case q.Source != "":
		return s.filtered(q, `post p INDEXED BY post_source_at`, `p.at`, `p.id`)
	}
	return s.filtered(q, `post p INDEXED BY post_at`, `p.at`, `p.id`)
}

// filtered applies everything but the brand.
func (s *Reader) filtered(q LatestQuery, from, at, id string) *walk {
	w := &walk{from: from, at: at, id: id, where: []string{`p.visibility = 0`, `p.said IS NOT NULL`}}
	for _, f := range []struct{ column, word string }{
		{`p.source`, q.Source}, {`p.language`, q.Language}, {`p.polarity`, string(q.Polarity)},
	} {
		if f.word != "" {
			w.and(f.column+` = ?`, s.words.find(f.word))
		}
	}
	if !q.Since.IsZero() {
		w.and(at+` >= ?`, q.Since.UnixMilli())
	}
	if !q.Before.IsZero() {
		w.and(`(`+at+`, `+id+`) < (?, ?)`, q.Before.UnixMilli(), q.BeforeID)
	}
	return w
}

func (w *walk) and(condition string, args ...any) {
	w.where = append(w.where, condition)
	w.args = append(w.args, args...)
}

// pick selects among the walk's own tables, tail with what the posts said.
func (w *walk) pick(limit int) (string, []any) { return w.rest(``, limit) }
func (w *walk) tail(limit int) (string, []any) {
	return w.rest(` LEFT JOIN said s ON s.id = p.said`, limit)
}

func (w *walk) rest(join string, limit int) (string, []any) {
	return w.from + join + ` WHERE ` + strings.Join(w.where, ` AND `) +
		` ORDER BY ` + w.at + ` DESC, ` + w.id + ` DESC LIMIT ?`, append(w.args, limit)
}
