package feeds

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"confianza/collectors"
)

func TestCursorKeepsAState(t *testing.T) {
	now := utc(24, 10, 0)
	want := place{Asked: "x", Feeds: map[string]state{hash("https://a.example/?key=hunter2"): {
		ETag: `W/"1"`, Modified: "Tue, 24 Nov 2026 08:00:00 GMT", At: now, Whole: utc(20, 0, 0),
		Fail:  &failure{Why: "feeds: no", Class: rejected, Times: 3, After: now.Add(time.Hour)},
		Items: []memory{remember(key("a"), sum("uno"), true, "2026-11-24T08:00:00Z#000001")},
	}}}
	cursor := want.cursor()
	if got := read(cursor, now); got.cursor() != cursor || got.Asked != "x" || len(got.Feeds) != 1 {
		t.Errorf("%s became %s", cursor, got.cursor())
	}
	if strings.Contains(string(cursor), "hunter2") || strings.Contains(string(cursor), "a.example") {
		t.Errorf("an address shows in %s", cursor)
	}
}

func TestMemoryRoundTrip(t *testing.T) {
	m := remember(key("a"), sum("uno"), true, "r#1")
	if m.key() != key("a") || m.sum() != sum("uno") || !m.said() || m.revision() != "r#1" {
		t.Errorf("%q", m)
	}
	if m := remember(key("a"), sum(""), false, ""); m.said() || m.revision() != "" || !m.ok() {
		t.Errorf("%q", m)
	}
}

// A clock that was wrong once must not silence a feed for years.
func TestTimesAheadAreBroughtBack(t *testing.T) {
	now := utc(24, 10, 0)
	far := now.AddDate(10, 0, 0)
	p := place{Feeds: map[string]state{"k": {At: far, Whole: far, Fail: &failure{After: far}}}}
	s := read(p.cursor(), now).Feeds["k"]
	if !s.At.Equal(now) || !s.Whole.Equal(now) || !s.Fail.After.Equal(now.Add(longestWait)) {
		t.Errorf("got %+v, %v", s, s.Fail.After)
	}
}

func TestFullCursorIsWithinLimits(t *testing.T) {
	p := place{Asked: hash(""), Feeds: map[string]state{}}
	now := time.Now().UTC()
	for i := range maxFeeds {
		s := state{ETag: strings.Repeat("e", 512), Modified: strings.Repeat("m", 512), At: now, Whole: now}
		s.Fail = (*failure)(nil).again(errors.New(strings.Repeat("w", 300)), now)
		for j := range maxItems / maxFeeds {
			s.Items = append(s.Items, remember(key(fmt.Sprint(i, j)), sum("x"), true, "2026-11-24T08:00:00Z#000001"))
		}
		p.Feeds[hash(fmt.Sprint(i))] = s
	}
	if n := len(p.cursor()); n > 1<<20 {
		t.Errorf("%d bytes", n)
	}
}

func TestWaitsGrow(t *testing.T) {
	now := utc(24, 10, 0)
	rejection := fmt.Errorf("401: %w", collectors.ErrRejected)
	limit := func(d time.Duration) error { return &collectors.Throttled{Until: now.Add(d), Cause: errors.New("429")} }
	tests := []struct {
		name string
		err  error
		want []time.Duration
	}{
		{"an error", errors.New("no"), []time.Duration{time.Minute, 2 * time.Minute, 4 * time.Minute, 8 * time.Minute, 16 * time.Minute, 32 * time.Minute, time.Hour, time.Hour}},
		{"a rejection", rejection, []time.Duration{30 * time.Minute, time.Hour, 2 * time.Hour, 4 * time.Hour, 6 * time.Hour, 6 * time.Hour}},
		{"as told", limit(2 * time.Hour), []time.Duration{2 * time.Hour, 2 * time.Hour}},
		{"told to come at once", limit(-time.Hour), []time.Duration{time.Minute, time.Minute}},
		{"told to come in a year", limit(365 * 24 * time.Hour), []time.Duration{24 * time.Hour}},
	}
	for _, tt := range tests {
		var f *failure
		for i, want := range tt.want {
			f = f.again(tt.err, now)
			if got := f.After.Sub(now); got != want || f.Times != i+1 {
				t.Errorf("%s, time %d: wait %v (%d), want %v", tt.name, i+1, got, f.Times, want)
			}
		}
		for range 100 {
			f = f.again(tt.err, now)
		}
		if got := f.After.Sub(now); got != tt.want[len(tt.want)-1] {
			t.Errorf("%s, time 100: wait %v", tt.name, got)
		}
	}
	f := (*failure)(nil).again(errors.New("no"), now).again(errors.New("no"), now).again(rejection, now)
	if f.Times != 1 || f.After.Sub(now) != 30*time.Minute {
		t.Errorf("another class goes on counting: %+v", f)
	}
}

func TestFailureOfBeforeKeepsItsClass(t *testing.T) {
	now := utc(24, 10, 0)
	for _, err := range []error{errors.New("no"), fmt.Errorf("401: %w", collectors.ErrRejected), &collectors.Throttled{Until: now.Add(time.Hour), Cause: errors.New("429")}} {
		got := (*failure)(nil).again(err, now).err()
		limit, limited := errors.AsType[*collectors.Throttled](got)
		_, want := errors.AsType[*collectors.Throttled](err)
		if errors.Is(got, collectors.ErrRejected) != errors.Is(err, collectors.ErrRejected) || limited != want {
			t.Errorf("%v became %v", err, got)
		}
		if limited && !limit.Until.Equal(now.Add(time.Hour)) {
			t.Errorf("until %v", limit.Until)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(string(place{Feeds: map[string]state{"k": {Items: []memory{"short", remember(key("a"), sum("b"), true, "")}}}}.cursor()))
	f.Add(`{"feeds":{"k":{"items":["","+"],"fail":{}}}}`)
	f.Fuzz(func(t *testing.T, cursor string) {
		now := utc(24, 10, 0)
		p := read(collectors.Cursor(cursor), now)
		for _, s := range p.Feeds {
			s.meet(poll{at: now, doc: document{[]item{told("a", "b", now)}}}, everything, 10)
			if s.At.After(now) || len(s.Items) > 10 {
				t.Errorf("%+v", s)
			}
		}
		if out := p.cursor(); out != "" && !json.Valid([]byte(out)) {
			t.Errorf("%s", out)
		}
	})
}
