package export

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"confianza/internal/mention"
	"confianza/internal/store"
)

var noon = time.Date(2026, 10, 5, 12, 0, 0, 0, time.UTC)

// filled is a store with these texts of Acme, one an hour from noon on, scored.
func filled(t *testing.T, texts ...string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), t.TempDir(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	var ms []mention.Mention
	for i, text := range texts {
		ms = append(ms, mention.Mention{Source: "net", Native: fmt.Sprint("n", i), Revision: "1", URL: fmt.Sprint("https://net.example/ana/", i),
			Author: s.AuthorKey("net", fmt.Sprint("author", i%7)), Text: text, At: noon.Add(time.Duration(i) * time.Hour), Seen: noon, Form: "post", Brands: []string{"Acme"}})
	}
	if _, err := s.Add(t.Context(), store.Intake{Source: "net", Mentions: ms}); err != nil {
		t.Fatal(err)
	}
	score(t, s)
	return s
}

// score calls every third text unknown, and the others negative or positive.
func score(t *testing.T, s *store.Store) {
	t.Helper()
	if _, err := s.Begin(t.Context(), "score", "v1"); err != nil {
		t.Fatal(err)
	}
	ms, err := s.Recent(t.Context(), "score", 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	var scores []store.Scored
	for _, m := range ms {
		sc := mention.Score{Language: "es", Polarity: mention.Unknown, Scorer: "v1"}
		switch m.ID % 3 {
		case 1:
			sc.Polarity, sc.Negative, sc.Neutral, sc.Positive = mention.Negative, 0.7, 0.2, 0.1
		case 2:
			sc.Polarity, sc.Negative, sc.Neutral, sc.Positive = mention.Positive, 0.123456, 0.2, 0.676544
		}
		scores = append(scores, store.Scored{ID: m.ID, Score: sc})
	}
	if _, err := s.Done(t.Context(), "score", ms[len(ms)-1].ID, scores); err != nil {
		t.Fatal(err)
	}
	for n := 1; n > 0; {
		if n, err = s.Index(t.Context(), 1<<20); err != nil {
			t.Fatal(err)
		}
	}
}

var nasty = []string{
	`=HYPERLINK("https://evil.example/x","click")`,
	"@ana perdisteis mis datos, \"otra vez\"; =1+1",
	"one\n-two \x00 \u202e three 🙂",
	"see https://x.com/ana/status/1?a=<b>&c and mail ana@mail.example, @Acme",
}

func TestGoldenMentions(t *testing.T) {
	s := filled(t, nasty...)
	madrid, err := time.LoadLocation("Europe/Madrid")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		file string
		how  Style
	}{
		{"mentions.csv", Style{Format: CSV, Language: "es", Keep: []string{"@acme"}, BOM: true}},
		{"mentions.unmasked.csv", Style{Format: CSV, Language: "en", Unmasked: true}},
		{"mentions.jsonl", Style{Format: JSONL, Language: "en"}},
		{"mentions.unmasked.jsonl", Style{Format: JSONL, Language: "en", Unmasked: true}},
		{"mentions.xlsx.txt", Style{Format: XLSX, Language: "es"}},
	} {
		var b bytes.Buffer
		tt.how.Zone, tt.how.Made = madrid, noon
		n, err := Mentions(t.Context(), &b, s, Selection{}, tt.how)
		if err != nil || n != len(nasty) {
			t.Fatalf("%s: %d mentions, %v", tt.file, n, err)
		}
		if tt.how.Format == XLSX {
			golden(t, tt.file, sheets(t, b.Bytes()))
			continue
		}
		golden(t, tt.file, b.Bytes())
	}
}

// No author's key is in any file, masked or not.
func TestNoKeyIsExported(t *testing.T) {
	s := filled(t, nasty...)
	for _, format := range MentionFormats() {
		var b bytes.Buffer
		if _, err := Mentions(t.Context(), &b, s, Selection{}, Style{Format: format, Language: "en", Zone: time.UTC, Unmasked: true}); err != nil {
			t.Fatal(err)
		}
		key := s.AuthorKey("net", "author0")
		if bytes.Contains(b.Bytes(), key[:]) || strings.Contains(b.String(), fmt.Sprintf("%x", key[:])) {
			t.Errorf("%s holds an author's key", format)
		}
	}
}

func TestSelection(t *testing.T) {
	texts := make([]string, 2*page+100) // more than two pages
	for i := range texts {
		texts[i] = "text " + []string{"alpha", "beta"}[i%2]
	}
	s := filled(t, texts...)
	all := len(texts)
	day := mention.Span{From: noon.Add(10 * time.Hour), To: noon.Add(34 * time.Hour)}
	for _, tt := range []struct {
		name string
		sel  Selection
		want int
	}{
		{"all", Selection{}, all},
		{"a brand", Selection{Brand: "Acme"}, all},
		{"another brand", Selection{Brand: "Zeta"}, 0},
		{"a source", Selection{Source: "net"}, all},
		{"a language nobody speaks", Selection{Language: "de"}, 0},
		{"a polarity", Selection{Polarity: mention.Negative}, (all + 2) / 3},
		{"a day", Selection{Span: day}, 24},
		{"a word", Selection{Text: "alpha"}, all / 2},
		{"a word of a brand in a day", Selection{Text: "beta", Brand: "Acme", Span: day}, 12},
		{"a word and a polarity", Selection{Text: "alpha", Polarity: mention.Positive}, 683}, // every sixth, from the fifth on
	} {
		var b bytes.Buffer
		n, err := Mentions(t.Context(), &b, s, tt.sel, Style{Format: JSONL, Language: "en", Zone: time.UTC, Unmasked: true})
		if err != nil || n != tt.want {
			t.Errorf("%s: got %d, want %d; error %v", tt.name, n, tt.want, err)
		}
		seen := map[string]bool{}
		for d := json.NewDecoder(&b); ; {
			var o line
			if err := d.Decode(&o); err != nil {
				break
			}
			seen[o.Native] = true
		}
		if len(seen) != n {
			t.Errorf("%s: %d different ones among %d", tt.name, len(seen), n)
		}
	}
	var q *store.QueryError
	if _, err := Mentions(t.Context(), io.Discard, s, Selection{Text: "!"}, Style{Format: CSV, Language: "en", Zone: time.UTC}); !errors.As(err, &q) {
		t.Errorf("no word: got %v", err)
	}
}

// What CSV holds can be read again as it was written.
func TestCSVIsRead(t *testing.T) {
	s := filled(t, nasty...)
	var b bytes.Buffer
	if _, err := Mentions(t.Context(), &b, s, Selection{}, Style{Format: CSV, Language: "en", Zone: time.UTC, Unmasked: true}); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&b).ReadAll()
	if err != nil || len(rows) != 1+len(nasty) {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for i, row := range rows[1:] {
		if want := harmless(strings.ReplaceAll(nasty[len(nasty)-1-i], "\x00", "\ufffd")); row[10] != want {
			t.Errorf("got %q, want %q", row[10], want)
		}
	}
}

func TestFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.csv")
	part := filepath.Join(filepath.Dir(path), ".x.csv.part")
	write := func(text string, err error) error {
		return File(path, 0o600, func(w io.Writer) error {
			io.WriteString(w, text)
			return err
		})
	}
	if err := os.WriteFile(part, []byte("left by a kill"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := write("first", nil); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("broken")
	if err := write("second", broken); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	if b, err := os.ReadFile(path); string(b) != "first" || err != nil {
		t.Errorf("after a failure the file holds %q, %v", b, err)
	}
	if _, err := os.Stat(part); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a part is left: %v", err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if err := File(filepath.Join(path, "y"), 0o600, func(io.Writer) error { return nil }); err == nil {
		t.Error("a file within a file was made")
	}
}
