package series_test

import (
	"math"
	"testing"
	"time"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/tsdb/chunkenc"

	"confianza/internal/series"
)

// Ten years in which little was said are gone through by what there is, and
// nothing of it is missed: the first and the last minute of an hour, an hour
// beside another, pages apart, the hour that a page begins with, a stretch that was heard with nothing said in it.
func TestLongSilencesAreSteppedOver(t *testing.T) {
	w := newWorld(t)
	at := func(days int, d time.Duration) time.Time { return noon.AddDate(0, 0, -days).Add(d) }
	heard := at(3000, 20*time.Minute)
	w.hear("net", heard, heard.Add(3*time.Minute))
	var want []int64
	stamp := func(t time.Time) { want = append(want, t.Truncate(time.Minute).Add(time.Minute).UnixMilli()-1) }
	for _, one := range []time.Time{at(3636, -30*time.Minute), at(3600, 0), at(3600, 59*time.Minute), at(3600, time.Hour), at(3599, 0), at(3001, 0), at(20, 0), at(1, 0)} {
		w.say(said{"net", "Acme", "bad", one})
	}
	w.score("v1", 100)
	for _, one := range []time.Time{at(3636, -30*time.Minute), at(3600, 0), at(3600, 59*time.Minute), at(3600, time.Hour), at(3599, 0), at(3001, 0),
		heard, heard.Add(time.Minute), heard.Add(2 * time.Minute), at(20, 0), at(1, 0)} {
		stamp(one)
	}
	q, err := series.New(series.Options{Store: w.s.Reader, Now: func() time.Time { return noon }}).Querier(at(3650, 0).UnixMilli(), noon.UnixMilli())
	if err != nil {
		t.Fatal(err)
	}
	defer q.Close()
	set := q.Select(t.Context(), true, nil, labels.MustNewMatcher(labels.MatchEqual, "__name__", "confianza_mentions"),
		labels.MustNewMatcher(labels.MatchEqual, "polarity", "negative"))
	if !set.Next() {
		t.Fatalf("no series: %v", set.Err())
	}
	var got []int64
	it := set.At().Iterator(nil)
	for it.Next() == chunkenc.ValFloat {
		if at, v := it.At(); !math.IsNaN(v) { // no mark that a run ends
			got = append(got, at)
		}
	}
	if it.Err() != nil || len(got) != len(want) {
		t.Fatalf("got %d samples, %v; want %d", len(got), it.Err(), len(want))
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("sample %d at %s, want %s", i, time.UnixMilli(got[i]).UTC(), time.UnixMilli(want[i]).UTC())
		}
	}
}
