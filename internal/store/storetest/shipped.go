package storetest

import (
	"fmt"
	"maps"
	"testing"
	"time"

	"pgregory.net/rapid"

	"confianza/internal/mention"
	"confianza/internal/store"
)

// shipped does random things to a store and to a receiver of its shipments,
// which keeps samples as Prometheus does: by series and time, to the
// millisecond, where another value for a time it has is an error.
func shipped(t *testing.T, open Open) {
	rapid.Check(t, func(r *rapid.T) {
		w := &world{t: t, dir: t.TempDir(), open: open, now: noon}
		w.s = open(t, w.dir, func() time.Time { return w.now })
		defer func() {
			if err := w.s.Close(); err != nil {
				r.Errorf("close: %v", err)
			}
		}()
		w.begin("v1")
		w.receivers(day.From, "prom")
		p := &receiver{w: w, r: r, samples: map[string]map[int64]int64{}}
		r.Repeat(map[string]func(*rapid.T){
			"add": func(r *rapid.T) {
				m := w.post(fmt.Sprint(rapid.IntRange(1, 4).Draw(r, "native")), "", "Acme")
				m.Text = rapid.SampledFrom([]string{"good", "bad", "so"}).Draw(r, "text")
				m.Revision = fmt.Sprint(rapid.IntRange(1, 5).Draw(r, "revision"))
				m.At = noon.Add(-time.Duration(rapid.IntRange(0, 90).Draw(r, "minutes before")) * time.Minute)
				w.add(m)
			},
			"score": func(r *rapid.T) { w.score(rapid.SampledFrom([]string{"v1", "v2"}).Draw(r, "version")) },
			"heard": func(r *rapid.T) {
				from := noon.Add(-time.Duration(rapid.IntRange(0, 90).Draw(r, "since")) * time.Minute)
				w.take(store.Intake{Heard: mention.Span{From: from, To: from.Add(time.Duration(rapid.IntRange(1, 20).Draw(r, "minutes")) * time.Minute)}})
			},
			"gone": func(r *rapid.T) {
				w.take(store.Intake{Gone: []mention.Gone{w.gone(fmt.Sprint(rapid.IntRange(1, 4).Draw(r, "native")))}})
			},
			"reopen": func(*rapid.T) { w.reopen() },
			"send":   func(r *rapid.T) { p.send(r) },
			"":       func(*rapid.T) {},
		})
		for p.send(r) {
		}
		p.compare()
	})
}

type receiver struct {
	w       *world
	r       *rapid.T
	samples map[string]map[int64]int64 // by labels and Unix milliseconds
}

// send takes one shipment, some of it twice, and now and then without saying
// so.
func (p *receiver) send(r *rapid.T) (more bool) {
	p.r = r
	sh := p.w.ship("prom", rapid.IntRange(1, 50).Draw(r, "limit"))
	part := rapid.IntRange(0, len(sh.Deltas)).Draw(r, "part")
	for _, d := range append(sh.Deltas[:part:part], sh.Deltas...) {
		p.take(d)
	}
	if rapid.IntRange(0, 9).Draw(r, "lost answer") == 0 {
		return true
	}
	must(p.w, p.w.s.Arrived(p.w.t.Context(), "prom"))
	return sh.More || len(sh.Deltas) > 0
}

func (p *receiver) take(d store.Delta) {
	labels := fmt.Sprint(d.Brand, d.Source, d.Language, d.Polarity, d.Kind)
	if p.samples[labels] == nil {
		p.samples[labels] = map[int64]int64{}
	}
	at := d.Minute.UnixMilli() + 59_999 - int64(d.Slot)
	if had, ok := p.samples[labels][at]; ok && had != d.N {
		p.r.Fatalf("sample of %s at %d is %d after %d", labels, at, d.N, had)
	}
	p.samples[labels][at] = d.N
}

func (p *receiver) compare() {
	got, want := map[string]int64{}, map[string]int64{}
	for labels, samples := range p.samples {
		for at, n := range samples {
			got[fmt.Sprint(labels, time.UnixMilli(at).UTC().Truncate(time.Minute))] += n
		}
	}
	maps.DeleteFunc(got, func(_ string, n int64) bool { return n == 0 })
	for _, c := range p.w.counts(store.CountQuery{Span: day, Step: time.Minute}) {
		want[fmt.Sprint(c.Brand, c.Source, c.Language, c.Polarity, c.Kind, c.At)] = c.N
	}
	if !maps.Equal(got, want) {
		p.r.Fatalf("the receiver has\n%v\nwant\n%v", got, want)
	}
}
