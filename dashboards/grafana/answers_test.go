package grafana

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/prometheus/promql/parser"

	"confianza/internal/mention"
	"confianza/internal/series"
	"confianza/internal/series/api"
	"confianza/internal/store"
)

// noon is the present, and breach the day of the incident, two weeks before.
var (
	noon   = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	breach = noon.AddDate(0, 0, -14)
)

// empty is a store at noon, of which scorer v1 has seen nothing yet.
func empty(t *testing.T) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), t.TempDir(), store.Options{Now: func() time.Time { return noon }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	if _, err := s.Begin(t.Context(), "score", "v1"); err != nil {
		t.Fatal(err)
	}
	return s
}

// filled is the API over a store that heard of Acme for 60 days.
func filled(t *testing.T) http.Handler {
	t.Helper()
	s := empty(t)
	in := store.Intake{Source: "net", Heard: mention.Span{From: noon.AddDate(0, 0, -60), To: noon}}
	var scored []store.Scored
	for i := range 60 * 8 { // one each three hours, of every polarity in turn
		at := noon.Add(-time.Duration(i)*3*time.Hour - time.Minute)
		in.Mentions = append(in.Mentions, mention.Mention{Source: "net", Native: fmt.Sprint(i), Revision: "1", Text: "x", At: at, Seen: at, Form: "post",
			Author: s.AuthorKey("net", fmt.Sprint(i%9)), Brands: []string{"Acme"}})
		scored = append(scored, store.Scored{ID: int64(i + 1), Score: mention.Score{Language: "es", Polarity: mention.Polarities()[i%4], Scorer: "v1"}})
	}
	var hour store.FoundHour
	for i := range hour {
		hour[i] = store.Found{Said: true, Spike: 2.5, Drop: 1, Burst: true}
	}
	for h := range int64(3) {
		if err := s.Keep(t.Context(), []store.Finding{{Brand: "Acme", Hour: noon.Unix()/3600 - h, Found: &hour}}, nil); err != nil {
			t.Fatal(err)
		}
	}
	return served(t, s, in, scored)
}

// served is the API over a store that has taken in what is said, scored.
func served(t *testing.T, s *store.Store, in store.Intake, scored []store.Scored) http.Handler {
	t.Helper()
	if _, err := s.Add(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Done(t.Context(), "score", int64(len(scored)), scored); err != nil {
		t.Fatal(err)
	}
	now := func() time.Time { return noon }
	return api.New(api.Options{Now: now, Engine: series.NewEngine(series.New(series.Options{Store: s.Reader, Now: now,
		Brands:    func() []string { return []string{"Acme"} },
		Sources:   func() []string { return []string{"net"} },
		Incidents: func() map[string]time.Time { return map[string]time.Time{"Acme": breach} },
	}), series.Limits{})})
}

// ask asks the API and gives what is in data.
func ask(t *testing.T, h http.Handler, path string, form url.Values) (data struct {
	Result []json.RawMessage
	Values []string
}) {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("GET", "/api/v1/"+path+"?"+form.Encode(), nil))
	var body struct {
		Error    string
		Data     json.RawMessage
		Warnings []string
	}
	if err := json.Unmarshal(w.Body.Bytes(), &body); err != nil || body.Error != "" || len(body.Warnings) > 0 {
		t.Errorf("%s %s: %v %s %v", path, form, err, body.Error, body.Warnings)
		return data
	}
	if strings.HasPrefix(path, "label/") {
		json.Unmarshal(body.Data, &data.Values)
	} else {
		json.Unmarshal(body.Data, &data)
	}
	return data
}

// grafana puts values in the place of variables, as Grafana does.
var grafana = strings.NewReplacer("${incident}", fmt.Sprint(breach.Unix()), "$incident", fmt.Sprint(breach.Unix()), "${baseline}", "28",
	"$brand", "Acme", "$source", ".+", "$language", ".+", "$__interval", "1h", "$__range", "2d", "$__rate_interval", "4m")

// cases tells a query that answers in its case alone: TestDifference has each.
func cases(expr string) bool { return strings.Contains(expr, difference()) }

// Every query and every variable of what marketing and analysts look at finds
// data in confianza's own API.
func TestEveryQueryFindsData(t *testing.T) {
	h := filled(t)
	asked := 0
	for _, lang := range Languages() {
		files, err := Files(lang)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"trust-recovery.json", "listening.json", "alerts.json"} {
			panels, others := read(t, files[name])
			for _, e := range others {
				asked++
				if m := regexp.MustCompile(`^label_values\((.*), (\w+)\)$`).FindStringSubmatch(e); m != nil {
					if got := ask(t, h, "label/"+m[2]+"/values", url.Values{"match[]": {m[1]}}); len(got.Values) == 0 {
						t.Errorf("%s %s: variable %s has no values", lang, name, e)
					}
					continue
				}
				e = strings.TrimSuffix(strings.TrimPrefix(e, "query_result("), ")")
				if got := ask(t, h, "query", url.Values{"query": {grafana.Replace(e)}, "time": {fmt.Sprint(noon.Unix())}}); len(got.Result) == 0 {
					t.Errorf("%s %s: %s finds nothing", lang, name, e)
				}
			}
			for _, p := range panels {
				answers := 0
				for _, q := range p.Targets {
					asked++
					got := ask(t, h, "query_range", url.Values{"query": {grafana.Replace(q.Expr)}, "step": {"3600"},
						"start": {fmt.Sprint(noon.AddDate(0, 0, -2).Unix())}, "end": {fmt.Sprint(noon.Unix())}})
					if answers += len(got.Result); len(got.Result) == 0 && !cases(q.Expr) {
						t.Errorf("%s %s: panel %q finds nothing: %s", lang, name, p.Title, q.Expr)
					}
				}
				if len(p.Targets) > 0 && answers == 0 {
					t.Errorf("%s %s: panel %q finds nothing", lang, name, p.Title)
				}
			}
		}
	}
	if asked < 50 {
		t.Errorf("only %d queries were asked", asked)
	}
}

// Without an incident in the configuration panels are empty, not in error.
func TestNoIncidentIsNoError(t *testing.T) {
	h := filled(t)
	for _, expr := range []string{net(baseline, before), net("7d", ""), difference() + " < -1 * " + margin()} {
		expr = grafana.Replace(strings.ReplaceAll(expr, "${incident}", ""))
		ask(t, h, "query", url.Values{"query": {expr}, "time": {fmt.Sprint(noon.Unix())}})
	}
}

// What operators look at is PromQL; test/peers asks a real Prometheus for it.
func TestOperationIsPromQL(t *testing.T) {
	files, err := Files("en")
	if err != nil {
		t.Fatal(err)
	}
	panels, _ := read(t, files["operation.json"])
	for _, p := range panels {
		for _, q := range p.Targets {
			if _, err := parser.NewParser(parser.Options{}).ParseExpr(grafana.Replace(q.Expr)); err != nil {
				t.Errorf("panel %q: %v", p.Title, err)
			}
		}
	}
}
