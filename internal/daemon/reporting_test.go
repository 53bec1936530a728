package daemon

import (
	"errors"
	"io/fs"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"confianza/internal/config"
	"confianza/internal/mention"
	"confianza/internal/metrics"
	"confianza/internal/metrics/metricstest"
	"confianza/internal/store"
)

// reporter reports on the store of [some], whose mentions are of 2026-W10, into
// a folder that is not there yet. said gathers what it tells.
func reporter(t *testing.T) (r *reporting, said *[]error) {
	t.Helper()
	dir := t.TempDir()
	c := config.Default()
	c.Data, c.Brands = filepath.Join(dir, "data"), []config.Brand{{Name: "Acme"}}
	c.Reports.Folder, c.Reports.Formats = filepath.Join(dir, "reports"), []string{"xlsx", "csv", "json"}
	c.Reports.Languages = []string{"es", "en"}
	some(t, c)
	s, err := store.Open(t.Context(), c.Data, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	said = new([]error)
	return &reporting{store: s, config: c, metrics: metrics.New("test"), said: func(err error) { *said = append(*said, err) }}, said
}

func (r *reporting) at(t *testing.T, day string) []string {
	t.Helper()
	now, err := time.Parse(time.RFC3339, day)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.look(t.Context(), now); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(r.config.Reports.Folder)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestReportsAreWrittenWhenDue(t *testing.T) {
	r, said := reporter(t)
	folder := r.config.Reports.Folder
	failing := func() float64 {
		w := httptest.NewRecorder()
		r.metrics.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
		return metricstest.Sum(t, w.Body.String(), `confianza_report_failing{report="weekly"} `)
	}
	for range 2 {
		if names := r.at(t, "2026-03-09T07:00:00Z"); names != nil || r.outputs()[0].Err == "" || failing() != 1 {
			t.Errorf("without a folder: %v, %+v", names, r.outputs())
		}
	}
	if len(*said) != 1 || !errors.Is((*said)[0], fs.ErrNotExist) {
		t.Errorf("said %v, want the failure once", *said)
	}
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	w10 := []string{"confianza-2026-W10.en.csv", "confianza-2026-W10.en.xlsx", "confianza-2026-W10.es.csv", "confianza-2026-W10.es.xlsx", "confianza-2026-W10.json"}
	if names := r.at(t, "2026-03-09T07:02:00Z"); !slices.Equal(names, w10) || len(*said) != 2 || (*said)[1] != nil || failing() != 0 {
		t.Errorf("once there is a folder: %v, said %v", names, *said)
	}
	if o := r.outputs()[0]; o.Err != "" || o.Last.IsZero() || o.Name != folder {
		t.Errorf("on the page: %+v", o)
	}
	for _, name := range w10 {
		if err := os.Remove(filepath.Join(folder, name)); err != nil {
			t.Fatal(err)
		}
	}
	for _, now := range []string{"2026-03-09T07:03:00Z", "2026-03-16T06:59:00Z", "2026-03-01T00:00:00Z"} { // the last by a clock that jumped back
		if names := r.at(t, now); names != nil {
			t.Errorf("at %s: %v, though it was written", now, names)
		}
	}
	again := &reporting{store: r.store, config: r.config, metrics: r.metrics, said: r.said} // a restart, three weeks later
	if names := again.at(t, "2026-04-01T12:00:00Z"); len(names) != 5 || names[0] != "confianza-2026-W13.en.csv" {
		t.Errorf("after three missed weeks: %v, want the last of them alone", names)
	}
}

// A mention that comes late changes its week, and the next report says so; the
// file that was written stays as it is.
func TestReportsSayWhatChanged(t *testing.T) {
	r, _ := reporter(t)
	if err := os.Mkdir(r.config.Reports.Folder, 0o700); err != nil {
		t.Fatal(err)
	}
	r.at(t, "2026-03-09T07:00:00Z")
	first := filepath.Join(r.config.Reports.Folder, "confianza-2026-W10.en.csv")
	before, err := os.ReadFile(first)
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 3, 3, 0, 0, 0, 0, time.UTC)
	late := mention.Mention{Source: "feeds", Native: "late", Revision: "1", Text: "late", At: at, Seen: at, Form: "post", Brands: []string{"Acme"}}
	if _, err := r.store.Add(t.Context(), store.Intake{Source: "feeds", Mentions: []mention.Mention{late}}); err != nil {
		t.Fatal(err)
	}
	score := store.Scored{ID: 4, Score: mention.Score{Language: "en", Polarity: mention.Positive, Positive: 1, Scorer: "v1"}}
	if _, err := r.store.Done(t.Context(), "score", 4, []store.Scored{score}); err != nil {
		t.Fatal(err)
	}
	r.at(t, "2026-03-16T07:00:00Z")
	second, err := os.ReadFile(filepath.Join(r.config.Reports.Folder, "confianza-2026-W11.en.csv"))
	if err != nil {
		t.Fatal(err)
	}
	line := ""
	for l := range strings.Lines(string(second)) {
		if strings.HasPrefix(l, "Acme,2026-W10,") && strings.Contains(l, ",all,") {
			line = strings.TrimSpace(l)
		}
	}
	if !strings.Contains(line, ",4,3,0,1,0,") || !strings.HasSuffix(line, ",3") {
		t.Errorf("the week reads %q, want 4 mentions, and 3 as last reported", line)
	}
	if after, err := os.ReadFile(first); err != nil || string(after) != string(before) {
		t.Errorf("the file of the week before was changed, %v", err)
	}
}

func TestNothingIsReportedOfNothing(t *testing.T) {
	r, said := reporter(t)
	r.config.Brands = []config.Brand{{Name: "Zeta"}}
	if err := os.Mkdir(r.config.Reports.Folder, 0o700); err != nil {
		t.Fatal(err)
	}
	if names := r.at(t, "2026-03-09T07:00:00Z"); names != nil || len(*said) != 0 {
		t.Errorf("got %v, said %v", names, *said)
	}
}
