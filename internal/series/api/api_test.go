package api_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"confianza/internal/mention"
	"confianza/internal/series"
	"confianza/internal/series/api"
	"confianza/internal/store"
)

// noon is the present of these tests.
var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// serve answers from a store that heard "net" for the hour before noon: Acme was
// named badly twice at 11:30 and well once at 11:31.
func serve(t testing.TB, l series.Limits, rules api.Rules) http.Handler {
	t.Helper()
	s, err := store.Open(t.Context(), t.TempDir(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	if _, err := s.Begin(t.Context(), "score", "v1"); err != nil {
		t.Fatal(err)
	}
	half := noon.Add(-30 * time.Minute)
	in := store.Intake{Source: "net", Heard: mention.Span{From: noon.Add(-time.Hour), To: noon}}
	var scored []store.Scored
	for i, at := range []time.Time{half, half.Add(time.Second), half.Add(time.Minute)} {
		in.Mentions = append(in.Mentions, mention.Mention{Source: "net", Native: fmt.Sprint(i), Revision: "1", Text: "x", At: at, Seen: at, Form: "post", Brands: []string{"Acme"}})
		p := mention.Negative
		if i == 2 {
			p = mention.Positive
		}
		scored = append(scored, store.Scored{ID: int64(i + 1), Score: mention.Score{Language: "en", Polarity: p, Scorer: "v1"}})
	}
	if _, err := s.Add(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Done(t.Context(), "score", 3, scored); err != nil {
		t.Fatal(err)
	}
	now := func() time.Time { return noon }
	q := series.New(series.Options{Store: s.Reader, Now: now, Sources: func() []string { return []string{"net"} }})
	return api.New(api.Options{Engine: series.NewEngine(q, l), Rules: rules, Now: now, Version: "1"})
}

// ask sends a request; a form makes it a POST.
func ask(ctx context.Context, h http.Handler, path, form string) (int, string) {
	r := httptest.NewRequest("GET", "/api/v1/"+path, nil)
	if form != "" {
		r = httptest.NewRequest("POST", "/api/v1/"+path, strings.NewReader(form))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r.WithContext(ctx))
	body, _ := io.ReadAll(w.Body)
	return w.Code, string(body)
}

func TestAnswers(t *testing.T) {
	h := serve(t, series.Limits{}, nil)
	const acme = `"__name__":"confianza_mentions","brand":"Acme","kind":"unknown","language":"en","polarity":`
	for _, tt := range []struct{ path, form, want string }{
		{"query?query=sum(sum_over_time(confianza_mentions[1h]))", "", `{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1772452800,"3"]}]}}`},
		{"query", "query=sum(sum_over_time(confianza_mentions[1h]))&time=2026-03-02T11:31:00Z", `{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1772451060,"2"]}]}}`},
		{"query?query=1.5&time=1", "", `{"status":"success","data":{"resultType":"scalar","result":[1,"1.5"]}}`},
		{`query?query="a\n"&time=0.25`, "", `{"status":"success","data":{"resultType":"string","result":[0.25,"a\n"]}}`},
		{"query?query=nothing", "", `{"status":"success","data":{"resultType":"vector","result":[]}}`},
		{"query?query=1/0-vector(1e21)&time=1", "", `{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1,"+Inf"]}]}}`},
		// 10:59:59 is not listened to yet; 11:30 has two.
		{`query_range?query=confianza_mentions{polarity="negative"}&start=2026-03-02T10:31:00Z&end=2026-03-02T11:31:00Z&step=30m`, "",
			`{"status":"success","data":{"resultType":"matrix","result":[{"metric":{` + acme + `"negative","source":"net"},"values":[[1772449260,"0"],[1772451060,"2"]]}]}}`},
		{`query?limit=1&query=confianza_mentions`, "", `{"status":"success","data":{"resultType":"vector","result":[{"metric":{` + acme + `"negative","source":"net"},"value":[1772452800,"0"]}]},"warnings":["results truncated due to limit"]}`},
		{"labels", "", `{"status":"success","data":["__name__","brand","correction","kind","language","polarity","source","window"]}`},
		{"labels?match[]=confianza_listening&start=1&end=2", "", `{"status":"success","data":["__name__","source"]}`},
		{"label/polarity/values", "", `{"status":"success","data":["negative","neutral","positive","unknown"]}`},
		{"label/polarity/values?limit=2", "", `{"status":"success","data":["negative","neutral"],"warnings":["results truncated due to limit"]}`},
		{"label/source/values?match[]=nothing&match[]=confianza_listening", "", `{"status":"success","data":["net"]}`},
		{"label/never/values", "", `{"status":"success","data":[]}`},
		{`series?match[]=confianza_listening&match[]={source="net",polarity=""}`, "", `{"status":"success","data":[{"__name__":"confianza_listening","source":"net"}]}`},
		{"series", "match[]=nothing", `{"status":"success","data":[]}`},
		{"format_query?query=sum(a)by(b)", "", `{"status":"success","data":"sum by (b) (a)"}`},
		{"query_exemplars?query=a", "", `{"status":"success","data":[]}`},
		{"rules", "", `{"status":"success","data":{"groups":[]}}`},
		{"alerts", "", `{"status":"success","data":{"alerts":[]}}`},
	} {
		u, _ := url.PathUnescape(tt.path)
		path, query, _ := strings.Cut(u, "?")
		if query != "" {
			vs := url.Values{}
			for _, p := range strings.Split(query, "&") {
				k, v, _ := strings.Cut(p, "=")
				vs.Add(k, v)
			}
			path += "?" + vs.Encode()
		}
		if code, got := ask(t.Context(), h, path, tt.form); code != 200 || got != tt.want {
			t.Errorf("%s %s\n got %d %s\nwant 200 %s", tt.path, tt.form, code, got, tt.want)
		}
	}
}

func TestMetadataNamesEveryMetric(t *testing.T) {
	h := serve(t, series.Limits{}, nil)
	_, all := ask(t.Context(), h, "metadata", "")
	for _, m := range series.Metrics() {
		if !strings.Contains(all, `"`+m.Name+`":[{"help":"`) {
			t.Errorf("%s is not in %s", m.Name, all)
		}
	}
	if _, got := ask(t.Context(), h, "metadata?metric=confianza_listening&limit=5", ""); strings.Count(got, `"type":"gauge"`) != 1 {
		t.Errorf("one metric: %s", got)
	}
	if _, got := ask(t.Context(), h, "metadata?limit=0", ""); got != `{"status":"success","data":{}}` {
		t.Errorf("none: %s", got)
	}
	if _, got := ask(t.Context(), h, "status/buildinfo", ""); !strings.Contains(got, `"version":"3.16.0"`) {
		t.Errorf("buildinfo: %s", got)
	}
}

// The words are Prometheus' own, so that what is said of its errors helps here.
func TestMistakes(t *testing.T) {
	h := serve(t, series.Limits{Samples: 50}, nil)
	for _, tt := range []struct {
		path, kind string
		code       int
		says       string
	}{
		{"query", "bad_data", 400, `invalid parameter \"query\": unknown position: parse error: no expression found in input`},
		{"query?query=sum(", "bad_data", 400, `invalid parameter \"query\": 1:5: parse error: unclosed left parenthesis`},
		{"query?query=1&time=noon", "bad_data", 400, `invalid parameter \"time\": invalid time value for 'time': cannot parse \"noon\" to a valid timestamp`},
		{"query?query=1&timeout=0", "bad_data", 400, `invalid parameter \"timeout\": timeout must be positive, got 0s`},
		{"query?query=1&limit=-1", "bad_data", 400, `invalid parameter \"limit\": limit must be non-negative`},
		{"query_range?query=1&end=1&step=1", "bad_data", 400, `invalid parameter \"start\": cannot parse \"\" to a valid timestamp`},
		{"query_range?query=1&start=2&end=1&step=1", "bad_data", 400, `invalid parameter \"end\": end timestamp must not be before start time`},
		{"query_range?query=1&start=1&end=2&step=0", "bad_data", 400, `invalid parameter \"step\": zero or negative query resolution step widths are not accepted. Try a positive integer`},
		{"query_range?query=1&start=0&end=11001&step=1", "bad_data", 400, "exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)"},
		{`query_range?query="a"&start=0&end=1&step=1`, "bad_data", 400, `invalid expression type \"string\" for range query, must be Scalar or instant Vector`},
		{"query?query=confianza_mentions%20*%20on(source)%20confianza_mentions", "execution", 422, "many-to-many matching not allowed"},
		{"query?query=max_over_time(confianza_mentions[1h])", "execution", 422, "query processing would load too many samples into memory in query execution"},
		{"query?query=confianza_mentions&timeout=0.000000001", "timeout", 503, "query timed out"},
		{"labels?match[]={}", "bad_data", 400, "match[] must contain at least one non-empty matcher"},
		{"labels?start=x", "bad_data", 400, `invalid parameter \"start\": invalid time value for 'start': cannot parse \"x\" to a valid timestamp`},
		{"series", "bad_data", 400, "no match[] parameter provided"},
		{"label/a%FFb/values", "bad_data", 400, "invalid label name"},
		{"metadata?limit=x", "bad_data", 400, "limit must be a number"},
		{"rules?type=x", "bad_data", 400, `invalid parameter \"type\": not supported value \"x\"`},
	} {
		code, got := ask(t.Context(), h, strings.ReplaceAll(tt.path, `"`, "%22"), "")
		if code != tt.code || !strings.HasPrefix(got, `{"status":"error","errorType":"`+tt.kind+`","error":"`) || !strings.Contains(got, tt.says) {
			t.Errorf("%s\n got %d %s\nwant %d %s with %s", tt.path, code, got, tt.code, tt.kind, tt.says)
		}
	}
}

func TestWhoLeavesEndsTheQuery(t *testing.T) {
	h := serve(t, series.Limits{}, nil)
	ctx, leave := context.WithCancel(t.Context())
	leave()
	if code, got := ask(ctx, h, "query?query=confianza_mentions", ""); code != 499 || !strings.Contains(got, `"errorType":"canceled"`) {
		t.Errorf("got %d %s", code, got)
	}
}

func TestFunctionsForCountersAreWarnedOf(t *testing.T) {
	h := serve(t, series.Limits{}, nil)
	for query, want := range map[string]bool{
		"rate(confianza_mentions[5m])": true, "sum(increase(confianza_mentions[5m]))": true,
		"sum_over_time(confianza_mentions[5m])": false, "rate(nothing[5m])": false,
	} {
		_, got := ask(t.Context(), h, "query?query="+url.QueryEscape(query), "")
		if warned := strings.Contains(got, `"warnings":["PromQL warning: confianza_mentions holds numbers of each minute`); warned != want {
			t.Errorf("%s: %s", query, got)
		}
	}
}

type ruled []api.Group

func (r ruled) Groups() []api.Group { return r }

func TestRules(t *testing.T) {
	alert := api.Rule{Name: "Deaf", Query: "confianza_listening == 0", Type: "alerting", State: "firing", Health: "ok",
		Alerts: []api.Alert{{State: "firing", Value: "0e+00"}}}
	h := serve(t, series.Limits{}, ruled{{Name: "g", File: "f.yml", Rules: []api.Rule{alert, {Name: "r", Type: "recording", Health: "ok"}}}})
	for _, tt := range []struct {
		path  string
		names []string
	}{
		{"rules", []string{"Deaf", "r"}}, {"rules?type=alert", []string{"Deaf"}}, {"rules?type=record", []string{"r"}},
		{"rules?rule_name[]=r", []string{"r"}}, {"rules?rule_group[]=other", nil}, {"rules?file[]=f.yml&rule_group[]=g", []string{"Deaf", "r"}},
	} {
		_, got := ask(t.Context(), h, tt.path, "")
		for _, name := range []string{"Deaf", "r"} {
			wanted := strings.Contains(strings.Join(tt.names, " "), name)
			if has := strings.Contains(got, `"name":"`+name+`"`); has != wanted {
				t.Errorf("%s: %s is there: %v; %s", tt.path, name, has, got)
			}
		}
	}
	if _, got := ask(t.Context(), h, "alerts", ""); !strings.Contains(got, `"alerts":[{"labels":{},"annotations":{},"state":"firing","value":"0e+00"}]`) {
		t.Errorf("alerts: %s", got)
	}
	if _, got := ask(t.Context(), h, "rules?exclude_alerts=true", ""); strings.Contains(got, "0e+00") {
		t.Errorf("without alerts: %s", got)
	}
}
