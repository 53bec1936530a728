package collectors

import (
	"slices"
	"time"
)

// Phase is what a source is doing: a closed set, since it becomes a metric
// label.
type Phase string

// The phases. Waiting, Throttled and Rejected last until the source is heard
// again, through the attempts between.
const (
	Starting     Phase = "starting"  // not heard yet, nothing wrong so far
	Listening    Phase = "listening" // heard
	Waiting      Phase = "waiting"   // for the next attempt, after an error
	ThrottledOut Phase = "throttled" // for the time the source named
	Rejected     Phase = "rejected"  // for the operator
	Finished     Phase = "finished"  // the source came to its end
	Stopped      Phase = "stopped"   // by us, or for damage to our store
)

// Phases lists every [Phase], for metrics that start at zero.
func Phases() []Phase {
	return []Phase{Starting, Listening, Waiting, ThrottledOut, Rejected, Finished, Stopped}
}

// Status is how a source is, as the page and the metrics show it.
type Status struct {
	Source   string
	Phase    Phase
	Since    time.Time // when this phase began
	Err      string    // why it is not heard, without secrets; "" when nothing is wrong
	Troubles []string  // what it cannot reach though it is heard
	Next     time.Time // of the next attempt; zero while one is under way
	Heard    time.Time // up to where source time is complete; zero when the source cannot tell
	Attempts int       // failed ones since the source was last well
	Restarts int       // failed attempts since the Supervisor was made
}

// hear notes a durable batch.
func (st *Status) hear(b Batch, healthy bool) {
	st.Phase, st.Err, st.Next = Listening, "", time.Time{}
	st.Troubles = slices.Clone(b.Troubles)
	if b.Until.After(st.Heard) {
		st.Heard = b.Until
	}
	if healthy {
		st.Attempts = 0
	}
}

// fail notes an attempt that ended with an error.
func (st *Status) fail(phase Phase, err error, next time.Time) {
	st.Phase, st.Err, st.Next, st.Troubles = phase, err.Error(), next, nil
	st.Attempts++
	st.Restarts++
}

func (st *Status) stop(phase Phase, err error) {
	st.Phase, st.Err, st.Next, st.Troubles = phase, "", time.Time{}, nil
	if err != nil {
		st.Err = err.Error()
	}
}

func (st Status) clone() Status {
	st.Troubles = slices.Clone(st.Troubles)
	return st
}

// same tells whether nothing but Heard differs, which does with every batch.
func (st Status) same(other Status) bool {
	return st.Source == other.Source && st.Phase == other.Phase && st.Err == other.Err &&
		slices.Equal(st.Troubles, other.Troubles) && st.Next.Equal(other.Next) &&
		st.Attempts == other.Attempts && st.Restarts == other.Restarts
}
