//go:build soak

// Package soak runs the real binary under load for a while and reports what
// it took. It is not part of CI: its numbers depend on the machine.
//
//	make soak SOAK=30m RATE=20000
package soak

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"confianza/internal/mention"
	"confianza/internal/metrics/metricstest"
	"confianza/internal/store"
	"confianza/internal/synth"
)

func setting[T any](t *testing.T, name string, otherwise T, parse func(string) (T, error)) T {
	t.Helper()
	v := os.Getenv(name)
	if v == "" {
		return otherwise
	}
	parsed, err := parse(v)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return parsed
}

// run is the binary and what the kernel knows of it.
type run struct {
	t       *testing.T
	cmd     *exec.Cmd
	address string
}

func start(t *testing.T, jetstream, data string, replay time.Duration) *run {
	t.Helper()
	file := filepath.Join(t.TempDir(), "confianza.yml")
	config := fmt.Sprintf("brands: [{name: Zafiro}]\nsources:\n  bluesky: {urls: ['%s'], replay: %s}\n  feeds: {enabled: false}\n  hackernews: {enabled: false}\n", jetstream, replay)
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("../../build/confianza", "run", "--config", file, "--data", data, "--listen", "127.0.0.1:0")
	cmd.Stderr = os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatalf("%v: make build makes it", err)
	}
	r := &run{t: t, cmd: cmd}
	page := regexp.MustCompile(`http://\S+/`)
	for lines := bufio.NewScanner(out); r.address == "" && lines.Scan(); {
		r.address = page.FindString(lines.Text())
	}
	if r.address == "" {
		t.Fatal("the binary said no address")
	}
	return r
}

func (r *run) stop() {
	r.t.Helper()
	r.cmd.Process.Signal(os.Interrupt)
	if err := r.cmd.Wait(); err != nil {
		r.t.Fatal(err)
	}
}

// metric adds up the samples whose line begins with a prefix.
func (r *run) metric(prefix string) float64 {
	r.t.Helper()
	answer, err := http.Get(r.address + "metrics")
	if err != nil {
		r.t.Fatal(err)
	}
	defer answer.Body.Close()
	b, err := io.ReadAll(answer.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	return metricstest.Sum(r.t, string(b), prefix)
}

func (r *run) cpu() float64 { return r.metric("process_cpu_seconds_total ") }
func (r *run) rss() float64 { return r.metric("process_resident_memory_bytes ") / (1 << 20) }

// peak is the most memory it ever held, in MiB.
func (r *run) peak() float64 {
	r.t.Helper()
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", r.cmd.Process.Pid))
	if err != nil {
		r.t.Fatal(err)
	}
	var kib float64
	for line := range strings.Lines(string(b)) {
		fmt.Sscanf(line, "VmHWM: %f kB", &kib)
	}
	return kib / 1024
}

func TestSoak(t *testing.T) {
	length := setting(t, "SOAK", 5*time.Minute, time.ParseDuration)
	rate := setting(t, "RATE", 2000, strconv.Atoi)
	past := setting(t, "PAST", 10*time.Minute, time.ParseDuration)
	stream := synth.Stream{Rate: rate, Brand: "Zafiro", Share: 2}
	server := httptest.NewServer(synth.Jetstream{Stream: stream})
	defer server.Close()
	data := t.TempDir()
	began := time.Now()
	r := start(t, "ws"+strings.TrimPrefix(server.URL, "http"), data, past)
	const lag = `confianza_collector_lag_seconds{source="bluesky"}`
	for behind := float64(rate) * past.Seconds(); r.metric(`confianza_collector_posts_total{source="bluesky"}`) < behind || r.metric(lag) > 5; {
		time.Sleep(500 * time.Millisecond)
		if time.Since(began) > time.Minute+past {
			t.Fatalf("not caught up with %v after %v: lag %vs", past, time.Since(began), r.metric(lag))
		}
	}
	t.Logf("caught up with %v at %d posts/s in %v; %.1f s of CPU, peak memory %.0f MiB", past, rate, time.Since(began).Round(time.Millisecond), r.cpu(), r.peak())

	cpu, steady, tenth := r.cpu(), time.Now(), max(length/10, time.Second)
	for time.Since(steady) < length {
		time.Sleep(tenth)
		t.Logf("%6v: %5.1f %% of a core, %3.0f MiB resident, lag %.1f s, %v mentions, %v not scored", time.Since(steady).Round(time.Second),
			100*(r.cpu()-cpu)/time.Since(steady).Seconds(), r.rss(), r.metric(lag), r.metric("confianza_ingested_mentions_total"), r.metric("confianza_stage_pending"))
	}
	r.stop()
	count(t, data, stream)
}

// count holds the store to the exact number of mentions between the first and
// the last that it has.
func count(t *testing.T, data string, stream synth.Stream) {
	s, err := store.Open(t.Context(), data, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	now := time.Now()
	heard, err := s.Heard(t.Context(), "bluesky", mention.Span{From: now.AddDate(0, 0, -1), To: now})
	if err != nil || len(heard) != 1 {
		t.Fatalf("heard %v, %v; want one stretch without a gap", heard, err)
	}
	// Whole minutes, since counts are kept by the minute.
	from, to := heard[0].From.Truncate(time.Minute).Add(time.Minute), heard[0].To.Truncate(time.Minute)
	counts, err := s.Counts(t.Context(), store.CountQuery{Span: mention.Span{From: from, To: to}, Step: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	var got int64
	for _, c := range counts {
		got += c.N
	}
	if want := stream.Named(stream.First(from), stream.First(to)); got != want || want == 0 {
		t.Errorf("%d mentions from %v to %v, want %d", got, from, to, want)
	} else {
		t.Logf("%d mentions in %v: exactly those that were made", got, to.Sub(from))
	}
}
