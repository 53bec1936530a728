package collectortest

import (
	"fmt"
	"runtime/metrics"
)

// peak watches how much memory is in use, of the whole process.
type peak struct {
	sample      []metrics.Sample
	first, most uint64
}

func newPeak() *peak {
	p := &peak{sample: []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}}
	p.look()
	p.first = p.most
	return p
}

func (p *peak) look() {
	metrics.Read(p.sample)
	p.most = max(p.most, p.sample[0].Value.Uint64())
}

func (p *peak) within(bytes uint64) error {
	p.look()
	if p.most-p.first > bytes {
		return fmt.Errorf("needed %d MiB of memory, want at most %d", (p.most-p.first)>>20, bytes>>20)
	}
	return nil
}
