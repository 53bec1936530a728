package files

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"confianza/collectors"
	"confianza/collectors/archive"
)

// cellsOf reads rows of an id, a text and a time, and gives the texts by id.
func cellsOf(t *testing.T, text string) (got []string, dropped map[collectors.Reason]int) {
	t.Helper()
	rec, _, err := run(t, Options{}, write(t, filepath.Join(t.TempDir(), "a.csv"), text))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range rec.Posts() {
		got = append(got, p.Native+" "+p.Text)
	}
	return got, rec.Dropped()
}

func TestQuotes(t *testing.T) {
	const header = "id,text,time\n"
	tests := []struct {
		name, rows string
		want       []string
		lost       int
	}{
		{"quoted by the book", "1,\"a, \"\"b\"\"\nc\",2026-03-01\n2,d,2026-03-01\n", []string{"1 a, \"b\"\nc", "2 d"}, 0},
		{"carriage returns", "1,\"a\r\nb\",2026-03-01\r\n2,d,2026-03-01\r\n", []string{"1 a\nb", "2 d"}, 0},
		{"no break at the end", "1,a,2026-03-01\n2,b,2026-03-01", []string{"1 a", "2 b"}, 0},
		{"empty lines", "\n1,a,2026-03-01\n\r\n\n2,b,2026-03-01\n\n", []string{"1 a", "2 b"}, 0},
		{"empty cells too many", "1,a,2026-03-01,,\n", []string{"1 a"}, 0},
		{"a quote in a bare cell", "1,5\" tall,2026-03-01\n2,b,2026-03-01\n", []string{"1 5\" tall", "2 b"}, 0},
		{"quotes that are not doubled", "1,\"say \"hi\" now\",2026-03-01\n2,b,2026-03-01\n", []string{"1 say \"hi\" now", "2 b"}, 0},
		{"not doubled, over two lines", "1,\"say \"hi\" now\nor never\",2026-03-01\n2,b,2026-03-01\n", []string{"1 say \"hi\" now\nor never", "2 b"}, 0},
		{"a stray quote opens a cell", "1,\"hi,2026-03-01\n2,b,2026-03-01\n3,c,2026-03-01\n", []string{"1 \"hi", "2 b", "3 c"}, 0},
		{"a stray quote before a quoted row", "1,\"hi,2026-03-01\n2,\"b, c\",2026-03-01\n3,c,2026-03-01\n", []string{"1 \"hi", "2 b, c", "3 c"}, 0},
		{"a stray quote before a quoted row of two lines", "1,\"hi,2026-03-01\n2,\"b,\nc\",2026-03-01\n3,c,2026-03-01\n", []string{"1 \"hi", "2 b,\nc", "3 c"}, 0},
		{"a stray quote in the last row", "1,a,2026-03-01\n2,\"b,2026-03-01\n", []string{"1 a", "2 \"b"}, 0},
		{"a row cut off within quotes", "1,\"a\n2,b,2026-03-01\n3,\"c, d\",2026-03-01\n", []string{"2 b", "3 c, d"}, 1},
		{"a column too few", "1,2026-03-01\n2,b,2026-03-01\n", []string{"2 b"}, 1},
		{"a bare comma too many", "1,a,b,2026-03-01\n2,b,2026-03-01\n", []string{"2 b"}, 1},
		{"lines that look like rows within a cell", "1,\"a\nfoo,bar,baz\nb\",2026-03-01\n2,b,2026-03-01\n", []string{"1 a\nfoo,bar,baz\nb", "2 b"}, 0},
	}
	for _, tt := range tests {
		got, dropped := cellsOf(t, header+tt.rows)
		if !slices.Equal(got, tt.want) || dropped[collectors.Undecodable] != tt.lost {
			t.Errorf("%s: got %q, dropped %v; want %q, %d lost", tt.name, got, dropped, tt.want, tt.lost)
		}
	}
}

func TestSeparators(t *testing.T) {
	for _, text := range []string{
		"id;text;time\n1;a, b;2026-03-01\n",
		"id\ttext\ttime\n1\ta, b\t2026-03-01\n",
		"id|text|time\n1|a, b|2026-03-01\n",
		"sep=;\nid;text;time\r\n1;\"a, b\";2026-03-01\r\n",
		"\"Tweet ID\",\"Full Text\",\"Created-At\"\n1,\"a, b\",2026-03-01\n",
		"\xef\xbb\xbfid,text,time\n1,\"a, b\",2026-03-01\n",
	} {
		if got, _ := cellsOf(t, text); !slices.Equal(got, []string{"1 a, b"}) {
			t.Errorf("%q: got %q", text, got)
		}
	}
}

func TestTooLongARowDoesNotTakeTheNextAlong(t *testing.T) {
	long := strings.Repeat("x", archive.MaxRecord+1)
	for name, text := range map[string]string{
		"a.csv":   "id,text,time\n1," + long + ",2026-03-01\n2,b,2026-03-01\n",
		"a.jsonl": `{"id":0,"text":"a","time":"2026-03-01"}` + "\n" + `{"text":"` + long + `"}` + "\n" + `{"id":2,"text":"b","time":"2026-03-01"}`,
	} {
		rec, _, err := run(t, Options{}, write(t, filepath.Join(t.TempDir(), name), text))
		posts := rec.Posts()
		if err != nil || len(posts) == 0 || posts[len(posts)-1].Native != "2" || rec.Dropped()[collectors.TooLarge] != 1 {
			t.Errorf("%s: %d posts, dropped %v, %v", name, len(posts), rec.Dropped(), err)
		}
	}
}

// With a quote in each row that nothing closes, each row is its own witness
// that the one before has ended.
func TestManyStrayQuotes(t *testing.T) {
	var b strings.Builder
	b.WriteString("id,text,time\n")
	for n := range 20000 {
		fmt.Fprintf(&b, "%d,\"stray %d,2026-03-01\n", n, n)
	}
	got, dropped := cellsOf(t, b.String())
	if len(got) != 20000 || len(dropped) != 0 || got[19999] != "19999 \"stray 19999" {
		t.Errorf("%d rows, dropped %v", len(got), dropped)
	}
}

func TestArrayOfObjects(t *testing.T) {
	got, dropped := cellsOf(t, "[\n"+`{"id":1,"text":"a } \" {","time":"2026-03-01"},`+"\n"+` 7, {"id":2,`+"\n"+`"text":"b","time":1772366400000}]`)
	if want := []string{`1 a } " {`, "2 b"}; !slices.Equal(got, want) || dropped[collectors.Undecodable] != 1 {
		t.Errorf("got %q, dropped %v, want %q", got, dropped, want)
	}
	if got, dropped := cellsOf(t, "[]\n"); len(got) != 0 || len(dropped) != 0 {
		t.Errorf("an empty array: %q, dropped %v", got, dropped)
	}
}
