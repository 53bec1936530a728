package store

import (
	"context"
	"database/sql"
	"errors"

	"confianza/internal/mention"
)

// Scored is a score for the post with this position in the log.
type Scored struct {
	ID    int64
	Score mention.Score
}

// Recent gives the oldest mentions that a stage has not done, at most limit,
// in log order. Deleted ones come without text, so that they are counted too.
func (s *Reader) Recent(ctx context.Context, stage string, limit int) ([]mention.Mention, error) {
	return s.mentions(ctx, recentTail, stage, limit)
}

const recentTail = `post p LEFT JOIN said s ON s.id = p.said
	WHERE p.id > coalesce((SELECT through FROM stage WHERE name = ?), 0) ORDER BY p.id LIMIT ?`

// Pending is how many mentions a stage has not done. It counts positions, so
// that it is cheap; revised posts leave a few empty ones behind.
func (s *Reader) Pending(ctx context.Context, stage string) (int64, error) {
	end, err := s.End(ctx)
	if err != nil {
		return 0, err
	}
	return s.PendingTo(ctx, stage, end)
}

// End is the position of the last mention in the log, 0 when there is none.
func (s *Reader) End(ctx context.Context) (int64, error) {
	var end int64
	if err := s.read.QueryRowContext(ctx, `SELECT coalesce(max(id), 0) FROM post`).Scan(&end); err != nil {
		return 0, s.failed("end of the log", err)
	}
	return end, nil
}

// PendingTo is [Reader.Pending] up to a position in the log: what comes in
// meanwhile does not count.
func (s *Reader) PendingTo(ctx context.Context, stage string, end int64) (int64, error) {
	var n int64
	err := s.read.QueryRowContext(ctx, `SELECT max(0, ? - coalesce((SELECT through FROM stage WHERE name = ?), 0))`, end, stage).Scan(&n)
	if err != nil {
		return 0, s.failed("pending of "+stage, err)
	}
	return n, nil
}

// Begin says what a stage works with from now on. When that is not what it
// worked with before, its bookmark goes back to the start, and Begin returns
// true: everything is done again, into series of its own. What the version
// before gave is shown until the bookmark has come to where the log ends now;
// one never finished is never shown.
func (s *Store) Begin(ctx context.Context, stage, version string) (again bool, err error) {
	err = s.inTx(ctx, "begin "+stage, func(t *tx) error {
		var had, shown string
		known, err := t.find(`SELECT version, iif(through < until, shown, version) FROM stage WHERE name = ?`,
			[]any{stage}, &had, &shown)
		if err != nil {
			return err
		}
		if again = known && had != version; known && !again {
			return nil
		}
		_, err = t.exec(`INSERT INTO stage (name, through, version, shown) VALUES (?1, 0, ?2, '')
			ON CONFLICT (name) DO UPDATE SET through = 0, version = ?2, shown = ?3,
			until = iif(?2 = ?3, 0, (SELECT coalesce(max(id), 0) FROM post))`, stage, version, shown)
		return err
	})
	return again, err
}

// Done commits a stage's scores with the rollups they change, and moves its
// bookmark, in one transaction. Scores of posts revised meanwhile are passed
// over: the newer revision is further on in the log. It returns the mentions
// it counted for the first time.
func (s *Store) Done(ctx context.Context, stage string, through int64, scores []Scored) (counted []Total, err error) {
	err = s.inTx(ctx, "done "+stage, func(t *tx) error {
		c := newTally()
		if err := scoreAll(t, c, scores); err != nil {
			return err
		}
		if err := c.write(t); err != nil {
			return err
		}
		n, err := t.exec(`UPDATE stage SET through = max(through, ?) WHERE name = ?`, through, stage)
		if err == nil && n == 0 {
			err = errors.New("the stage was never begun")
		}
		counted = c.totals(t.words)
		return err
	})
	if err != nil {
		return nil, err
	}
	return counted, nil
}

// retire makes room for a score by version scorer: one this version gave
// before leaves the rollups, one that another gave stays in them and is
// remembered, so that a revision can still take it out.
func (t *tx) retire(c *tally, p *post, id, scorer int64) error {
	switch p.scorer {
	case 0:
		return nil // never scored: nothing is remembered either
	case scorer:
		c.addPost(p, -1)
		return nil
	}
	if _, err := t.exec(`INSERT INTO past (post, scorer, language, polarity) VALUES (?, ?, ?, ?)`,
		id, p.scorer, p.language, p.polarity); err != nil {
		return err
	}
	before := *p
	before.scorer = scorer
	known, err := t.find(`DELETE FROM past WHERE post = ? AND scorer = ? RETURNING language, polarity`,
		[]any{id, scorer}, &before.language, &before.polarity)
	if known {
		c.addPost(&before, -1)
	}
	return err
}

// Bookmark is how far a stage is.
type Bookmark struct {
	Version string // what it works with; "" when it was never begun
	Shown   string // whose results are shown: those of the version before, until all is done again
	Through int64  // the position of the last mention it has done
	Until   int64  // Version is shown once it has come here; see [Store.Begin]
}

// Again tells that the stage is doing everything again with another version.
func (b Bookmark) Again() bool { return b.Through < b.Until }

// Bookmark finds a stage's.
func (s *Reader) Bookmark(ctx context.Context, stage string) (b Bookmark, err error) {
	err = s.read.QueryRowContext(ctx, `SELECT version, iif(through < until, shown, version), through, until FROM stage WHERE name = ?`, stage).
		Scan(&b.Version, &b.Shown, &b.Through, &b.Until)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return b, s.failed("bookmark of "+stage, err)
	}
	return b, nil
}

// Shown is the version of the scorer whose results are shown, see
// [Store.Begin]; "" when nothing was ever scored.
func (s *Reader) Shown(ctx context.Context) (version string, err error) {
	err = s.read.QueryRowContext(ctx, `SELECT coalesce(`+shownScorer+`, '')`).Scan(&version)
	if err != nil {
		return "", s.failed("shown scorer", err)
	}
	return version, nil
}
