package files

import (
	"bytes"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"confianza/collectors"
	"confianza/collectors/archive"
)

func TestTimes(t *testing.T) {
	bogota, err := Options{Zone: "America/Bogota"}.reading()
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 3, 1, 12, 5, 6, 0, time.UTC)
	for s, want := range map[string]time.Time{
		"2026-03-01T12:05:06Z":            at,
		"2026-03-01T12:05:06.250Z":        at.Add(250 * time.Millisecond),
		"2026-03-01T07:05:06-05:00":       at,
		"2026-03-01 04:05:06 -0800":       at,
		"Sun Mar 01 12:05:06 +0000 2026":  at,
		"Sun, 01 Mar 2026 12:05:06 GMT":   at,
		"Sun, 01 Mar 2026 13:05:06 +0100": at,
		"2026-03-01 12:05:06 UTC":         at,
		"1772366706":                      at, // date -ud '2026-03-01 12:05:06' +%s
		"1772366706.5":                    at.Add(500 * time.Millisecond),
		"1772366706000":                   at,
		" 2026-03-01 07:05:06 ":           at, // Bogotá is five hours behind
		"2026-03-01 07:05":                at.Add(-6 * time.Second),
		"2026-03-01":                      time.Date(2026, 3, 1, 5, 0, 0, 0, time.UTC),
		"2026/03/01 07:05:06":             at,
		"01/03/2026":                      {}, // March or January
		"2026-03-01 12:05:06 PST":         {}, // of which country
		"0001-01-01T00:00:00Z":            {},
		"":                                {},
		"12345":                           {},
		"ayer":                            {},
	} {
		if got, ok := bogota.time(s); ok != !want.IsZero() || ok && !got.Equal(want) {
			t.Errorf("%q: got %v, %v; want %v", s, got, ok, want)
		}
	}
	told, err := Options{TimeFormat: "02/01/2006 15:04", Zone: "America/Bogota"}.reading()
	if err != nil {
		t.Fatal(err)
	}
	if got, ok := told.time("01/03/2026 07:05"); !ok || !got.Equal(at.Add(-6*time.Second)) {
		t.Errorf("as told: %v, %v", got, ok)
	}
}

func TestCharacterSets(t *testing.T) {
	const text = "id,text,time\n1,¿Perdió Ñandú “mis” datos?,2026-03-01\n2,sólo,2026-03-01\n"
	encode := func(b []byte, err error) string {
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	ascii := "id,text,time\n" + strings.Repeat("0,plain,2026-03-01\n", 10000)
	windows := encode(charmap.Windows1252.NewEncoder().Bytes([]byte(text)))
	want := []string{"1 ¿Perdió Ñandú “mis” datos?", "2 sólo"}
	for name, in := range map[string]string{
		"UTF-8":                     text,
		"UTF-8 with a mark":         "\xef\xbb\xbf" + text,
		"UTF-16LE":                  encode(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().Bytes([]byte(text))),
		"UTF-16BE":                  encode(unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder().Bytes([]byte(text))),
		"UTF-16LE without a mark":   encode(unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewEncoder().Bytes([]byte(text))),
		"Windows-1252":              windows,
		"Windows-1252 after 190 KB": ascii + windows[len("id,text,time\n"):],
		"UTF-8 after 190 KB":        ascii + text[len("id,text,time\n"):],
	} {
		got, _ := cellsOf(t, in)
		if got = got[max(0, len(got)-2):]; !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	// A broken byte does not turn the rest of a UTF-8 row into mojibake.
	if got, _ := cellsOf(t, "id,text,time\n1,caf\xc3 señor,2026-03-01\n2,señora,2026-03-01\n"); !slices.Equal(got, []string{"1 caf\uFFFD señor", "2 señora"}) {
		t.Errorf("a broken byte: %q", got)
	}
}

func TestIDs(t *testing.T) {
	id := func(cells map[string]string) string { return native(func(field string) string { return cells[field] }) }
	a := id(map[string]string{"author": "ana", "time": "1", "text": "hola"})
	if again := id(map[string]string{"author": " ana", "time": "1 ", "text": "hola "}); again != a || !strings.HasPrefix(a, "row-") || len(a) != 36 {
		t.Errorf("made ids %s and %s", a, again)
	}
	if b := id(map[string]string{"author": "ana1", "time": "", "text": "hola"}); b == a {
		t.Error("other rows, the same id")
	}
	if b := id(map[string]string{"id": "5.70306E+17", "author": "ana", "time": "1", "text": "hola"}); b != a {
		t.Errorf("an id that a spreadsheet rounded was kept: %s", b)
	}
	if b := id(map[string]string{"id": " 570306133677760513 "}); b != "570306133677760513" {
		t.Errorf("got %q", b)
	}
}

func TestParseMap(t *testing.T) {
	got, err := ParseMap("text=Message Body, author=user.name,brand=airline")
	if want := (Map{Text: "Message Body", Author: "user.name", Brand: "airline"}); err != nil || got != want {
		t.Errorf("got %+v, %v", got, err)
	}
	for s, want := range map[string]string{
		"text":          `files: map: "text" is not FIELD=COLUMN`,
		"text=":         `files: map: "text=" is not FIELD=COLUMN`,
		"text=a,text=b": `files: map: field "text" twice`,
		"txt=a":         `files: map: no field "txt"; fields: text, id, author, time, brand, url, language, form, followers, revision`,
	} {
		if _, err := ParseMap(s); err == nil || err.Error() != want {
			t.Errorf("%q: got %v, want %s", s, err, want)
		}
	}
}

func TestSmallFields(t *testing.T) {
	rec, _, err := run(t, Options{}, write(t, filepath.Join(t.TempDir(), "a.csv"),
		"id,text,time,url,form,followers,revision\n1,&lt;3 &copyright,2026-03-01,https://a.example/1,Review,12.0,2\n2,b,2026-03-01,javascript:alert(1),tweet,-4,\n"))
	posts := rec.Posts()
	if err != nil || len(posts) != 2 {
		t.Fatal(len(posts), err)
	}
	one, two := posts[0], posts[1]
	if one.Text != "<3 &copyright" || one.URL != "https://a.example/1" || one.Form != collectors.FormReview || one.Followers != 12 || one.Revision != "2" {
		t.Errorf("%+v", one)
	}
	if two.URL != "" || two.Form != collectors.FormPost || two.Followers != 0 || two.Revision != "" {
		t.Errorf("%+v", two)
	}
}

// Whatever a file holds, reading ends, and posts are what posts have to be;
// and reading from any record on gives what reading at once gave.
func FuzzFormat(f *testing.F) {
	f.Add([]byte(comments))
	f.Add([]byte(lines))
	f.Add([]byte("id,text,time\n1,\"hi,2026-03-01\n2,\"b,\nc\",2026-03-01\n"))
	f.Add([]byte("[{\"id\":1,\"text\":\"a\",\"time\":\"2026-03-01\"},7,{"))
	f.Add([]byte("\xff\xfei\x00d\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := Options{}.reading()
		if err != nil {
			t.Fatal(err)
		}
		all := readFrom(t, r, b, archive.Mark{})
		for n, record := range all {
			if p := record.Post; p != nil && (p.Native == "" || strings.TrimSpace(p.Text) == "" || !utf8.ValidString(p.Text) || p.Created.IsZero()) {
				t.Errorf("%+v", *p)
			}
			if n > 5 {
				continue
			}
			if rest := readFrom(t, r, b, record.End); len(rest) != len(all)-n-1 {
				t.Fatalf("%d records after the first %d of %d", len(rest), n+1, len(all))
			}
		}
	})
}

func readFrom(t *testing.T, r *reading, b []byte, from archive.Mark) (all []archive.Record) {
	text := archive.NewText("a", bytes.NewReader(b))
	records, err := r.format(text, false, func([]byte) bool { return true })
	if err != nil {
		return nil
	}
	if err := text.Skip(from); err != nil {
		t.Fatal(err)
	}
	for {
		record, err := records.Next()
		if err != nil {
			if err != io.EOF && err.Error() != "read a: ends within an object" {
				t.Fatal(err)
			}
			return all
		}
		all = append(all, record)
	}
}
