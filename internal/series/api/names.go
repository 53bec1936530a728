package api

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/storage"

	"confianza/internal/series"
)

// names lists the labels there are.
func (a *api) names(ctx context.Context, r *http.Request) reply {
	return a.words(r, func(q storage.Querier, ms []*labels.Matcher) ([]string, error) {
		all, _, err := q.LabelNames(ctx, nil, ms...)
		return all, err
	})
}

// values lists the values of one label.
func (a *api) values(ctx context.Context, r *http.Request) reply {
	name := r.PathValue("name")
	if strings.HasPrefix(name, "U__") {
		name = model.UnescapeName(name, model.ValueEncodingEscaping)
	}
	if !model.UTF8Validation.IsValidLabelName(name) {
		return refuse(badData, fmt.Errorf("invalid label name: %q", name))
	}
	return a.words(r, func(q storage.Querier, ms []*labels.Matcher) ([]string, error) {
		all, _, err := q.LabelValues(ctx, name, nil, ms...)
		return all, err
	})
}

// words gathers words of all series that any of the selectors means.
func (a *api) words(r *http.Request, list func(storage.Querier, []*labels.Matcher) ([]string, error)) reply {
	limit, bad := limitOf(r)
	if bad == nil {
		bad = timesOf(r)
	}
	if bad != nil {
		return *bad
	}
	sets, err := a.selectors(r)
	if err != nil {
		return refuse(badData, err)
	}
	if len(sets) == 0 {
		sets = [][]*labels.Matcher{nil}
	}
	found := map[string]bool{}
	err = a.look(func(q storage.Querier) error {
		for _, set := range sets {
			words, err := list(q, set)
			if err != nil {
				return err
			}
			for _, w := range words {
				found[w] = true
			}
		}
		return nil
	})
	if err != nil {
		return broken(err)
	}
	all := slices.AppendSeq([]string{}, maps.Keys(found))
	slices.Sort(all)
	cut := limit > 0 && len(all) > limit
	if cut {
		all = all[:limit]
	}
	return reply{data: all, notes: notes{cut: cut}}
}

// series lists series.
func (a *api) series(ctx context.Context, r *http.Request) reply {
	if len(r.Form["match[]"]) == 0 {
		return refuse(badData, errors.New("no match[] parameter provided"))
	}
	limit, bad := limitOf(r)
	if bad == nil {
		bad = timesOf(r)
	}
	if bad != nil {
		return *bad
	}
	sets, err := a.selectors(r)
	if err != nil {
		return misused("match[]", err)
	}
	all := []labels.Labels{}
	err = a.look(func(q storage.Querier) error {
		for _, ms := range sets {
			set := q.Select(ctx, true, &storage.SelectHints{Start: math.MinInt64, End: math.MaxInt64, Func: "series"}, ms...)
			for set.Next() {
				all = append(all, set.At().Labels())
			}
			if err := set.Err(); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return broken(err)
	}
	slices.SortFunc(all, labels.Compare)
	all = slices.CompactFunc(all, labels.Equal)
	cut := limit > 0 && len(all) > limit
	if cut {
		all = all[:limit]
	}
	return reply{data: all, notes: notes{cut: cut}}
}

// look opens a querier for as long as f needs it.
func (a *api) look(f func(storage.Querier) error) (err error) {
	q, err := a.Engine.Queryable().Querier(math.MinInt64, math.MaxInt64)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, q.Close()) }()
	return f(q)
}

// metadata says what each metric means.
func (a *api) metadata(_ context.Context, r *http.Request) reply {
	limit := -1
	if s := r.FormValue("limit"); s != "" {
		var err error
		if limit, err = strconv.Atoi(s); err != nil {
			return refuse(badData, errors.New("limit must be a number"))
		}
	}
	all := map[string][]map[string]string{}
	for _, m := range series.Metrics() {
		if only := r.FormValue("metric"); only != "" && only != m.Name || limit >= 0 && len(all) >= limit {
			continue
		}
		all[m.Name] = []map[string]string{{"type": "gauge", "help": m.Help, "unit": ""}}
	}
	return reply{data: all}
}
