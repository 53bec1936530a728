// Package metricstest reads the text that Prometheus scrapes, for tests.
package metricstest

import (
	"strconv"
	"strings"
	"testing"
)

// Sum adds up the samples of an exposition whose line begins with a prefix,
// such as `confianza_ingested_mentions_total{brand="Delta"`.
func Sum(t testing.TB, exposition, prefix string) (sum float64) {
	t.Helper()
	for line := range strings.Lines(exposition) {
		if !strings.HasPrefix(line, prefix) {
			continue
		}
		n, err := strconv.ParseFloat(strings.TrimSpace(line[strings.LastIndex(line, " ")+1:]), 64)
		if err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		sum += n
	}
	return sum
}
