package report

import (
	"testing"
	"time"
)

func TestDue(t *testing.T) {
	madrid := zone(t, "Europe/Madrid")
	tests := []struct {
		name, now string
		day       time.Weekday
		want      string
	}{
		{"a moment before", "2026-11-23T06:59:59+01:00", time.Monday, "2026-W46"},
		{"on the minute", "2026-11-23T07:00:00+01:00", time.Monday, "2026-W47"},
		{"days later", "2026-11-29T23:00:00+01:00", time.Monday, "2026-W47"},
		{"on a Wednesday, before", "2026-11-25T06:00:00+01:00", time.Wednesday, "2026-W46"},
		{"on a Wednesday, after", "2026-11-25T08:00:00+01:00", time.Wednesday, "2026-W47"},
		{"on Sundays the week of the Sunday is not over", "2026-11-29T08:00:00+01:00", time.Sunday, "2026-W47"},
		{"over New Year", "2027-01-04T08:00:00+01:00", time.Monday, "2026-W53"},
		{"after the clocks went back", "2026-10-26T07:00:00+01:00", time.Monday, "2026-W43"},
		{"asked from another zone", "2026-11-23T06:30:00Z", time.Monday, "2026-W47"},
	}
	for _, tt := range tests {
		now, err := time.Parse(time.RFC3339, tt.now)
		if err != nil {
			t.Fatal(err)
		}
		if got := Due(now, tt.day, 7, 0, madrid).Name(); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, got, tt.want)
		}
	}
}
