package daemon

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"confianza/internal/config"
	"confianza/internal/mention"
	"confianza/internal/store"
)

// weekOf is a brand's week, with what was said and by how many.
type weekOf struct{ brand, week string }
type saidBy struct{ mentions, voices string }

// The weeks of the file in New York's calendar, read by ourselves, while
// another holds the store.
func TestExportAirlines(t *testing.T) {
	newYork, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	mentions, voices := map[weekOf]int{}, map[weekOf]map[string]bool{}
	eachMention(t, func(row map[string]string, _ string) {
		at, err := time.Parse("2006-01-02 15:04:05 -0700", row["tweet_created"])
		if err != nil {
			t.Fatal(err)
		}
		year, week := at.In(newYork).ISOWeek()
		k := weekOf{row["airline"], fmt.Sprintf("%d-W%02d", year, week)}
		if mentions[k]++; voices[k] == nil {
			voices[k] = map[string]bool{}
		}
		voices[k][row["name"]] = true
	})
	want := map[weekOf]saidBy{}
	for k, n := range mentions {
		want[k] = saidBy{fmt.Sprint(n), fmt.Sprint(len(voices[k]))}
	}
	c := config.Default()
	c.Data, c.TimeZone = filepath.Join(t.TempDir(), "data"), "America/New_York"
	task := &ImportTask{Files: []string{airlines}, Source: "files", Map: "brand=airline"}
	for _, name := range []string{"Delta", "United", "US Airways", "Southwest", "American", "Virgin America"} {
		c.AddBrand(name)
	}
	if err := Do(t.Context(), c, task, Say{Out: new(bytes.Buffer)}, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	held, err := store.Open(t.Context(), c.Data, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer held.Close()
	c.Brands = nil // all that are there
	var out bytes.Buffer
	w := WeeklyExport{ExportTo: ExportTo{Out: &out, Format: "csv", Language: "en"}, From: "2015-02-16", To: "2015-02-28"}
	if err := ExportWeekly(t.Context(), c, w, time.Now()); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&out).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	column := map[string]int{}
	for i, title := range rows[0] {
		column[title] = i
	}
	got := map[weekOf]saidBy{}
	for _, r := range rows[1:] {
		if r[column["by"]] == "all" {
			got[weekOf{r[column["brand"]], r[column["week"]]}] = saidBy{r[column["mentions"]], r[column["voices"]]}
		}
	}
	if !maps.Equal(got, want) || len(want) != 12 {
		t.Errorf("got %v, want %v", got, want)
	}
	w.From, w.To = "", ""
	if err := ExportWeekly(t.Context(), c, w, time.Now()); err == nil || !strings.Contains(err.Error(), "there is something from 2015-02-17 to 2015-02-24") {
		t.Errorf("of this year: got %v", err)
	}
}

func TestATrendOfAThousandYears(t *testing.T) {
	c := config.Default()
	c.Data = filepath.Join(t.TempDir(), "data")
	some(t, c)
	w := WeeklyExport{ExportTo: ExportTo{Out: new(bytes.Buffer), Format: "csv", Language: "en"}, From: "1000-01-01", To: "2026-03-08"}
	if err := ExportWeekly(t.Context(), c, w, time.Now()); err == nil || !strings.Contains(err.Error(), "--from: 1026 years are more than the 30") {
		t.Errorf("got %v", err)
	}
}

// some is a store with three mentions of Acme on 2 March 2026.
func some(t *testing.T, c *config.Config) {
	t.Helper()
	s, err := store.Open(t.Context(), c.Data, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	at := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	var ms []mention.Mention
	for i, text := range []string{"@ana bad", "bad", "@Acme good"} {
		ms = append(ms, mention.Mention{Source: "feeds", Native: fmt.Sprint(i), Revision: "1", Text: text, At: at, Seen: at, Form: "post", Brands: []string{"Acme"}})
	}
	if _, err := s.Add(t.Context(), store.Intake{Source: "feeds", Mentions: ms, Heard: mention.Span{From: at.AddDate(0, 0, -1), To: at.AddDate(0, 0, 1)}}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Begin(t.Context(), "score", "v1"); err != nil {
		t.Fatal(err)
	}
	var scores []store.Scored
	for id := range int64(3) {
		scores = append(scores, store.Scored{ID: id + 1, Score: mention.Score{Language: "en", Polarity: mention.Negative, Negative: 1, Scorer: "v1"}})
	}
	if _, err := s.Done(t.Context(), "score", 3, scores); err != nil {
		t.Fatal(err)
	}
}

func TestExportMentions(t *testing.T) {
	c := config.Default()
	c.Data = filepath.Join(t.TempDir(), "data")
	c.Brands = []config.Brand{{Name: "Acme", Handles: []string{"@Acme"}}}
	now := time.Date(2026, 3, 4, 0, 0, 0, 0, time.UTC)
	export := func(but func(*MentionsExport)) (string, int, error) {
		var out bytes.Buffer
		m := MentionsExport{ExportTo: ExportTo{Out: &out, Format: "jsonl", Language: "en"}, Log: slog.New(slog.NewTextHandler(&out, nil))}
		but(&m)
		n, err := ExportMentions(t.Context(), c, m, now)
		return out.String(), n, err
	}
	if _, _, err := export(func(*MentionsExport) {}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("without a store: got %v", err)
	}
	some(t, c)
	text, n, err := export(func(m *MentionsExport) { m.Brand = "Acme" })
	if err != nil || n != 3 || strings.Contains(text, "@ana") || !strings.Contains(text, "@Acme good") {
		t.Errorf("got %d, %v: %s", n, err, text)
	}
	if text, n, err := export(func(m *MentionsExport) { m.Unmasked, m.From, m.To = true, "2026-03-02", "2026-03-02" }); err != nil || n != 3 || !strings.Contains(text, "@ana") {
		t.Errorf("unmasked: got %d, %v: %s", n, err, text)
	}
	if text, _, err := export(func(m *MentionsExport) { m.Text = "bad" }); err != nil || !strings.Contains(text, "words do not find yet") {
		t.Errorf("not indexed: got %v: %s", err, text)
	}
	for want, but := range map[string]func(*MentionsExport){
		`there is no brand "Zeta"; there are Acme`: func(m *MentionsExport) { m.Brand = "Zeta" },
		`there is no "sad"; there are`:             func(m *MentionsExport) { m.Polarity = "sad" },
		`"2/3/26" is no day`:                       func(m *MentionsExport) { m.From = "2/3/26" },
		"2026-03-01 is before 2026-03-02":          func(m *MentionsExport) { m.From, m.To = "2026-03-02", "2026-03-01" },
		"do not come as":                           func(m *MentionsExport) { m.Format = "json" },
	} {
		if _, _, err := export(but); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}
