package daemon

import (
	"bytes"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"

	"confianza/internal/config"
)

// A file in Windows-1252 whose third line has no time, and whose fifth has a
// column too many.
const spoiltRows = "id,text,time\n1,Delta perdi\xf3 mis datos,2026-03-01\n2,Delta was kind,never\n3,\x93Delta\x94 pidi\xf3 perd\xf3n,2026-03-01\n4,Delta,2026-03-01,more\n"

var spoiltTexts = []string{"Delta perdió mis datos", "“Delta” pidió perdón"}

// However a file comes in: its bad rows are counted, named with their line and
// passed over, and its letters are those that were meant.
func TestBadRowsAndOtherLettersOfAnImport(t *testing.T) {
	c := config.Default()
	c.Data = t.TempDir()
	c.AddBrand("Delta")
	path := filepath.Join(t.TempDir(), "posts.csv")
	write(t, path, "%s", spoiltRows)
	var out bytes.Buffer
	if err := Do(t.Context(), c, &ImportTask{Files: []string{path}, Source: "files"}, Say{Out: &out}, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"posts.csv: 4 rows, 2 posts, 1 no time, 1 undecodable\n", "posts.csv:3: the time cannot be read\n",
		"posts.csv:5: 4 columns where there should be 3\n", "2 new mentions, 0 known already",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, &out)
		}
	}
}

// A brand that nobody configured is noticed at the door.
func TestRowsOfAnUnknownBrandAreTold(t *testing.T) {
	t.Parallel()
	inbox := t.TempDir()
	write(t, filepath.Join(inbox, "posts.csv"), "id,text,time,who\n1,so bad,2026-03-01,Acme\n2,so good,2026-03-01,Delta\n")
	r, log := letDown(t, nil, fmt.Sprintf("feeds: {enabled: false}\n  files: {folder: %s, map: {brand: who}}", inbox))
	defer r.end()
	r.eventually("the metric", func() bool {
		return r.metric(`confianza_collector_dropped_total{reason="unknown_brand",source="files"}`) == 1
	})
	r.eventually("the line", func() bool { return strings.Contains(log.String(), "source=files reason=unknown_brand posts=1") })
}

func TestBadRowsAndOtherLettersInAWatchedFolder(t *testing.T) {
	t.Parallel()
	inbox := t.TempDir()
	path := filepath.Join(inbox, "posts.csv")
	write(t, path, "%s", spoiltRows)
	r, log := letDown(t, nil, fmt.Sprintf("feeds: {enabled: false}\n  files: {folder: %s, every: 1s, settle: 1s}", inbox))
	defer r.end()
	r.eventually("the rows that are sound", func() bool { return r.metric(`confianza_ingested_mentions_total{brand="Delta"`) == 2 })
	r.eventually("the trouble", func() bool { return r.metric(`confianza_collector_troubles{source="files"}`) == 1 })
	for _, reason := range []string{"no_time", "undecodable"} {
		if got := r.metric(fmt.Sprintf(`confianza_collector_dropped_total{reason=%q,source="files"}`, reason)); got != 1 {
			t.Errorf("%v dropped for %s, want 1", got, reason)
		}
		if !strings.Contains(log.String(), "posts dropped\" source=files reason="+reason+" posts=1") {
			t.Errorf("the log does not say that rows were dropped for %s:\n%s", reason, log)
		}
	}
	if got := r.get("api/v1/query?query=confianza_listening"); strings.Contains(r.get("metrics"), `confianza_listening{source="files"}`) || strings.Contains(got, "files") {
		t.Errorf("a folder counts as listening in the metrics, or in the API: %s", got)
	}
	trouble := path + ":3: the time cannot be read (rows passed over: 2)"
	if !strings.Contains(log.String(), "cause=rows") || !strings.Contains(log.String(), trouble) {
		t.Errorf("the log does not say %q:\n%s", trouble, log)
	}
	for lang, cause := range map[string]string{"es": "<b>Hay filas que no se pueden usar.</b>", "en": "<b>Some rows cannot be used.</b>"} {
		page := r.get("?lang=" + lang)
		for _, want := range append(spoiltTexts, cause, trouble) {
			if !strings.Contains(page, want) {
				t.Errorf("the page in %s does not say %q", lang, want)
			}
		}
	}
}

// A reload that finds a mistake names its line in the log, the metric and the
// page, and changes nothing; the same mistake at the start is told as well.
func TestABrokenConfigurationNamesItsLine(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file, log := filepath.Join(dir, "confianza.yml"), new(output)
	const sound = "brands: [{name: Delta}]\ndata: %s\nweb: {listen: '127.0.0.1:0'}\nsources:\n  bluesky: {enabled: false}\n  hackernews: {enabled: false}\n  feeds: {urls: ['http://127.0.0.1:1/feed'], %s: 10m}\n"
	write(t, file, sound, filepath.Join(dir, "data"), "every")
	r := startLogging(t, file, log)
	defer r.end()
	r.eventually("the first configuration", func() bool { return r.metric("confianza_config_last_reload_successful") == 1 })
	for _, tt := range []struct{ broken, place, says string }{
		{"brands: [{name: Delta}]\nsources: [\n", "confianza.yml:", ""},
		{"brands: [{name: Delta}]\nbrandz: 7\n", "confianza.yml:2:1", "brandz"},
		{fmt.Sprintf(sound, filepath.Join(dir, "data"), "evry"), "confianza.yml:7:", "evry"},
		{strings.Replace(fmt.Sprintf(sound, filepath.Join(dir, "data"), "every"), "10m", "10", 1), "confianza.yml:7:", "every"},
	} {
		write(t, file, "%s", tt.broken)
		if said := r.reload(); !strings.Contains(said, tt.place) || !strings.Contains(said, tt.says) {
			t.Errorf("%q: the reload answers %q", tt.broken, said)
		}
		if page := r.get("?lang=es"); !strings.Contains(page, tt.place) || r.metric("confianza_config_last_reload_successful") != 0 {
			t.Errorf("%q: neither page nor metric say so", tt.broken)
		}
		if !strings.Contains(log.String(), tt.place) {
			t.Errorf("%q: the log says\n%s", tt.broken, log)
		}
		c, err := config.Load(file)
		if err == nil {
			c.Data = t.TempDir() // the other is held
			err = Run(t.Context(), Options{Config: c, Out: new(output), Log: slog.New(slog.DiscardHandler)})
		}
		if err == nil || !strings.Contains(err.Error(), tt.place) {
			t.Errorf("%q: a start says %v", tt.broken, err)
		}
	}
}
