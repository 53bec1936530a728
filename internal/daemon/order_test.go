package daemon

import (
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"confianza/analysis/match"
	"confianza/analysis/sentiment"
	"confianza/collectors"
	"confianza/collectors/bluesky"
	"confianza/collectors/twitterv1"
	"confianza/internal/mention"
	"confianza/internal/pipeline"
	"confianza/internal/store"
)

// stream is a stream of events as its server sends it, once and to the end.
type stream struct {
	name   string
	serve  func(events []string) http.HandlerFunc
	source func(address string) collectors.Collector
	events []string // as they happened
	erases bool     // some of them: whether what they erase was counted before depends on the order
	shown  string   // what is left in the end
}

// began is when the made-up events begin.
var began = time.Now().UTC().Truncate(time.Minute).Add(-3 * time.Hour)

func jetstreamSays(events []string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		conn, err := websocket.Accept(w, r, nil)
		if err != nil {
			return
		}
		defer conn.CloseNow()
		for _, e := range events {
			if conn.Write(r.Context(), websocket.MessageText, []byte(e)) != nil {
				return
			}
		}
		conn.Close(websocket.StatusNormalClosure, "")
	}
}

func streamSays(events []string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for _, e := range events {
			fmt.Fprintf(w, "%s\r\n", e)
		}
	}
}

// commit is an event of Bluesky n seconds after the beginning.
func commit(n int, operation, rkey, text string) string {
	at := began.Add(time.Duration(n) * time.Second)
	e := fmt.Sprintf(`{"did":"did:plc:ana","time_us":%d,"kind":"commit","commit":{"rev":"3k%04d","operation":%q,"collection":"app.bsky.feed.post","rkey":%q`, at.UnixMicro(), n, operation, rkey)
	if operation != "delete" {
		e += fmt.Sprintf(`,"record":{"createdAt":%q,"langs":["en"],"text":%q}`, at.Format(time.RFC3339), text)
	}
	return e + "}}"
}

func tweet(n int, text string) string {
	at := began.Add(time.Duration(n) * time.Second).Format(time.RubyDate)
	return fmt.Sprintf(`{"created_at":%q,"id":%d,"id_str":"%d","text":%q,"lang":"en","user":{"id":7,"id_str":"7","screen_name":"ana"}}`, at, n, n, text)
}

func streams() []stream {
	jet := func(at string) collectors.Collector {
		c := bluesky.Default()
		c.URLs = []string{strings.Replace(at, "http", "ws", 1) + "/subscribe"}
		return bluesky.New(c, "test")
	}
	tweets := func(at string) collectors.Collector {
		c := twitterv1.Default()
		c.URL = at
		return twitterv1.New(c)
	}
	untweet := func(n int) string {
		return fmt.Sprintf(`{"delete":{"status":{"id":%d,"id_str":"%d","user_id":7,"user_id_str":"7"}}}`, n, n)
	}
	return []stream{
		{"bluesky", jetstreamSays, jet, []string{
			commit(1, "create", "r1", "Delta lost my data"), commit(2, "create", "r2", "Delta is great"), commit(3, "create", "r3", "nothing to see"),
			commit(4, "create", "r4", "Delta is awful"), commit(5, "update", "r1", "Delta lost my data, terrible"), commit(6, "update", "r1", "Delta lost all my data"),
			commit(7, "update", "r3", "now about Delta"),
		}, false, "Delta is awful|Delta is great|Delta lost all my data|now about Delta"},
		{"bluesky, with what erases", jetstreamSays, jet, []string{
			commit(1, "create", "r1", "Delta lost my data"), commit(2, "create", "r2", "Delta is great"), commit(3, "update", "r2", "never mind"),
			commit(4, "create", "r4", "Delta is awful"), commit(5, "update", "r1", "Delta found my data"), commit(6, "delete", "r4", ""), commit(7, "delete", "r9", ""),
		}, true, "Delta found my data"},
		{"twitterv1", streamSays, tweets, []string{
			tweet(1, "Delta lost my data"), tweet(2, "Delta is great"), tweet(3, "nothing to see"), tweet(4, "Delta is awful"),
		}, false, "Delta is awful|Delta is great|Delta lost my data"},
		{"twitterv1, with what erases", streamSays, tweets, []string{
			tweet(1, "Delta lost my data"), tweet(2, "Delta is great"), untweet(2), tweet(4, "Delta is awful"), untweet(1), untweet(9),
		}, true, "Delta is awful"},
	}
}

// kept takes the events in through the real intake and store, each call of the
// server in turn, scores them, and says what is there in the end.
func (s stream) kept(t *testing.T, calls ...[]string) (shown, counted string) {
	t.Helper()
	st, err := store.Open(t.Context(), t.TempDir(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	m, err := match.New([]match.Brand{{Name: "Delta"}})
	if err != nil {
		t.Fatal(err)
	}
	intake := pipeline.Intake{Store: st, Door: pipeline.NewDoor(m)}
	name, _, _ := strings.Cut(s.name, ",")
	for _, events := range calls {
		from, err := st.Cursor(t.Context(), name)
		if err != nil {
			t.Fatal(err)
		}
		server := httptest.NewServer(s.serve(events))
		err = s.source(server.URL).Collect(t.Context(), collectors.Cursor(from), collectors.Wanted{Names: intake.Door.Names}, intake.Deliver(name, nil))
		server.Close()
		if collectors.CauseOf(err) != collectors.CauseCut {
			t.Fatalf("collecting ended with %v", err)
		}
	}
	return state(t, st)
}

func state(t *testing.T, st *store.Store) (shown, counted string) {
	t.Helper()
	vader, err := sentiment.New("vader")
	if err != nil {
		t.Fatal(err)
	}
	scoring := pipeline.NewScoring(st, vader, nil, slog.New(slog.DiscardHandler))
	if err := scoring.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	latest, err := st.Latest(t.Context(), store.LatestQuery{Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, m := range latest {
		all = append(all, m.Text)
	}
	slices.Sort(all)
	counts, err := st.Counts(t.Context(), store.CountQuery{Step: time.Minute, Span: mention.Span{From: began.Add(-time.Hour), To: time.Now().Add(time.Hour)}})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(all, "|"), fmt.Sprintf("%+v", counts)
}

// However the events of a stream are shuffled and repeated, also over
// connections, the store ends the same.
func TestOrderAndRepetitionChangeNothing(t *testing.T) {
	for _, s := range streams() {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			shown, counted := s.kept(t, s.events)
			if shown != s.shown {
				t.Fatalf("in order: shown %q, want %q", shown, s.shown)
			}
			for seed := range uint64(6) {
				r := rand.New(rand.NewPCG(seed, 0))
				events := slices.Concat(s.events, s.events[r.IntN(len(s.events)):])
				r.Shuffle(len(events), func(i, j int) { events[i], events[j] = events[j], events[i] })
				cut := r.IntN(len(events))
				gotShown, gotCounted := s.kept(t, events[:cut], events[cut:], events[:cut])
				if gotShown != shown || !s.erases && gotCounted != counted {
					t.Errorf("seed %d: shown %q and counted %s, want %q and %s, from\n%s", seed, gotShown, gotCounted, shown, counted, strings.Join(events, "\n"))
				}
			}
		})
	}
}
