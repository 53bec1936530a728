package daemon

import (
	"bytes"
	"encoding/csv"
	"html"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"confianza/analysis/language"
	"confianza/analysis/sentiment"
	"confianza/internal/config"
	"confianza/internal/mention"
	"confianza/internal/store"
)

const airlines = "../../../shared/data/mentions/airline2015.csv"

// cell is a brand's mentions of one polarity on one day (UTC).
type cell struct {
	brand, day string
	polarity   mention.Polarity
}

// eachMention reads the file by itself: the first row of an id wins.
func eachMention(t *testing.T, f func(row map[string]string, text string)) {
	t.Helper()
	file, err := os.Open(airlines)
	if err != nil {
		t.Skipf("the mentions are not here: %v", err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, cells := range rows[1:] {
		row := map[string]string{}
		for i, name := range rows[0] {
			row[name] = cells[i]
		}
		if id := row["tweet_id"]; !seen[id] {
			seen[id] = true
			f(row, html.UnescapeString(row["text"]))
		}
	}
	if len(rows) != 14641 || len(seen) != 14485 {
		t.Fatalf("%d rows and %d ids, want 14,640 and 14,485", len(rows)-1, len(seen))
	}
}

// recount adds the file up.
func recount(t *testing.T) map[cell]int64 {
	t.Helper()
	scorer, err := sentiment.New(sentiment.Default)
	if err != nil {
		t.Fatal(err)
	}
	sum := map[cell]int64{}
	eachMention(t, func(row map[string]string, text string) {
		at, err := time.Parse("2006-01-02 15:04:05 -0700", row["tweet_created"])
		if err != nil {
			t.Fatal(err)
		}
		scores, err := scorer.Score(t.Context(), []sentiment.Text{{Text: text, Language: language.Identify(text, "").Code}})
		if err != nil {
			t.Fatal(err)
		}
		sum[cell{row["airline"], at.UTC().Format(time.DateOnly), mention.Polarity(scores[0].Label())}]++
	})
	return sum
}

func imported(t *testing.T, c *config.Config, columns string) (said string, sum map[cell]int64) {
	t.Helper()
	var out bytes.Buffer
	err := Do(t.Context(), c, &ImportTask{Files: []string{airlines}, Source: "files", Map: columns}, Say{Out: &out}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(t.Context(), c.Data, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	counts, err := s.Counts(t.Context(), store.CountQuery{Step: 24 * time.Hour, Span: mention.Span{
		From: time.Date(2015, 2, 1, 0, 0, 0, 0, time.UTC), To: time.Date(2015, 3, 1, 0, 0, 0, 0, time.UTC)}})
	if err != nil {
		t.Fatal(err)
	}
	sum = map[cell]int64{}
	for _, n := range counts {
		sum[cell{n.Brand, n.At.Format(time.DateOnly), n.Polarity}] += n.N
	}
	return out.String(), sum
}

func TestImportAirlines(t *testing.T) {
	t.Parallel()
	want := recount(t)
	c := config.Default()
	c.Data = filepath.Join(t.TempDir(), "data")
	for _, name := range []string{"Delta", "United", "US Airways", "Southwest", "American", "Virgin America"} {
		c.AddBrand(name)
	}
	for _, first := range []string{"14485 new mentions, 155 known already", "0 new mentions, 14640 known already"} {
		said, got := imported(t, c, "brand=airline")
		if !strings.Contains(said, first) {
			t.Errorf("said %s; want %s", said, first)
		}
		differ(t, got, want)
	}
}

func differ(t *testing.T, got, want map[cell]int64) {
	t.Helper()
	for k := range want {
		if got[k] != want[k] {
			t.Errorf("%+v: %d, want %d", k, got[k], want[k])
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d cells, want %d", len(got), len(want))
	}
}

// Of the 2,222 rows marked Delta 2,218 name @JetBlue and 4 @Delta: the column
// says one thing, the door another.
func TestImportAirlinesByTheDoor(t *testing.T) {
	t.Parallel()
	want := map[string]int64{}
	eachMention(t, func(_ map[string]string, text string) {
		for brand, names := range map[string]*regexp.Regexp{
			"JetBlue": regexp.MustCompile(`(?i)(^|[^\w@])@?jetblue($|[^\w])`), "Delta": regexp.MustCompile(`(?i)(^|[^\w@])@?delta($|[^\w])`),
		} {
			if names.MatchString(text) {
				want[brand]++
			}
		}
	})
	c := config.Default()
	c.Data = filepath.Join(t.TempDir(), "data")
	c.Brands = []config.Brand{{Name: "JetBlue", Handles: []string{"@JetBlue"}}, {Name: "Delta", Handles: []string{"@Delta"}}}
	_, cells := imported(t, c, "")
	got := map[string]int64{}
	for k, n := range cells {
		got[k.brand] += n
	}
	if !maps.Equal(got, want) || got["JetBlue"] < 2200 || got["Delta"] > 200 {
		t.Errorf("the door finds %v, a plain search %v", got, want)
	}
}

func TestImportSaysWhatIsWrong(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "posts.csv")
	write(t, file, "id,text,created_at\n1,Delta is late,2026-01-02\n2,,2026-01-02\n3,Delta again,yesterday\n4,\"Delta, fine\",2026-01-03\n5,Delta soon,2099-01-01\n")
	c := config.Default()
	c.Data = filepath.Join(dir, "data")
	run := func(source, columns string, files ...string) (string, error) {
		var out bytes.Buffer
		err := Do(t.Context(), c, &ImportTask{Files: files, Source: source, Map: columns}, Say{Out: &out}, slog.New(slog.DiscardHandler))
		return out.String(), err
	}
	if _, err := run("files", "", file); err == nil || !strings.Contains(err.Error(), "no brand to look for") {
		t.Errorf("without a brand: %v", err)
	}
	c.AddBrand("Delta")
	if _, err := run("files", "text=nonsense", file); err == nil || !strings.Contains(err.Error(), "nonsense") {
		t.Errorf("an unknown column: %v", err)
	}
	if _, err := run("files", "", filepath.Join(dir, "absent.csv")); err == nil {
		t.Error("an absent file is no error")
	}
	said, err := run("files", "", file)
	if err != nil || !strings.Contains(said, "5 rows, 3 posts, 1 no text, 1 no time") || !strings.Contains(said, "posts.csv:4:") ||
		!strings.Contains(said, "2 new mentions, 0 known already, 0 revised, 0 deleted before, 0 that name no brand, 1 dated in the future\n") {
		t.Errorf("said %s, %v", said, err)
	}
}
