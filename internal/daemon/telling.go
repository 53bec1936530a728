package daemon

import (
	"context"
	"fmt"
	"net/http"
	"net/mail"
	"slices"
	"time"

	"confianza/collectors"
	"confianza/dashboards/prometheus"
	"confianza/dashboards/web"
	"confianza/internal/config"
	"confianza/internal/explain"
	"confianza/internal/mention"
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
		s.d.metrics.Messages(c.Name, c.Address, 0)
	}
	return messages.New(messages.Options{
		Firing: s.firing, Inhibit: inhibit, Channels: channels, Notes: s.d.store, Page: func() string { return s.d.address }, Log: s.log,
		Explain: s.explain, Interval: s.d.o.Evaluate, Gather: s.d.o.Gather, Settle: s.d.o.Settle, Sent: func(channel string, address int) { s.d.metrics.Messages(channel, address, 1) }, Notify: s.channelsTold,
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
		for i, to := range m.To {
			one := messages.Channel{Name: m.Called(), Destination: "mailto:" + mailbox(to), Teams: m.Teams, Sender: &messages.Mail{Server: host, Port: port,
				Security: messages.Security(m.Security), Username: m.Username, Password: m.Password.Reveal, From: m.From, To: m.To, At: i, Writer: w}}
			if len(m.To) > 1 {
				one.Address = i + 1
			}
			all = append(all, one)
		}
	}
	for _, h := range c.Alerting.Webhooks {
		hook := &messages.Webhook{URL: func() (string, error) { return h.URL, nil }, Agent: agent, Client: &http.Client{Timeout: 30 * time.Second, CheckRedirect: stay}}
		destination := h.URL
		if h.URLFrom.Set() {
			hook.URL, destination = h.URLFrom.Reveal, h.URLFrom.String() // a chat whose address is renewed is the same
		}
		if h.Sign.Set() {
			hook.Secret = h.Sign.Reveal
		}
		if h.Format == "slack" {
			if hook.Chat, err = messages.NewWriter(h.Spoken(), c.Zone()); err != nil {
				return nil, c.At(err, "alerting")
			}
		}
		all = append(all, messages.Channel{Name: h.Called(), Destination: destination, Teams: h.Teams, Sender: hook})
	}
	return all, nil
}

// mailbox is an address without the name before it.
func mailbox(address string) string {
	if a, err := mail.ParseAddress(address); err == nil {
		return a.Address
	}
	return address
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
	about, known := about(s.config, a.Labels["brand"])
	if !known {
		return nil, nil
	}
	deaf := []string{}
	for _, src := range s.sources {
		if p := src.Status().Phase; p != collectors.Listening && p != collectors.Finished {
			deaf = append(deaf, src.Source)
		}
	}
	return explain.Facts(ctx, s.d.store, about, a.Since, s.d.o.Now(), deaf)
}

// about is a brand as it is configured, for what explains it.
func about(c *config.Config, brand string) (b explain.Brand, known bool) {
	i := slices.IndexFunc(c.Brands, func(b config.Brand) bool { return b.Name == brand })
	if i < 0 {
		return b, false
	}
	is := c.Brands[i]
	return explain.Brand{Name: is.Name, Names: slices.Concat([]string{is.Name}, is.Names, is.Hashtags), Handles: is.Handles}, true
}

// explainEpisode says what an episode is about, for the page.
func (d *Daemon) explainEpisode(ctx context.Context, brand string, open mention.Span) (*web.Facts, error) {
	d.mu.Lock()
	c := d.config
	d.mu.Unlock()
	about, known := about(c, brand)
	if !known {
		return nil, nil
	}
	f, err := explain.Episode(ctx, d.store, about, open)
	if err != nil {
		return nil, err
	}
	shown := new(web.Facts)
	for _, p := range f.Drivers {
		shown.Drivers = append(shown.Drivers, web.Part(p))
	}
	for _, e := range f.Examples {
		shown.Examples = append(shown.Examples, web.Example(e))
	}
	return shown, nil
}

// channelsTold says how telling goes.
func (s *shift) channelsTold() {
	for _, d := range s.tell.Deliveries() {
		s.d.metrics.Channel(d.Name, d.Address, d.Waiting, d.Err != nil)
	}
}

// tellings are the channels for the page: one for all addresses of a channel
// that are well, and one for each that is not.
func (s *shift) tellings() (all []web.Output) {
	if s.tell == nil {
		return nil
	}
	return addressed(s.tell.Deliveries())
}

func addressed(deliveries []messages.Delivery) (all []web.Output) {
	well := map[string]int{}
	for _, d := range deliveries {
		o := outputOf("messages", d.Name, d.Err, d.Next, d.Last)
		o.Idle = d.Last.IsZero()
		i, known := well[d.Name]
		switch {
		case d.Err != nil:
			o.Address = d.Address
		case known:
			if d.Last.After(all[i].Last) {
				all[i] = o
			}
			continue
		default:
			well[d.Name] = len(all)
		}
		all = append(all, o)
	}
	return all
}
