package search

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"confianza/collectors"
	"confianza/collectors/collectortest"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// box is a remote search over known posts. It finds by brand, forgets nothing,
// and answers with the latest first, each twice.
type box struct {
	posts  []collectors.Post
	cap    int
	refuse string    // the text of a question that it refuses
	asked  []Stretch // what it was asked
	texts  []string
}

func (b *box) ask(_ context.Context, q Question, in Stretch, names func([]byte) bool) (Answer, error) {
	b.asked, b.texts = append(b.asked, in), append(b.texts, q.Text)
	if q.Text == b.refuse {
		return Answer{}, &Refused{"too common"}
	}
	var a Answer
	for _, p := range slices.Backward(b.posts) {
		if strings.HasPrefix(p.Text, q.Text) && !p.Created.Before(in.From) && p.Created.Before(in.To) {
			if a.Found == b.cap {
				break
			}
			if a.Found++; names([]byte(p.Text)) {
				a.Posts = append(a.Posts, p)
			}
		}
	}
	a.More = a.Found == b.cap
	return a, nil
}

// words makes a question of each name.
func words(queries []collectors.Query) []Question {
	var all []Question
	for _, q := range queries {
		for _, name := range q.Any {
			all = append(all, Question{Brand: q.Brand, Text: name})
		}
	}
	return all
}

func (b *box) search() *Search {
	return &Search{
		Site: Site{
			Name: "box", Unit: time.Minute, Widest: 6 * time.Hour, Settle: 10 * time.Minute, Cap: b.cap, Pace: time.Millisecond,
			Questions: words, Ask: b.ask, Close: func() {},
		},
		Every: 10 * time.Millisecond, Past: 24 * time.Hour,
		Now: func() time.Time { return noon }, Wait: Wait,
	}
}

// said is a post made a while before noon.
func said(text string, ago time.Duration) collectors.Post {
	return collectors.Post{Native: text + "/" + ago.String(), Text: text, Created: noon.Add(-ago)}
}

// wants wishes for names, one brand each.
func wants(names ...string) collectors.Wanted {
	w := collectors.Wanted{Names: func([]byte) bool { return true }}
	for _, n := range names {
		w.Queries = append(w.Queries, collectors.Query{Brand: n, Any: []string{n}})
	}
	return w
}

// busy has posts in bursts: a day of them, one an hour, and thirty within an
// hour.
func busy() []collectors.Post {
	var all []collectors.Post
	for h := range 23 {
		all = append(all, said("Acme", time.Duration(23-h)*time.Hour), said("Zeta", time.Duration(23-h)*time.Hour-time.Minute))
		if h == 12 {
			for m := range 30 {
				all = append(all, said("Acme", 10*time.Hour+30*time.Minute-time.Duration(m)*time.Minute))
			}
		}
	}
	return append(all, said("Acme", time.Minute))
}

func TestContract(t *testing.T) {
	t.Parallel()
	t.Run("for ever", func(t *testing.T) {
		collectortest.Check(t, collectortest.Source{World: func(*testing.T, func(http.Handler) http.Handler) collectortest.World {
			return collectortest.World{
				New:   func() collectors.Collector { return (&box{posts: busy(), cap: 15}).search() },
				Posts: busy(), Want: collectors.Wanted{Queries: wants("Acme", "Zeta").Queries},
			}
		}})
	})
	t.Run("a span", func(t *testing.T) {
		var posts []collectors.Post
		span := Stretch{noon.Add(-20 * time.Hour), noon.Add(-2 * time.Hour)}
		for _, p := range busy() {
			if !p.Created.Before(span.From) && p.Created.Before(span.To) {
				posts = append(posts, p)
			}
		}
		collectortest.Check(t, collectortest.Source{World: func(*testing.T, func(http.Handler) http.Handler) collectortest.World {
			return collectortest.World{
				New: func() collectors.Collector {
					s := (&box{posts: busy(), cap: 15}).search()
					s.Span = &span
					return s
				},
				Ends: true, Posts: posts, Want: collectors.Wanted{Queries: wants("Acme", "Zeta").Queries},
			}
		}})
	})
}

// clocked lets waiting pass the time of a clock instead of ours, until it has
// come to an end.
func clocked(s *Search, from, until time.Time) {
	now := from
	s.Now = func() time.Time { return now }
	s.Pace, s.Every = time.Second, 15*time.Minute
	s.Wait = func(_ context.Context, d time.Duration) error {
		if now = now.Add(d); !now.Before(until) {
			return context.Canceled
		}
		return nil
	}
}

// walk collects with a clock that runs from noon for a while.
func walk(t *testing.T, s *Search, from collectors.Cursor, want collectors.Wanted, d time.Duration) *collectortest.Recorder {
	t.Helper()
	var rec collectortest.Recorder
	clocked(s, noon, noon.Add(d))
	if err := s.Collect(t.Context(), from, want, rec.Deliver); err != context.Canceled && (s.Span == nil || err != nil) {
		t.Fatal(err)
	}
	return &rec
}

func natives(posts []collectors.Post) map[string]int {
	count := map[string]int{}
	for _, p := range posts {
		count[p.Native]++
	}
	return count
}

func TestHistoryComesOldestFirstAndCoverageFollows(t *testing.T) {
	b := &box{posts: busy(), cap: 5}
	rec := walk(t, b.search(), "", wants("Acme"), 10*time.Minute)
	var until, last time.Time
	for _, batch := range rec.Batches() {
		for _, p := range batch.Posts {
			if p.Created.Before(last.Add(-6 * time.Hour)) {
				t.Errorf("%s came after %s", p.Native, last)
			}
			last = p.Created
		}
		if batch.Until.IsZero() {
			continue
		}
		if !until.IsZero() && !batch.Since.Equal(until) {
			t.Errorf("a batch completes from %s, the one before to %s", batch.Since, until)
		}
		until = batch.Until
	}
	// The search may still find a post of the last ten minutes.
	if want := noon.Add(-10 * time.Minute); until.Before(want) || until.After(want.Add(10*time.Minute)) {
		t.Errorf("complete until %s, want about %s", until, want)
	}
	if first := rec.Batches()[0].Since; !first.Equal(noon.Add(-24 * time.Hour)) {
		t.Errorf("complete since %s, want a day before the start", first)
	}
}

func TestWhatIsFoundAgainIsDeliveredOnce(t *testing.T) {
	b := &box{posts: busy(), cap: 5}
	rec := walk(t, b.search(), "", wants("Acme"), 2*time.Hour)
	for native, times := range natives(rec.Posts()) {
		if times != 1 {
			t.Errorf("%s was delivered %d times", native, times)
		}
	}
	read := 0
	for _, batch := range rec.Batches() {
		read += batch.Read
	}
	if read != len(rec.Posts()) {
		t.Errorf("read %d, delivered %d", read, len(rec.Posts()))
	}
}

func TestPostThatTheSearchFindsLateIsDelivered(t *testing.T) {
	b := &box{cap: 5}
	s := b.search()
	rounds := 0
	ask := s.Ask
	s.Ask = func(ctx context.Context, q Question, in Stretch, names func([]byte) bool) (Answer, error) {
		if rounds++; rounds == 6 { // after four stretches of 6 h and a look at the present
			b.posts = []collectors.Post{said("Acme", 5*time.Minute)}
		}
		return ask(ctx, q, in, names)
	}
	rec := walk(t, s, "", wants("Acme"), time.Hour)
	if got := len(rec.Posts()); got != 1 {
		t.Errorf("%d posts, want the one that was published before a round and found after it", got)
	}
}

func TestNewBrandHasItsOwnPast(t *testing.T) {
	b := &box{posts: busy(), cap: 5}
	before := walk(t, b.search(), "", wants("Acme"), 30*time.Minute).Cursor()
	b.asked, b.texts = nil, nil
	rec := walk(t, b.search(), before, wants("Acme", "Zeta"), 5*time.Minute)
	zeta := 0
	for _, p := range rec.Posts() {
		if p.Text == "Zeta" {
			zeta++
		}
	}
	if zeta != 23 {
		t.Errorf("%d of 23 old posts of the new brand", zeta)
	}
	for i, text := range b.texts {
		if text == "Acme" && b.asked[i].From.Before(noon.Add(-time.Hour)) {
			t.Errorf("asked again from %s for the brand that was complete", b.asked[i].From)
		}
	}
	if b.texts[0] != "Acme" || b.texts[1] != "Zeta" {
		t.Errorf("asked %q: the present of one has to wait for the past of the other", b.texts[:2])
	}
}

func TestCursorForgetsWhatIsNoLongerAsked(t *testing.T) {
	b := &box{cap: 5}
	both := walk(t, b.search(), "", wants("Acme", "Zeta"), time.Hour).Cursor()
	one := walk(t, b.search(), both, wants("Zeta"), time.Hour).Cursor()
	if n := strings.Count(string(one), "["); n != 1 {
		t.Errorf("cursor %s remembers %d questions, want 1", one, n)
	}
}

func TestRefusedQuestionIsATroubleWhileOthersGoOn(t *testing.T) {
	b := &box{posts: busy(), cap: 5, refuse: "Zeta"}
	rec := walk(t, b.search(), "", wants("Acme", "Zeta"), 3*time.Hour)
	if n := natives(rec.Posts())["Acme/1m0s"]; n != 1 {
		t.Errorf("the other brand's latest post came %d times", n)
	}
	all := rec.Batches()
	last := all[len(all)-1]
	if want := `box: "Zeta": refuses the query: too common`; len(last.Troubles) != 1 || last.Troubles[0] != (collectors.Trouble{Cause: collectors.CauseRequest, Why: want}) {
		t.Errorf("troubles %q, want %q", last.Troubles, want)
	}
	if last.Until.Before(noon.Add(2 * time.Hour)) {
		t.Errorf("complete until %s: the refused question makes the source deaf", last.Until)
	}
	asked := 0
	for _, text := range b.texts {
		if text == "Zeta" {
			asked++
		}
	}
	if asked != 3 { // once an hour
		t.Errorf("the refused question was asked %d times in 3 h, want 3", asked)
	}
}

func TestAllRefusedNeedsTheOperator(t *testing.T) {
	for _, span := range []*Stretch{nil, {noon.Add(-time.Hour), noon}} {
		s := (&box{cap: 5, refuse: "Zeta"}).search()
		s.Span = span
		clocked(s, noon, noon.Add(time.Hour))
		err := s.Collect(t.Context(), "", wants("Zeta"), new(collectortest.Recorder).Deliver)
		if want := `box: "Zeta": refuses the query: too common: needs the operator`; err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestMoreThanFitsIntoTheNarrowestStretchIsSaid(t *testing.T) {
	b := &box{cap: 5}
	for i := range 9 { // within one minute
		b.posts = append(b.posts, said("Acme", 5*time.Hour+time.Duration(9-i)*time.Second))
	}
	rec := walk(t, b.search(), "", wants("Acme"), 10*time.Minute)
	lost, covered := 0, time.Duration(0)
	for _, batch := range rec.Batches() {
		if slices.ContainsFunc(batch.Troubles, func(x collectors.Trouble) bool {
			return x.Cause == collectors.CauseOverflow && strings.Contains(x.Why, `box: "Acme": more than 5 posts from `)
		}) {
			lost++
		}
		covered += batch.Until.Sub(batch.Since)
		if !batch.Since.IsZero() && batch.Since.Before(noon.Add(-5*time.Hour-9*time.Second)) && batch.Until.After(noon.Add(-5*time.Hour)) {
			t.Errorf("the stretch of the loss is called complete: %s to %s", batch.Since, batch.Until)
		}
	}
	if lost == 0 || len(rec.Posts()) != 5 || covered < 23*time.Hour {
		t.Errorf("%d batches say the loss, %d posts, %v complete", lost, len(rec.Posts()), covered)
	}
}

func TestPolitePace(t *testing.T) {
	b := &box{posts: busy(), cap: 5}
	s := b.search()
	clocked(s, noon, noon.Add(time.Hour))
	s.Pace = 5 * time.Second
	clock, last := s.Now, noon
	ask := s.Ask
	s.Ask = func(ctx context.Context, q Question, in Stretch, names func([]byte) bool) (Answer, error) {
		if since := clock().Sub(last); since < 5*time.Second {
			t.Errorf("asked %v after the last time, or after the start", since)
		}
		last = clock()
		return ask(ctx, q, in, names)
	}
	if err := s.Collect(t.Context(), "", wants("Acme", "Zeta"), new(collectortest.Recorder).Deliver); err != context.Canceled {
		t.Fatal(err)
	}
}

func TestCursorsThatLie(t *testing.T) {
	q := Question{Brand: "Acme", Text: "Acme"}
	at := func(since, done time.Time) collectors.Cursor {
		return collectors.Cursor(fmt.Sprintf(`{"asked":{%q:[%d,%d]}}`, key(q), since.Unix(), done.Unix()))
	}
	day, settled := noon.Add(-24*time.Hour), noon.Add(-10*time.Minute)
	for _, tt := range []struct {
		name   string
		cursor collectors.Cursor
		want   time.Time
	}{
		{"none", "", day},
		{"its own", at(day, noon.Add(-time.Hour)), noon.Add(-time.Hour)},
		{"older than the past", at(day.Add(-99*time.Hour), day.Add(-48*time.Hour)), day.Add(-48 * time.Hour)},
		{"not yet settled", at(day, noon.Add(time.Minute)), settled},
		{"from the future", at(day, noon.Add(2*time.Hour)), day},
		{"an end before its beginning", at(noon.Add(-time.Hour), day), day},
		{"before 1970", at(time.Unix(-5, 0), noon.Add(-time.Hour)), day},
		{"another question's", `{"asked":{"x":[1,2]}}`, day},
		{"not a number", collectors.Cursor(`{"asked":{` + strconv.Quote(key(q)) + `:"x"}}`), day},
	} {
		if got := (&box{}).search().thread(q, read(tt.cursor), noon); !got.at.Equal(tt.want) {
			t.Errorf("%s: goes on at %s, want %s", tt.name, got.at, tt.want)
		}
	}
}

func TestAwayForLongerThanTheSiteLooksBack(t *testing.T) {
	b := &box{cap: 5}
	cursor := walk(t, b.search(), "", wants("Acme"), time.Hour).Cursor()
	s := b.search()
	s.Reach = 48 * time.Hour
	got := s.thread(Question{Brand: "Acme", Text: "Acme"}, read(cursor), noon.AddDate(0, 0, 30))
	if want := noon.AddDate(0, 0, 28); !got.at.Equal(want) || !got.since.Equal(want) {
		t.Errorf("goes on at %s, complete since %s; want %s, which is as far as the site goes", got.at, got.since, want)
	}
}

func TestKilledSpanGoesOnAndALaterEndTakesItsCursor(t *testing.T) {
	b := &box{posts: busy(), cap: 5}
	spanned := func(to time.Time) *Search {
		s := b.search()
		s.Span = &Stretch{noon.Add(-24 * time.Hour), to}
		return s
	}
	first := walk(t, spanned(noon.Add(-6*time.Hour)), "", wants("Acme"), time.Hour)
	b.asked = nil
	second := walk(t, spanned(noon.Add(-time.Hour)), first.Cursor(), wants("Acme"), time.Hour)
	if len(b.asked) == 0 || b.asked[0].From.Before(noon.Add(-6*time.Hour)) {
		t.Errorf("began again: %v", b.asked)
	}
	both := natives(append(first.Posts(), second.Posts()...))
	if len(both) != 52 { // 22 of the hourly ones, the burst of 30
		t.Errorf("%d posts together", len(both))
	}
	b.asked = nil
	if third := walk(t, spanned(noon.Add(-time.Hour)), second.Cursor(), wants("Acme"), time.Hour); len(b.asked) != 0 || len(third.Batches()) != 0 {
		t.Errorf("a span that is done was asked for again: %v", b.asked)
	}
}

func TestSpanIntoTheFutureEndsNow(t *testing.T) {
	b := &box{posts: busy(), cap: 5}
	s := b.search()
	s.Span = &Stretch{noon.Add(-3 * time.Hour), noon.Add(99 * time.Hour)}
	rec := walk(t, s, "", wants("Acme"), time.Hour)
	if n := natives(rec.Posts())["Acme/1m0s"]; n != 1 {
		t.Errorf("the latest post came %d times", n)
	}
}

func TestTooManyQuestionsNeedTheOperator(t *testing.T) {
	var names []string
	for i := range maxQuestions + 1 {
		names = append(names, strconv.Itoa(i))
	}
	err := (&box{cap: 5}).search().Collect(t.Context(), "", wants(names...), new(collectortest.Recorder).Deliver)
	if want := "box: 2001 queries are more than 2000: fewer brands or names: needs the operator"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}
