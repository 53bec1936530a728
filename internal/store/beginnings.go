package store

import "context"

// widePages is how many pages of the index a beginning of words may take for
// all its matches to be gathered, some 0.1 s: a page holds up to 1000 bytes, a
// match takes two or three.
const widePages = 100

// pagesOf is about how many pages of the index are about words that begin so.
// It reads the directory that FTS5 keeps of its segments (search_idx, the first
// word of each page, behind a zero) and the number of each segment's last page
// (search_data), as described in "The FTS5 data format", fts5_index.c of SQLite
// 3.40. It decides how a search is made, and never what it finds.
func (s *Reader) pagesOf(ctx context.Context, beginning string) (pages int, err error) {
	from := append([]byte{'0'}, fold([]string{beginning})[0]...)
	to := append(from[:len(from):len(from)], 0xff) // no letter begins so
	err = s.read.QueryRowContext(ctx, pagesOf, from, to).Scan(&pages)
	if err != nil {
		return 0, s.failed("search", err)
	}
	return pages, nil
}

const pagesOf = `WITH RECURSIVE segment (id) AS (SELECT min(segid) FROM search_idx
		UNION ALL SELECT (SELECT min(segid) FROM search_idx WHERE segid > id) FROM segment WHERE id IS NOT NULL)
	SELECT coalesce(sum(
		coalesce((SELECT pgno >> 1 FROM search_idx WHERE segid = id AND term >= ?2 ORDER BY term LIMIT 1),
			1 + (SELECT max(d.id) & 0x7fffffff FROM search_data d WHERE d.id < (segment.id << 37) + (1 << 31)))
		- coalesce((SELECT pgno >> 1 FROM search_idx WHERE segid = id AND term <= ?1 ORDER BY term DESC LIMIT 1), 1)), 0)
	FROM segment WHERE id IS NOT NULL`
