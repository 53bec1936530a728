package config

import (
	"cmp"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"confianza/collectors"
)

// People are those a channel tells, and how.
type People struct {
	Name     string   `yaml:"name"`     // in metrics and messages
	Language string   `yaml:"language"` // es or en; "" is es
	Teams    []string `yaml:"teams"`    // whose alerts: marketing, operators; none is everything
}

// Spoken is Language, or what is usual.
func (p People) Spoken() string { return cmp.Or(p.Language, "es") }

func (p People) check() error {
	if !slices.Contains([]string{"es", "en"}, p.Spoken()) {
		return fmt.Errorf("language: there is no %q; there are es and en", p.Language)
	}
	for _, t := range p.Teams {
		if t == "" {
			return errors.New("teams: one has no name")
		}
	}
	return nil
}

// Mail tells people by e-mail.
type Mail struct {
	People   `yaml:",inline"`
	Server   string            `yaml:"server"`   // host:port
	Security string            `yaml:"security"` // starttls, tls or none; "" is starttls
	Username string            `yaml:"username"`
	Password collectors.Secret `yaml:"password"`
	From     string            `yaml:"from"`
	To       []string          `yaml:"to"`
}

// Called is Name, or "mail".
func (m Mail) Called() string { return cmp.Or(m.Name, "mail") }

// Address is the host and port of Server, which [Mail.Check] has seen to be.
func (m Mail) Address() (host string, port int) {
	host, p, err := net.SplitHostPort(m.Server)
	if err != nil {
		return m.Server, 0
	}
	port, err = strconv.Atoi(p)
	if err != nil {
		return host, 0
	}
	return host, port
}

// Check finds values that cannot work; its error begins with their key.
func (m Mail) Check() error {
	if err := m.check(); err != nil {
		return err
	}
	if host, port := m.Address(); host == "" || port < 1 || port > 65535 {
		return fmt.Errorf("server: %q is not host:port", m.Server)
	}
	switch {
	case !slices.Contains([]string{"", "starttls", "tls", "none"}, m.Security):
		return fmt.Errorf("security: there is no %q; there are starttls, tls and none", m.Security)
	case m.Username == "" && m.Password.Set():
		return errors.New("password: without a username")
	case m.Username != "" && !m.Password.Set():
		return errors.New("username: without a password")
	case m.Username != "" && m.Security == "none":
		return errors.New("security: a password is not sent without TLS")
	case len(m.To) == 0:
		return errors.New("to: nobody")
	}
	if _, err := mail.ParseAddress(m.From); err != nil {
		return fmt.Errorf("from: %q is no address", m.From)
	}
	for _, to := range m.To {
		if _, err := mail.ParseAddress(to); err != nil {
			return fmt.Errorf("to: %q is no address", to)
		}
	}
	return nil
}

// Webhook tells a program, or a chat.
type Webhook struct {
	People  `yaml:",inline"`
	URL     string            `yaml:"url"`
	URLFrom collectors.Secret `yaml:"url_from"` // instead, where the address is a secret
	Format  string            `yaml:"format"`   // json, or slack for a chat; "" is json
	Sign    collectors.Secret `yaml:"sign"`     // what messages are signed with
}

// Called is Name, or the address's host, or the format.
func (w Webhook) Called() string {
	if u, err := url.Parse(w.URL); w.Name == "" && err == nil && u.Host != "" {
		return u.Host
	}
	return cmp.Or(w.Name, w.Format, "webhook")
}

// Check finds values that cannot work; its error begins with their key.
func (w Webhook) Check() error {
	if err := w.check(); err != nil {
		return err
	}
	switch {
	case w.URL == "" && !w.URLFrom.Set():
		return errors.New("url: there is none")
	case w.URL != "" && w.URLFrom.Set():
		return errors.New("url_from: either this or url")
	case !slices.Contains([]string{"", "json", "slack"}, w.Format):
		return fmt.Errorf("format: there is no %q; there are json and slack", w.Format)
	}
	if w.URL == "" {
		return nil
	}
	return Endpoint{URL: w.URL}.Check()
}

func (c *Config) checkMessages() (errs []error) {
	known := map[string]bool{}
	check := func(kind string, i int, called string, err error) {
		switch {
		case err == nil && known[called]:
			err = fmt.Errorf("name: two channels are called %s", called)
		case err == nil && !c.Alerting.Evaluate:
			err = errors.New("to: with evaluate: false there is nothing to tell: your Prometheus tells your Alertmanager")
		}
		known[called] = true
		if err != nil {
			key, _, _ := strings.Cut(err.Error(), ":")
			errs = append(errs, c.at(fmt.Errorf("alerting: %s: %w", kind, err), "alerting", kind, i, key))
		}
	}
	for i, m := range c.Alerting.Mail {
		check("mail", i, m.Called(), m.Check())
	}
	for i, w := range c.Alerting.Webhooks {
		check("webhooks", i, w.Called(), w.Check())
	}
	return errs
}
