package files

import (
	"fmt"
	"testing"
	"time"
)

// A time is read or not; what is read is in UTC and not before there was
// anything to read; and every usual way of writing a moment gives that moment.
func FuzzTime(f *testing.F) {
	f.Add("2026-03-01 10:00:00 +0100", int64(1772366400))
	f.Add("1772366400000", int64(1))
	f.Add("Mon Mar 02 12:00:00 +0000 2026 UTC", int64(4102444800))
	f.Fuzz(func(t *testing.T, s string, seconds int64) {
		r, err := Options{}.reading()
		if err != nil {
			t.Fatal(err)
		}
		if at, ok := r.time(s); ok && (!at.After(earliest) || at.Location() != time.UTC) {
			t.Errorf("%q is read as %v", s, at)
		}
		const end = 253402300800 // the year 10000
		moment := time.Unix(((seconds%end)+end)%end, 0).UTC()
		if !moment.After(earliest) {
			return
		}
		for _, written := range []string{
			moment.Format(time.RFC3339), moment.In(time.FixedZone("", -5*3600)).Format(time.RFC3339),
			moment.Format("2006-01-02 15:04:05"), moment.Format("2006-01-02 15:04:05 UTC"), moment.Format(time.RubyDate),
		} {
			if at, ok := r.time(written); !ok || !at.Equal(moment) {
				t.Errorf("%q is read as %v, %v", written, at, ok)
			}
		}
		if moment.Year() >= 2001 && moment.Year() < 2200 { // smaller numbers are ids
			if at, ok := r.time(fmt.Sprint(moment.UnixMilli())); !ok || !at.Equal(moment) {
				t.Errorf("%d ms are read as %v, %v", moment.UnixMilli(), at, ok)
			}
		}
	})
}
