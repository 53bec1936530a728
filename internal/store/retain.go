package store

import (
	"context"
	"time"
)

// retainPosts is how many posts one transaction of Retain erases: some 20 ms.
const retainPosts = 500

// Retain erases what points at a person in a source's posts seen before a
// moment: their texts, ids, addresses and authors, as a deletion does. Their
// numbers stay, and a replay does not bring them back. It works in small
// transactions, so that others can write meanwhile, and returns how many posts
// it erased, those before an error included: a call cut short is taken up by
// the next. Then it gives back the room of what was erased.
func (s *Store) Retain(ctx context.Context, source string, before time.Time) (posts int, err error) {
	from := s.words.find(source)
	for through := int64(0); ; {
		last, err := s.outdated(ctx, through, from, before.UnixMilli())
		if err != nil {
			return posts, s.failed("retain "+source, err)
		}
		if last == 0 {
			return posts, s.reclaim(ctx)
		}
		n := 0
		err = s.inTx(ctx, "retain "+source, func(t *tx) error {
			n, err = erase(t, nil, `id > ? AND id <= ? AND +source = ? AND seen < ?`, through, last, from, before.UnixMilli())
			return err
		})
		if err != nil {
			return posts, err
		}
		posts, through = posts+n, last
	}
}

// outdated looks for the next posts to erase, in log order, and returns the
// last one's position; 0 when there is none. The plus keeps SQLite from sorting
// all posts of the source, here and above.
func (s *Store) outdated(ctx context.Context, through, source, before int64) (last int64, err error) {
	err = s.read.QueryRowContext(ctx, outdated, through, source, before, retainPosts).Scan(&last)
	return last, err
}

const outdated = `SELECT coalesce(max(id), 0) FROM (SELECT id FROM post
	WHERE id > ? AND +source = ? AND seen < ? AND visibility < 2 ORDER BY id LIMIT ?)`
