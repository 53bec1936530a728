package daemon

import (
	"confianza/dashboards/prometheus"
	"confianza/dashboards/web"
	"confianza/internal/alerting"
	"confianza/internal/metrics"
	"confianza/internal/series/api"
)

// evaluator makes what evaluates the rules of a configuration ready; nil when
// it asks for none.
func (s *shift) evaluator() (*alerting.Evaluator, error) {
	c := s.config.Alerting
	if !c.Evaluate {
		return nil, nil
	}
	e, err := alerting.New(alerting.Options{
		Builtin: prometheus.Rules(), Files: c.Rules, Alertmanagers: c.Alertmanagers,
		Engine: s.d.engine, Memory: s.d.memory, Gather: s.d.metrics.Gather, Own: metrics.Names(), Notes: s.d.store, Notify: s.told,
		Counted: s.d.metrics.Told, Page: func() string { return s.d.address }, Log: s.log, Interval: s.d.o.Evaluate,
	})
	if err != nil {
		return nil, s.config.At(err, "alerting")
	}
	for _, a := range c.Alertmanagers {
		s.d.metrics.Told(alerting.Name(a), 0)
		s.d.metrics.Alertmanager(alerting.Name(a), 0, false)
	}
	return e, nil
}

// told says how telling goes.
func (s *shift) told(st alerting.Status) {
	s.d.metrics.Alerts(st.Firing, st.Pending, st.Broken)
	for _, d := range st.Deliveries {
		s.d.metrics.Alertmanager(d.Name, d.Waiting, d.Err != nil)
	}
}

// Groups are the rules that are evaluated now, for the API.
func (d *Daemon) Groups() []api.Group {
	if s := d.present(); s != nil && s.alerts != nil {
		return s.alerts.Groups()
	}
	return nil
}

// alarms are the firing alerts for the page, and how telling goes.
func (s *shift) alarms() (all []web.Alert, outputs []web.Output) {
	if s.alerts == nil {
		return nil, nil
	}
	for _, a := range s.alerts.Firing() {
		if a.State == "firing" {
			all = append(all, web.Alert{Name: a.Labels.Get("alertname"), Severity: a.Labels.Get("severity"), Since: *a.ActiveAt,
				Summary: map[string]string{"en": a.Annotations.Get("summary"), "es": a.Annotations.Get("summary_es")}})
		}
	}
	for _, d := range s.alerts.Deliveries() {
		outputs = append(outputs, outputOf("alertmanager", d.Name, d.Err, d.Next, d.Last))
	}
	return all, outputs
}
