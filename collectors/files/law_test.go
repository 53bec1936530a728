package files

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"confianza/collectors/archive"
)

// What is written by the book as CSV, with any separator, is read as the same
// rows are from JSON Lines.
func FuzzRows(f *testing.F) {
	f.Add("a, \"b\"\nc", "d", uint8(0))
	f.Add("say \"hi\" now", " \"", uint8(1))
	f.Add("ñ\x00;\t|", "'; --", uint8(2))
	f.Fuzz(func(t *testing.T, one, two string, separator uint8) {
		for _, text := range []string{one, two} {
			// A line break within a cell may have a \r or not: it is one to us. And a
			// line within a cell that is a row by itself is taken for one (see rows).
			if !utf8.ValidString(text) || strings.Contains(text, "\r") || strings.Count(text, "\n") > maxLines-2 || strings.ContainsAny(text, ",;\t|") && strings.Contains(text, "\n") {
				t.Skip()
			}
		}
		var table, objects bytes.Buffer
		w := csv.NewWriter(&table)
		w.Comma = []rune(",;\t|")[separator%4]
		w.Write([]string{"id", "text", "time"})
		for i, text := range []string{one, two} {
			id := string(rune('1' + i))
			w.Write([]string{id, text, "2026-03-01"})
			b, err := json.Marshal(map[string]string{"id": id, "text": text, "time": "2026-03-01"})
			if err != nil {
				t.Fatal(err)
			}
			objects.Write(append(b, '\n'))
		}
		if w.Flush(); w.Error() != nil {
			t.Fatal(w.Error())
		}
		r, err := Options{}.reading()
		if err != nil {
			t.Fatal(err)
		}
		got, want := said(readFrom(t, r, table.Bytes(), archive.Mark{})), said(readFrom(t, r, objects.Bytes(), archive.Mark{}))
		if !slices.Equal(got, want) {
			t.Errorf("as CSV %q, as JSON %q", got, want)
		}
	})
}

func said(records []archive.Record) (all []string) {
	for _, r := range records {
		if r.Post != nil {
			all = append(all, r.Post.Native+" "+r.Post.Text)
		}
	}
	return all
}

// A map that is taken finds its columns in a file that has them, exactly.
func FuzzMap(f *testing.F) {
	f.Add("text=Full Text,time=created-at")
	f.Add("brand=airline,id=a=b")
	f.Fuzz(func(t *testing.T, s string) {
		m, err := ParseMap(s)
		if err != nil {
			return
		}
		columns := []string{"text", "time"}
		for _, field := range fieldNames() {
			if mapped := *m.field(field); mapped != "" {
				columns = append(columns, mapped)
			}
		}
		at, err := m.place("a.csv", columns)
		if err != nil {
			t.Fatalf("%q in %q: %v", s, columns, err)
		}
		for _, field := range fieldNames() {
			if mapped := *m.field(field); mapped != "" && columns[at[field]] != mapped {
				t.Errorf("%s is read from %q, not %q", field, columns[at[field]], mapped)
			}
		}
	})
}
