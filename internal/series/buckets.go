package series

import (
	"github.com/prometheus/prometheus/model/histogram"
	"github.com/prometheus/prometheus/tsdb/chunkenc"
)

// sums are values that can be added up without looking at every minute.
type sums interface {
	values
	plan(grid)
	// sum adds up the minutes [from, to); ok is false when none of them has a
	// value.
	sum(from, to int64) (v float64, ok bool)
}

// buckets iterates over sums: one sample a bucket, at its upper end. The sum
// over whole buckets is the sum over their minutes, and absent when theirs is.
// Staleness marks are left out: a sum over time does not see them.
type buckets struct {
	sample
	sums   sums
	grid   grid
	window window
	begun  bool
}

func (it *buckets) Next() chunkenc.ValueType {
	if !it.begun {
		return it.seek(it.window.from)
	}
	return it.from(it.t + it.grid.width)
}

// Seek goes to the first sample not before t; it never goes back.
func (it *buckets) Seek(t millis) chunkenc.ValueType {
	if it.done {
		return chunkenc.ValNone
	}
	if it.begun && it.t >= t {
		return chunkenc.ValFloat
	}
	return it.seek(max(t, it.window.from))
}

func (it *buckets) seek(t millis) chunkenc.ValueType {
	it.begun = true
	return it.from(it.grid.end(t))
}

// from looks for a bucket with a value, beginning with the one that ends at t.
func (it *buckets) from(t millis) chunkenc.ValueType {
	for ; t <= it.window.to; t += it.grid.width {
		if v, ok := it.sums.sum(minuteOf(t-it.grid.width+1), minuteOf(t+1)); ok {
			it.t, it.v = t, v
			return chunkenc.ValFloat
		}
	}
	return it.end()
}

func (it *buckets) Err() error { return it.sums.err() }

// failed is an iterator that could not begin.
type failed struct{ why error }

func (f *failed) Next() chunkenc.ValueType                                       { return chunkenc.ValNone }
func (f *failed) Seek(millis) chunkenc.ValueType                                 { return chunkenc.ValNone }
func (f *failed) At() (int64, float64)                                           { return 0, 0 }
func (f *failed) AtT() int64                                                     { return 0 }
func (f *failed) AtST() int64                                                    { return 0 }
func (f *failed) AtHistogram(*histogram.Histogram) (int64, *histogram.Histogram) { return 0, nil }
func (f *failed) AtFloatHistogram(*histogram.FloatHistogram) (int64, *histogram.FloatHistogram) {
	return 0, nil
}
func (f *failed) Err() error { return f.why }
