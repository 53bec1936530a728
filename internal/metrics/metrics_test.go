package metrics

import (
	"bytes"
	"fmt"
	"maps"
	"math"
	"net/http/httptest"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
)

// touched is a Metrics with every method called once, so that every metric has
// a series.
func touched() *Metrics {
	m := New("v1.2.3")
	m.Source("net", []string{"live", "waiting"}, []string{"no_text"}, []string{"dns"})
	m.Ingested("Acme", "net", "en", "negative", "unknown", 3)
	m.State("net", "live", []string{"live", "waiting"}, 2)
	m.Listening("net", true, true)
	m.Lag("net", 1500*time.Millisecond)
	m.Posts("net", 10, 4)
	m.Dropped("net", "no_text", 5)
	m.Removed("net", 1, 2, 3)
	m.Reconnect("net")
	m.Failed("net", "dns")
	m.Pending("score", 7)
	m.Waited("score", 90*time.Second)
	m.Stage("score", 20*time.Millisecond)
	m.Room(1<<20, 1<<30, 1<<31)
	m.Alerts(2, 5, 1)
	m.Told("am:9093", 12)
	m.Alertmanager("am:9093", 3, true)
	m.Messages("mail", 2, 2)
	m.Channel("mail", 2, 1, true)
	m.Receiver("main")
	m.RemoteWrite("main", 9, 1, 2, true)
	m.Blocked("full", []string{"full", "read_only"})
	m.Report("weekly", true, time.Unix(1_700_000_000, 0))
	m.Watched("Acme", 2.5, 3.1, 1.5, map[string]bool{"drop": true})
	m.Reload(true, time.Unix(1_700_000_000, 0))
	return m
}

// scrape is what /metrics answers.
func scrape(t *testing.T, m *Metrics) string {
	t.Helper()
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	if w.Code != 200 {
		t.Fatalf("got status %d: %s", w.Code, w.Body)
	}
	return w.Body.String()
}

func TestExpositionIsWhatIsDeclared(t *testing.T) {
	parser := expfmt.NewTextParser(model.LegacyValidation)
	families, err := parser.TextToMetricFamilies(strings.NewReader(scrape(t, touched())))
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range descriptions() {
		f := families[d.Name]
		if f == nil {
			t.Errorf("%s is declared and not exposed", d.Name)
			continue
		}
		var labels []string
		for _, l := range f.Metric[0].Label {
			labels = append(labels, l.GetName())
		}
		if want := slices.Sorted(slices.Values(d.Labels)); f.GetHelp() != d.Help || !slices.Equal(labels, want) {
			t.Errorf("%s has labels %v and help %q, want %v and %q", d.Name, labels, f.GetHelp(), want, d.Help)
		}
		kind := strings.ToLower(f.GetType().String())
		if row := fmt.Sprintf("| `%s` | %s | %s |", d.Name, kind, strings.Join(d.Labels, ", ")); !bytes.Contains(Table(), []byte(row)) {
			t.Errorf("the table has no row %s", row)
		}
		delete(families, d.Name)
	}
	for name := range families {
		if strings.HasPrefix(name, "confianza_") {
			t.Errorf("%s is exposed and not declared", name)
		}
	}
	if families["go_goroutines"] == nil {
		t.Error("the runtime's own metrics are missing")
	}
}

func TestNamesFollowThePrometheusRules(t *testing.T) {
	problems, err := testutil.GatherAndLint(touched().registry)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		if strings.HasPrefix(p.Metric, "confianza_") {
			t.Errorf("%s: %s", p.Metric, p.Text)
		}
	}
}

// values gives each line of our own series its number.
func values(t *testing.T, text string) map[string]float64 {
	t.Helper()
	all := map[string]float64{}
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, "confianza_") {
			continue
		}
		at := strings.LastIndex(line, " ")
		v, err := strconv.ParseFloat(strings.TrimSpace(line[at:]), 64)
		if err != nil {
			t.Fatal(err)
		}
		all[line[:at]] = v
	}
	return all
}

func TestMethodsSetWhatTheySay(t *testing.T) {
	got := values(t, scrape(t, touched()))
	for series, want := range map[string]float64{
		`confianza_ingested_mentions_total{brand="Acme",kind="unknown",language="en",polarity="negative",source="net"}`: 3,
		`confianza_collector_state{source="net",state="live"}`:                                                          1,
		`confianza_collector_state{source="net",state="waiting"}`:                                                       0,
		`confianza_listening{source="net"}`:                                                                             1,
		`confianza_collector_troubles{source="net"}`:                                                                    2,
		`confianza_collector_lag_seconds{source="net"}`:                                                                 1.5,
		`confianza_collector_posts_total{source="net"}`:                                                                 10,
		`confianza_collector_matched_total{source="net"}`:                                                               4,
		`confianza_collector_dropped_total{reason="no_text",source="net"}`:                                              5,
		`confianza_collector_removed_posts_total{source="net",what="erased"}`:                                           1,
		`confianza_collector_removed_posts_total{source="net",what="hidden"}`:                                           2,
		`confianza_collector_removed_posts_total{source="net",what="restored"}`:                                         3,
		`confianza_collector_reconnects_total{source="net"}`:                                                            1,
		`confianza_collector_failures_total{cause="dns",source="net"}`:                                                  1,
		`confianza_stage_pending{stage="score"}`:                                                                        7,
		`confianza_stage_oldest_pending_seconds{stage="score"}`:                                                         90,
		`confianza_alerts{state="firing"}`:                                                                              2,
		`confianza_alerts{state="pending"}`:                                                                             5,
		`confianza_rules_failing`:                                                                                       1,
		`confianza_alertmanager_told_alerts_total{alertmanager="am:9093"}`:                                              12,
		`confianza_episode_growth{brand="Acme"}`:                                                                        1.5,
		`confianza_messages_total{address="2",channel="mail"}`:                                                          2,
		`confianza_messages_waiting{address="2",channel="mail"}`:                                                        1,
		`confianza_messages_failing{address="2",channel="mail"}`:                                                        1,
		`confianza_alertmanager_waiting{alertmanager="am:9093"}`:                                                        3,
		`confianza_alertmanager_failing{alertmanager="am:9093"}`:                                                        1,
		`confianza_store_size_bytes`:                                                                                    1 << 20,
		`confianza_store_disk_free_bytes`:                                                                               1 << 30,
		`confianza_store_disk_size_bytes`:                                                                               1 << 31,
		`confianza_stage_seconds_count{stage="score"}`:                                                                  1,
		`confianza_config_last_reload_successful`:                                                                       1,
		`confianza_config_last_reload_success_timestamp_seconds`:                                                        1_700_000_000,
	} {
		if v, ok := got[series]; !ok || v != want {
			t.Errorf("%s: got %v, exposed %v; want %v", series, v, ok, want)
		}
	}
}

func TestSmallPrint(t *testing.T) {
	m := touched()
	m.Lag("net", -time.Second)                   // clocks differ: not negative
	m.Reload(false, time.Unix(1_800_000_000, 0)) // the running configuration is still the older one
	m.Dropped("net", "behind", 0)                // nothing happened: no series
	m.State("net", "waiting", []string{"live", "waiting"}, 0)
	m.Listening("net", false, true)
	got := values(t, scrape(t, m))
	for series, want := range map[string]float64{
		`confianza_collector_lag_seconds{source="net"}`:                    0,
		`confianza_config_last_reload_successful`:                          0,
		`confianza_config_last_reload_success_timestamp_seconds`:           1_700_000_000,
		`confianza_collector_state{source="net",state="live"}`:             0,
		`confianza_collector_state{source="net",state="waiting"}`:          1,
		`confianza_listening{source="net"}`:                                0,
		`confianza_collector_dropped_total{reason="no_text",source="net"}`: 5,
	} {
		if v, ok := got[series]; !ok || v != want {
			t.Errorf("%s: got %v, exposed %v; want %v", series, v, ok, want)
		}
	}
	if _, ok := got[`confianza_collector_dropped_total{reason="behind",source="net"}`]; ok {
		t.Error("dropping nothing made a series")
	}
}

// A rate over a series that begins at one misses the first event.
func TestSourceSeriesStartAtZero(t *testing.T) {
	m := New("v1.2.3")
	m.Source("net", []string{"live", "waiting"}, []string{"no_text", "too_large"}, []string{"dns", "tls"})
	got := values(t, scrape(t, m))
	maps.DeleteFunc(got, func(series string, _ float64) bool { return !strings.Contains(series, `source="net"`) })
	want := []string{
		`confianza_collector_dropped_total{reason="no_text",source="net"}`,
		`confianza_collector_dropped_total{reason="too_large",source="net"}`,
		`confianza_collector_failures_total{cause="dns",source="net"}`,
		`confianza_collector_failures_total{cause="tls",source="net"}`,
		`confianza_collector_matched_total{source="net"}`,
		`confianza_collector_posts_total{source="net"}`,
		`confianza_collector_reconnects_total{source="net"}`,
		`confianza_collector_removed_posts_total{source="net",what="erased"}`,
		`confianza_collector_removed_posts_total{source="net",what="hidden"}`,
		`confianza_collector_removed_posts_total{source="net",what="restored"}`,
		`confianza_collector_spend_dollars_total{source="net"}`,
		`confianza_collector_state{source="net",state="live"}`,
		`confianza_collector_state{source="net",state="waiting"}`,
		`confianza_collector_troubles{source="net"}`,
		`confianza_listening{source="net"}`,
	}
	if have := slices.Sorted(maps.Keys(got)); !slices.Equal(have, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(have, "\n"), strings.Join(want, "\n"))
	}
	for series, v := range got {
		if v != 0 {
			t.Errorf("%s starts at %v", series, v)
		}
	}
}

// Whatever is added to Metrics later has to be silent too. Handler serves, and
// needs something to serve.
func TestNilMetricsIsSilent(t *testing.T) {
	v := reflect.ValueOf((*Metrics)(nil))
	called := 0
	for i := range v.NumMethod() {
		if v.Type().Method(i).Name == "Handler" {
			continue
		}
		var args []reflect.Value
		for a := range v.Method(i).Type().NumIn() {
			args = append(args, some(v.Method(i).Type().In(a)))
		}
		v.Method(i).Call(args) // panics when it is not
		called++
	}
	if called < 10 {
		t.Errorf("only %d methods were called", called)
	}
}

// some is a value a method cannot pass over as empty.
func some(of reflect.Type) reflect.Value {
	v := reflect.New(of).Elem()
	switch of.Kind() {
	case reflect.Int, reflect.Int64:
		v.SetInt(1)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.String:
		v.SetString("x")
	case reflect.Slice:
		v.Set(reflect.Append(v, some(of.Elem())))
	}
	return v
}

// A brand that is watched no more is not shown as it was.
func TestUnwatched(t *testing.T) {
	m := New("v")
	m.Watched("Acme", math.NaN(), 3.1, 0, map[string]bool{"drop": true, "rise": false})
	got := scrape(t, m)
	for _, want := range []string{`confianza_drop_score{brand="Acme"} 3.1`, `confianza_episode_open{brand="Acme",kind="drop"} 1`, `confianza_episode_open{brand="Acme",kind="rise"} 0`} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s", want)
		}
	}
	if strings.Contains(got, `confianza_spike_score{`) {
		t.Error("a score that is not there yet is shown")
	}
	m.Unwatched()
	if strings.Contains(scrape(t, m), `brand="Acme"`) {
		t.Error("shown though nobody watches it")
	}
}

// A folder hears nobody: that it is read says nothing, that it cannot be is a
// failure.
func TestWhoHearsNobodyIsNotListening(t *testing.T) {
	m := touched()
	m.Source("folder", nil, nil, nil)
	const series = `confianza_listening{source="folder"}`
	if _, has := values(t, scrape(t, m))[series]; !has {
		t.Error("a folder that was not read yet is not said to be unread")
	}
	m.Listening("folder", true, false)
	if v, has := values(t, scrape(t, m))[series]; has {
		t.Errorf("a folder counts as listening: %v", v)
	}
	m.Listening("folder", false, false)
	if v, has := values(t, scrape(t, m))[series]; !has || v != 0 {
		t.Errorf("a folder that cannot be read: %v, %t", v, has)
	}
}
