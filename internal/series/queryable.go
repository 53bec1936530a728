package series

import (
	"time"

	"github.com/prometheus/prometheus/storage"

	"confianza/internal/store"
)

// Options is what series are made of. Store is needed.
type Options struct {
	Store   *store.Reader
	Brands  func() []string                   // configured now: their series exist before their first mention; nil is none
	Sources func() []string                   // configured now; nil is none
	Patient func(source string) time.Duration // how long after it was last heard a source is not yet deaf; nil or 0 is 5 minutes
	Now     func() time.Time                  // nil is the clock

	Incidents func() map[string]time.Time // when a brand's incident began; nil is none
}

// Queryable gives every series as samples a minute apart. It is safe for
// concurrent use; each querier it gives is not, and must be closed.
type Queryable struct{ o Options }

var _ storage.Queryable = (*Queryable)(nil)

// lookback is for how long a sample is the present one; see
// [promql.EngineOpts].
const lookback = 5 * time.Minute

// New makes a queryable; it opens nothing.
func New(o Options) *Queryable {
	if o.Brands == nil {
		o.Brands = func() []string { return nil }
	}
	if o.Sources == nil {
		o.Sources = func() []string { return nil }
	}
	if o.Incidents == nil {
		o.Incidents = func() map[string]time.Time { return nil }
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	patient := o.Patient
	o.Patient = func(source string) time.Duration {
		if patient != nil {
			if d := patient(source); d > 0 {
				return d
			}
		}
		return lookback
	}
	return &Queryable{o}
}

// Querier gives samples from mint to maxt, both included, in Unix milliseconds.
// It reads nothing before it is asked.
func (q *Queryable) Querier(mint, maxt int64) (storage.Querier, error) {
	return &querier{q: q, mint: mint, maxt: maxt}, nil
}

// planned is a queryable for one query whose resolution is planned.
type planned struct {
	*Queryable
	plan plan
}

func (p *planned) Querier(mint, maxt int64) (storage.Querier, error) {
	return &querier{q: p.Queryable, mint: mint, maxt: maxt, plan: p.plan}, nil
}
