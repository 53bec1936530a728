package pipeline

import "time"

// remembered is how many marks [Arrivals] keeps at most.
const remembered = 720

// Arrivals remembers how long the log was at which time, so that it can tell
// for how long what a stage has not done has been waiting: neither the event
// time of a mention nor its source's clock says that, since an import of last
// year arrives today. It knows nothing from before it was made. The zero value
// is ready; it is for one goroutine at a time.
type Arrivals struct {
	marks []arrival
	apart time.Duration // between marks at least; doubles whenever they become too many
}

// arrival says that all after the mark before it, up to end, arrived at a time
// or up to [Arrivals.apart] later.
type arrival struct {
	end int64
	at  time.Time
}

// Note says how long the log is now. Times never go back.
func (a *Arrivals) Note(end int64, now time.Time) {
	n := len(a.marks)
	switch {
	case n > 0 && a.marks[n-1].end >= end:
	case n > 0 && now.Sub(a.marks[n-1].at) < a.apart:
		a.marks[n-1].end = end
	default:
		a.marks = append(a.marks, arrival{end, now})
	}
	if len(a.marks) > remembered {
		a.thin()
	}
}

// thin joins every mark with the one after it.
func (a *Arrivals) thin() {
	a.apart = 2 * max(a.apart, a.marks[len(a.marks)-1].at.Sub(a.marks[0].at)/remembered)
	joined := a.marks[:0]
	for i, m := range a.marks {
		if i%2 == 0 {
			joined = append(joined, m)
		} else {
			joined[len(joined)-1].end = m.end
		}
	}
	a.marks = joined
}

// Waited is how long the oldest mention after position through has been
// waiting; 0 when there is none.
func (a *Arrivals) Waited(through int64, now time.Time) time.Duration {
	for _, m := range a.marks {
		if m.end > through {
			return max(0, now.Sub(m.at))
		}
	}
	return 0
}

// Forget drops what every stage has done.
func (a *Arrivals) Forget(through int64) {
	for len(a.marks) > 1 && a.marks[0].end <= through {
		a.marks = a.marks[1:]
	}
	if len(a.marks) <= 1 {
		a.apart = 0
	}
}
