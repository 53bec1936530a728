package config

import (
	"fmt"
	"os"
	"strings"
)

// Alerting says where rules are evaluated, and who is told.
type Alerting struct {
	Evaluate      bool       `yaml:"evaluate"`      // here; false where a Prometheus has the rules
	Rules         []string   `yaml:"rules"`         // paths of rule files beside those built in
	Alertmanagers []Endpoint `yaml:"alertmanagers"` // each is told everything
	Mail          []Mail     `yaml:"mail"`          // people told directly
	Webhooks      []Webhook  `yaml:"webhooks"`
}

func (c *Config) checkAlerting() (errs []error) {
	for i, path := range c.Alerting.Rules {
		if _, err := os.Stat(path); err != nil {
			errs = append(errs, c.at(fmt.Errorf("alerting: rules: %w", err), "alerting", "rules", i))
		}
	}
	for i, a := range c.Alerting.Alertmanagers {
		if err := a.Check(); err != nil {
			key, _, _ := strings.Cut(err.Error(), ":")
			errs = append(errs, c.at(fmt.Errorf("alerting: alertmanagers: %w", err), "alerting", "alertmanagers", i, key))
		}
	}
	return errs
}
