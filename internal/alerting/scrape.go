package alerting

import (
	"strconv"
	"time"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
)

// scrape takes the registry's present values into the memory, as a scrape
// would: with job and instance, and with up.
func (e *Evaluator) scrape(now time.Time) error {
	families, err := e.o.Gather()
	if err != nil {
		return err
	}
	t, m := now.UnixMilli(), e.o.Memory
	take := func(name string, of []*dto.LabelPair, v float64, more ...string) {
		if !m.wants(name) {
			return
		}
		b := labels.NewScratchBuilder(len(of) + 3 + len(more)/2)
		b.Add(model.MetricNameLabel, name)
		b.Add("job", job)
		b.Add("instance", e.at)
		for _, l := range of {
			b.Add(l.GetName(), l.GetValue())
		}
		for i := 0; i+1 < len(more); i += 2 {
			b.Add(more[i], more[i+1])
		}
		b.Sort()
		m.add(b.Labels(), t, v)
	}
	take("up", nil, 1)
	for _, f := range families {
		for _, s := range f.Metric {
			sampled(f.GetName(), s, take)
		}
	}
	m.tidy(now.Add(-farthest).UnixMilli())
	return nil
}

// job is what a scrape of us is called; the rules ask for it.
const job = "confianza"

// sampled gives each of a metric's values its name.
func sampled(name string, s *dto.Metric, take func(name string, of []*dto.LabelPair, v float64, more ...string)) {
	switch {
	case s.Counter != nil:
		take(name, s.Label, s.Counter.GetValue())
	case s.Gauge != nil:
		take(name, s.Label, s.Gauge.GetValue())
	case s.Untyped != nil:
		take(name, s.Label, s.Untyped.GetValue())
	case s.Histogram != nil:
		take(name+"_count", s.Label, float64(s.Histogram.GetSampleCount()))
		take(name+"_sum", s.Label, s.Histogram.GetSampleSum())
		for _, b := range s.Histogram.Bucket {
			take(name+"_bucket", s.Label, float64(b.GetCumulativeCount()), "le", strconv.FormatFloat(b.GetUpperBound(), 'g', -1, 64))
		}
		take(name+"_bucket", s.Label, float64(s.Histogram.GetSampleCount()), "le", "+Inf")
	}
}
