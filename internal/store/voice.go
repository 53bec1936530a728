package store

import "context"

const dayMS = 24 * hourMS

// voice counts an author n times among a brand's voices of a day, unless
// another counted post of theirs names the brand on that day: each is counted
// once, with the first mention that is. post is where the mention is, which is
// not looked at.
func voice(t *tx, post, brand, at, n int64) error {
	var author []byte
	if err := t.one(`SELECT author FROM post WHERE id = ?`, []any{post}, &author); err != nil || author == nil {
		return err // nobody knows who spoke
	}
	day := floor(at, dayMS)
	var one int
	spoke, err := t.find(`SELECT 1 FROM post o CROSS JOIN mention m ON m.post = o.id AND m.brand = ? AND m.counted = 1
		WHERE o.at / 86400000 = ? AND o.author = ? AND o.at >= ? AND o.at < ? AND o.id <> ? LIMIT 1`,
		[]any{brand, at / dayMS, author, day * dayMS, (day + 1) * dayMS, post}, &one)
	if err != nil || spoke {
		return err
	}
	_, err = t.exec(`INSERT INTO voice (brand, day, n) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET n = n + excluded.n`, brand, day, n)
	return err
}

// Voices calls f with how many authors named a brand on each UTC day, counted in
// days since 1970, oldest first; days without any may be missing or 0. Authors
// erased since are counted; one of whom all posts of a day were erased, and who
// spoke again that day, is counted twice.
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
