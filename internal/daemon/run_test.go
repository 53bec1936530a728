package daemon

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"

	"confianza/internal/config"
	"confianza/internal/metrics/metricstest"
	"confianza/internal/store"
)

// jetstream is a fake that replays posts from the cursor, and takes more.
type jetstream struct {
	mu     sync.Mutex
	events []string
	more   chan struct{}
}

func newJetstream(t *testing.T) (*jetstream, string) {
	j := &jetstream{more: make(chan struct{})}
	s := httptest.NewServer(j)
	t.Cleanup(s.Close)
	return j, "ws" + strings.TrimPrefix(s.URL, "http") + "/subscribe"
}

func (j *jetstream) say(n int, text string) { j.sayAt(n, time.Now().Add(-time.Minute), text) }

func (j *jetstream) sayAt(n int, at time.Time, text string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.events = append(j.events, fmt.Sprintf(`{"did":"did:plc:ana","time_us":%d,"kind":"commit","commit":{"rev":"3k%d","operation":"create","collection":"app.bsky.feed.post","rkey":"r%d","record":{"createdAt":%q,"langs":["en"],"text":%q}}}`,
		at.UnixMicro(), n, n, at.UTC().Format(time.RFC3339Nano), text))
	close(j.more)
	j.more = make(chan struct{})
}

func (j *jetstream) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	conn, err := websocket.Accept(w, r, nil)
	if err != nil {
		return
	}
	defer conn.CloseNow()
	ctx := conn.CloseRead(r.Context())
	for sent := 0; ; {
		j.mu.Lock()
		events, more := j.events[sent:], j.more
		j.mu.Unlock()
		for _, e := range events {
			if conn.Write(ctx, websocket.MessageText, []byte(e)) != nil {
				return
			}
			sent++
		}
		select {
		case <-more:
		case <-ctx.Done():
			return
		}
	}
}

// running is a daemon in this process.
type running struct {
	t       *testing.T
	address string
	hup     chan struct{}
	stop    context.CancelFunc
	ended   chan error
}

type output struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.String()
}

func start(t *testing.T, file string) *running {
	t.Helper()
	return startLogging(t, file, io.Discard)
}

func startLogging(t *testing.T, file string, log io.Writer) *running {
	t.Helper()
	load := func() (*config.Config, error) { return config.Load(file) }
	c, err := load()
	if err != nil {
		t.Fatal(err)
	}
	return startWith(t, Options{Config: c, Load: load, Lifecycle: true, Version: "test", Log: slog.New(slog.NewTextHandler(log, nil))})
}

func startWith(t *testing.T, o Options) *running {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	out, r := new(output), &running{t: t, hup: make(chan struct{}), stop: cancel, ended: make(chan error, 1)}
	o.Out, o.Hup = out, r.hup
	go func() { r.ended <- Run(ctx, o) }()
	r.eventually("the address", func() bool {
		m := regexp.MustCompile(`https?://[^/]+/`).FindString(out.String())
		r.address = m
		return m != ""
	})
	return r
}

func (r *running) eventually(what string, ok func() bool) {
	r.t.Helper()
	deadline := time.Now().Add(time.Minute) // a busy machine
	for !ok() {
		select {
		case err := <-r.ended:
			r.t.Fatalf("ended before %s came: %v", what, err)
		case <-time.After(20 * time.Millisecond):
		}
		if time.Now().After(deadline) {
			r.t.Fatalf("%s never came", what)
		}
	}
}

func (r *running) get(path string) string {
	r.t.Helper()
	answer, err := http.Get(r.address + path)
	if err != nil {
		r.t.Fatal(err)
	}
	defer answer.Body.Close()
	b, err := io.ReadAll(answer.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	return string(b)
}

// metric adds up the samples whose line begins with a prefix.
func (r *running) metric(prefix string) float64 {
	r.t.Helper()
	return metricstest.Sum(r.t, r.get("metrics"), prefix)
}

// reload asks for a reload over HTTP and gives what was answered.
func (r *running) reload() string {
	r.t.Helper()
	answer, err := http.Post(r.address+"-/reload", "", nil)
	if err != nil {
		r.t.Fatal(err)
	}
	defer answer.Body.Close()
	b, err := io.ReadAll(answer.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	return string(b)
}

func (r *running) end() {
	r.t.Helper()
	r.stop()
	select {
	case err := <-r.ended:
		if err != nil {
			r.t.Fatal(err)
		}
	case <-time.After(15 * time.Second):
		r.t.Fatal("did not stop")
	}
}

func write(t *testing.T, file, format string, args ...any) {
	t.Helper()
	if err := os.WriteFile(file, fmt.Appendf(nil, format, args...), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestRun(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "confianza.yml")
	j, address := newJetstream(t)
	const base = "brands:\n  - name: %s\ndata: %s\nweb: {listen: '127.0.0.1:0'}\nsources:\n  bluesky: {urls: ['%s']}\n  feeds: {enabled: false}\n  hackernews: {enabled: false}\n"
	write(t, file, base, "Delta", filepath.Join(dir, "data"), address)
	j.say(1, "I love Delta, great service")
	j.say(2, "Delta lost my data, terrible")
	j.say(3, "nothing to see here")
	j.say(4, "Acme is awful")

	const ingested = "confianza_ingested_mentions_total{"
	r := start(t, file)
	r.eventually("two mentions", func() bool { return r.metric(ingested) == 2 })
	if got := r.metric(`confianza_ingested_mentions_total{brand="Delta",kind="unknown",language="en",polarity="negative",source="bluesky"}`); got != 1 {
		t.Errorf("%v negative mentions, want 1", got)
	}
	r.eventually("what only looking tells", func() bool {
		return r.metric("confianza_store_disk_free_bytes") > 0 && r.metric("confianza_store_size_bytes") > 0 &&
			strings.Contains(r.get("metrics"), `confianza_stage_oldest_pending_seconds{stage="index"}`)
	})
	const asked = "api/v1/query?query=sum(sum_over_time(confianza_mentions%7Bbrand=%22Delta%22,polarity=%22negative%22%7D%5B1h%5D))"
	if got := r.get(asked); !strings.Contains(got, `,"1"]}]`) {
		t.Errorf("asked in PromQL for the negative mention: %s", got)
	}
	r.eventually("the rules that are evaluated here", func() bool {
		return strings.Contains(r.get("api/v1/rules"), `"name":"ConfianzaSourceDeaf"`)
	})
	page := r.get("")
	for _, want := range []string{"Delta lost my data, terrible", "listening", "https://bsky.app/profile/did:plc:ana/post/r1"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not show %q", want)
		}
	}
	if strings.Contains(page, "Acme") || strings.Contains(page, "nothing to see") {
		t.Error("the page shows what names no brand")
	}

	// A broken file changes nothing, and says so.
	write(t, file, "brands: 7\n")
	r.hup <- struct{}{}
	r.eventually("the refusal", func() bool { return r.metric("confianza_config_last_reload_successful") == 0 })
	if !strings.Contains(r.get(""), "confianza.yml:1:9") {
		t.Error("the page does not say why the reload was refused")
	}
	j.say(7, "Delta is still heard, how sad")
	r.eventually("a mention under the old configuration", func() bool { return r.metric(ingested) == 3 })
	// What a reload cannot change is refused, not passed over.
	write(t, file, base+"time_zone: America/Lima\n", "Delta", filepath.Join(dir, "data"), address)
	if err := r.reload(); !strings.Contains(err, "time_zone: changes only with a restart") {
		t.Errorf("another time zone: got %q", err)
	}
	// A new brand is listened for from then on, the present cursor included.
	write(t, file, base+"  \n", "Acme", filepath.Join(dir, "data"), address)
	if got := r.reload(); got != "reloaded\n" {
		t.Fatalf("reload: %s", got)
	}
	j.say(5, "Acme again, so bad")
	r.eventually("the new brand", func() bool { return r.metric(`confianza_ingested_mentions_total{brand="Acme"`) >= 1 })
	reader, err := store.OpenReader(t.Context(), filepath.Join(dir, "data"))
	if err != nil {
		t.Fatal(err)
	}
	unheard, err := reader.Unheard(t.Context())
	reader.Close()
	acme, delta := unheard[store.Ear{Brand: "Acme", Source: "bluesky"}], unheard[store.Ear{Brand: "Delta", Source: "bluesky"}]
	if err != nil || len(acme) != 1 || len(delta) != 1 || acme[0].To.After(time.Now()) || delta[0].From.After(time.Now()) || delta[0].To.Before(time.Now()) {
		t.Errorf("unheard: of the new brand %v, want what was before; of the old one %v, want what comes (%v)", acme, delta, err)
	}
	before := r.metric(ingested)
	r.end()

	r = start(t, file)
	defer r.end()
	if got := r.metric(ingested); got != before {
		t.Errorf("after a restart the counter says %v, before %v", got, before)
	}
	j.say(6, "Acme: the last one")
	r.eventually("the last, stored and scored", func() bool {
		return strings.Contains(r.get(""), "Acme: the last one") && r.metric(ingested) > before
	})
	if got := r.metric(ingested); got != before+1 {
		t.Errorf("%v mentions, want %v: something was lost or counted twice", got, before+1)
	}
}

func TestRunNeedsABrand(t *testing.T) {
	err := Run(t.Context(), Options{Config: config.Default()})
	if err == nil || !strings.Contains(err.Error(), "--brand NAME") {
		t.Errorf("got %v", err)
	}
}

// One writer: a running daemon does the tasks itself.
func TestTasksGoThroughTheDaemon(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	j, address := newJetstream(t)
	j.say(1, "Delta lost my data")
	file, posts := filepath.Join(dir, "confianza.yml"), filepath.Join(dir, "posts.csv")
	write(t, file, "brands: [{name: Delta}]\ndata: %s\nweb: {listen: '127.0.0.1:0'}\nsources: {bluesky: {urls: ['%s']}, feeds: {enabled: false}, hackernews: {enabled: false}}\n", dir, address)
	write(t, posts, "id,text,created_at\n1,Delta was kind,2026-01-02\n2,Acme was not,2026-01-02\n")
	r := start(t, file)
	defer r.end()
	r.eventually("the first mention", func() bool { return r.metric("confianza_ingested_mentions_total{") == 1 })
	do := func(task Task, brands ...config.Brand) (string, error) {
		c := config.Default()
		c.Data, c.Brands = dir, brands
		var out bytes.Buffer
		err := Do(t.Context(), c, task, Say{Out: &out}, slog.New(slog.DiscardHandler))
		return out.String(), err
	}
	for _, tt := range []struct {
		name   string
		task   Task
		brands []config.Brand
		want   string
	}{
		{"the daemon's brands", &ImportTask{Files: []string{posts}, Source: "files"}, nil, "1 new mentions, 0 known already"},
		{"the command's brands", &ImportTask{Files: []string{posts}, Source: "files"}, []config.Brand{{Name: "Acme"}}, "1 new mentions, 0 known already"},
		{"a backup", &BackupTask{Path: filepath.Join(dir, "..", "backup")}, nil, "Backed up to"},
		{"forgetting", &ForgetTask{Source: "bluesky", Author: "did:plc:ana"}, nil, "of 1 posts"},
	} {
		if said, err := do(tt.task, tt.brands...); err != nil || !strings.Contains(said, tt.want) {
			t.Errorf("%s: said %q, %v; want %q", tt.name, said, err, tt.want)
		}
	}
	if got := r.metric("confianza_ingested_mentions_total{"); got != 3 {
		t.Errorf("%v mentions, want 3", got)
	}
	if strings.Contains(r.get(""), "lost my data") {
		t.Error("the page still shows what was forgotten")
	}
	if _, err := do(&ForgetTask{Source: "nowhere", Author: "x"}); err == nil || !strings.Contains(err.Error(), `there is no source "nowhere"`) {
		t.Errorf("got %v", err)
	}
}

// The path of a socket is short on every system; that of a folder is not.
func TestRunsWithoutASocket(t *testing.T) {
	dir := filepath.Join(t.TempDir(), strings.Repeat("long", 40))
	_, address := newJetstream(t)
	file := filepath.Join(t.TempDir(), "confianza.yml")
	write(t, file, "brands: [{name: Delta}]\ndata: %s\nweb: {listen: '127.0.0.1:0'}\nsources: {bluesky: {urls: ['%s']}, feeds: {enabled: false}, hackernews: {enabled: false}}\n", dir, address)
	r := start(t, file)
	defer r.end()
	c := config.Default()
	c.Data = dir
	err := Do(t.Context(), c, &ForgetTask{Source: "bluesky", Author: "x"}, Say{Out: io.Discard}, slog.New(slog.DiscardHandler))
	if err == nil || !strings.Contains(err.Error(), "is held by confianza run, process") {
		t.Errorf("got %v", err)
	}
}

// What was forgotten after a backup stays forgotten when that is restored.
func TestRestoreKeepsDeletions(t *testing.T) {
	base := t.TempDir()
	c := config.Default()
	c.Data = filepath.Join(base, "data")
	c.AddBrand("Delta")
	posts, backup := filepath.Join(base, "posts.csv"), filepath.Join(base, "backup")
	write(t, posts, "id,author,text,created_at\n1,ana,Delta was kind,2026-01-02\n2,ben,Delta was not,2026-01-02\n")
	for _, task := range []Task{&ImportTask{Files: []string{posts}, Source: "files"}, &BackupTask{Path: backup}, &ForgetTask{Source: "files", Author: "ana"}} {
		if err := Do(t.Context(), c, task, Say{Out: io.Discard}, slog.New(slog.DiscardHandler)); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	dir := filepath.Join(base, "restored")
	if err := Restore(t.Context(), backup, filepath.Join(c.Data, "deletions.log"), dir, &out); err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(t.Context(), dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	shown, err := s.Latest(t.Context(), store.LatestQuery{Limit: 10})
	if err != nil || len(shown) != 1 || shown[0].Text != "Delta was not" || !strings.Contains(out.String(), "1 posts erased") {
		t.Errorf("shown %+v, %v; said %s", shown, err, out.String())
	}
}

func TestAnotherHolderOfTheStoreIsNamed(t *testing.T) {
	c := config.Default()
	c.Data = t.TempDir()
	s, err := store.Open(t.Context(), c.Data, store.Options{Who: "confianza import"})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	err = Do(t.Context(), c, &ForgetTask{Source: "bluesky", Author: "x"}, Say{Out: io.Discard}, slog.New(slog.DiscardHandler))
	if err == nil || !strings.Contains(err.Error(), "is held by confianza import, process") {
		t.Errorf("got %v", err)
	}
}
