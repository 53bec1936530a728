package series

import (
	"time"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/timestamp"
	"github.com/prometheus/prometheus/promql/parser"
)

// grid is a division of time into buckets (end-width, end] whose ends are
// phase plus multiples of width. Width 0 is none: every minute is read.
type grid struct{ width, phase millis }

// end is the first end of a bucket that is not before t.
func (g grid) end(t millis) millis {
	return g.phase - floor(g.phase-t, g.width)*g.width
}

// hourly tells whether every bucket is made of whole hours' minutes.
func (g grid) hourly() bool {
	return g.width > 0 && g.width%hour == 0 && minuteOf(g.phase+1)%60 == 0
}

// plan says at which resolution each selector of a query may be read, by the
// first of its matchers: storage.Querier is given that very slice. A selector
// that is not in it is read by the minute.
type plan map[*labels.Matcher]grid

func (p plan) of(ms []*labels.Matcher) grid {
	if len(ms) == 0 {
		return grid{}
	}
	return p[ms[0]]
}

// resolution plans a query from its parsed form, never from the hints alone:
// they do not say at which times within a subquery a range is asked for.
//
// Only sum_over_time directly over a range can take sums instead of minutes.
// Its ranges begin and end at phase + multiples of width, where width divides
// the range and what the evaluation times have in common, so that no bucket is
// ever cut, and any range is exact; how ranges lie only decides the cost. A
// plain selector never takes sums: its unit would change with the zoom.
func resolution(s *parser.EvalStmt) plan {
	p := plan{}
	parser.Inspect(s.Expr, func(node parser.Node, path []parser.Node) error {
		call, ok := node.(*parser.Call)
		if !ok || call.Func.Name != "sum_over_time" {
			return nil
		}
		over, ok := call.Args[0].(*parser.MatrixSelector)
		if !ok {
			return nil
		}
		vs := over.VectorSelector.(*parser.VectorSelector)
		if g := divide(s, vs, over.Range.Milliseconds(), path); g.width >= 2*minute && len(vs.LabelMatchers) > 0 {
			p[vs.LabelMatchers[0]] = g
		}
		return nil
	})
	return p
}

// divide finds the widest grid that fits every range a selector is asked for.
func divide(s *parser.EvalStmt, vs *parser.VectorSelector, over millis, path []parser.Node) grid {
	offset := vs.OriginalOffset.Milliseconds()
	step, within := subquery(path)
	switch {
	case vs.Anchored || vs.Smoothed || over <= 0:
		return grid{} // they look beyond their range
	case vs.Timestamp != nil && within:
		return grid{} // the engine moves these about
	case vs.Timestamp != nil:
		return phased(over, *vs.Timestamp-offset)
	case within:
		return phased(gcd(step, over), -offset) // evaluated at multiples of step
	}
	start, end, every := timestamp.FromTime(s.Start), timestamp.FromTime(s.End), s.Interval.Milliseconds()
	if every == 0 || end-start < every {
		return phased(over, start-offset) // one evaluation
	}
	return phased(gcd(every, over), start-offset)
}

func phased(width, at millis) grid { return grid{width, at - floor(at, width)*width} }

// subquery finds the step of the innermost subquery around a node.
func subquery(path []parser.Node) (step millis, ok bool) {
	for _, n := range path {
		if sq, is := n.(*parser.SubqueryExpr); is {
			step, ok = sq.Step.Milliseconds(), true
			if step == 0 {
				step = subqueryStep(sq.Range.Milliseconds())
			}
		}
	}
	return step, ok
}

// subqueryStep is the step of a subquery that names none, such as [1h:].
func subqueryStep(millis) millis { return time.Minute.Milliseconds() }

func gcd(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
