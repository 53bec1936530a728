package store

import (
	"context"
	"slices"
	"strings"
)

// walk is a query for mentions, newest event first: where says which posts it
// meets on its way, wanted which of them are asked for.
type walk struct {
	from, at, id  string // the tables, and the columns that order them
	where, wanted conditions
	sources       []int64 // walked side by side; none when the way is not one of sources
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
// turning the walk around. Without a brand it goes down each of the sources,
// see [Reader.sources]; SQLite merges them as it goes. Languages and polarities
// have no index of their own: it would be written twice for each mention, and
// most of them are common.
func (s *Reader) walk(q LatestQuery, sources []int64) *walk {
	if q.Brand == "" {
		w := s.filtered(q, `post p INDEXED BY post_source_at`, `p.at`, `p.id`)
		w.sources = sources
		return w
	}
	w := s.filtered(q, `mention m CROSS JOIN post p ON p.id = m.post`, `m.at`, `m.post`)
	w.where.and(`m.brand = ?`, s.words.find(q.Brand))
	if q.Source != "" {
		w.wanted.and(`p.source = ?`, s.words.find(q.Source))
	}
	return w
}

// sources are those that a walk goes down for a query: its own, or all that
// ever said something. There is always one.
func (s *Reader) sources(ctx context.Context, q LatestQuery) (all []int64, err error) {
	if q.Brand != "" || q.Source != "" {
		return []int64{s.words.find(q.Source)}, nil
	}
	rows, err := s.read.QueryContext(ctx, `WITH RECURSIVE one (source) AS (SELECT min(source) FROM post
		UNION ALL SELECT (SELECT min(source) FROM post WHERE source > one.source) FROM one WHERE source IS NOT NULL)
		SELECT source FROM one WHERE source IS NOT NULL`)
	if err != nil {
		return nil, s.failed("sources", err)
	}
	defer rows.Close()
	for rows.Next() {
		var source int64
		if err := rows.Scan(&source); err != nil {
			return nil, s.failed("sources", err)
		}
		all = append(all, source)
	}
	if err := rows.Err(); err != nil {
		return nil, s.failed("sources", err)
	}
	if len(all) == 0 {
		all = []int64{0} // which no word has
	}
	return all, nil
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
	where := conditions{append(slices.Clip(w.where.all), w.wanted.all...), append(slices.Clip(w.where.args), w.wanted.args...)}
	found, args := w.ways(w.at+` AS at, `+w.id+` AS id`, conditions{}, where)
	return `(SELECT id AS found FROM (` + found + `) LIMIT ?) CROSS JOIN post p ON p.id = found LEFT JOIN said s ON s.id = p.said
		ORDER BY p.at DESC, p.id DESC`, append(args, limit)
}

// steps gives all that the walk meets: its time, its position in the log, and
// whether it is wanted. What wanted asks is not asked of more than that.
func (w *walk) steps() (string, []any) {
	return w.ways(w.at+` AS at, `+w.id+` AS id, CASE WHEN `+w.wanted.text()+` THEN 1 ELSE 0 END`, w.wanted, w.where)
}

// ways selects columns, which ask the first conditions, where the second hold,
// newest first.
func (w *walk) ways(columns string, asked, where conditions) (string, []any) {
	way := `SELECT ` + columns + ` FROM ` + w.from + ` WHERE ` + where.text()
	once := append(slices.Clip(asked.args), where.args...)
	const order = ` ORDER BY 1 DESC, 2 DESC`
	if len(w.sources) == 0 {
		return way + order, once
	}
	way += ` AND p.source = ?`
	var args []any
	for _, source := range w.sources {
		args = append(append(args, once...), source)
	}
	return strings.Repeat(way+` UNION ALL `, len(w.sources)-1) + way + order, args
}
