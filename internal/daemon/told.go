package daemon

import (
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"confianza/collectors"
	"confianza/internal/metrics"
	"confianza/internal/store"
)

// told is what was already said of one source, in the log and in the metrics:
// the log says once what a person could act on, and once that it is over.
type told struct {
	source  string
	brings  bool // see [entry]
	log     *slog.Logger
	metrics *metrics.Metrics

	mu       sync.Mutex
	err      string
	troubles map[string]bool
	attempts int // that were counted
	ended    int // of them, with an error
	drops    map[collectors.Reason]drops
}

// drops are the posts dropped for one reason.
type drops struct {
	unsaid int
	said   time.Time
}

// dropsEvery is how often the log says that posts are dropped for the same
// reason.
const dropsEvery = time.Hour

func (t *told) status(st collectors.Status) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.metrics.State(t.source, string(st.Phase), phases(), len(st.Troubles))
	t.metrics.Listening(t.source, st.Phase == collectors.Listening, !t.brings)
	if st.Attempts > t.attempts {
		if t.attempts > 0 {
			t.metrics.Reconnect(t.source)
		}
		t.attempts = st.Attempts
	}
	if !st.Next.IsZero() && st.Attempts > t.ended {
		t.ended = st.Attempts
		t.metrics.Failed(t.source, string(st.Cause))
	}
	switch {
	case st.Err != "" && st.Err != t.err:
		t.log.Warn("source not heard", "source", t.source, "state", st.Phase, "cause", st.Cause, "why", st.Err,
			"next try", st.Next.UTC().Format(time.RFC3339))
		t.err = st.Err
	case st.Phase == collectors.Listening && t.err != "":
		t.log.Info("source heard again", "source", t.source)
		t.err = ""
	}
	if st.Phase == collectors.Listening {
		t.parts(st.Troubles)
	}
}

// parts says which parts of a source came to be unreadable, and which are not
// any more.
func (t *told) parts(now []collectors.Trouble) {
	troubles := map[string]bool{}
	for _, part := range now {
		if troubles[part.Why] = true; !t.troubles[part.Why] {
			t.log.Warn("part of a source not heard", "source", t.source, "cause", part.Cause, "why", part.Why)
		}
	}
	for _, why := range slices.Sorted(maps.Keys(t.troubles)) {
		if !troubles[why] {
			t.log.Info("part of a source no longer in this trouble", "source", t.source, "why", why)
		}
	}
	t.troubles = troubles
}

// batch says what a durable batch dropped, at its source or at the door.
func (t *told) batch(b collectors.Batch, _ store.Added) { t.dropped(b.Dropped, time.Now()) }

func (t *told) dropped(now map[collectors.Reason]int, at time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, reason := range slices.Sorted(maps.Keys(now)) {
		if reason == collectors.NoText {
			continue // usual: pictures without words
		}
		d := t.drops[reason]
		d.unsaid += now[reason]
		if d.unsaid > 0 && (d.said.IsZero() || at.Sub(d.said).Abs() >= dropsEvery) {
			t.log.Warn("posts dropped", "source", t.source, "reason", reason, "posts", d.unsaid)
			d = drops{said: at}
		}
		if t.drops == nil {
			t.drops = map[collectors.Reason]drops{}
		}
		t.drops[reason] = d
	}
}
