package messages

import (
	"fmt"

	"github.com/prometheus/common/model"
	"go.yaml.in/yaml/v4"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
)

// Inhibition keeps alerts from being told while another fires: one of
// Alertmanager's inhibit_rules.
type Inhibition struct {
	source, target []*labels.Matcher
	equal          []string
}

// Inhibitions reads the rules of an Alertmanager's configuration.
func Inhibitions(config []byte) (all []Inhibition, err error) {
	var file struct {
		Rules []struct {
			Source []string `yaml:"source_matchers"`
			Target []string `yaml:"target_matchers"`
			Equal  []string `yaml:"equal"`
		} `yaml:"inhibit_rules"`
	}
	if err := yaml.Unmarshal(config, &file); err != nil {
		return nil, fmt.Errorf("inhibit_rules: %w", err)
	}
	for i, r := range file.Rules {
		one := Inhibition{equal: r.Equal}
		if one.source, err = matchers(r.Source); err == nil {
			one.target, err = matchers(r.Target)
		}
		if err != nil {
			return nil, fmt.Errorf("inhibit_rules: %d: %w", i+1, err)
		}
		all = append(all, one)
	}
	return all, nil
}

func matchers(texts []string) (all []*labels.Matcher, err error) {
	p := parser.NewParser(parser.Options{})
	for _, t := range texts {
		// A selector needs a matcher that an empty label fails.
		ms, err := p.ParseMetricSelector(`{__name__="alert",` + t + `}`)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", t, err)
		}
		for _, m := range ms {
			if m.Name != model.MetricNameLabel {
				all = append(all, m)
			}
		}
	}
	return all, nil
}

// loud leaves out what other firing alerts inhibit. As in Alertmanager, an
// alert that is source and target of a rule does not inhibit its like.
func loud(firing []Alert, rules []Inhibition) (told []Alert) {
	for _, a := range firing {
		if !inhibited(a, firing, rules) {
			told = append(told, a)
		}
	}
	return told
}

func inhibited(a Alert, firing []Alert, rules []Inhibition) bool {
	for _, r := range rules {
		if !matches(a, r.target) || matches(a, r.source) {
			continue
		}
		for _, by := range firing {
			if matches(by, r.source) && same(a, by, r.equal) {
				return true
			}
		}
	}
	return false
}

func matches(a Alert, ms []*labels.Matcher) bool {
	for _, m := range ms {
		if !m.Matches(a.Labels[m.Name]) {
			return false
		}
	}
	return true
}

func same(a, b Alert, names []string) bool {
	for _, n := range names {
		if a.Labels[n] != b.Labels[n] {
			return false
		}
	}
	return true
}
