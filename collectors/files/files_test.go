package files

import (
	"compress/gzip"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"confianza/collectors"
	"confianza/collectors/archive"
	"confianza/collectors/collectortest"
)

// noon is the time of the first post of every fixture.
var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func post(id, author, text string, minute int) collectors.Post {
	return collectors.Post{Native: id, Author: author, Text: text, Created: noon.Add(time.Duration(minute) * time.Minute), Form: collectors.FormPost}
}

func write(t *testing.T, path, text string) string {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func packedFile(t *testing.T, path, text string) string {
	t.Helper()
	var b strings.Builder
	z := gzip.NewWriter(&b)
	z.Write([]byte(text))
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return write(t, path, b.String())
}

const comments = `id,author,text,created_at,brand,lang
1,ana,"Perdieron mis datos, otra vez",2026-03-01T12:00:00Z,,es
2,leo,,2026-03-01T12:01:00Z,,es
3,eva,sin hora,ayer,,es
4,"tom",AT&amp;T no es Delta,2026-03-01 14:03:00 +0200,Delta,en_US
5,sobra,una columna,2026-03-01T12:04:00Z,,es,más
6,sol,"dos
líneas",1772366700,,xx-yy-zz
`

const lines = `{"id":9007199254740993,"user":{"id_str":"7","name":"Ana"},"text":"número largo","created_at":"Sun Mar 01 12:06:00 +0000 2026","followers":12}
{"id":"8","user":"no es objeto","text":"ocho","created_at":"2026-03-01"}
esto no es JSON
`

// fill writes the world's files and gives what they hold.
func fill(t *testing.T, folder string) collectortest.World {
	write(t, filepath.Join(folder, "comments.csv"), comments)
	packedFile(t, filepath.Join(folder, "lines.jsonl.gz"), lines)
	one := post("1", "ana", "Perdieron mis datos, otra vez", 0)
	one.Language = "es"
	four := post("4", "tom", "AT&T no es Delta", 3)
	four.Brand, four.Language = "Delta", "en-US"
	six := post("6", "sol", "dos\nlíneas", 5)
	six.Language = "xx-yy-zz"
	long := post("9007199254740993", "7", "número largo", 6)
	long.Followers = 12
	return collectortest.World{
		Posts: []collectors.Post{one, four, six, long, post("8", "", "ocho", -12*60)},
		Dropped: map[collectors.Reason]int{
			collectors.NoText: 1, collectors.NoTime: 1, collectors.Undecodable: 2,
		},
	}
}

var mapped = Map{Brand: "brand"}

func TestContractOfImports(t *testing.T) {
	collectortest.Check(t, collectortest.Source{World: func(t *testing.T, _ func(http.Handler) http.Handler) collectortest.World {
		folder := t.TempDir()
		w := fill(t, folder)
		// A brand column that only one of the files has must not be asked of the other.
		w.Posts[1].Brand = ""
		w.Ends = true
		w.New = func() collectors.Collector {
			return importer(t, Options{}, filepath.Join(folder, "comments.csv"), filepath.Join(folder, "lines.jsonl.gz"))
		}
		return w
	}})
}

func TestContractOfAWatchedFolder(t *testing.T) {
	collectortest.Check(t, collectortest.Source{World: func(t *testing.T, _ func(http.Handler) http.Handler) collectortest.World {
		folder := t.TempDir()
		w := fill(t, folder)
		w.Posts[1].Brand = ""
		w.New = func() collectors.Collector {
			return New(Config{Folder: folder, Every: time.Millisecond})
		}
		return w
	}})
}

func importer(t testing.TB, o Options, paths ...string) *archive.Import {
	t.Helper()
	i, err := Import(paths, o)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

// run imports and gives what came and what was said of each file.
func run(t *testing.T, o Options, paths ...string) (*collectortest.Recorder, []archive.Report, error) {
	t.Helper()
	i := importer(t, o, paths...)
	var reports []archive.Report
	i.Report = func(r archive.Report) { reports = append(reports, r) }
	rec := new(collectortest.Recorder)
	err := collectortest.Run(t, i, "", collectors.Wanted{}, rec, nil)
	return rec, reports, err
}

func texts(posts []collectors.Post) []string {
	var all []string
	for _, p := range posts {
		all = append(all, p.Text)
	}
	return all
}

func TestMappedBrand(t *testing.T) {
	path := write(t, filepath.Join(t.TempDir(), "a.csv"), comments)
	rec, _, err := run(t, Options{Map: mapped}, path)
	var brands []string
	for _, p := range rec.Posts() {
		brands = append(brands, p.Native+p.Brand)
	}
	if want := []string{"1", "4Delta", "6"}; !slices.Equal(brands, want) {
		t.Errorf("got %q (%v), want %q", brands, err, want)
	}
}

func TestReportNamesBadRows(t *testing.T) {
	path := write(t, filepath.Join(t.TempDir(), "a.csv"), comments)
	_, reports, err := run(t, Options{}, path)
	if err != nil || len(reports) != 1 {
		t.Fatalf("%d reports, %v", len(reports), err)
	}
	var got []string
	for _, b := range reports[0].Bad {
		got = append(got, strings.TrimPrefix(b.String(), path))
	}
	want := []string{":3: no text", ":4: the time cannot be read", ":6: 7 columns where there should be 6"}
	if !slices.Equal(got, want) || reports[0].Posts != 3 || reports[0].Records != 6 {
		t.Errorf("got %q and %+v", got, reports[0])
	}
}

func TestMissingFileIsATroubleAndTheOthersGoOn(t *testing.T) {
	folder := t.TempDir()
	path := write(t, filepath.Join(folder, "a.csv"), "text,time\nhola,2026-03-01\n")
	rec, reports, err := run(t, Options{}, filepath.Join(folder, "none.csv"), path)
	batches := rec.Batches()
	if err != nil || len(rec.Posts()) != 1 || len(batches[len(batches)-1].Troubles) != 1 || reports[0].Err == nil {
		t.Errorf("%d posts, reports %+v, error %v", len(rec.Posts()), reports, err)
	}
}

func TestColumnsThatAreNotThere(t *testing.T) {
	folder := t.TempDir()
	good := write(t, filepath.Join(folder, "good.csv"), "text,time\nhola,2026-03-01\n")
	bad := write(t, filepath.Join(folder, "bad.csv"), "cuerpo;cuándo\nhola;2026-03-01\n")
	lines := write(t, filepath.Join(folder, "bad.jsonl"), `{"a":{"b":1},"text":"hola"}`)
	for want, m := range map[string]Map{
		"files: " + bad + ": no column is known to hold the text: map one with text=COLUMN: does not fit; columns: cuerpo, cuándo\n" +
			"files: " + lines + ": no column is known to hold the time: map one with time=COLUMN: does not fit; columns: a.b, text": {},
		"files: " + good + `: no column "autor" for the author: does not fit; columns: text, time` + "\n" +
			"files: " + bad + `: no column "autor" for the author: does not fit; columns: cuerpo, cuándo` + "\n" +
			"files: " + lines + `: no column "autor" for the author: does not fit; columns: a.b, text`: {Author: "autor"},
	} {
		rec, _, err := run(t, Options{Map: m}, good, bad, lines)
		if err == nil || err.Error() != want || len(rec.Batches()) != 0 {
			t.Errorf("%d batches,\n got %v\nwant %s", len(rec.Batches()), err, want)
		}
	}
}

func TestProgressReachesTheEnd(t *testing.T) {
	folder := t.TempDir()
	a := write(t, filepath.Join(folder, "a.csv"), comments)
	b := packedFile(t, filepath.Join(folder, "b.csv.gz"), comments)
	i := importer(t, Options{}, a, b)
	var last, total int64
	i.Progress = func(done, of int64) {
		if done < last || done > of {
			t.Errorf("progress went from %d to %d of %d", last, done, of)
		}
		last, total = done, of
	}
	if err := collectortest.Run(t, i, "", collectors.Wanted{}, new(collectortest.Recorder), nil); err != nil || last != total || total == 0 {
		t.Errorf("ended at %d of %d: %v", last, total, err)
	}
}

// A killed import goes on where its last batch ended, and reads nothing twice.
func TestKilledImportGoesOn(t *testing.T) {
	var b strings.Builder
	b.WriteString("id,text,time\n")
	for n := range 1800 {
		fmt.Fprintf(&b, "%d,\"texto\nnúmero %d\",2026-03-01 12:00\n", n, n)
	}
	for _, path := range []string{
		write(t, filepath.Join(t.TempDir(), "a.csv"), b.String()), packedFile(t, filepath.Join(t.TempDir(), "a.csv.gz"), b.String()),
	} {
		var first, second collectortest.Recorder
		collectortest.Run(t, importer(t, Options{}, path), "", collectors.Wanted{}, &first,
			func(r *collectortest.Recorder) bool { return len(r.Batches()) > 0 })
		if n := len(first.Batches()[0].Posts); n != 500 {
			t.Errorf("%d posts in the first batch, want 500", n)
		}
		err := collectortest.Run(t, importer(t, Options{}, path), first.Batches()[0].Next, collectors.Wanted{}, &second, nil)
		if got := second.Posts(); err != nil || len(got) != 1300 || got[0].Native != "500" {
			t.Errorf("%s: went on with %d posts: %v", filepath.Base(path), len(got), err)
		}
		var third collectortest.Recorder
		err = collectortest.Run(t, importer(t, Options{Zone: "America/Bogota"}, path), first.Batches()[0].Next, collectors.Wanted{}, &third, nil)
		if got := third.Posts(); err != nil || len(got) != 1800 {
			t.Errorf("with another zone: %d posts, %v; want all 1800 anew", len(got), err)
		}
	}
}

func TestSampleIsTheDefault(t *testing.T) { collectortest.Sample(t, Sample, Default()) }

func TestCheckNamesTheKey(t *testing.T) {
	right := Default()
	right.Folder = "inbox"
	collectortest.Mistakes(t, right, map[string]func(*Config){
		"folder: no folder to watch is named": func(c *Config) { c.Folder = "" },
		"every: 1ms is shorter than 1s":       func(c *Config) { c.Every = time.Millisecond },
		"settle: -1s is negative":             func(c *Config) { c.Settle = -time.Second },
		`zone: "Macondo" is not known`:        func(c *Config) { c.Zone = "Macondo" },
		`time_format: "dd/mm/yyyy" does not show how 2 January 2006 15:04:05 is written`: func(c *Config) { c.TimeFormat = "dd/mm/yyyy" },
	})
}
