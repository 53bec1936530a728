package pipeline

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"confianza/analysis/sentiment"
	"confianza/collectors"
	"confianza/internal/mention"
	"confianza/internal/metrics"
	"confianza/internal/store"
)

// reader is a scorer that finds what it was told to find, and nothing where
// there is no text.
type reader struct {
	version string
	finds   sentiment.Score
	read    [][]sentiment.Text // what it was given, call by call
	short   int                // how many scores too few it gives
	err     error
}

func (r *reader) Version() string { return r.version }

func (r *reader) Score(_ context.Context, texts []sentiment.Text) ([]sentiment.Score, error) {
	r.read = append(r.read, slices.Clone(texts))
	return slices.Repeat([]sentiment.Score{r.finds}, max(0, len(texts)-r.short)), r.err
}

var (
	bad  = sentiment.Score{Negative: 0.75, Neutral: 0.25, Known: true}
	good = sentiment.Score{Positive: 0.75, Neutral: 0.25, Known: true}
)

// desk is an intake with a scoring stage behind it.
type desk struct {
	*Intake
	t *testing.T
}

func newDesk(t *testing.T) desk {
	in, _ := intake(t)
	return desk{in, t}
}

func (d desk) say(natives ...string) {
	d.t.Helper()
	var b collectors.Batch
	for _, n := range natives {
		b.Posts = append(b.Posts, collectors.Post{Native: n, Text: "Acme lost my data and does not say a word", Language: "en"})
	}
	deliverAll(d.t, d.Intake, b)
}

func (d desk) erase(native string) {
	d.t.Helper()
	deliverAll(d.t, d.Intake, collectors.Batch{Gone: []collectors.Gone{{Native: native}}})
}

func (d desk) stage(r *reader) *Scoring {
	return NewScoring(d.Store, r, d.Metrics, slog.New(slog.DiscardHandler))
}

func (d desk) score(r *reader) {
	d.t.Helper()
	if err := d.stage(r).Drain(d.t.Context()); err != nil {
		d.t.Fatal(err)
	}
}

// counts is what a version counted, such as "negative 2 unknown 1".
func (d desk) counts(version string) string {
	d.t.Helper()
	cs, err := d.Store.Counts(d.t.Context(), store.CountQuery{Scorer: version, Step: time.Hour,
		Span: mention.Span{From: noon.Add(-time.Hour), To: noon.Add(time.Hour)}})
	if err != nil {
		d.t.Fatal(err)
	}
	sums := map[mention.Polarity]int64{}
	for _, c := range cs {
		sums[c.Polarity] += c.N
	}
	var lines []string
	for _, p := range mention.Polarities() {
		if sums[p] > 0 {
			lines = append(lines, fmt.Sprint(p, " ", sums[p]))
		}
	}
	return strings.Join(lines, " ")
}

func (d desk) wantCounts(what, version, want string) {
	d.t.Helper()
	if got := d.counts(version); got != want {
		d.t.Errorf("%s: got %q by %s, want %q", what, got, version, want)
	}
}

func TestScoringWritesWhatTheScorerFinds(t *testing.T) {
	d := newDesk(t)
	d.say("1")
	d.score(&reader{version: "r@1", finds: bad})
	ms, err := d.Store.Latest(t.Context(), store.LatestQuery{Limit: 9})
	want := mention.Score{Language: "en", Polarity: mention.Negative, Negative: 0.75, Neutral: 0.25, Scorer: "r@1"}
	if err != nil || len(ms) != 1 || ms[0].Score != want {
		t.Fatalf("got %+v, %v; want the score %+v", ms, err, want)
	}
	d.say("2")
	d.score(&reader{version: "r@1", finds: sentiment.Score{Negative: 0.5}}) // not Known: not to be read
	ms, err = d.Store.Latest(t.Context(), store.LatestQuery{Limit: 1})
	want = mention.Score{Language: "en", Polarity: mention.Unknown, Scorer: "r@1"}
	if err != nil || ms[0].Score != want {
		t.Errorf("got %+v, %v; want the score %+v", ms, err, want)
	}
	d.wantCounts("both", "r@1", "negative 1 unknown 1")
	exposed(t, d.Metrics, map[string]string{
		`confianza_ingested_mentions_total{brand="Acme",kind="unknown",language="en",polarity="negative",source="net"}`: "1",
		`confianza_ingested_mentions_total{brand="Acme",kind="unknown",language="en",polarity="unknown",source="net"}`:  "1",
		`confianza_stage_pending{stage="score"}`:       "0",
		`confianza_stage_seconds_count{stage="score"}`: "2",
	})
}

func TestScoringGoesThroughMoreThanABatch(t *testing.T) {
	d := newDesk(t)
	var natives []string
	for i := range 2*scoreBatch + 1 {
		natives = append(natives, fmt.Sprint(i))
	}
	d.say(natives...)
	r := &reader{version: "r@1", finds: bad}
	d.score(r)
	if len(r.read) != 3 || len(r.read[2]) != 1 {
		t.Errorf("read in %d calls, want 3 and one text in the last", len(r.read))
	}
	d.wantCounts("all", "r@1", "negative 1001")
}

func TestRestoreGoesOnFromTheStore(t *testing.T) {
	d := newDesk(t)
	d.say("1", "2")
	d.score(&reader{version: "r@1", finds: bad})
	d.Metrics = metrics.New("after a restart")
	if err := Restore(t.Context(), d.Store, d.Metrics); err != nil {
		t.Fatal(err)
	}
	line := `confianza_ingested_mentions_total{brand="Acme",kind="unknown",language="en",polarity="negative",source="net"}`
	exposed(t, d.Metrics, map[string]string{line: "2"})
	d.say("3")
	d.score(&reader{version: "r@1", finds: bad})
	exposed(t, d.Metrics, map[string]string{line: "3"})
	d.score(&reader{version: "r@2", finds: good}) // the same three mentions again
	exposed(t, d.Metrics, map[string]string{line: "3", strings.Replace(line, "negative", "positive", 1): ""})
}

func TestTextGoneBeforeScoringIsUnknownAndCounted(t *testing.T) {
	d := newDesk(t)
	d.say("1")
	d.erase("1")
	d.score(&reader{version: "r@1", finds: bad}) // a scorer that sees things where there is nothing
	d.wantCounts("the erased one", "r@1", "unknown 1")
	exposed(t, d.Metrics, map[string]string{
		`confianza_ingested_mentions_total{brand="Acme",kind="unknown",language="other",polarity="unknown",source="net"}`: "1"})
}

func TestAnotherScorerScoresAgainWhatHasText(t *testing.T) {
	d := newDesk(t)
	d.say("1", "2", "3")
	d.score(&reader{version: "r@1", finds: bad})
	d.erase("2")
	second := &reader{version: "r@2", finds: good}
	d.score(second)
	if len(second.read) != 1 || len(second.read[0]) != 2 {
		t.Errorf("the second scorer was given %v, want the two texts that are left", second.read)
	}
	d.wantCounts("what was read then", "r@1", "negative 3")
	d.wantCounts("what still has text", "r@2", "positive 2")

	// Back to the first version: the bookmark goes back once more, and the
	// erased mention keeps the polarity that it had been given.
	d.score(&reader{version: "r@1", finds: bad})
	d.wantCounts("again", "r@1", "negative 3")
	if _, err := d.Store.Begin(t.Context(), StageScore, "r@3"); err != nil {
		t.Fatal(err)
	}
	ms, err := d.Store.Recent(t.Context(), StageScore, 9)
	if err != nil || len(ms) != 3 || ms[1].Text != "" || ms[1].Score.Polarity != mention.Negative || ms[1].Score.Scorer != "r@1" {
		t.Errorf("got %+v, %v; want the second erased and still negative by r@1", ms, err)
	}
}

func TestScorerThatFailsLeavesTheBookmark(t *testing.T) {
	d := newDesk(t)
	d.say("1", "2")
	broken := errors.New("model file is damaged")
	for _, tt := range []struct {
		name string
		r    *reader
		want string
	}{
		{"an error", &reader{version: "r@1", err: broken}, "pipeline: score 2 mentions from 1 on: model file is damaged"},
		{"a score too few", &reader{version: "r@1", finds: bad, short: 1}, "pipeline: score 2 mentions from 1 on: r@1 gave 1 scores for 2 texts"},
	} {
		err := d.stage(tt.r).Run(t.Context())
		if err == nil || err.Error() != tt.want || errors.Is(err, broken) != (tt.r.err != nil) {
			t.Errorf("%s: got %v, want %s", tt.name, err, tt.want)
		}
		d.wantCounts(tt.name, "r@1", "")
		if n, err := d.Store.Pending(t.Context(), StageScore); err != nil || n != 2 {
			t.Errorf("%s: got %d pending, %v; want 2", tt.name, n, err)
		}
	}
}

// The clock of the bubble stands still while anything works: what is scored
// without its moving was scored because of the wake.
func TestRunWakesAndStops(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		s := d.stage(&reader{version: "r@1", finds: bad})
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		start := time.Now()
		go func() { ended <- s.Run(ctx) }()
		synctest.Wait()
		exposed(t, d.Metrics, map[string]string{`confianza_stage_pending{stage="score"}`: "0"})

		d.say("1")
		s.Wake()
		s.Wake() // nobody has to be listening
		synctest.Wait()
		d.wantCounts("woken", "r@1", "negative 1")
		if waited := time.Since(start); waited != 0 {
			t.Errorf("it took %s, want no waiting", waited)
		}
		d.say("2") // and nobody wakes it
		time.Sleep(time.Minute)
		d.wantCounts("by itself", "r@1", "negative 2")
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, want context.Canceled", err)
		}
	})
}
