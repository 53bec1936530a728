package api

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// rules lists the rules that are evaluated here, by group, as far as they are
// asked for.
func (a *api) rules(_ context.Context, r *http.Request) reply {
	wanted := strings.ToLower(r.FormValue("type"))
	switch wanted {
	case "", "alert", "record":
	default:
		return misused("type", fmt.Errorf("not supported value %q", wanted))
	}
	if _, err := a.selectors(r); err != nil {
		return refuse(badData, err)
	}
	asked := func(parameter, name string) bool {
		names := r.Form[parameter]
		return len(names) == 0 || slices.Contains(names, name)
	}
	groups := []Group{}
	for _, g := range a.groups() {
		if !asked("rule_group[]", g.Name) || !asked("file[]", g.File) {
			continue
		}
		rules := []Rule{}
		for _, rule := range g.Rules {
			if asked("rule_name[]", rule.Name) && (wanted == "" || strings.HasPrefix(rule.Type, wanted)) {
				if rule.Alerts == nil || r.FormValue("exclude_alerts") == "true" {
					rule.Alerts = []Alert{}
				}
				rules = append(rules, rule)
			}
		}
		if g.Rules = rules; len(rules) > 0 {
			groups = append(groups, g)
		}
	}
	return reply{data: map[string]any{"groups": groups}}
}

// alerts lists all alerts that are pending or firing.
func (a *api) alerts(context.Context, *http.Request) reply {
	all := []Alert{}
	for _, g := range a.groups() {
		for _, rule := range g.Rules {
			all = append(all, rule.Alerts...)
		}
	}
	return reply{data: map[string]any{"alerts": all}}
}

func (a *api) groups() []Group {
	if a.Rules == nil {
		return nil
	}
	return a.Rules.Groups()
}
