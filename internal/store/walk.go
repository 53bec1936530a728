package store

import "strings"

// walk is a query for mentions, newest event first: where says which posts it
// meets on its way, wanted which of them are asked for.
type walk struct {
	from, at, id  string // the tables, and the columns that order them
	where, wanted conditions
}

// conditions are joined by AND.
type conditions struct {
	all  []string
	args []any
}

func (c *conditions) and(condition string, args ...any) {
	c.all = append(c.all, condition)
	c.args = append(c.args, args...)
}

func (c *conditions) text() string {
	if len(c.all) == 0 {
		return `1`
	}
	return strings.Join(c.all, ` AND `)
}

// walk goes down an index from the newest event, so that a page costs what it
// passes on its way and not what the store holds. CROSS JOIN keeps SQLite from
// turning the walk around. Languages and polarities have no index of their own:
// it would be written twice for each mention, and most of them are common.
func (s *Reader) walk(q LatestQuery) *walk {
	var w *walk
	switch {
	case q.Brand != "":
		w = s.filtered(q, `mention m CROSS JOIN post p ON p.id = m.post`, `m.at`, `m.post`)
		w.where.and(`m.brand = ?`, s.words.find(q.Brand))
	case q.Source != "":
		w = s.filtered(q, `post p INDEXED BY post_source_at`, `p.at`, `p.id`)
		w.where.and(`p.source = ?`, s.words.find(q.Source))
		return w
	default:
		w = s.filtered(q, `post p INDEXED BY post_at`, `p.at`, `p.id`)
	}
	if q.Source != "" {
		w.wanted.and(`p.source = ?`, s.words.find(q.Source))
	}
	return w
}

// filtered applies everything but the brand and the source.
func (s *Reader) filtered(q LatestQuery, from, at, id string) *walk {
	w := &walk{from: from, at: at, id: id}
	w.wanted.and(`p.visibility = 0`)
	w.wanted.and(`p.said IS NOT NULL`)
	if q.Language != "" {
		w.wanted.and(`p.language = ?`, s.words.find(q.Language))
	}
	if q.Polarity != "" {
		w.wanted.and(`p.polarity = ?`, s.words.find(string(q.Polarity)))
	}
	if !q.Since.IsZero() {
		w.where.and(at+` >= ?`, q.Since.UnixMilli())
	}
	if !q.Before.IsZero() {
		w.where.and(`(`+at+`, `+id+`) < (?, ?)`, q.Before.UnixMilli(), q.BeforeID)
	}
	return w
}

// tail selects what is wanted, with what the posts said.
func (w *walk) tail(limit int) (string, []any) {
	return w.from + ` LEFT JOIN said s ON s.id = p.said WHERE ` + w.where.text() + ` AND ` + w.wanted.text() + w.order() + ` LIMIT ?`,
		append(append(w.where.args[:len(w.where.args):len(w.where.args)], w.wanted.args...), limit)
}

// steps gives all that the walk meets: its time, its position in the log, and
// whether it is wanted. What wanted asks is not asked of more than that.
func (w *walk) steps() (string, []any) {
	return `SELECT ` + w.at + `, ` + w.id + `, CASE WHEN ` + w.wanted.text() + ` THEN 1 ELSE 0 END FROM ` + w.from +
			` WHERE ` + w.where.text() + w.order(),
		append(w.wanted.args[:len(w.wanted.args):len(w.wanted.args)], w.where.args...)
}

func (w *walk) order() string { return ` ORDER BY ` + w.at + ` DESC, ` + w.id + ` DESC` }
