package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/prometheus/prometheus/promql"
)

// maxPoints is how many points of a series one answer may have: a minute's
// resolution for a week, an hour's for a year.
const maxPoints = 11_000

// instant answers a query for one moment.
func (a *api) instant(ctx context.Context, r *http.Request) reply {
	limit, bad := limitOf(r)
	if bad != nil {
		return *bad
	}
	at := a.Now()
	if s := r.FormValue("time"); s != "" {
		var err error
		if at, err = parseTime(s); err != nil {
			return misused("time", errInvalidTime("time", err))
		}
	}
	return a.run(ctx, r, limit, func(ctx context.Context) (promql.Query, error) {
		return a.Engine.Instant(ctx, r.FormValue("query"), at)
	})
}

// span answers a query for evenly spaced moments.
func (a *api) span(ctx context.Context, r *http.Request) reply {
	limit, bad := limitOf(r)
	if bad != nil {
		return *bad
	}
	from, err := parseTime(r.FormValue("start"))
	if err != nil {
		return misused("start", err)
	}
	to, err := parseTime(r.FormValue("end"))
	if err != nil {
		return misused("end", err)
	}
	if to.Before(from) {
		return misused("end", errors.New("end timestamp must not be before start time"))
	}
	step, err := parseDuration(r.FormValue("step"))
	if err != nil {
		return misused("step", err)
	}
	if step <= 0 {
		return misused("step", errors.New("zero or negative query resolution step widths are not accepted. Try a positive integer"))
	}
	step = max(step, time.Millisecond)
	if (to.UnixMilli()-from.UnixMilli())/step.Milliseconds() > maxPoints { // a time.Duration would end after 292 years
		return refuse(badData, errors.New("exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)"))
	}
	return a.run(ctx, r, limit, func(ctx context.Context) (promql.Query, error) {
		return a.Engine.Range(ctx, r.FormValue("query"), from, to, step)
	})
}

// run makes a query and answers it, in the time the asker grants.
func (a *api) run(ctx context.Context, r *http.Request, limit int, build func(context.Context) (promql.Query, error)) reply {
	if s := r.FormValue("timeout"); s != "" {
		d, err := parseDuration(s)
		if err == nil && d <= 0 {
			err = errors.New("timeout must be positive, got " + d.String())
		}
		if err != nil {
			return misused("timeout", err)
		}
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, d)
		defer cancel()
	}
	q, err := build(ctx)
	if err != nil {
		return unbuilt(err)
	}
	defer q.Close()
	res := q.Exec(ctx)
	if res.Err != nil {
		return broken(res.Err)
	}
	notes := notes{annotations: res.Warnings}
	value, cut := shorten(res.Value, limit)
	notes.cut = cut
	return reply{data: encode(value), notes: notes} // encoded before Close takes the points back
}

func (a *api) format(_ context.Context, r *http.Request) reply {
	expr, err := a.parser.ParseExpr(r.FormValue("query"))
	if err != nil {
		return misused("query", err)
	}
	return reply{data: expr.Pretty(0)}
}

// exemplars has none: no single post is ever part of a series.
func (a *api) exemplars(_ context.Context, r *http.Request) reply {
	if _, err := a.parser.ParseExpr(r.FormValue("query")); err != nil {
		return misused("query", err)
	}
	return reply{data: []any{}}
}
