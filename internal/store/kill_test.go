package store_test

import (
	"bufio"
	"database/sql"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"confianza/internal/mention"
	"confianza/internal/store"
)

// outside is everything that survives a kill beside the store: what it had
// acknowledged, and what a receiver of remote write has.
type outside struct {
	t       *testing.T
	dir     string
	sc      script
	took    int                        // steps acknowledged
	samples map[string]map[int64]int64 // by labels and Unix milliseconds, as Prometheus keeps them
	backups map[string]bool
}

// TestKilledAtAnyPoint kills a process that does everything at once, again and
// again, and compares what is left with what the script says.
//
// CONFIANZA_KILLS sets how often, CONFIANZA_KILL_SEED repeats a run.
func TestKilledAtAnyPoint(t *testing.T) {
	kills := number(t, "CONFIANZA_KILLS", 100)
	if testing.Short() {
		kills = min(kills, 12)
	}
	seed := uint64(number(t, "CONFIANZA_KILL_SEED", int(time.Now().Unix())))
	t.Logf("CONFIANZA_KILL_SEED=%d CONFIANZA_KILLS=%d", seed, kills)
	r := rand.New(rand.NewPCG(seed, 1))
	o := &outside{t: t, dir: filepath.Join(t.TempDir(), "store"), sc: script(seed), samples: map[string]map[int64]int64{}, backups: map[string]bool{}}
	for i := range kills {
		version := []string{"v1", "v2"}[2*i/kills] // half way, all is scored again
		more := r.IntN(12)                         // steps; 0 is amid opening
		if i%10 == 9 {
			more += 30 // long enough for a backup
		}
		o.life(version, 0, more, time.Duration(r.IntN(30_000))*time.Microsecond)
	}
	steps := o.took + scriptKept
	if !o.life("v2", steps, -1, 0) {
		t.Fatal("the last life did not come to its end")
	}
	t.Logf("%d steps, %d backups", steps, len(o.backups))
	o.compare(steps)
	for path := range o.backups {
		o.whole(path)
	}
}

func number(t *testing.T, env string, otherwise int) int {
	t.Helper()
	text := os.Getenv(env)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// life is one process from its start to its kill, a while after it took so
// many steps; with a negative number it ends by itself.
func (o *outside) life(version string, until, steps int, after time.Duration) (done bool) {
	o.t.Helper()
	cmd := exec.CommandContext(o.t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), childDir+"="+o.dir, childDoes+"=script", fmt.Sprintf("%s=%d %s %d", scriptEnv, o.sc, version, until))
	var complaints strings.Builder
	cmd.Stderr = &complaints
	out, err := cmd.StdoutPipe()
	if err != nil {
		o.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		o.t.Fatal(err)
	}
	kill := func() { time.AfterFunc(after, func() { cmd.Process.Kill() }) }
	if steps == 0 {
		kill()
	}
	lines := bufio.NewReader(out)
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			break // what is cut off was not said
		}
		what, value, _ := strings.Cut(line, " ")
		done = done || what == "done"
		if o.hear(what, value); what == "took" {
			if steps--; steps == 0 {
				kill()
			}
		}
	}
	cmd.Wait() // killed, so it has an error to tell
	if complaints.Len() > 0 {
		o.t.Fatalf("after %d steps the store said: %s", o.took, &complaints)
	}
	return done
}

func (o *outside) hear(what, value string) {
	o.t.Helper()
	var n int
	var d store.Delta
	var path string
	into := map[string]any{"from": &n, "took": &n, "done": &n, "sent": &d, "backup": &path}[what]
	if err := json.Unmarshal([]byte(value), into); err != nil {
		o.t.Fatalf("%s %s: %v", what, value, err)
	}
	switch what {
	case "from":
		if n < o.took || n > o.took+1 {
			o.t.Fatalf("goes on from step %d, %d were acknowledged", n, o.took)
		}
		o.took = n
	case "took":
		o.took = n
	case "sent":
		o.receive(d)
	case "backup":
		o.backups[path] = true
	}
}

// receive keeps a sample as Prometheus would: the same again is nothing new,
// another value for its time is an error.
func (o *outside) receive(d store.Delta) {
	o.t.Helper()
	labels := fmt.Sprint(d.Brand, d.Source, d.Language, d.Polarity, d.Kind)
	if o.samples[labels] == nil {
		o.samples[labels] = map[int64]int64{}
	}
	at := d.Minute.UnixMilli() + 59_999 - int64(d.Slot)
	if had, ok := o.samples[labels][at]; ok && had != d.N {
		o.t.Fatalf("sample of %s at %d is %d after %d", labels, at, d.N, had)
	}
	o.samples[labels][at] = d.N
}

// compare holds the store to the script, and the receiver to the store.
func (o *outside) compare(steps int) {
	t := o.t
	s := open(t, o.dir)
	want := o.sc.after(steps)
	counts, shown := map[string]int64{}, map[string]string{}
	for _, p := range want {
		for _, brand := range p.brands {
			counts[fmt.Sprint(brand, "net", "en", feeling(p.revision, p.at), mention.KindUnknown, p.at)]++
		}
		if p.visibility == mention.Shown && len(p.brands) > 0 && !p.seen.Before(noon.Add(time.Duration(steps-scriptKept)*time.Minute)) {
			shown[p.native] = p.text
		}
	}
	o.same("counts", countsOf(t, s), counts)
	received := map[string]int64{}
	for labels, samples := range o.samples {
		for at, n := range samples {
			received[fmt.Sprint(labels, time.UnixMilli(at).UTC().Truncate(time.Minute))] += n
		}
	}
	maps.DeleteFunc(received, func(_ string, n int64) bool { return n == 0 })
	o.same("what was shipped", received, counts)
	ms, err := s.Latest(t.Context(), store.LatestQuery{Limit: len(want)})
	if err != nil {
		t.Fatal(err)
	}
	o.sameTexts("shown", ms, shown)
	if ms, err = s.Search(t.Context(), store.SearchQuery{Text: "common words", Limit: len(want)}); err != nil {
		t.Fatal(err)
	}
	o.sameTexts("found", ms, shown)
	heard, err := s.Heard(t.Context(), "net", ever)
	if all := (mention.Span{From: noon, To: noon.Add(time.Duration(steps) * time.Minute)}); err != nil || len(heard) != 1 || heard[0] != all {
		t.Errorf("heard %v, want %v; error %v", heard, all, err)
	}
	for _, stage := range []string{"score", "index"} {
		if n, err := s.Pending(t.Context(), stage); n != 0 || err != nil {
			t.Errorf("%d pending of %s, error %v", n, stage, err)
		}
	}
	o.rows(o.dir, len(want))
}

func countsOf(t *testing.T, s *store.Store) map[string]int64 {
	t.Helper()
	got := map[string]int64{}
	cs, err := s.Counts(t.Context(), store.CountQuery{Span: ever, Step: time.Minute})
	for _, c := range cs {
		got[fmt.Sprint(c.Brand, c.Source, c.Language, c.Polarity, c.Kind, c.At)] = c.N
	}
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func (o *outside) same(what string, got, want map[string]int64) {
	o.t.Helper()
	for k := range maps.Keys(want) {
		if got[k] != want[k] {
			o.t.Errorf("%s: %s is %d, want %d", what, k, got[k], want[k])
		}
	}
	if len(got) != len(want) {
		o.t.Errorf("%s: %d minutes of series, want %d", what, len(got), len(want))
	}
}

func (o *outside) sameTexts(what string, ms []mention.Mention, want map[string]string) {
	o.t.Helper()
	for _, m := range ms {
		if want[m.Native] != m.Text {
			o.t.Errorf("%s: post %s says %q, want %q", what, m.Native, m.Text, want[m.Native])
		}
	}
	if len(ms) != len(want) || len(want) < 5 {
		o.t.Errorf("%s: %d posts, want %d, and 5 at least", what, len(ms), len(want))
	}
}

// rows asks the database itself whether it is whole, and for every post once.
func (o *outside) rows(dir string, want int) {
	o.t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(dir, "confianza.db"))
	if err != nil {
		o.t.Fatal(err)
	}
	defer db.Close()
	var found string
	var posts, natives, steps int
	if err := db.QueryRow(`PRAGMA integrity_check`).Scan(&found); err != nil || found != "ok" {
		o.t.Errorf("%s: integrity check says %q, error %v", dir, found, err)
	}
	err = db.QueryRow(`SELECT count(*), count(DISTINCT key), (SELECT CAST(value AS INTEGER) FROM cursor) FROM post`).Scan(&posts, &natives, &steps)
	if want < 0 { // as its cursor says
		want = len(o.sc.after(steps))
	}
	if err != nil || posts != want || natives != want {
		o.t.Errorf("%s: %d posts, %d different, after %d steps; want %d; error %v", dir, posts, natives, steps, want, err)
	}
}

// whole checks a backup that was said to be made.
func (o *outside) whole(path string) {
	o.t.Helper()
	o.rows(path, -1)
	if _, err := os.Stat(path + ".part"); err == nil {
		o.t.Errorf("%s.part is there beside it", path)
	}
}
