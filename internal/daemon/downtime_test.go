package daemon

import (
	"encoding/json"
	"fmt"
	"net/url"
	"path/filepath"
	"testing"
	"time"
)

// An hour in which the binary was off, while posts went on, is neither a gap
// nor a spike of catching up afterwards.
func TestAnHourOfDowntimeLeavesNoTrace(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "confianza.yml")
	j, address := newJetstream(t)
	write(t, file, "brands: [{name: Delta}]\ndata: %s\nweb: {listen: '127.0.0.1:0'}\nsources:\n  bluesky: {urls: ['%s']}\n  feeds: {enabled: false}\n  hackernews: {enabled: false}\n",
		filepath.Join(dir, "data"), address)
	// One mention a minute, beginning three hours ago.
	began := time.Now().Add(-3 * time.Hour).Truncate(time.Hour)
	said := 0
	speak := func(minutes int) {
		for range minutes {
			j.sayAt(said, began.Add(time.Duration(said)*time.Minute+30*time.Second), "Delta, good morning")
			said++
		}
	}
	counted := func(r *running, n int) {
		r.eventually(fmt.Sprint(n, " mentions"), func() bool { return r.metric("confianza_ingested_mentions_total") == float64(n) })
	}
	speak(60)
	r := start(t, file)
	counted(r, 60)
	r.end()
	speak(60) // it is off
	r = start(t, file)
	speak(30)
	counted(r, 150)

	var answer struct {
		Data struct {
			Result []struct{ Values [][2]any }
		}
	}
	q := url.Values{"query": {`sum(sum_over_time(confianza_mentions{brand="Delta"}[5m]))`}, "step": {"300"},
		"start": {fmt.Sprint(began.Add(5 * time.Minute).Unix())}, "end": {fmt.Sprint(began.Add(150 * time.Minute).Unix())}}
	if err := json.Unmarshal([]byte(r.get("api/v1/query_range?"+q.Encode())), &answer); err != nil {
		t.Fatal(err)
	}
	r.end()
	if len(answer.Data.Result) != 1 || len(answer.Data.Result[0].Values) != 30 {
		t.Fatalf("got %+v, want thirty values: no gap", answer.Data)
	}
	for _, v := range answer.Data.Result[0].Values {
		if v[1] != "5" {
			t.Errorf("%s mentions in the five minutes up to %v, want 5", v[1], v[0])
		}
	}
}
