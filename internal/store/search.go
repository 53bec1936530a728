package store

import (
	"context"
	"strings"

	"confianza/internal/mention"
)

// manyMatches is how many texts a search may match for them all to be looked up
// and sorted, some 0.2 s; with more, walking down from the newest event meets
// enough of them sooner.
const manyMatches = 50_000

// Search gives mentions that may be shown and whose text holds every word of
// q.Text, newest event first: words in any order, "exact phrases", and
// beginnings*. Case and accents do not matter; nothing else in q.Text means
// anything. It sees what [Store.Index] has passed. A text without a word to
// look for is a [*QueryError].
func (s *Reader) Search(ctx context.Context, q SearchQuery) ([]mention.Mention, error) {
	all, err := terms(q.Text)
	if err != nil {
		return nil, err
	}
	match, ps := expression(all), phrases(all)
	many, err := s.isCommon(ctx, match)
	if err != nil {
		return nil, err
	}
	limit, found := q.Limit, []mention.Mention(nil)
	if len(ps) > 0 {
		q.Limit = max(4*q.Limit, 50) // the index finds their words; many texts have them elsewhere
	}
	for {
		tail, args := s.search(q, match, many)
		ms, err := s.mentions(ctx, tail, args...)
		if err != nil {
			return nil, err
		}
		for _, m := range ms {
			if met(ps, m.Text) && len(found) < limit {
				found = append(found, m)
			}
		}
		if len(ps) == 0 || len(ms) < q.Limit || len(found) == limit {
			return found, nil
		}
		q.Before, q.BeforeID = ms[len(ms)-1].At, ms[len(ms)-1].ID
	}
}

// isCommon counts matches no further than it must.
func (s *Reader) isCommon(ctx context.Context, match string) (bool, error) {
	var n int
	err := s.read.QueryRowContext(ctx, `SELECT count(*) FROM (SELECT 1 FROM search WHERE search MATCH ? LIMIT ?)`, match, s.many+1).Scan(&n)
	switch {
	case err == nil:
		return n > s.many, nil
	case strings.Contains(err.Error(), "phrase queries are not supported"):
		// A letter newer than the index's tokenizer: it sees two words in one.
		return false, &QueryError{"a word has a letter that the index does not know"}
	}
	return false, s.failed("search", err)
}

// search reads few matches all and sorts them by number only; of many it finds
// the newest by looking at each post for the words.
func (s *Reader) search(q SearchQuery, match string, many bool) (tail string, args []any) {
	w := s.walk(q.filter())
	if many {
		w.and(has(match), match)
		return w.tail(q.Limit)
	}
	w = s.filtered(q.filter(), `search f CROSS JOIN post p ON p.id = f.rowid`, `p.at`, `p.id`)
	w.and(`f.search MATCH ?`, match)
	if q.Brand != "" {
		w.and(`EXISTS (SELECT 1 FROM mention m WHERE m.post = p.id AND m.brand = ?)`, s.words.find(q.Brand))
	}
	inner, args := w.pick(q.Limit)
	return `(SELECT p.id AS found FROM ` + inner + `) CROSS JOIN post p ON p.id = found LEFT JOIN said s ON s.id = p.said
		ORDER BY p.at DESC, p.id DESC`, args
}

// has is the condition that a post's text matches. Asking for one post at a
// time is quick where the index has a list for each word; for the beginning of
// words it would make one each time, so all matches are gathered first. The
// plus keeps SQLite from walking those.
func has(match string) string {
	if strings.Contains(match, "*") {
		return `+p.id IN (SELECT rowid FROM search WHERE search MATCH ?)`
	}
	return `EXISTS (SELECT 1 FROM search WHERE search MATCH ? AND rowid = p.id)`
}
