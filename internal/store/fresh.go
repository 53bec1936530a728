package store

import (
	"strings"

	"confianza/internal/mention"
)

// fresh gathers posts never seen before, in the order of the log, so that many
// rows take one statement: the way to it costs more than a row.
type fresh struct {
	posts    []freshPost
	mentions int // rows of table mention
}

type freshPost struct {
	key        []byte
	visibility mention.Visibility
	*mention.Mention
}

func (f *fresh) add(key []byte, v mention.Visibility, m *mention.Mention) {
	f.posts = append(f.posts, freshPost{key, v, m})
	f.mentions += len(m.Brands)
}

// insert writes what was gathered to the end of the log, and gathers anew.
func (f *fresh) insert(t *tx, source int64) error {
	if len(f.posts) == 0 {
		return nil
	}
	var post, said int64 // the last ones there are
	if err := t.one(`SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'post'), 0),
		coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'said'), 0)`, nil, &post, &said); err != nil {
		return err
	}
	saids, posts, mentions := make([]any, 0, 3*len(f.posts)), make([]any, 0, 9*len(f.posts)), make([]any, 0, 3*f.mentions)
	for i, p := range f.posts {
		form, err := t.words.learn(t, p.Form)
		if err != nil {
			return err
		}
		saids = append(saids, p.Native, p.URL, p.Text)
		posts = append(posts, p.key, p.Revision, authorBytes(p.Author), p.Declared, p.At.UnixMilli(), p.Seen.UnixMilli(),
			form, int64(p.Followers), int64(p.visibility))
		for _, b := range p.Brands {
			brand, err := t.words.learn(t, b)
			if err != nil {
				return err
			}
			mentions = append(mentions, post+1+int64(i), brand, p.At.UnixMilli())
		}
	}
	kind, err := t.words.learn(t, string(mention.KindUnknown))
	if err != nil {
		return err
	}
	f.posts, f.mentions = f.posts[:0], 0
	if err := t.insertAll(`said (id, native, url, text)`, `(?1 + #, ?, ?, ?)`, 3, saids, said); err != nil {
		return err
	}
	if err := t.insertAll(`post (id, said, source, key, revision, author, declared, at, seen, form, followers, visibility)`,
		`(?1 + #, ?2 + #, ?3, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, 9, posts, post, said, source); err != nil {
		return err
	}
	return t.insertAll(`mention (kind, post, brand, at)`, `(?1, ?, ?, ?)`, 3, mentions, kind)
}

// insertAll inserts rows with width values each of their own, and shared ones
// before them; # in a row is its number, from 1 on. Statements of a few sizes
// serve any number of rows, so that each is prepared once. A row that cannot be
// inserted ends the transaction, so the rows before it need not be taken back:
// FAIL spares the copies of pages that SQLite would make for that.
func (t *tx) insertAll(into, row string, width int, values []any, shared ...int64) error {
	counts := strings.Count(row, "#") // the first of shared are last numbers
	for len(values) > 0 {
		n := atOnce(len(values) / width)
		args := make([]any, 0, len(shared)+n*width)
		for i := range shared {
			args = append(args, shared[i])
			if i < counts {
				shared[i] += int64(n)
			}
		}
		if _, err := t.exec(t.hot.text(n, `INSERT OR FAIL INTO `+into+` VALUES `, row, ``), append(args, values[:n*width]...)...); err != nil {
			return err
		}
		values = values[n*width:]
	}
	return nil
}

// atOnce is how many of n rows the next statement takes.
func atOnce(n int) int {
	switch {
	case n >= 64:
		return 64
	case n >= 8:
		return 8
	}
	return 1
}
