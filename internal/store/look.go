package store

import (
	"context"
	"database/sql"
	"errors"
	"math"
	"time"

	"confianza/internal/mention"
)

// Page is what was found by looking at so many posts and no more.
type Page struct {
	Mentions []mention.Mention // newest event first
	// Where looking ended though the page is not full: a query with this Before
	// and BeforeID goes on. The zero time when all has been looked at.
	Before   time.Time
	BeforeID int64
}

// LatestPage is [Reader.Latest] that looks at some so many posts, however few
// of them are wanted.
func (s *Reader) LatestPage(ctx context.Context, q LatestQuery, posts int) (Page, error) {
	sources, err := s.sources(ctx, q)
	if err != nil {
		return Page{}, err
	}
	walk := func(q LatestQuery) *walk { return s.walk(q, sources) }
	return s.look(ctx, &looking{filter: q, walk: walk, most: posts})
}

// looking goes down a walk and keeps what it finds.
type looking struct {
	filter LatestQuery // its Before moves on
	walk   func(LatestQuery) *walk
	most   int  // posts to look at
	looked int  // posts looked at; one that is read counts as some
	whole  bool // the walk is short, and sorted: it is never cut
	ps     []term
	text   *sql.Stmt // reads a post's; ends with the transaction
	found  []mention.Mention
	all    bool // there is nothing further down
}

// PagePosts is how many posts a page that somebody waits for may look at: some
// half a second.
const PagePosts = 250_000

// everything is more posts than a store holds.
const everything = math.MaxInt

// usualPatience is how many posts in a row that nobody wants make us ask where
// the next one can be; readingOne is how many are looked at while one is read.
const usualPatience, readingOne = 1000, 4

func (s *Reader) look(ctx context.Context, l *looking) (Page, error) {
	t, err := s.read.BeginTx(ctx, nil)
	if err != nil {
		return Page{}, s.failed("read mentions", err)
	}
	defer t.Rollback() // nothing was written
	if err := s.words.refresh(ctx, t); err != nil {
		return Page{}, s.failed("read mentions", err)
	}
	for more := true; more; {
		if more, err = s.goOn(ctx, t, l); err != nil {
			return Page{}, s.failed("read mentions", err)
		}
	}
	if err := s.brands(ctx, t, l.found); err != nil {
		return Page{}, s.failed("brands of mentions", err)
	}
	p := Page{Mentions: l.found}
	if !l.all && len(l.found) < l.filter.Limit {
		p.Before, p.BeforeID = l.filter.Before, l.filter.BeforeID
	}
	return p, nil
}

// goOn looks at posts until the page is full, enough was looked at, or it pays
// to go on further down: then more is true.
func (s *Reader) goOn(ctx context.Context, t *sql.Tx, l *looking) (more bool, err error) {
	query, args := l.walk(l.filter).steps()
	rows, err := t.QueryContext(ctx, query, args...)
	if err != nil {
		return false, err
	}
	defer rows.Close()
	for missed := 0; len(l.found) < l.filter.Limit && rows.Next(); {
		if l.looked >= l.most && !l.whole {
			return false, nil
		}
		var at, id int64
		var wanted bool
		if err := rows.Scan(&at, &id, &wanted); err != nil {
			return false, err
		}
		missed++
		l.looked++
		if wanted {
			l.looked += readingOne
			found, err := l.meet(ctx, s, t, id)
			if err != nil {
				return false, err
			}
			if found {
				missed = 0
			}
		}
		if l.whole {
			continue
		}
		l.filter.Before, l.filter.BeforeID = time.UnixMilli(at).UTC(), id
		if missed >= s.patience {
			missed = 0
			switch to, known, err := s.nextHour(ctx, t, l.filter); {
			case err != nil || known && to.IsZero():
				l.all = true
				return false, err
			case known && to.Before(l.filter.Before):
				l.filter.Before, l.filter.BeforeID = to, 0
				return true, nil
			}
		}
	}
	if len(l.found) < l.filter.Limit {
		l.all = true
	}
	return false, rows.Err()
}

// nextHour asks the rollups for the end of the last hour, that of q.Before or
// one earlier, that counted what a filter asks for; the zero time when there is
// none. known is false when they cannot tell: what was not scored yet is not in
// them, and only a language or a polarity leaves it out. They count what was
// erased too.
func (s *Reader) nextHour(ctx context.Context, t *sql.Tx, q LatestQuery) (end time.Time, known bool, err error) {
	if q.Language == "" && q.Polarity == "" {
		return time.Time{}, false, nil
	}
	var of conditions
	for _, f := range []struct{ column, word string }{
		{`brand`, q.Brand}, {`source`, q.Source}, {`language`, q.Language}, {`polarity`, string(q.Polarity)},
	} {
		if f.word != "" {
			of.and(f.column+` = ?`, s.words.find(f.word))
		}
	}
	var hour sql.NullInt64
	err = t.QueryRowContext(ctx, `SELECT max((SELECT hour FROM rollup WHERE series = id AND hour <= ? AND total > 0 ORDER BY hour DESC LIMIT 1))
		FROM series WHERE `+of.text(), append([]any{floor(q.Before.UnixMilli(), hourMS)}, of.args...)...).Scan(&hour)
	if err != nil || !hour.Valid {
		return time.Time{}, true, err
	}
	return time.UnixMilli((hour.Int64 + 1) * hourMS).UTC(), true, nil
}

// meet reads one post, and keeps it when its text is what is looked for.
func (l *looking) meet(ctx context.Context, s *Reader, t *sql.Tx, id int64) (kept bool, err error) {
	if len(l.ps) > 0 {
		if l.text == nil {
			if l.text, err = t.PrepareContext(ctx, `SELECT s.text FROM post p JOIN said s ON s.id = p.said WHERE p.id = ?`); err != nil {
				return false, err
			}
		}
		var text string
		if err := l.text.QueryRowContext(ctx, id).Scan(&text); err != nil || !met(l.ps, text) {
			return false, err
		}
	}
	m, err := s.mention(ctx, t, id)
	l.found = append(l.found, m)
	return true, err
}

// mention reads one post, but for its brands.
func (s *Reader) mention(ctx context.Context, t *sql.Tx, id int64) (m mention.Mention, err error) {
	rows, err := t.QueryContext(ctx, `SELECT `+postColumns+` FROM post p LEFT JOIN said s ON s.id = p.said WHERE p.id = ?`, id)
	if err != nil {
		return m, err
	}
	defer rows.Close()
	if !rows.Next() {
		return m, errors.Join(rows.Err(), sql.ErrNoRows)
	}
	return s.scan(rows)
}
