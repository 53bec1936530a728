package files

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"confianza/collectors"
	"confianza/collectors/collectortest"
)

// Whatever the cursor of a folder or of an import says, reading goes on: there
// is no trouble, what comes is no more than the files hold, one that is none
// begins anew, and from the next cursor on nothing comes again.
func FuzzCursor(f *testing.F) {
	dir := f.TempDir()
	path := filepath.Join(dir, "a.csv")
	if err := os.WriteFile(path, []byte("\xef\xbb\xbfid,text,time\n1,uno,2026-03-01\n2,dos,2026-03-01\n3,tres,2026-03-01\n"), 0o600); err != nil {
		f.Fatal(err)
	}
	if err := os.Chtimes(path, noon, noon); err != nil { // as the cursor says it
		f.Fatal(err)
	}
	c := New(Config{Folder: dir, Settle: 0, Every: time.Hour})
	r, err := c.c.options().reading()
	if err != nil {
		f.Fatal(err)
	}
	offset := regexp.MustCompile(`"o":\d+`)
	everything := func([]byte) bool { return true }
	look := func(t testing.TB, from collectors.Cursor) *collectortest.Recorder {
		rec := new(collectortest.Recorder)
		if err := c.watch(r.format, from, everything, rec.Deliver).round(t.Context()); err != nil {
			t.Fatal(err)
		}
		return rec
	}
	load := func(t testing.TB, from collectors.Cursor) *collectortest.Recorder {
		rec := new(collectortest.Recorder)
		i, err := Import([]string{path, path}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if err := i.Collect(t.Context(), from, collectors.Wanted{Names: everything}, rec.Deliver); err != nil {
			t.Fatal(err)
		}
		return rec
	}
	// An import's cursor has a sum of its paths, which differ from run to run.
	sum := regexp.MustCompile(`[0-9a-f]{16}`).FindString(string(load(f, "").Cursor()))
	f.Add(`{"setup":"{\"\" \"\"} \"\" \"\"","files":[{"n":"a.csv"},{"n":"a.csv","a":{"t":7}}]}`)
	for _, rec := range []*collectortest.Recorder{look(f, ""), load(f, "")} {
		for _, b := range rec.Batches() {
			kept := strings.ReplaceAll(string(b.Next), sum, "SUM")
			f.Add(kept)
			f.Add(offset.ReplaceAllString(kept, `"o":9223372036854775807`))
			f.Add(offset.ReplaceAllString(kept, `"o":4611686018427387904,"t":1`))
		}
	}
	passedOver := regexp.MustCompile(`(?i)"b":`)
	f.Fuzz(func(t *testing.T, cursor string) {
		cursor = strings.ReplaceAll(cursor, "SUM", sum)
		for name, way := range map[string]func(testing.TB, collectors.Cursor) *collectortest.Recorder{"folder": look, "import": load} {
			whole := texts(way(t, "").Posts())
			rec := way(t, collectors.Cursor(cursor))
			for _, b := range rec.Batches() {
				// Rows that were passed over before are told of for as long as their file is there.
				told := slices.ContainsFunc(b.Troubles, func(one collectors.Trouble) bool {
					return one.Cause != collectors.CauseRows || !passedOver.MatchString(cursor)
				})
				if told {
					t.Errorf("%s from %s: troubles %q", name, cursor, b.Troubles)
				}
			}
			if got := texts(rec.Posts()); len(got) > len(whole) {
				t.Errorf("%s from %s: got %q", name, cursor, got)
			} else if !json.Valid([]byte(cursor)) && !slices.Equal(got, whole) {
				t.Errorf("%s from %s: got %q, want all", name, cursor, got)
			}
			if name == "folder" {
				if again := look(t, rec.Cursor()).Posts(); len(again) != 0 {
					t.Errorf("%s from %s: %q again", name, cursor, texts(again))
				}
			}
		}
	})
}
