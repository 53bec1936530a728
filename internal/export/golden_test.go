package export

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"confianza/analysis/report"
)

// golden compares with a file, or rewrites it.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s is not what it should be: make golden, and read the diff. Got:\n%s", path, got)
	}
}

// trend has two whole weeks, the second of which was said otherwise and has
// imports too, a partial one in which the clocks go back, and one that goes on;
// and a brand whose name could be a formula.
func trend(t *testing.T) report.Weekly {
	t.Helper()
	madrid, err := time.LoadLocation("Europe/Madrid")
	if err != nil {
		t.Fatal(err)
	}
	at := func(day, hour int) time.Time { return time.Date(2026, 10, day, hour, 0, 0, 0, madrid) }
	count := func(source, language, kind string, negative, neutral, positive, unknown int64) report.Count {
		return report.Count{Source: source, Language: language, Kind: kind, Negative: negative, Neutral: neutral, Positive: positive, Unknown: unknown}
	}
	spans := []report.Span{
		{Counts: []report.Count{count("bluesky", "es", "unknown", 30, 80, 40, 2)}, Voices: 110, Authored: 1},
		{Counts: []report.Count{count("bluesky", "es", "unknown", 60, 90, 40, 0), count("feeds", "en", "unknown", 3, 30, 2, 0), count("bluesky", "other", "unknown", 0, 0, 0, 9), count("files", "es", "unknown", 1, 1, 1, 0)}, Voices: 150, Authored: 0.85},
		{Counts: []report.Count{count("bluesky", "es", "unknown", 180, 120, 20, 0), count("bluesky", "en", "unknown", 10, 5, 4, 1)}, Voices: 290, Authored: 1},
		{Counts: []report.Count{count("bluesky", "es", "unknown", 20, 6, 2, 0)}, Voices: 25, Authored: 1},
	}
	m := report.Material{Made: at(29, 10), Zone: madrid, Scorer: "model@3", Listening: []string{"bluesky", "feeds"},
		Heard: map[string][]report.Stretch{"bluesky": {{From: at(-30, 0), To: at(29, 10)}}, "feeds": {{From: at(-30, 0), To: at(22, 7)}}},
		Weeks: report.Weeks(report.Stretch{From: at(5, 0), To: at(29, 0)}, madrid),
		Brands: []report.Brand{
			{Name: "Aerolíneas Ñandú", Weeks: spans, Incident: at(17, 0),
				Baseline: report.Span{Counts: []report.Count{count("bluesky", "es", "unknown", 100, 300, 100, 20)}}},
			{Name: "=Otra", Weeks: make([]report.Span, 4)},
		}}
	r := report.New(m)
	said := report.SayOf(r.Brands[0].Weeks[1], "model@3")
	said.Mentions, said.Neutral = said.Mentions-5, said.Neutral-5
	m.Brands[0].Said = map[string]report.Said{"2026-W42": said}
	return report.New(m)
}

func TestGoldenWeekly(t *testing.T) {
	for _, tt := range []struct {
		file     string
		format   Format
		language string
		bom      bool
	}{
		{"weekly.en.csv", CSV, "en", false},
		{"weekly.es.csv", CSV, "es", true},
		{"weekly.json", JSON, "en", false},
		{"weekly.en.xlsx.txt", XLSX, "en", false},
		{"weekly.es.xlsx.txt", XLSX, "es", false},
	} {
		var b bytes.Buffer
		if err := Weekly(&b, trend(t), tt.format, tt.language, tt.bom); err != nil {
			t.Fatal(err)
		}
		if tt.format == XLSX {
			golden(t, tt.file, sheets(t, b.Bytes()))
			continue
		}
		golden(t, tt.file, b.Bytes())
	}
}

// sheets prints a workbook as a person would see it, with the kind of each cell
// that is no plain text, the widths, and what is frozen.
func sheets(t *testing.T, book []byte) []byte {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(book))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	var b strings.Builder
	for _, name := range f.GetSheetList() {
		panes, err := f.GetPanes(name)
		must(err)
		fmt.Fprintf(&b, "== %s, frozen: %v %s\n", name, panes.Freeze, panes.TopLeftCell)
		rows, err := f.GetRows(name)
		must(err)
		for i, row := range rows {
			for j, shown := range row {
				at, err := excelize.CoordinatesToCellName(j+1, i+1)
				must(err)
				kind, err := f.GetCellType(name, at)
				must(err)
				if formula, err := f.GetCellFormula(name, at); err != nil || formula != "" {
					t.Errorf("%s!%s holds a formula, %q; error %v", name, at, formula, err)
				}
				mark := ""
				if kind != excelize.CellTypeInlineString && kind != excelize.CellTypeSharedString && shown != "" {
					mark = "#" // a number or date
				}
				fmt.Fprintf(&b, "%s%s | ", mark, strings.ReplaceAll(shown, "\n", "⏎"))
			}
			b.WriteString("\n")
		}
	}
	return []byte(b.String())
}

// Both languages have all that one has, each title once in a table, and every
// value of a note its place.
func TestWordsAreWhole(t *testing.T) {
	en, err := wordsOf("en")
	if err != nil {
		t.Fatal(err)
	}
	es, err := wordsOf("es")
	if err != nil {
		t.Fatal(err)
	}
	for name := range en {
		if es[name] == "" || strings.Count(en[name], "%s") != strings.Count(es[name], "%s") || strings.Count(en[name], "%d") != strings.Count(es[name], "%d") {
			t.Errorf("%s: %q and %q", name, en[name], es[name])
		}
	}
	if len(en) != len(es) {
		t.Errorf("%d words in English, %d in Spanish", len(en), len(es))
	}
	for _, w := range []words{en, es} {
		for _, table := range append(w.book(trend(t)), w.flat(trend(t))) {
			seen := map[string]bool{}
			for _, c := range table.columns {
				if c.title == "" || seen[c.title] {
					t.Errorf("%s: column %q has no title, or another's", table.name, c.title)
				}
				seen[c.title] = true
			}
			for _, row := range table.rows {
				for _, cell := range row {
					if s, ok := cell.(string); ok && (strings.Contains(s, "%!") || strings.Contains(s, "%s")) {
						t.Errorf("%s: %s", table.name, s)
					}
				}
			}
		}
	}
}

func TestUnknownLanguagesAndFormats(t *testing.T) {
	var b bytes.Buffer
	if err := Weekly(&b, trend(t), "pdf", "en", false); err == nil || !strings.Contains(err.Error(), `"pdf"`) {
		t.Errorf("got %v", err)
	}
	if err := Weekly(&b, trend(t), CSV, "fr", false); err == nil || !strings.Contains(err.Error(), `"fr"`) {
		t.Errorf("got %v", err)
	}
}
