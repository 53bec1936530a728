package files

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"confianza/collectors"
	"confianza/collectors/collectortest"
)

// folder is a watched folder whose clock and rounds the test turns.
type folder struct {
	t    *testing.T
	path string
	now  time.Time
	rec  *collectortest.Recorder
	w    *watch
}

func watched(t *testing.T) *folder {
	f := &folder{t: t, path: t.TempDir(), now: noon}
	f.start("")
	return f
}

// start begins as a new process would.
func (f *folder) start(from collectors.Cursor) {
	c := New(Config{Folder: f.path, Settle: time.Minute, Every: time.Hour})
	c.now = func() time.Time { return f.now }
	r, err := c.c.options().reading()
	if err != nil {
		f.t.Fatal(err)
	}
	f.rec = new(collectortest.Recorder)
	f.w = c.watch(r.format, from, func([]byte) bool { return true }, f.rec.Deliver)
}

// look lets time pass, looks once, and gives the texts that came since the
// last look.
func (f *folder) look(after time.Duration) []string {
	f.t.Helper()
	f.now = f.now.Add(after)
	before := len(f.rec.Posts())
	if err := f.w.round(f.t.Context()); err != nil {
		f.t.Fatal(err)
	}
	return texts(f.rec.Posts()[before:])
}

func (f *folder) write(name, text string) { write(f.t, filepath.Join(f.path, name), text) }

func (f *folder) expect(what string, got []string, want ...string) {
	f.t.Helper()
	if !slices.Equal(got, want) {
		f.t.Errorf("%s: got %q, want %q", what, got, want)
	}
}

// troubles are the last told, each of which is a file's.
func (f *folder) troubles() (why []string) {
	f.t.Helper()
	batches := f.rec.Batches()
	for _, trouble := range batches[len(batches)-1].Troubles {
		if trouble.Cause != collectors.CauseFile && trouble.Cause != collectors.CauseRows {
			f.t.Errorf("the cause of %q is %s", trouble.Why, trouble.Cause)
		}
		why = append(why, trouble.Why)
	}
	return why
}

func TestHalfWrittenFiles(t *testing.T) {
	f := watched(t)
	text := "id,text,time\n1,uno,2026-03-01\n2,\"dos\nlíneas\",2026-03-01\n3,tres,2026-03-01"
	cut := func(end string) { f.write("a.csv", text[:strings.Index(text, end)+len(end)]) }
	cut("id,te")
	f.expect("half a header", f.look(0))
	cut("1,uno,2026")
	f.expect("half a row", f.look(0))
	cut("2,\"dos\n")
	f.expect("half a quoted cell", f.look(0), "uno")
	f.expect("the same", f.look(30*time.Second))
	cut("3,tres,2026-03-01")
	f.expect("no break at the end", f.look(0), "dos\nlíneas")
	f.expect("before it has settled", f.look(59*time.Second))
	f.expect("once it has settled", f.look(time.Second), "tres")
	f.expect("and then", f.look(time.Hour))
	if got := f.rec.Dropped(); len(got) != 0 {
		t.Errorf("dropped %v", got)
	}
}

func TestHalfWrittenJSONLines(t *testing.T) {
	f := watched(t)
	one, two := `{"id":1,"text":"uno","time":"2026-03-01"}`, `{"id":2,"text":"dos","time":"2026-03-01"}`
	f.write("a.jsonl", one[:20])
	f.expect("half an object", f.look(0))
	f.write("a.jsonl", one+"\n"+two[:20])
	f.expect("one and a half", f.look(0), "uno")
	f.write("a.jsonl", one+"\n"+two)
	f.expect("a whole object without a break", f.look(0), "dos")
	f.expect("and then", f.look(time.Hour))
}

func TestCompressedFileWaitsUntilItHasSettled(t *testing.T) {
	f := watched(t)
	text := "id,text,time\n1,uno,2026-03-01\n"
	path := packedFile(t, filepath.Join(t.TempDir(), "a.gz"), text)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	f.write("a.csv.gz", string(whole[:len(whole)/2]))
	f.expect("half", f.look(0))
	f.write("a.csv.gz", string(whole))
	f.expect("just written", f.look(30*time.Second))
	f.expect("settled", f.look(time.Minute), "uno")
	f.write("b.csv.gz", string(whole[:len(whole)-8]))
	f.look(0)
	f.look(time.Minute)
	if got := f.troubles(); len(got) != 1 || !strings.HasSuffix(got[0], "unexpected EOF") {
		t.Errorf("a settled half: troubles %q", got)
	}
}

func TestRestartReadsNothingTwice(t *testing.T) {
	f := watched(t)
	f.write("a.csv", "id,text,time\n1,uno,2026-03-01\n")
	f.write("b.csv", "id,text,time\n2,dos,2026-03-01\n")
	f.expect("first", f.look(0), "uno", "dos")
	f.look(time.Minute)
	f.start(f.rec.Cursor())
	f.expect("after a restart", f.look(0))
	f.write("a.csv", "id,text,time\n1,uno,2026-03-01\n3,tres,2026-03-01\n")
	f.expect("grown", f.look(0), "tres")
	f.write("a.csv", "id,text,time\n4,otro archivo,2026-03-01\n")
	f.expect("replaced", f.look(0), "otro archivo")
	if err := os.Remove(filepath.Join(f.path, "a.csv")); err != nil {
		t.Fatal(err)
	}
	f.look(0)
	if c := string(f.rec.Cursor()); strings.Contains(c, "a.csv") || !strings.Contains(c, "b.csv") {
		t.Errorf("the cursor is %s", c)
	}
}

func TestTroublesOfAFolder(t *testing.T) {
	f := watched(t)
	f.write("good.csv", "id,text,time\n1,uno,2026-03-01\n")
	f.write("bad.csv", "a,b\n1,2\n")
	f.write("book.xlsx", "PK\x03\x04")
	f.write(".hidden.csv", "a,b\n")
	f.write("export.csv.part", "a,b\n")
	f.expect("what can be read", f.look(0), "uno")
	f.look(time.Minute)
	want := []string{
		"files: " + filepath.Join(f.path, "bad.csv") + ": no column is known to hold the text: map one with text=COLUMN: does not fit; columns: a, b",
		"files: book.xlsx: passed over: neither CSV, TSV nor JSON Lines by its name",
	}
	if got := f.troubles(); !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	f.write("bad.csv", "text,time\ndos,2026-03-01\n")
	f.expect("mended", f.look(0), "dos")
	if got := f.troubles(); len(got) != 1 {
		t.Errorf("once mended: %q", got)
	}
}

func TestFolderThatIsNotThere(t *testing.T) {
	c := New(Config{Folder: filepath.Join(t.TempDir(), "none"), Every: time.Second})
	err := collectortest.Run(t, c, "", collectors.Wanted{}, new(collectortest.Recorder), nil)
	if err == nil || !strings.HasPrefix(err.Error(), "files: open ") {
		t.Errorf("got %v", err)
	}
}

// Rows that cannot be used are named with the line of the first, also after a
// restart and as the file grows, until it is mended or gone.
func TestBadRowsOfAWatchedFile(t *testing.T) {
	f := watched(t)
	rows := "id,text,time\n1,uno,2026-03-01\n2,,2026-03-01\n3,tres,never\n4,cuatro,2026-03-01\n5,cinco,never\n"
	f.write("a.csv", rows)
	f.expect("the sound rows", f.look(0), "uno", "cuatro")
	want := func(what, line string, n int) {
		t.Helper()
		told := fmt.Sprintf("files: %s:%s: the time cannot be read (rows passed over: %d)", filepath.Join(f.path, "a.csv"), line, n)
		if got := f.troubles(); !slices.Equal(got, []string{told}) {
			t.Errorf("%s: got %q, want %q", what, got, told)
		}
	}
	want("at first", "4", 2)
	f.start(f.rec.Cursor())
	f.expect("after a restart", f.look(time.Hour))
	want("after a restart", "4", 2)
	f.write("a.csv", rows+"6,seis,never\n7,siete,2026-03-01\n")
	f.expect("as it grows", f.look(time.Minute), "siete")
	want("as it grows", "4", 3)
	f.write("a.csv", "id,text,time\n3,tres,2026-03-01\n")
	f.expect("mended", f.look(time.Minute), "tres")
	if got := f.troubles(); len(got) != 0 {
		t.Errorf("once mended: %q", got)
	}
}
