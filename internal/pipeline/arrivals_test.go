package pipeline

import (
	"testing"
	"time"
)

func TestArrivals(t *testing.T) {
	start := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	after := func(s int) time.Time { return start.Add(time.Duration(s) * time.Second) }
	var a Arrivals
	if got := a.Waited(0, start); got != 0 {
		t.Errorf("nothing ever came: %v", got)
	}
	a.Note(100, after(0))
	a.Note(100, after(5)) // nothing new
	a.Note(250, after(10))
	a.Note(300, after(15))
	for _, tt := range []struct {
		name    string
		through int64
		want    time.Duration
	}{
		{"nothing done: the first waits since it was noted first", 0, 20 * time.Second},
		{"one left of the first hundred", 99, 20 * time.Second},
		{"the first hundred done", 100, 10 * time.Second},
		{"in the middle of the second", 180, 10 * time.Second},
		{"only the last left", 299, 5 * time.Second},
		{"all done", 300, 0},
	} {
		if got := a.Waited(tt.through, after(20)); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
	a.Forget(250)
	if got := a.Waited(250, after(20)); got != 5*time.Second || len(a.marks) != 1 {
		t.Errorf("after forgetting: %v, %d marks", got, len(a.marks))
	}
	a.Forget(300)
	a.Note(300, after(90)) // what was done before must not seem to arrive again
	if got := a.Waited(300, after(95)); got != 0 {
		t.Errorf("all done and forgotten: %v", got)
	}
}

// A stage that stands still for a month neither fills the memory nor loses
// the age of what waits.
func TestArrivalsAreBounded(t *testing.T) {
	start := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	var a Arrivals
	const steps = 30 * 24 * 3600 / 5
	for i := range steps {
		a.Note(int64(i+1), start.Add(time.Duration(i)*5*time.Second))
	}
	if len(a.marks) > remembered {
		t.Errorf("%d marks", len(a.marks))
	}
	end := start.Add(30 * 24 * time.Hour)
	if got := a.Waited(0, end); got < 29*24*time.Hour || got > 30*24*time.Hour {
		t.Errorf("waited %v, want 29 to 30 days", got)
	}
}
