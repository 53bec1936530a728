// Package cputime measures the processor time of benchmarks.
//
// What else a machine does moves the clock far more than processor time, so
// that ratios of it hold on a busy machine too. It is for tests alone.
package cputime

import (
	"fmt"
	"syscall"
	"testing"
	"time"
)

// Used is what this process has used of all cores since it began.
func Used() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(fmt.Sprintf("cputime: %v", err))
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// Report adds to a benchmark what was used for n of what it counts, such as
// "op", in nanoseconds each.
func Report(b *testing.B, used time.Duration, n int, what string) {
	b.ReportMetric(float64(used.Nanoseconds())/float64(n), "cpu-ns/"+what)
}
