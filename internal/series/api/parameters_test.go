package api

import (
	"testing"
	"time"
)

// A time that is taken is one the engine can count to, which it does in
// nanoseconds since 1970; written again it is the same, to the millisecond.
func FuzzTimes(f *testing.F) {
	for _, s := range []string{"1772452800", "-1.5", "2026-03-02T11:31:00.123456789+05:30", "9223372036.8", "1e300", "nan", "0000-01-01T00:00:00Z", "9999-12-31T23:59:59Z"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if d, err := parseDuration(s); err == nil {
			if again, err := parseDuration(d.String()); err == nil && again != d {
				t.Errorf("%q is %v, then %v", s, d, again)
			}
		}
		at, err := parseTime(s)
		if err != nil {
			return
		}
		if !time.Unix(0, at.UnixNano()).Equal(at) {
			t.Errorf("%q is %v, which does not fit nanoseconds", s, at)
		}
		if again, err := parseTime(at.Format(time.RFC3339Nano)); err != nil || !again.Equal(at) {
			t.Errorf("%q is %v, written again %v, %v", s, at, again, err)
		}
	})
}
