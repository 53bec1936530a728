package series

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"
)

// Limits keep one question from costing everybody else's; zero values are
// sensible.
type Limits struct {
	Samples     int           // held in memory by one query, 16 bytes each; 0 is 10 million
	Timeout     time.Duration // of one query, its wait for a turn included; 0 is 30 s
	Concurrency int           // queries at a time, the others wait; 0 is 4
}

func (l Limits) complete() Limits {
	if l.Samples == 0 {
		l.Samples = 10_000_000
	}
	if l.Timeout == 0 {
		l.Timeout = 30 * time.Second
	}
	if l.Concurrency == 0 {
		l.Concurrency = 4
	}
	return l
}

// Engine is the Prometheus engine, reading sums where a query lets it.
type Engine struct {
	queryable *Queryable
	engine    *promql.Engine
	limits    Limits
	turns     turns
}

// NewEngine makes an engine. It starts nothing.
func NewEngine(q *Queryable, l Limits) *Engine {
	l = l.complete()
	waiting := make(turns, l.Concurrency)
	return &Engine{queryable: q, limits: l, turns: waiting, engine: promql.NewEngine(promql.EngineOpts{
		Logger: slog.New(slog.DiscardHandler), MaxSamples: l.Samples, Timeout: l.Timeout, LookbackDelta: lookback,
		ActiveQueryTracker: waiting, EnableAtModifier: true, EnableNegativeOffset: true,
		NoStepSubqueryIntervalFn: subqueryStep, Parser: Parser(),
	})}
}

// Parser is the parser of the language the engine speaks.
func Parser() parser.Parser { return parser.NewParser(parser.Options{}) }

// Limits are those the engine keeps to.
func (e *Engine) Limits() Limits { return e.limits }

// Queryable is what the engine reads.
func (e *Engine) Queryable() *Queryable { return e.queryable }

// Instant makes a query for one moment. The caller closes it. Its error is a
// mistake in expr, or ctx's.
func (e *Engine) Instant(ctx context.Context, expr string, at time.Time) (promql.Query, error) {
	p := &planned{Queryable: e.queryable}
	q, err := e.engine.NewInstantQuery(ctx, p, nil, expr, at)
	return p.resolve(q, err)
}

// Range makes a query for the moments from, from + step and so on through to.
// The caller closes it. Its error is a mistake in expr, or ctx's.
func (e *Engine) Range(ctx context.Context, expr string, from, to time.Time, step time.Duration) (promql.Query, error) {
	p := &planned{Queryable: e.queryable}
	q, err := e.engine.NewRangeQuery(ctx, p, nil, expr, from, to, step)
	return p.resolve(q, err)
}

// resolve plans a query between its parsing and its execution.
func (p *planned) resolve(q promql.Query, err error) (promql.Query, error) {
	if err != nil {
		return nil, err
	}
	if s, ok := q.Statement().(*parser.EvalStmt); ok {
		p.plan = resolution(s)
	}
	return q, nil
}

// QueryFunc evaluates an expression at a moment, as rules want it: its type is
// that of rules.QueryFunc.
func (e *Engine) QueryFunc() func(ctx context.Context, expr string, at time.Time) (promql.Vector, error) {
	return func(ctx context.Context, expr string, at time.Time) (promql.Vector, error) {
		q, err := e.Instant(ctx, expr, at)
		if err != nil {
			return nil, err
		}
		defer q.Close()
		res := q.Exec(ctx)
		if res.Err != nil {
			return nil, res.Err
		}
		switch v := res.Value.(type) {
		case promql.Vector:
			return v, nil
		case promql.Scalar:
			return promql.Vector{{T: v.T, F: v.V}}, nil
		}
		return nil, errors.New("rule result is not a vector or scalar")
	}
}

// Turn waits until so few queries are at work that one more may be: for those
// who read without a query. Call done when that is over.
func (e *Engine) Turn(ctx context.Context) (done func(), err error) {
	n, err := e.turns.Insert(ctx, "")
	return func() { e.turns.Delete(n) }, err
}

// turns lets so many queries work at a time; the others wait.
type turns chan struct{}

func (t turns) GetMaxConcurrent() int { return cap(t) }

func (t turns) Insert(ctx context.Context, _ string) (int, error) {
	select {
	case t <- struct{}{}:
		return 0, nil
	case <-ctx.Done():
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			return 0, promql.ErrQueryTimeout("query queue")
		}
		return 0, promql.ErrQueryCanceled("query queue")
	}
}

func (t turns) Delete(int) { <-t }

func (t turns) Close() error { return nil }
