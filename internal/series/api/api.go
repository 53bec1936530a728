// Package api serves series as the Prometheus HTTP API does, so that Grafana
// and everything else that speaks to a Prometheus speaks to confianza.
//
// It answers query, query_range, labels, label values, series, metadata,
// buildinfo, rules and alerts, by GET and POST, and remote read, with Prometheus' own shapes,
// status codes and words for what is wrong. What of Prometheus' API concerns
// scraping or its own storage is not there. It leaves who may ask to the server
// it hangs in.
package api

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"runtime"
	"time"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"

	"confianza/internal/series"
)

// Options is what the API answers from. Engine is needed.
type Options struct {
	Engine  *series.Engine
	Rules   Rules            // nil has no rules
	Now     func() time.Time // nil is the clock
	Log     *slog.Logger     // nil is silent
	Version string
}

// Rules are the rules that are evaluated here, as they stand.
type Rules interface{ Groups() []Group }

// Group is a group of rules, as Prometheus writes it in JSON.
type Group struct {
	Name           string    `json:"name"`
	File           string    `json:"file"`
	Rules          []Rule    `json:"rules"`
	Interval       float64   `json:"interval"` // seconds, as every duration here
	Limit          int       `json:"limit"`
	EvaluationTime float64   `json:"evaluationTime"`
	LastEvaluation time.Time `json:"lastEvaluation"`
}

// Rule is one rule: alerting or recording, as Type says. The fields from State
// to Alerts are an alerting rule's.
type Rule struct {
	State          string        `json:"state,omitempty"` // inactive, pending, firing
	Name           string        `json:"name"`
	Query          string        `json:"query"`
	Duration       float64       `json:"duration"`
	KeepFiringFor  float64       `json:"keepFiringFor"`
	Labels         labels.Labels `json:"labels"`
	Annotations    labels.Labels `json:"annotations"`
	Alerts         []Alert       `json:"alerts"`
	Health         string        `json:"health"` // ok, err, unknown
	LastError      string        `json:"lastError,omitempty"`
	EvaluationTime float64       `json:"evaluationTime"`
	LastEvaluation time.Time     `json:"lastEvaluation"`
	Type           string        `json:"type"` // alerting, recording
}

// Alert is an alert that is pending or firing.
type Alert struct {
	Labels          labels.Labels `json:"labels"`
	Annotations     labels.Labels `json:"annotations"`
	State           string        `json:"state"`
	ActiveAt        *time.Time    `json:"activeAt,omitempty"`
	KeepFiringSince *time.Time    `json:"keepFiringSince,omitempty"`
	Value           string        `json:"value"`
}

// api answers requests.
type api struct {
	Options
	parser parser.Parser
}

// New makes the handler of everything below /api/v1/.
func New(o Options) http.Handler {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	a := &api{o, series.Parser()}
	mux := http.NewServeMux()
	for path, h := range map[string]answer{
		"query": a.instant, "query_range": a.span, "labels": a.names, "series": a.series,
		"format_query": a.format, "query_exemplars": a.exemplars,
	} {
		mux.Handle("GET /api/v1/"+path, a.serve(h))
		mux.Handle("POST /api/v1/"+path, a.serve(h))
	}
	for path, h := range map[string]answer{
		"label/{name}/values": a.values, "metadata": a.metadata, "status/buildinfo": a.build,
		"rules": a.rules, "alerts": a.alerts,
	} {
		mux.Handle("GET /api/v1/"+path, a.serve(h))
	}
	mux.HandleFunc("POST /api/v1/read", a.read)
	return mux
}

// reply is what a request is answered with.
type reply struct {
	data    any
	notes   notes
	problem *problem // nil when all went well
}

type answer func(ctx context.Context, r *http.Request) reply

// serve reads the form, which is bounded, and bounds the time of an answer: the
// engine does not count what is waited for before it knows the query.
func (a *api) serve(f answer) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, maxForm)
		if err := r.ParseForm(); err != nil {
			a.write(w, r, refuse(badData, fmt.Errorf("error parsing form values: %w", err)))
			return
		}
		ctx, cancel := context.WithTimeout(r.Context(), a.Engine.Limits().Timeout)
		defer cancel()
		a.write(w, r, f(ctx, r))
	})
}

const maxForm = 1 << 20 // bytes; a query of a megabyte is none

// build tells Grafana what it speaks to.
func (a *api) build(context.Context, *http.Request) reply {
	return reply{data: map[string]string{"version": "3.16.0", "revision": "confianza " + a.Version, "branch": "", "buildUser": "",
		"buildDate": "", "goVersion": runtime.Version()}}
}
