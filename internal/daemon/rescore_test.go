package daemon

import (
	"bytes"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"confianza/analysis/features"
	"confianza/analysis/language"
	"confianza/analysis/weights"
	"confianza/internal/config"
	"confianza/internal/mention"
	"confianza/internal/store"
)

// ownWeights writes weights that know one word in Spanish and English, and
// find it bad, or else good.
func ownWeights(t *testing.T, path string, bad bool) {
	t.Helper()
	var r features.Reader
	r.Read("datos", "es")
	var b features.Blocks
	r.Alone(0, "es", &b)
	row := weights.Row{Feature: b[features.Words][0], Positive: 9}
	if bad {
		row = weights.Row{Feature: row.Feature, Negative: 9}
	}
	packed := weights.Pack([]weights.Row{row}, []weights.Language{{Code: "es", Heat: 1}, {Code: "en", Heat: 1}}, nil)
	if err := os.WriteFile(path, packed, 0o600); err != nil {
		t.Fatal(err)
	}
}

// mood is what the shown scorer counted in January 2026, such as
// "negative 2 unknown 1".
func mood(t *testing.T, s *store.Store) string {
	t.Helper()
	counts, err := s.Counts(t.Context(), store.CountQuery{Step: 24 * time.Hour, Span: mention.Span{
		From: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), To: time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC)}})
	if err != nil {
		t.Fatal(err)
	}
	sums := map[mention.Polarity]int64{}
	for _, c := range counts {
		sums[c.Polarity] += c.N
	}
	var all []string
	for _, p := range mention.Polarities() {
		if sums[p] > 0 {
			all = append(all, fmt.Sprint(p, " ", sums[p]))
		}
	}
	return strings.Join(all, " ")
}

// Rescored without a daemon, the past says what the new scorer reads, in
// place, and once.
func TestRescore(t *testing.T) {
	dir := t.TempDir()
	posts, own := filepath.Join(dir, "posts.csv"), filepath.Join(dir, "own.bin")
	write(t, posts, "id,text,created_at\n1,Delta perdió mis datos y no contesta,2026-01-02\n2,Delta y los datos de todos nosotros,2026-01-03\n")
	c := config.Default()
	c.Data, c.Scorer = filepath.Join(dir, "data"), "vader"
	c.AddBrand("Delta")
	quiet := slog.New(slog.DiscardHandler)
	if err := Rescore(t.Context(), c, Say{Out: new(bytes.Buffer)}, quiet); err == nil {
		t.Error("it scored a store that is not there")
	}
	if err := Do(t.Context(), c, &ImportTask{Files: []string{posts}, Source: "files"}, Say{Out: new(bytes.Buffer)}, quiet); err != nil {
		t.Fatal(err)
	}
	rescore := func() string {
		t.Helper()
		var out bytes.Buffer
		var told []string
		say := Say{Out: &out, Progress: func(job string, done, total int64) { told = append(told, fmt.Sprint(job, " ", done, "/", total)) }}
		if err := Rescore(t.Context(), c, say, quiet); err != nil {
			t.Fatal(err)
		}
		if len(told) > 0 && told[len(told)-1] != "scoring 2/2" {
			t.Errorf("it told of %q, want 2 of 2 at last", told)
		}
		s, err := store.Open(t.Context(), c.Data, store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		fmt.Fprint(&out, mood(t, s))
		return out.String()
	}
	if got := rescore(); got != "Everything is scored with vader@1+"+language.Version()+" already.\nunknown 2" { // it reads no Spanish
		t.Errorf("got %q", got)
	}
	c.Scorer, c.Weights = "model", own
	ownWeights(t, own, true)
	first := rescore()
	if !strings.HasPrefix(first, "Scoring with model@") || !strings.Contains(first, "what vader@1+"+language.Version()+" gave is shown until") || !strings.HasSuffix(first, "negative 2") {
		t.Errorf("got %q", first)
	}
	if got := rescore(); !strings.Contains(got, "already") {
		t.Errorf("the same weights again: %q", got)
	}
	ownWeights(t, own, false)
	if got := rescore(); !strings.Contains(got, "what model@") || !strings.HasSuffix(got, "positive 2") {
		t.Errorf("other weights at the same place: %q", got)
	}
}

// A daemon takes other weights at a reload and has everything scored again;
// rescore waits for it, and does not pass over another configuration's scorer.
func TestReloadTakesOtherWeights(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	_, address := newJetstream(t)
	file, own, posts := filepath.Join(dir, "confianza.yml"), filepath.Join(dir, "own.bin"), filepath.Join(dir, "posts.csv")
	const base = "brands: [{name: Delta}]\ndata: %s\nweb: {listen: '127.0.0.1:0'}\nsources: {bluesky: {urls: ['%s']}, feeds: {enabled: false}, hackernews: {enabled: false}}\nscorer: model\nweights: %s\n"
	write(t, file, base, dir, address, own)
	write(t, posts, "id,text,created_at\n1,Delta perdió mis datos y no contesta,2026-01-02\n")
	ownWeights(t, own, true)
	r := start(t, file)
	defer r.end()
	configured := func() *config.Config {
		c, err := config.Load(file)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	quiet := slog.New(slog.DiscardHandler)
	if err := Do(t.Context(), configured(), &ImportTask{Files: []string{posts}, Source: "files"}, Say{Out: new(bytes.Buffer)}, quiet); err != nil {
		t.Fatal(err)
	}
	rescore := func() (string, error) {
		var out bytes.Buffer
		err := Rescore(t.Context(), configured(), Say{Out: &out}, quiet)
		return out.String(), err
	}
	if said, err := rescore(); err != nil || !strings.Contains(said, "already") {
		t.Errorf("the daemon's own scorer: %q, %v", said, err)
	}
	ownWeights(t, own, false)
	if said, err := rescore(); err == nil || !strings.Contains(err.Error(), "have it read its configuration again") {
		t.Errorf("weights the daemon has not read: %q, %v", said, err)
	}
	const asked = "api/v1/query?time=2026-01-02T12:00:00Z&query=sum+by+(polarity)(sum_over_time(confianza_mentions%7Bpolarity=%22positive%22%7D%5B1d%5D))"
	if got := r.reload(); got != "reloaded\n" {
		t.Fatalf("reload: %s", got)
	}
	if said, err := rescore(); err != nil || !strings.Contains(said, "is scored with model@") {
		t.Errorf("got %q, %v", said, err)
	}
	if got := r.get(asked); !strings.Contains(got, `,"1"]}]`) {
		t.Errorf("the series does not say what the new weights do: %s", got)
	}
	write(t, own, "no weights")
	if got := r.reload(); !strings.Contains(got, file+":6:10: weights: "+own+": sentiment: model: weights: not whole") {
		t.Errorf("broken weights: %s", got)
	}
	if got := r.get(asked); !strings.Contains(got, `,"1"]}]`) {
		t.Errorf("after a reload that was refused: %s", got)
	}
}
