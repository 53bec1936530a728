package files

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"confianza/collectors"
	"confianza/collectors/collectortest"
)

// shared finds a file of the data beside the repository.
func shared(t testing.TB, path string) string {
	t.Helper()
	path = filepath.Join("../../../shared/data", path)
	if _, err := os.Stat(path); err != nil {
		t.Skip("needs the data beside the repository: ", err)
	}
	return path
}

// The counts were made by Python's csv module: 14,640 rows, 138 of them with
// a line break in the text, 14,485 ids.
func TestAirlineTweets(t *testing.T) {
	path := shared(t, "mentions/airline2015.csv")
	began := time.Now()
	rec, reports, err := run(t, Options{Map: Map{Brand: "airline"}}, path)
	t.Logf("%d posts in %v", len(rec.Posts()), time.Since(began).Round(time.Millisecond))
	if err != nil || len(rec.Dropped()) != 0 || len(reports[0].Bad) != 0 {
		t.Errorf("dropped %v, bad %v, error %v", rec.Dropped(), reports[0].Bad, err)
	}
	ids, brands := map[string]bool{}, map[string]int{}
	for _, p := range rec.Posts() {
		ids[p.Native] = true
		brands[p.Brand]++
	}
	if len(rec.Posts()) != 14640 || len(ids) != 14485 || brands["United"] != 3822 || len(brands) != 6 {
		t.Errorf("%d posts, %d ids, brands %v", len(rec.Posts()), len(ids), brands)
	}
	want := collectors.Post{
		Native: "570301031407624196", Author: "jnardino", Brand: "Virgin America", Form: collectors.FormPost,
		Text:    `@VirginAmerica it's really aggressive to blast obnoxious "entertainment" in your guests' faces & they have little recourse`,
		Created: time.Date(2015, 2, 24, 19, 15, 36, 0, time.UTC), // 11:15:36 -0800
	}
	if got := rec.Posts()[3]; got.Text != want.Text || got.Native != want.Native || got.Author != want.Author || !got.Created.Equal(want.Created) || got.Brand != want.Brand {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func BenchmarkAirlineTweets(b *testing.B) {
	path := shared(b, "mentions/airline2015.csv")
	at, err := os.Stat(path)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(at.Size())
	for b.Loop() {
		i := importer(b, Options{}, path)
		var rec collectortest.Recorder
		if err := i.Collect(b.Context(), "", collectors.Wanted{Names: func([]byte) bool { return true }}, rec.Deliver); err != nil {
			b.Fatal(err)
		}
	}
}
