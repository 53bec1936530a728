package daemon

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"

	"confianza/collectors"
	"confianza/dashboards/prometheus"
	"confianza/dashboards/web"
	"confianza/internal/config"
	"confianza/internal/explain"
	"confianza/internal/messages"
)

// teller makes what tells people ready; nil when there is nobody to tell.
func (s *shift) teller() (*messages.Teller, error) {
	channels, err := channels(s.config, "confianza/"+s.d.o.Version)
	if err != nil || len(channels) == 0 {
		return nil, err
	}
	inhibit, err := messages.Inhibitions(prometheus.Alertmanager)
	if err != nil {
		return nil, fmt.Errorf("alerting: %w", err)
	}
	for _, c := range channels {
		s.d.metrics.Messages(c.Name, 0)
		s.d.metrics.Channel(c.Name, 0, false)
	}
	return messages.New(messages.Options{
		Firing: s.firing, Inhibit: inhibit, Channels: channels, Notes: s.d.store, Page: func() string { return s.d.address }, Log: s.log,
		Explain: s.explain, Interval: s.d.o.Evaluate, Gather: s.d.o.Gather, Sent: func(channel string) { s.d.metrics.Messages(channel, 1) }, Notify: s.channelsTold,
	}), nil
}

// channels are the ways of a configuration to its people.
func channels(c *config.Config, agent string) (all []messages.Channel, err error) {
	for _, m := range c.Alerting.Mail {
		w, err := messages.NewWriter(m.Spoken(), c.Zone())
		if err != nil {
			return nil, c.At(err, "alerting")
		}
		host, port := m.Address()
		all = append(all, messages.Channel{Name: m.Called(), Teams: m.Teams, Sender: &messages.Mail{Server: host, Port: port, Security: messages.Security(m.Security),
			Username: m.Username, Password: m.Password.Reveal, From: m.From, To: m.To, Writer: w}})
	}
	for _, h := range c.Alerting.Webhooks {
		hook := &messages.Webhook{URL: func() (string, error) { return h.URL, nil }, Agent: agent, Client: &http.Client{Timeout: 30 * time.Second, CheckRedirect: stay}}
		if h.URLFrom.Set() {
			hook.URL = h.URLFrom.Reveal
		}
		if h.Sign.Set() {
			hook.Secret = h.Sign.Reveal
		}
		if h.Format == "slack" {
			if hook.Chat, err = messages.NewWriter(h.Spoken(), c.Zone()); err != nil {
				return nil, c.At(err, "alerting")
			}
		}
		all = append(all, messages.Channel{Name: h.Called(), Teams: h.Teams, Sender: hook})
	}
	return all, nil
}

// firing are the alerts that fire, for people.
func (s *shift) firing() (all []messages.Alert) {
	for _, a := range s.alerts.Firing() {
		if a.State == "firing" {
			all = append(all, messages.Alert{Labels: a.Labels.Map(), Annotations: a.Annotations.Map(), Since: *a.ActiveAt})
		}
	}
	return all
}

// explain gathers what is known of an alert about a brand of ours.
func (s *shift) explain(ctx context.Context, a messages.Alert) (*messages.Facts, error) {
	i := slices.IndexFunc(s.config.Brands, func(b config.Brand) bool { return b.Name == a.Labels["brand"] })
	if i < 0 {
		return nil, nil
	}
	b, deaf := s.config.Brands[i], []string{}
	for _, src := range s.sources {
		if p := src.Status().Phase; p != collectors.Listening && p != collectors.Finished {
			deaf = append(deaf, src.Source)
		}
	}
	about := explain.Brand{Name: b.Name, Names: slices.Concat([]string{b.Name}, b.Names, b.Hashtags), Handles: b.Handles}
	return explain.Facts(ctx, s.d.store, about, a.Since, time.Now(), deaf)
}

// channelsTold says how telling goes.
func (s *shift) channelsTold() {
	for _, d := range s.tell.Deliveries() {
		s.d.metrics.Channel(d.Name, d.Waiting, d.Err != nil)
	}
}

// tellings are the channels for the page.
func (s *shift) tellings() (all []web.Output) {
	if s.tell == nil {
		return nil
	}
	for _, d := range s.tell.Deliveries() {
		o := outputOf("messages", d.Name, d.Err, d.Next, d.Last)
		o.Idle = d.Last.IsZero()
		all = append(all, o)
	}
	return all
}
