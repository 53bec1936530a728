package school

import (
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestRead(t *testing.T) {
	got, err := Read(strings.NewReader("es\tneg\todio esto\tmine\n\nen-GB\tpositive\tlove\tyours\tval\n\n"), "a.tsv")
	want := []Row{{"es", 0, "odio esto", "mine", ""}, {"en", 2, "love", "yours", "val"}}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("got %v, %v; want %v", got, err, want)
	}
	for text, want := range map[string]string{
		"en\tpos\tx\ty\nen\tpos\tx\n": "a.tsv:2: 3 columns; want language, label, text, source and perhaps split",
		"en\tgood\tx\ty\n":            `a.tsv:1: label "good"; there are neg, neu, pos`,
		"\n \n":                       "a.tsv:2: 1 columns; want language, label, text, source and perhaps split",
	} {
		if _, err := Read(strings.NewReader(text), "a.tsv"); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	long := "en\tpos\tx\ty\nen\tpos\t" + strings.Repeat("x", longest) + "\ty\n"
	if _, err := Read(strings.NewReader(long), "a.tsv"); err == nil || err.Error() != "a.tsv:2: longer than 1048576 bytes" {
		t.Errorf("a line that is too long: %v", err)
	}
	if _, err := ReadAll(t.TempDir()); err == nil {
		t.Error("a folder without texts was read")
	}
}

// The same rows, however they were written down.
func TestReadAllKinds(t *testing.T) {
	tsv, want := "EN\tneg\tlost\tmine\r\nes\tpos\t\"sí\"\tmine\r\n", []Row{{"en", 0, "lost", "mine", ""}, {"es", 2, `"sí"`, "mine", ""}}
	csv := "id,language,airline_sentiment,text\n1,en,negative,lost\n2,es,positive,\"\"\"sí\"\"\"\n"
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	z.Write([]byte(tsv))
	z.Close()
	folder := t.TempDir()
	for name, text := range map[string]string{"plain.tsv": tsv, "marked.tsv": "\ufeff" + tsv, "packed.tsv.gz": packed.String(), "mine.csv": csv, "marked.csv": "\ufeff" + csv} {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		rows, err := ReadAll(path)
		for i := range rows {
			if rows[i].Source == "marked" {
				rows[i].Source = "mine" // a CSV without sources is its own
			}
		}
		if err != nil || !slices.Equal(rows, want) {
			t.Errorf("%s: got %v, %v; want %v", name, rows, err, want)
		}
	}
}

func TestReadCSV(t *testing.T) {
	got, err := ReadCSV(strings.NewReader("text,sentiment\n\"two\nlines\",neutral\n"), "some/a.csv")
	if want := []Row{{"", 1, "two\nlines", "a", ""}}; err != nil || !slices.Equal(got, want) {
		t.Errorf("got %v, %v; want %v", got, err, want)
	}
	exported, err := ReadCSV(strings.NewReader("fuente,idioma,texto,etiqueta\nbluesky,es,hola,positive\n"), "a.csv")
	if want := []Row{{"es", 2, "hola", "bluesky", ""}}; err != nil || !slices.Equal(exported, want) {
		t.Errorf("got %v, %v; want %v", exported, err, want)
	}
	for text, want := range map[string]string{
		"":                                  "a.csv: its first line names no text, texto and label, etiqueta, sentiment, airline_sentiment",
		"text,label\n\"a\nb\",pos\nx,bad\n": `a.csv:4: label "bad"; there are neg, neu, pos`,
		"text,label\nx\n":                   `a.csv:2: label ""; there are neg, neu, pos`,
	} {
		if _, err := ReadCSV(strings.NewReader(text), "a.csv"); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}
