package config

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"time"
)

// RemoteWrite is one receiver of mentions per minute.
type RemoteWrite struct {
	Endpoint `yaml:",inline"`
	Name     string            `yaml:"name"`   // in metrics and messages, and what is remembered of it; "" means its host
	Window   time.Duration     `yaml:"window"` // how far back it takes samples; 0 means 48 h
	Labels   map[string]string `yaml:"labels"` // added to every series
}

// Called is Name, or the address's host.
func (r RemoteWrite) Called() string {
	if r.Name != "" {
		return r.Name
	}
	u, err := url.Parse(r.URL)
	if err != nil {
		return r.URL
	}
	return u.Host
}

// Reach is Window, or what is usual.
func (r RemoteWrite) Reach() time.Duration {
	if r.Window == 0 {
		return 48 * time.Hour
	}
	return r.Window
}

var labelName = regexp.MustCompile(`^[a-zA-Z_][a-zA-Z0-9_]*$`)

// ours are the labels that series have anyway.
var ours = map[string]bool{"__name__": true, "brand": true, "source": true, "language": true, "polarity": true, "kind": true}

// Check finds values that cannot work; its error begins with their key.
func (r RemoteWrite) Check() error {
	if err := r.Endpoint.Check(); err != nil {
		return err
	}
	if w := r.Reach(); w < time.Hour || w > 31*24*time.Hour {
		return fmt.Errorf("window: %v is not from 1h to 744h", w)
	}
	for name := range r.Labels {
		if !labelName.MatchString(name) || ours[name] {
			return fmt.Errorf("labels: %q is no name for a label, or one that series have already", name)
		}
	}
	return nil
}

func (c *Config) checkRemoteWrite() (errs []error) {
	known := map[string]bool{}
	for i, r := range c.RemoteWrite {
		err := r.Check()
		if err == nil && known[r.Called()] {
			err = errors.New("name: two receivers are called " + r.Called())
		}
		known[r.Called()] = true
		if err != nil {
			key, _, _ := strings.Cut(err.Error(), ":")
			errs = append(errs, c.at(fmt.Errorf("remote_write: %w", err), "remote_write", i, key))
		}
	}
	return errs
}
