package alerting

import (
	"cmp"
	"log/slog"
	"slices"
	"strconv"

	"github.com/prometheus/prometheus/rules"

	"confianza/internal/series/api"
)

// Groups are the rules as they stand, as Prometheus' API shows them.
func (e *Evaluator) Groups() []api.Group {
	e.mu.Lock()
	manager := e.manager
	e.mu.Unlock()
	if manager == nil {
		return nil
	}
	var all []api.Group
	for _, g := range manager.RuleGroups() {
		one := api.Group{Name: g.Name(), File: g.File(), Interval: g.Interval().Seconds(), Limit: g.Limit(),
			EvaluationTime: g.GetEvaluationTime().Seconds(), LastEvaluation: g.GetLastEvaluation()}
		for _, r := range g.Rules() {
			one.Rules = append(one.Rules, shown(r))
		}
		all = append(all, one)
	}
	return all
}

func shown(r rules.Rule) api.Rule {
	out := api.Rule{Name: r.Name(), Query: r.Query().String(), Labels: r.Labels(), Health: string(r.Health()), Type: "recording",
		EvaluationTime: r.GetEvaluationDuration().Seconds(), LastEvaluation: r.GetEvaluationTimestamp()}
	if err := r.LastError(); err != nil {
		out.LastError = err.Error()
	}
	a, ok := r.(*rules.AlertingRule)
	if !ok {
		return out
	}
	out.Type, out.State, out.Annotations = "alerting", a.State().String(), a.Annotations()
	out.Duration, out.KeepFiringFor = a.HoldDuration().Seconds(), a.KeepFiringFor().Seconds()
	for _, one := range a.ActiveAlerts() {
		alert := api.Alert{Labels: one.Labels, Annotations: one.Annotations, State: one.State.String(),
			Value: strconv.FormatFloat(one.Value, 'e', -1, 64)}
		at := one.ActiveAt
		alert.ActiveAt = &at
		if !one.KeepFiringSince.IsZero() {
			since := one.KeepFiringSince
			alert.KeepFiringSince = &since
		}
		out.Alerts = append(out.Alerts, alert)
	}
	return out
}

// Firing are the alerts that are pending or firing, the oldest first.
func (e *Evaluator) Firing() (all []api.Alert) {
	for _, g := range e.Groups() {
		for _, r := range g.Rules {
			all = append(all, r.Alerts...)
		}
	}
	slices.SortStableFunc(all, func(a, b api.Alert) int {
		return cmp.Or(a.ActiveAt.Compare(*b.ActiveAt), cmp.Compare(a.Labels.String(), b.Labels.String()))
	})
	return all
}

// quiet leaves out of Prometheus' log what concerns its developers.
func quiet(log *slog.Logger) *slog.Logger { return slog.New(warnings{log.Handler()}) }
