package store

import (
	"bytes"
	"cmp"
	"context"
	"maps"
	"slices"
)

const dayMS = 24 * hourMS

// voice is an author among those who named a brand on a UTC day.
type voice struct {
	day, brand int64
	author     [8]byte // of the keyed hash: enough to tell the authors of a day apart
}

// voiceOf is who made a mention; ok is false when nobody knows.
func voiceOf(author []byte, brand, at int64) (v voice, ok bool) {
	v = voice{day: floor(at, dayMS), brand: brand}
	return v, copy(v.author[:], author) == len(v.author)
}

func (v voice) compare(o voice) int {
	return cmp.Or(cmp.Compare(v.day, o.day), cmp.Compare(v.brand, o.brand), bytes.Compare(v.author[:], o.author[:]))
}

// sortedVoices are in the order that their table has, so that neighbours are
// written together.
func sortedVoices(posts map[voice]int64) []voice {
	return slices.SortedFunc(maps.Keys(posts), voice.compare)
}

// speak counts posts of voices: one that was not known yet is one more of
// its day's. Those whose posts were all deleted a while ago are still known.
func speak(t *tx, posts map[voice]int64) error {
	all := sortedVoices(posts)
	type day struct{ day, brand int64 }
	more := map[day]int64{}
	for len(all) > 0 {
		some := all[:atOnce(len(all))]
		all = all[len(some):]
		known, err := t.known(some)
		if err != nil {
			return err
		}
		args := make([]any, 0, 4*len(some))
		for _, v := range some {
			args = append(args, v.day, v.brand, v.author[:], posts[v])
			if !known[v] {
				more[day{v.day, v.brand}]++
			}
		}
		if _, err := t.exec(t.hot.text(len(some), `INSERT INTO spoke (day, brand, author, posts) VALUES `, `(?, ?, ?, ?)`,
			` ON CONFLICT DO UPDATE SET posts = posts + excluded.posts, gone = NULL`), args...); err != nil {
			return err
		}
	}
	for d, n := range more {
		if err := voices(t, d.brand, d.day, n); err != nil {
			return err
		}
	}
	return nil
}

// known tells which voices have spoken.
func (t *tx) known(some []voice) (map[voice]bool, error) {
	args := make([]any, 0, 3*len(some))
	for _, v := range some {
		args = append(args, v.day, v.brand, v.author[:])
	}
	rows, err := t.query(t.hot.text(len(some), `WITH asked (day, brand, author) AS (VALUES `, `(?, ?, ?)`,
		`) SELECT s.day, s.brand, s.author FROM asked CROSS JOIN spoke s USING (day, brand, author)`), args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	known := map[voice]bool{}
	for rows.Next() {
		var v voice
		var author []byte
		if err := rows.Scan(&v.day, &v.brand, &author); err != nil {
			return nil, err
		}
		copy(v.author[:], author)
		known[v] = true
	}
	return known, rows.Err()
}

func voices(t *tx, brand, day, n int64) error {
	_, err := t.exec(`INSERT INTO voice (brand, day, n) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET n = n + excluded.n`, brand, day, n)
	return err
}

// unnamed takes a post that turned out not to name a brand from its author's
// voice, which is none any more with its last post.
func (t *tx) unnamed(post, brand, at int64) error {
	var author []byte
	if err := t.one(`SELECT author FROM post WHERE id = ?`, []any{post}, &author); err != nil {
		return err
	}
	v, ok := voiceOf(author, brand, at)
	if !ok {
		return nil
	}
	emptied, err := hush(t, map[voice]int64{v: 1}, nil)
	if err != nil || emptied == 0 {
		return err
	}
	return voices(t, v.brand, v.day, -1)
}

// hush takes posts from voices, and returns how many have none left. Who they
// are is forgotten then, or known from the moment gone on until [Store.Prune]
// forgets them.
func hush(t *tx, posts map[voice]int64, gone any) (emptied int64, err error) {
	all := sortedVoices(posts)
	for len(all) > 0 {
		some := all[:atOnce(len(all))]
		all = all[len(some):]
		less, keys := make([]any, 0, 4*len(some)), make([]any, 0, 1+3*len(some))
		if gone != nil {
			keys = append(keys, gone)
		}
		for _, v := range some {
			less = append(less, v.day, v.brand, v.author[:], posts[v])
			keys = append(keys, v.day, v.brand, v.author[:])
		}
		if _, err := t.exec(t.hot.text(len(some), lessOf, `(?, ?, ?, ?)`, lessFrom), less...); err != nil {
			return 0, err
		}
		before := `DELETE FROM spoke`
		if gone != nil {
			before = `UPDATE spoke SET gone = ?`
		}
		n, err := t.exec(t.hot.text(len(some), before+` WHERE posts <= 0 AND (day, brand, author) IN (VALUES `, `(?, ?, ?)`, `)`), keys...)
		if err != nil {
			return 0, err
		}
		emptied += n
	}
	return emptied, nil
}

const (
	lessOf   = `WITH less (day, brand, author, n) AS (VALUES `
	lessFrom = `) UPDATE spoke SET posts = posts - less.n FROM less WHERE spoke.day = less.day AND spoke.brand = less.brand AND spoke.author = less.author`
)

// silence takes the posts that are about to be erased from their voices, which
// stay counted. gone is as in [hush].
func silence(t *tx, gone any, where string, args []any) error {
	rows, err := t.query(`SELECT p.author, m.brand, m.at FROM post p CROSS JOIN mention m ON m.post = p.id AND m.counted = 1
		WHERE p.id IN (SELECT id FROM post WHERE `+where+`) AND p.author IS NOT NULL`, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	posts := map[voice]int64{}
	for rows.Next() {
		var author []byte
		var brand, at int64
		if err := rows.Scan(&author, &brand, &at); err != nil {
			return err
		}
		if v, ok := voiceOf(author, brand, at); ok {
			posts[v]++
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	_, err = hush(t, posts, gone)
	return err
}

// Voices calls f with how many authors named a brand on each UTC day, counted in
// days since 1970, oldest first; days without any may be missing or 0. Authors
// erased since are counted. Who deletes a post and says it again counts once;
// one forgotten, by us or by retention, and heard again of the same day twice.
func (v *Snapshot) Voices(ctx context.Context, brand string, f func(day, authors int64)) error {
	rows, err := v.tx.QueryContext(ctx, `SELECT day, n FROM voice WHERE brand = (SELECT id FROM word WHERE text = ?) ORDER BY day`, brand)
	if err != nil {
		return v.s.failed("voices", err)
	}
	defer rows.Close()
	for rows.Next() {
		var day, n int64
		if err := rows.Scan(&day, &n); err != nil {
			return v.s.failed("voices", err)
		}
		f(day, n)
	}
	if err := rows.Err(); err != nil {
		return v.s.failed("voices", err)
	}
	return nil
}
