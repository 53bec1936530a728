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
	p, err := s.SearchPage(ctx, q, everything)
	return p.Mentions, err
}

// SearchPage is [Reader.Search] that looks at some so many posts, however few
// of them match.
func (s *Reader) SearchPage(ctx context.Context, q SearchQuery, posts int) (Page, error) {
	all, err := terms(q.Text)
	if err != nil {
		return Page{}, err
	}
	asked, read, err := s.divide(ctx, all)
	if err != nil {
		return Page{}, err
	}
	match := expression(asked)
	many, err := s.isCommon(ctx, match)
	if err != nil {
		return Page{}, err
	}
	l := &looking{filter: q.filter(), ps: read, most: posts, whole: !many}
	sources, err := s.sources(ctx, l.filter)
	if err != nil {
		return Page{}, err
	}
	if l.walk = func(f LatestQuery) *walk { return s.matches(f, match) }; many {
		l.ps, l.walk = folded(all), func(f LatestQuery) *walk { return s.indexed(f, sources) }
	}
	return s.look(ctx, l)
}

// divide says which terms the index is asked for, and which are then found by
// reading the texts: phrases, since the index does not know where in a text a
// word stands, and beginnings of so many words that gathering them would take
// long; the index is not asked for those at all.
func (s *Reader) divide(ctx context.Context, all []term) (asked, read []term, err error) {
	read = phrases(all)
	for _, t := range all {
		if last := len(t.words) - 1; t.prefix {
			pages, err := s.pagesOf(ctx, t.words[last])
			if err != nil {
				return nil, nil, err
			}
			if pages > s.wide {
				if last == 0 {
					read = append(read, term{fold(t.words), true})
				}
				t = term{t.words[:last], false}
			}
		}
		if len(t.words) > 0 {
			asked = append(asked, t)
		}
	}
	return asked, read, nil
}

// isCommon counts matches no further than it must; what the index is not asked
// for is common.
func (s *Reader) isCommon(ctx context.Context, match string) (bool, error) {
	if match == "" {
		return true, nil
	}
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

// matches are few: they are all found, and sorted by number only.
func (s *Reader) matches(q LatestQuery, match string) *walk {
	w := s.filtered(q, `search f CROSS JOIN post p ON p.id = f.rowid`, `p.at`, `p.id`)
	w.where.and(`f.search MATCH ?`, match)
	if q.Source != "" {
		w.where.and(`p.source = ?`, s.words.find(q.Source))
	}
	if q.Brand != "" {
		w.where.and(`EXISTS (SELECT 1 FROM mention m WHERE m.post = p.id AND m.brand = ?)`, s.words.find(q.Brand))
	}
	w.where.and(w.wanted.text(), w.wanted.args...)
	w.wanted = conditions{}
	return w
}

// indexed are all that the index has passed, so that a search sees the same
// however it is made. Their texts are read: asking the index for one post goes
// through its lists from the beginning, and takes the longer the more it holds.
func (s *Reader) indexed(q LatestQuery, sources []int64) *walk {
	w := s.walk(q, sources)
	w.wanted.and(`p.id <= (SELECT through FROM stage WHERE name = 'index')`)
	return w
}
