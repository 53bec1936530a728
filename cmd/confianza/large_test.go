package main

import (
	"bufio"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

var longAgo = time.Date(2025, 3, 1, 12, 0, 0, 0, time.UTC)

// said is what row n says; every tenth is in English.
func said(n int) (text, language string) {
	if n%10 == 0 {
		return fmt.Sprintf("Zafiro lost my data, complaint number %d, and nobody answers the telephone. I am so angry!", n), "en"
	}
	return fmt.Sprintf("Zafiro perdió mis datos, queja número %d, y nadie contesta el teléfono. ¿Para qué les pago?", n), "es"
}

// Ways to write row n, with a line's end.
var forms = map[string]func(w io.Writer, n int){
	"rows.csv": func(w io.Writer, n int) {
		text, language := said(n)
		fmt.Fprintf(w, "c%d,author%d,\"%s\",%s,%s\n", n, n%5000, text, longAgo.Add(time.Duration(n)*time.Second).Format(time.RFC3339), language)
	},
	"rows.jsonl": func(w io.Writer, n int) {
		text, language := said(n)
		fmt.Fprintf(w, `{"id":"j%d","author":"author%d","text":%q,"created_at":%q,"lang":%q}`+"\n", n, n%5000, text,
			longAgo.Add(time.Duration(n)*time.Second).Format(time.RFC3339), language)
	},
	"tweets.jsonl.gz": func(w io.Writer, n int) {
		text, language := said(n)
		fmt.Fprintf(w, `{"created_at":%q,"id":%d,"id_str":"%d","text":%q,"truncated":false,"lang":%q,"user":{"id":%d,"id_str":"%d","screen_name":"a%d","followers_count":12}}`+"\n",
			longAgo.Add(time.Duration(n)*time.Second).Format(time.RubyDate), n, n, text, language, n%5000+1, n%5000+1, n%5000+1)
	},
}

// rowsFile writes a file of so many rows.
func rowsFile(t *testing.T, path, form string, rows int) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	w := bufio.NewWriterSize(f, 1<<20)
	out, pack := io.Writer(w), (*gzip.Writer)(nil)
	if strings.HasSuffix(path, ".gz") {
		pack, _ = gzip.NewWriterLevel(w, gzip.BestSpeed)
		out = pack
	}
	if form == "rows.csv" {
		fmt.Fprintln(out, "id,author,text,created_at,lang")
	}
	for n := range rows {
		forms[form](out, n)
	}
	if pack != nil {
		err = pack.Close()
	}
	if err := errors.Join(err, w.Flush(), f.Close()); err != nil {
		t.Fatal(err)
	}
}

// Imports of which every row matches: each way of writing them is killed once
// amid reading, goes on where it was, and takes little memory. ROWS says how
// many there are in all; make import-large has a million.
func TestImportOfManyRows(t *testing.T) {
	rows := 40_000
	if v := os.Getenv("ROWS"); v != "" {
		var err error
		if rows, err = strconv.Atoi(v); err != nil {
			t.Fatal(err)
		}
	}
	if testing.Short() {
		rows = 2_000
	}
	for _, tt := range []struct{ file, form, source string }{
		{"rows.csv", "rows.csv", "files"},
		{"rows.csv.gz", "rows.csv", "files"},
		{"rows.jsonl", "rows.jsonl", "files"},
		{"tweets.jsonl.gz", "tweets.jsonl.gz", "twitterv1"},
	} {
		t.Run(tt.file, func(t *testing.T) { importMany(t, tt.file, tt.form, tt.source, rows/4) })
	}
}

func importMany(t *testing.T, file, form, source string, rows int) {
	path, data := filepath.Join(t.TempDir(), file), filepath.Join(t.TempDir(), "data")
	rowsFile(t, path, form, rows)
	args := []string{"import", "--brand", "Zafiro", "--data", data, "--source", source, path}
	began := time.Now()
	first := begin(t, args...)
	first.until(func() bool { return stored(t, data) >= int64(rows/2) })
	if first.kill(); first.err == nil {
		t.Fatalf("the import ended before it was killed:\n%s", &first.out)
	}
	had := stored(t, data)
	again := begin(t, args...)
	again.until(func() bool { return stored(t, data) == int64(rows) })
	read := time.Since(began)
	report := again.wait()
	all := time.Since(began)
	t.Logf("%d rows, killed after %d: read in %.1f s, %.0f rows/s; with scoring %.1f s, %.0f rows/s; peak %d MiB", rows, had,
		read.Seconds(), float64(rows)/read.Seconds(), all.Seconds(), float64(rows)/all.Seconds(), max(first.peak, again.peak)>>20)
	first.light()
	again.light()
	if had == int64(rows) {
		t.Log("this machine was too busy to kill it while it read")
	} else if want := fmt.Sprintf("%s: %d rows, %d posts\n%d new mentions, 0 known already", path, int64(rows)-had, int64(rows)-had, int64(rows)-had); !strings.Contains(report, want) {
		t.Errorf("it says\n%swant\n%s", report, want)
	}
	if n := counted(t, data); n != int64(rows) {
		t.Errorf("%d mentions are counted, want %d", n, rows)
	}
}
