package api

import (
	"errors"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
)

// parseTime reads Unix seconds, with a fraction or without, or RFC 3339. A time
// is within 292 years of 1970: the engine counts in nanoseconds, and would answer
// for another one.
func parseTime(s string) (time.Time, error) {
	if f, err := strconv.ParseFloat(s, 64); err == nil && math.Abs(f) < math.MaxInt64/1e9 {
		return time.UnixMilli(int64(math.Round(f * 1000))).UTC(), nil
	}
	if t, err := time.Parse(time.RFC3339Nano, s); err == nil && time.Unix(0, t.UnixNano()).Equal(t) {
		return t, nil
	}
	return time.Time{}, fmt.Errorf("cannot parse %q to a valid timestamp", s)
}

func errInvalidTime(parameter string, err error) error {
	return fmt.Errorf("invalid time value for '%s': %w", parameter, err)
}

// parseDuration reads seconds, or a duration such as 5m.
func parseDuration(s string) (time.Duration, error) {
	if f, err := strconv.ParseFloat(s, 64); err == nil {
		if ns := f * float64(time.Second); math.Abs(ns) < math.MaxInt64 {
			return time.Duration(ns), nil
		}
		return 0, fmt.Errorf("cannot parse %q to a valid duration. It overflows int64", s)
	}
	if d, err := model.ParseDuration(s); err == nil {
		return time.Duration(d), nil
	}
	return 0, fmt.Errorf("cannot parse %q to a valid duration", s)
}

// limitOf reads how much of an answer is wanted; 0 is all of it.
func limitOf(r *http.Request) (limit int, bad *reply) {
	s := r.FormValue("limit")
	if s == "" {
		return 0, nil
	}
	limit, err := strconv.Atoi(s)
	if err == nil && limit < 0 {
		err = errors.New("limit must be non-negative")
	}
	if err != nil {
		no := misused("limit", err)
		return 0, &no
	}
	return limit, nil
}

// timesOf checks start and end of a request about names: they are known for all
// time, so that nothing else is done with them.
func timesOf(r *http.Request) *reply {
	for _, p := range []string{"start", "end"} {
		if s := r.FormValue(p); s != "" {
			if _, err := parseTime(s); err != nil {
				no := misused(p, errInvalidTime(p, err))
				return &no
			}
		}
	}
	return nil
}

// selectors reads match[].
func (a *api) selectors(r *http.Request) ([][]*labels.Matcher, error) {
	sets, err := a.parser.ParseMetricSelectors(r.Form["match[]"])
	if err != nil {
		return nil, err
	}
	for _, set := range sets {
		if !selective(set) {
			return nil, errors.New("match[] must contain at least one non-empty matcher")
		}
	}
	return sets, nil
}

func selective(set []*labels.Matcher) bool {
	for _, m := range set {
		if !m.Matches("") {
			return true
		}
	}
	return false
}
