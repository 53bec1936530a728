package export

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"confianza/internal/mention"
	"confianza/internal/store"
)

// Selection says which mentions. The zero value takes all.
type Selection struct {
	Brand, Source, Language string
	Polarity                mention.Polarity
	Text                    string       // words, as [store.Reader.Search] reads them
	Span                    mention.Span // event time; a zero end is open
}

// Style says how mentions are written.
type Style struct {
	Format   Format
	Language string // of the headers, "es" or "en"
	Zone     *time.Location
	Made     time.Time
	Unmasked bool     // with addresses, ids and @names: personal data
	Keep     []string // the brand's own @names, which are not masked
	BOM      bool     // begins CSV with a byte order mark
}

// MentionFormats are those mentions come in.
func MentionFormats() []Format { return []Format{CSV, XLSX, JSONL} }

// page is how many mentions are read at once: each page is a transaction of its
// own, so that a long export keeps no old pages of the store alive, and what is
// deleted meanwhile does not come.
const page = 2000

// Mentions writes all that may be shown of a selection, newest event first, and
// returns how many. It holds one page in memory, whatever their number.
func Mentions(ctx context.Context, out io.Writer, s Store, sel Selection, how Style) (n int, err error) {
	w, err := newMentionWriter(out, how)
	if err != nil {
		return 0, err
	}
	defer w.drop()
	before, id := sel.Span.To, int64(0)
	for {
		ms, err := sel.read(ctx, s, before, id)
		if err != nil {
			return n, err
		}
		for i := range ms {
			if err := w.write(&ms[i]); err != nil {
				return n, fmt.Errorf("export: mentions: %w", err)
			}
		}
		if n += len(ms); len(ms) < page {
			return n, w.finish()
		}
		before, id = ms[page-1].At, ms[page-1].ID
	}
}

// read is the next page, before a moment and what has an id at that moment.
func (sel Selection) read(ctx context.Context, s Store, before time.Time, id int64) ([]mention.Mention, error) {
	if sel.Text == "" {
		return s.Latest(ctx, store.LatestQuery{Brand: sel.Brand, Source: sel.Source, Language: sel.Language, Polarity: sel.Polarity,
			Since: sel.Span.From, Before: before, BeforeID: id, Limit: page})
	}
	return s.Search(ctx, store.SearchQuery{Text: sel.Text, Brand: sel.Brand, Source: sel.Source, Language: sel.Language, Polarity: sel.Polarity,
		Span: mention.Span{From: sel.Span.From}, Before: before, BeforeID: id, Limit: page})
}

// keep are @names as [mask] takes them.
func keep(names []string) map[string]bool {
	kept := map[string]bool{}
	for _, n := range names {
		kept["@"+strings.ToLower(strings.TrimPrefix(n, "@"))] = true
	}
	return kept
}
