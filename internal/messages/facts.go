package messages

import (
	"context"
	"sync"
	"time"
)

// factsLast is how long facts are told as they were found: channels that tell of
// one alert at once say the same, and it is counted once for all of them.
const factsLast = time.Minute

// facts are those found lately.
type facts struct {
	mu    sync.Mutex
	at    time.Time // of the oldest
	known map[string]*Facts
}

// explain adds what is known beside the words of the rules. A message without
// it is better than none.
func (l *line) explain(ctx context.Context, m *Message) {
	for i := range m.Changes {
		if l.t.o.Explain == nil {
			return
		}
		found, err := l.t.explain(ctx, m.Changes[i].Alert)
		if err != nil && ctx.Err() == nil {
			l.t.o.Log.Warn("an alert is told without its facts", "alert", m.Changes[i].Labels["alertname"], "why", err)
		}
		m.Changes[i].Facts = found
	}
}

func (t *Teller) explain(ctx context.Context, a Alert) (*Facts, error) {
	t.facts.mu.Lock()
	defer t.facts.mu.Unlock()
	if now := t.o.Now(); now.Sub(t.facts.at).Abs() >= factsLast {
		t.facts.at, t.facts.known = now, map[string]*Facts{}
	}
	key := a.key() + a.Since.UTC().String()
	if found, known := t.facts.known[key]; known {
		return found, nil
	}
	found, err := t.o.Explain(ctx, a)
	if err == nil {
		t.facts.known[key] = found
	}
	return found, err
}
