// Package export puts numbers and mentions into files that other programs read:
// the weekly trend as CSV, XLSX or JSON, and mentions as CSV, XLSX or JSON
// Lines, in Spanish and English.
//
// What points at a person is masked unless it is asked for, no author's key is
// ever in a file, and no stranger's text becomes a formula. A file has its name
// only once it is whole. What its numbers mean is left to package report, when
// files are written to the daemon.
package export

import (
	"context"
	"fmt"
	"io"
	"slices"

	"confianza/analysis/report"
	"confianza/internal/mention"
	"confianza/internal/store"
)

// Store is what is read of a store.
type Store interface {
	Counts(ctx context.Context, q store.CountQuery) ([]store.Count, error)
	Sums(ctx context.Context, q store.CountQuery) ([]store.Count, error)
	Voices(ctx context.Context, brand string, within mention.Span) (store.Voices, error)
	Heard(ctx context.Context, source string, within mention.Span) ([]mention.Span, error)
	Unheard(ctx context.Context) (store.Unheard, error)
	Shown(ctx context.Context) (scorer string, err error)
	Latest(ctx context.Context, q store.LatestQuery) ([]mention.Mention, error)
	Search(ctx context.Context, q store.SearchQuery) ([]mention.Mention, error)
}

// Format is how a file is written.
type Format string

// The formats. JSON is for the weekly trend, JSONL for mentions.
const (
	CSV   Format = "csv"
	XLSX  Format = "xlsx"
	JSON  Format = "json"
	JSONL Format = "jsonl"
)

// WeeklyFormats are those the weekly trend comes in.
func WeeklyFormats() []Format { return []Format{CSV, XLSX, JSON} }

// Weekly writes the trend. Headers and notes are in the language, "es" or "en";
// the names in JSON are the same in all. bom begins CSV with a byte order mark.
func Weekly(out io.Writer, w report.Weekly, format Format, language string, bom bool) error {
	l, err := wordsOf(language)
	if err != nil {
		return err
	}
	switch format {
	case JSON:
		return writeJSON(out, w)
	case CSV:
		return writeCSV(out, l.flat(w), bom)
	case XLSX:
		return writeXLSX(out, w.Made, l.book(w)...)
	}
	return fmt.Errorf("export: the weekly trend does not come as %q; there are %v", format, WeeklyFormats())
}

// Languages are those that files are worded in.
func Languages() []string { return slices.Clone(languages) }
