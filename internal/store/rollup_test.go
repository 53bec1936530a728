package store

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestHourPacksAndUnpacks(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		var want, got hour
		for i := range want {
			want[i] = rapid.Int64Range(0, 1<<62).Draw(r, "n")
		}
		if err := got.unpack(want.pack()); err != nil || got != want {
			r.Fatalf("got %v, %v; want %v", got, err, want)
		}
	})
}

func TestDamagedHourIsAnError(t *testing.T) {
	whole := new(hour).pack()
	if len(whole) != 60 {
		t.Fatalf("a quiet hour has %d bytes, want 60", len(whole))
	}
	for _, tt := range []struct {
		name string
		b    []byte
		want string
	}{
		{"nothing", nil, "minute 0"},
		{"cut short", whole[:59], "minute 59"},
		{"too long", append(whole, 0), "1 bytes after"},
		{"a number too large", append(whole[:59:59], 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1), "minute 59"},
		{"a number without end", append(whole[:59:59], 0x80), "minute 59"},
	} {
		if err := new(hour).unpack(tt.b); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want %q", tt.name, err, tt.want)
		}
	}
}

func FuzzUnpackNeverPanics(f *testing.F) {
	f.Add(new(hour).pack())
	f.Add([]byte{0xff, 0xff})
	f.Fuzz(func(t *testing.T, b []byte) {
		var h, again hour
		if h.unpack(b) != nil {
			return
		}
		if err := again.unpack(h.pack()); err != nil || again != h {
			t.Errorf("got %v, %v; want %v", again, err, h)
		}
	})
}

func TestFloorGoesTowardsThePast(t *testing.T) {
	for _, tt := range []struct{ at, unit, want int64 }{
		{0, 60, 0}, {59, 60, 0}, {60, 60, 1}, {-1, 60, -1}, {-60, 60, -1}, {-61, 60, -2},
	} {
		if got := floor(tt.at, tt.unit); got != tt.want {
			t.Errorf("floor(%d, %d): got %d, want %d", tt.at, tt.unit, got, tt.want)
		}
	}
}
