package store_test

import (
	"fmt"
	"testing"
	"time"

	"confianza/internal/mention"
	"confianza/internal/store"
	"confianza/test/cputime"
)

// BenchmarkIntake adds 100,000 mentions in batches of 500 to a new store, with
// all its keys and indexes, and the same ones to a bare table. Ids of network
// say when they were made; of others they say nothing, and each new key lies
// somewhere else.
func BenchmarkIntake(b *testing.B) {
	const batch, batches = 500, 200
	for _, ids := range []string{"network", "random"} {
		k := maker{store: open(b, b.TempDir()), every: 3 * time.Second, random: ids == "random"}
		var ms [batches][]mention.Mention
		for i := range ms {
			ms[i] = k.made(i*batch, batch)
		}
		fill := func(b *testing.B, open func(*testing.B) func([]mention.Mention)) {
			var cpu time.Duration
			for b.Loop() {
				b.StopTimer()
				add := open(b)
				b.StartTimer()
				since := cputime.Used()
				for _, some := range ms {
					add(some)
				}
				cpu += cputime.Used() - since
			}
			b.ReportMetric(float64(batch*batches*b.N)/b.Elapsed().Seconds(), "mentions/s")
			cputime.Report(b, cpu, batch*batches*b.N, "mention")
		}
		b.Run("impl=ours/ids="+ids, func(b *testing.B) {
			fill(b, func(b *testing.B) func([]mention.Mention) {
				s, n := open(b, b.TempDir()), 0
				return func(some []mention.Mention) {
					n++
					if a, err := s.Add(b.Context(), store.Intake{Source: "net", Mentions: some, Next: fmt.Sprint(n)}); err != nil || a.New != batch {
						b.Fatal(a, err)
					}
				}
			})
		})
		b.Run("impl=bare/ids="+ids, func(b *testing.B) {
			fill(b, func(b *testing.B) func([]mention.Mention) {
				d := openBare(b)
				return func(some []mention.Mention) { d.add(b, some) }
			})
		})
	}
}
