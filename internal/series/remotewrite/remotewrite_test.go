package remotewrite

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/prometheus/prompb"

	"confianza/internal/mention"
	"confianza/internal/store"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// bench is a sender of a real store to a receiver, on a clock that only waiting
// moves.
type bench struct {
	*Sender
	t      *testing.T
	store  *store.Store
	now    time.Time
	waited []time.Duration
	said   []Status
	posts  int
}

func newBench(t *testing.T, url string) *bench {
	s, err := store.Open(t.Context(), t.TempDir(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	b := &bench{t: t, store: s, now: noon.Add(time.Hour)}
	if err := s.Receivers(t.Context(), []string{"prom"}, noon.Add(-47*time.Hour)); err != nil {
		t.Fatal(err)
	}
	b.Sender = &Sender{
		Receiver: Receiver{Name: "prom", URL: url, Window: 48 * time.Hour, Labels: map[string]string{"site": "lab"}},
		Store:    s, Client: http.DefaultClient, Agent: "confianza/test", Now: func() time.Time { return b.now },
		Notify: func(st Status) { b.said = append(b.said, st) },
	}
	return b
}

// mention adds scored mentions of one minute.
func (b *bench) mention(at time.Time, n int) {
	b.t.Helper()
	var ms []mention.Mention
	for range n {
		b.posts++
		ms = append(ms, mention.Mention{Source: "net", Native: fmt.Sprint(b.posts), Text: "hello", At: at, Seen: at, Form: "post", Brands: []string{"Acme"}})
	}
	ctx := b.t.Context()
	if _, err := b.store.Add(ctx, store.Intake{Source: "net", Mentions: ms}); err != nil {
		b.t.Fatal(err)
	}
	if _, err := b.store.Begin(ctx, "score", "v1"); err != nil {
		b.t.Fatal(err)
	}
	recent, err := b.store.Recent(ctx, "score", 10_000)
	if err != nil {
		b.t.Fatal(err)
	}
	var scores []store.Scored
	for _, m := range recent {
		scores = append(scores, store.Scored{ID: m.ID, Score: mention.Score{Language: "en", Polarity: mention.Neutral, Neutral: 1, Scorer: "v1"}})
	}
	if _, err := b.store.Done(ctx, "score", recent[len(recent)-1].ID, scores); err != nil {
		b.t.Fatal(err)
	}
}

// run sends until it has waited so many times.
func (b *bench) run(waits int) {
	b.t.Helper()
	ctx, cancel := context.WithCancel(b.t.Context())
	defer cancel()
	left := waits
	b.Sender.Wait = func(_ context.Context, d time.Duration) error {
		b.waited = append(b.waited, d)
		b.now = b.now.Add(d)
		if left--; left == 0 {
			cancel()
		}
		return ctx.Err()
	}
	if err := b.Run(ctx); !errors.Is(err, context.Canceled) {
		b.t.Fatalf("run ended with %v", err)
	}
}

func (b *bench) total() (sent, refused int, skipped int64) {
	for _, s := range b.said {
		sent, refused, skipped = sent+s.Sent, refused+s.Refused, skipped+s.Skipped
	}
	return sent, refused, skipped
}

func (b *bench) errors() (all []string) {
	for _, s := range b.said {
		if s.Err != nil {
			all = append(all, s.Err.Error())
		}
	}
	return all
}

func TestSamplesArriveAtTheirMinute(t *testing.T) {
	p := receive(t)
	b := newBench(t, p.URL)
	b.mention(noon.Add(10*time.Second), 3)
	b.run(1)
	b.mention(noon.Add(50*time.Second), 2) // late: the minute was sent
	b.run(1)
	const labels = `__name__="confianza_mentions" brand="Acme" kind="unknown" language="en" polarity="neutral" site="lab" source="net" `
	end := noon.Add(time.Minute).UnixMilli()
	want := map[int64]float64{end - 1: 3, end - 2: 2}
	if got := p.samples[labels]; fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %v\nwant %v under %s", p.samples, want, labels)
	}
}

func TestEveryFailureIsRetriedAndNothingCountsTwice(t *testing.T) {
	fails := func(status int) func(*prometheus) {
		return func(p *prometheus) {
			p.before = func(*http.Request) int {
				if p.requests <= 3 {
					return status
				}
				return 0
			}
		}
	}
	for _, c := range []struct {
		name   string
		broken func(*prometheus)
		says   string
	}{
		{"500", fails(500), "500: as the test wants"},
		{"503", fails(503), "503: as the test wants"},
		{"429", fails(429), "429: as the test wants"},
		{"401", fails(401), "401: as the test wants"},
		{"404", fails(404), "404: as the test wants"},
		{"refuses all for a while, as when it is configured wrongly", fails(400), "refuses samples: 400: as the test wants"},
		{"answers 500 once it has kept everything", func(p *prometheus) {
			p.after = func() int {
				if p.requests <= 2 {
					return 500
				}
				return 0
			}
		}, "500: as the test wants"},
		{"cuts the connection", func(p *prometheus) {
			p.before = func(*http.Request) int {
				if p.requests <= 2 {
					panic(http.ErrAbortHandler)
				}
				return 0
			}
		}, "EOF"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := receive(t)
			c.broken(p)
			b := newBench(t, strings.Replace(p.URL, "http://", "http://user:hidden@", 1)+"/api/v1/write?key=hidden")
			b.mention(noon, 5)
			b.run(6)
			b.mention(noon, 2)
			b.run(2)
			if got := p.sum(); got != 7 {
				t.Errorf("the receiver has %v, want 7", got)
			}
			if sent, refused, skipped := b.total(); refused != 0 || skipped != 0 || sent != 2 {
				t.Errorf("told %d sent, %d refused, %d skipped; want 2 samples sent", sent, refused, skipped)
			}
			said := strings.Join(b.errors(), "\n")
			if !strings.Contains(said, c.says) || !strings.Contains(said, "prom (http://127.0.0.1:") || strings.Contains(said, "hidden") {
				t.Errorf("said %q, want the place, no secret, and %q", said, c.says)
			}
		})
	}
}

func TestAFailingReceiverIsNotAskedHot(t *testing.T) {
	p := receive(t)
	p.before = func(*http.Request) int { return 500 }
	b := newBench(t, p.URL)
	b.mention(noon, 1)
	b.run(40)
	for i, d := range b.waited {
		if low := min(longestWait, firstWait<<min(i, 20)) * 3 / 4; d < low {
			t.Errorf("wait %d is %v, want at least %v", i, d, low)
		}
	}
	if p.requests != 40 {
		t.Errorf("%d requests in 40 tries", p.requests)
	}
}

func TestRetryAfterIsObeyed(t *testing.T) {
	for _, c := range []struct {
		header string
		want   time.Duration
	}{{"90", 90 * time.Second}, {noon.Add(time.Hour + 2*time.Minute).Format(http.TimeFormat), 2 * time.Minute}, {"999999", time.Hour}} {
		p := receive(t)
		p.header.Set("Retry-After", c.header)
		p.before = func(*http.Request) int { return 429 }
		b := newBench(t, p.URL)
		b.mention(noon, 1)
		b.run(1)
		if !slices.Equal(b.waited, []time.Duration{c.want}) {
			t.Errorf("Retry-After %s: waited %v, want %v", c.header, b.waited, c.want)
		}
	}
}

func TestOneSampleThatIsNeverTakenHoldsNothingUp(t *testing.T) {
	p := receive(t)
	bad := noon.Add(3*time.Minute).UnixMilli() - 1
	p.never = func(at int64) bool { return at == bad }
	b := newBench(t, p.URL)
	for i := range 9 {
		b.mention(noon.Add(time.Duration(i)*time.Minute), 1)
	}
	b.run(1)
	if got := p.sum(); got != 8 {
		t.Errorf("the receiver has %v, want all but one of 9", got)
	}
	if sent, refused, _ := b.total(); sent != 8 || refused != 1 {
		t.Errorf("told %d sent, %d refused; want 8 and 1", sent, refused)
	}
	if said := b.errors(); len(said) != 1 || !strings.Contains(said[0], "out of order sample") {
		t.Errorf("said %q, want the reason once", said)
	}
}

func TestWhatIsRefusedForAnHourIsGivenUp(t *testing.T) {
	p := receive(t)
	p.never = func(at int64) bool { return at < noon.UnixMilli() }
	b := newBench(t, p.URL)
	b.mention(noon.Add(-2*time.Hour), 1)
	b.mention(noon.Add(-time.Hour), 1)
	b.run(25)
	b.mention(noon, 1)
	b.run(2)
	if sent, refused, _ := b.total(); sent != 1 || refused != 2 {
		t.Errorf("told %d sent, %d refused; want 1 and 2", sent, refused)
	}
}

func TestWhatIsOlderThanTheWindowIsSkippedAndTold(t *testing.T) {
	p := receive(t)
	b := newBench(t, p.URL)
	b.mention(noon.AddDate(-1, 0, 0), 4)
	b.mention(noon, 1)
	b.run(1)
	if sent, _, skipped := b.total(); sent != 1 || skipped != 4 || p.sum() != 1 {
		t.Errorf("told %d sent, %d skipped, the receiver has %v; want 1, 4, 1", sent, skipped, p.sum())
	}
}

func TestCredentials(t *testing.T) {
	p := receive(t)
	p.before = func(r *http.Request) int {
		if r.Header.Get("Authorization") != "Bearer right" {
			return 401
		}
		return 0
	}
	b := newBench(t, p.URL)
	token, err := "", errors.New("secret: environment variable TOKEN is empty")
	b.Receiver.Authorize = func(r *http.Request) error {
		r.Header.Set("Authorization", "Bearer "+token)
		return err
	}
	b.mention(noon, 1)
	b.run(2)
	if said := b.errors(); len(said) != 2 || !strings.Contains(said[0], "TOKEN is empty") {
		t.Errorf("said %q, want what is missing", said)
	}
	token, err = "right", nil
	b.run(1)
	if p.sum() != 1 {
		t.Errorf("the receiver has %v, want 1", p.sum())
	}
}

func TestGaugesAreSentOnceAndGoOnWhereTheyWere(t *testing.T) {
	p := receive(t)
	b := newBench(t, p.URL)
	var asked []string
	b.Notes = b.store
	b.Gauges = func(_ context.Context, from, to time.Time) ([]prompb.TimeSeries, error) {
		asked = append(asked, from.Format("02 15:04")+"-"+to.Format("15:04"))
		one := prompb.TimeSeries{Labels: []prompb.Label{{Name: "__name__", Value: "confianza_voices"}, {Name: "brand", Value: "Acme"}}}
		for at := from.Add(time.Minute); !at.After(to); at = at.Add(time.Minute) {
			one.Samples = append(one.Samples, prompb.Sample{Value: 1, Timestamp: at.UnixMilli() - 1})
		}
		return []prompb.TimeSeries{one}, nil
	}
	b.Receiver.Window = 3*time.Hour + early
	b.run(1) // at 13:00: three hours up to 12:59, the last minute that settled
	if got, want := fmt.Sprint(asked), "[02 10:00-11:00 02 11:00-12:00 02 12:00-12:59]"; got != want {
		t.Errorf("asked for %s, want %s", got, want)
	}
	asked = nil
	p.before = func(*http.Request) int { return 503 }
	b.now = b.now.Add(2 * time.Minute)
	b.run(1)
	p.before = nil
	b.run(1)
	if got, want := fmt.Sprint(asked), "[02 12:59-13:01 02 12:59-13:01]"; got != want {
		t.Errorf("asked for %s after a failure, want %s", got, want)
	}
	if got := p.sum(); got != 181 || len(p.samples) != 1 {
		t.Errorf("the receiver has %v samples of %d series, want each minute of three hours and one", got, len(p.samples))
	}
	if sent, refused, _ := b.total(); sent != 181 || refused != 0 {
		t.Errorf("told %d sent, %d refused", sent, refused)
	}
}

// What is refused is said until something is taken: that nothing is owed does
// not mend it, or a log would tell of trouble and its end at each look.
func TestARefusalOfGaugesStandsUntilSomeAreTaken(t *testing.T) {
	p := receive(t)
	b := newBench(t, p.URL)
	b.Notes = b.store
	b.Gauges = func(_ context.Context, _, to time.Time) ([]prompb.TimeSeries, error) {
		return []prompb.TimeSeries{{Labels: []prompb.Label{{Name: "__name__", Value: "confianza_voices"}},
			Samples: []prompb.Sample{{Value: 1, Timestamp: to.UnixMilli() - 1}}}}, nil
	}
	b.Receiver.Window = 3*time.Hour + early
	p.before = func(*http.Request) int { return 400 }
	b.run(3)
	if len(b.said) < 5 || b.said[0].Err != nil { // the first look owed nothing, and nothing was known to be wrong
		t.Fatalf("said %+v", b.said)
	}
	const want = "it refuses samples: 400: as the test wants"
	for i, st := range b.said[1:] {
		if st.Err == nil || strings.Count(st.Err.Error(), "prom (http") != 1 || !strings.Contains(st.Err.Error(), want) {
			t.Errorf("status %d says %v, want one that holds %q", i+1, st.Err, want)
		}
	}
	p.before = nil
	b.now = b.now.Add(time.Minute)
	b.run(2)
	if last := b.said[len(b.said)-1]; last.Err != nil {
		t.Errorf("taken again, and still said: %v", last.Err)
	}
}

func TestPartsHoldAll(t *testing.T) {
	series := func(n int) prompb.TimeSeries { return prompb.TimeSeries{Samples: make([]prompb.Sample, n)} }
	for _, c := range []struct {
		sizes []int
		want  string
	}{{nil, "[]"}, {[]int{1}, "[1]"}, {[]int{2, 2, 2}, "[4 2]"}, {[]int{9, 1, 1, 1}, "[9 3]"}, {[]int{3, 3}, "[3 3]"}} {
		var all []prompb.TimeSeries
		for _, n := range c.sizes {
			all = append(all, series(n))
		}
		var got []int
		for _, p := range parts(all, 3) {
			got = append(got, samples(p))
		}
		if fmt.Sprint(got) != c.want {
			t.Errorf("%v: got %v, want %s", c.sizes, got, c.want)
		}
	}
}
