package series

import (
	"math"

	"github.com/prometheus/prometheus/model/histogram"
	"github.com/prometheus/prometheus/model/value"
	"github.com/prometheus/prometheus/tsdb/chunkenc"
)

// millis is a time in Unix milliseconds. Under its own name go vet does not
// take Seek for that of a file.
type millis = int64

const minute, hour = 60_000, 3_600_000 // in milliseconds

// stamp is when a minute's sample is: one millisecond before it ends, so that
// ranges that begin and end with a minute hold it once, be they closed at both
// ends (Prometheus 2) or open at the left (3).
func stamp(m int64) millis { return (m+1)*minute - 1 }

// minuteOf is the minute that holds t, and so the first whose stamp is not
// before t.
func minuteOf(t millis) int64 { return floor(t, minute) }

// floor divides towards the past.
func floor(at, unit int64) int64 {
	q := at / unit
	if at%unit < 0 {
		q--
	}
	return q
}

// window is a stretch of time, both ends included.
type window struct{ from, to millis }

// values are one series' values, a minute at a time. Minutes count from 1970.
type values interface {
	// at gives a minute's value; ok is false where there is none. It is cheapest
	// when minutes only grow.
	at(minute int64) (v float64, ok bool)
	err() error // why values are missing; nil when none is
}

// sparse are values that know where there are none for long, so that years of
// nothing need not be gone through.
type sparse interface {
	// next is the first minute from m on that may have a value.
	next(m int64) int64
}

// minutes iterates over values. After the last of a run it gives one
// staleness mark, so that the value is not taken for the present one any longer.
type minutes struct {
	sample
	values values
	window window
	final  int64 // from this minute on, what is missing may still come: no mark
	next   int64 // minute to look at
	begun  bool
	before bool // the minute before next has a value
}

func (it *minutes) Next() chunkenc.ValueType {
	if !it.begun {
		return it.seek(minuteOf(it.window.from))
	}
	for last := it.last(); it.next <= last; {
		m := it.next
		v, ok := it.values.at(m)
		marked := it.before && !ok && m < it.final
		it.next, it.before = m+1, ok
		switch {
		case ok:
			it.t, it.v = stamp(m), v
			return chunkenc.ValFloat
		case marked:
			it.t, it.v = stamp(m), math.Float64frombits(value.StaleNaN)
			return chunkenc.ValFloat
		}
		if s, ok := it.values.(sparse); ok {
			it.next = s.next(it.next)
		}
	}
	return it.end()
}

// last is the last minute whose stamp is in the window.
func (it *minutes) last() int64 { return floor(it.window.to+1, minute) - 1 }

// Seek goes to the first sample not before t; it never goes back.
func (it *minutes) Seek(t millis) chunkenc.ValueType {
	if it.done {
		return chunkenc.ValNone
	}
	if it.begun && it.t >= t {
		return chunkenc.ValFloat
	}
	return it.seek(minuteOf(max(t, it.window.from)))
}

func (it *minutes) seek(m int64) chunkenc.ValueType {
	if !it.begun || m > it.next {
		it.next = m
		_, it.before = it.values.at(m - 1)
	}
	it.begun = true
	return it.Next()
}

func (it *minutes) Err() error { return it.values.err() }

// sample is the present sample of an iterator over numbers.
type sample struct {
	t    millis
	v    float64
	done bool
}

func (s *sample) end() chunkenc.ValueType {
	s.done = true
	return chunkenc.ValNone
}

func (s *sample) At() (int64, float64) { return s.t, s.v }
func (s *sample) AtT() int64           { return s.t }
func (s *sample) AtST() int64          { return 0 } // nothing here began to count anywhere
func (s *sample) AtHistogram(*histogram.Histogram) (int64, *histogram.Histogram) {
	return s.t, nil
}
func (s *sample) AtFloatHistogram(*histogram.FloatHistogram) (int64, *histogram.FloatHistogram) {
	return s.t, nil
}
