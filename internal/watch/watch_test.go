package watch

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math"
	"testing"
	"time"

	"confianza/analysis/spikes"
	"confianza/internal/mention"
	"confianza/internal/store"
	"confianza/internal/synth"
)

// house is a store that made-up talk comes into, and a clock.
type house struct {
	t      testing.TB
	s      *store.Store
	now    time.Time
	native int
}

var start = time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)

func newHouse(t testing.TB) *house {
	h := &house{t: t, now: start}
	s, err := store.Open(t.Context(), t.TempDir(), store.Options{Now: func() time.Time { return h.now }})
	if err != nil {
		t.Fatal(err)
	}
	h.s = s
	t.Cleanup(func() { s.Close() })
	if _, err := s.Begin(t.Context(), "score", "v1"); err != nil {
		t.Fatal(err)
	}
	return h
}

// say stores and scores the minutes of talk from one to another, counted from
// the start, as heard by a source.
func (h *house) say(source, brand string, talk synth.Talk, from, to int) {
	h.t.Helper()
	in := store.Intake{Source: source, Heard: mention.Span{From: start.Add(time.Duration(from) * time.Minute), To: start.Add(time.Duration(to) * time.Minute)}}
	var polarities []mention.Polarity
	talk.Each(to, func(i int, m synth.Minute) bool {
		if i < from {
			return true
		}
		for k := range m.N() {
			h.native++
			p := mention.Neutral
			switch {
			case k < m.Positive:
				p = mention.Positive
			case k < m.Positive+m.Negative:
				p = mention.Negative
			}
			at := start.Add(time.Duration(i)*time.Minute + time.Duration(k)*time.Second)
			in.Mentions = append(in.Mentions, mention.Mention{Source: source, Native: fmt.Sprint(h.native), Revision: "1", Text: "x", Declared: "en",
				Author: h.s.AuthorKey(source, fmt.Sprint(h.native)), At: at, Seen: at, Form: "post", Brands: []string{brand}})
			polarities = append(polarities, p)
		}
		return true
	})
	if _, err := h.s.Add(h.t.Context(), in); err != nil {
		h.t.Fatal(err)
	}
	for next := 0; ; {
		recent, err := h.s.Recent(h.t.Context(), "score", 1000)
		if err != nil {
			h.t.Fatal(err)
		}
		if len(recent) == 0 {
			return
		}
		var scored []store.Scored
		for _, m := range recent {
			scored = append(scored, store.Scored{ID: m.ID, Score: mention.Score{Language: "en", Polarity: polarities[next], Scorer: "v1"}})
			next++
		}
		if _, err := h.s.Done(h.t.Context(), "score", recent[len(recent)-1].ID, scored); err != nil {
			h.t.Fatal(err)
		}
	}
}

func (h *house) watch(brands ...string) *Watch {
	return &Watch{Store: h.s, Log: slog.New(slog.DiscardHandler), Brands: brands, Sources: []string{"net"}, Now: func() time.Time { return h.now }}
}

// at moves the clock to a minute from the start, and ticks.
func (h *house) at(minute int, w *Watch) {
	h.t.Helper()
	h.now = start.Add(time.Duration(minute) * time.Minute)
	if err := w.Tick(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
}

// open are the minutes from one to another in which an episode was open.
func (h *house) open(brand string, from, to int, of func(store.Found) bool) (minutes []int) {
	h.t.Helper()
	for i := from; i < to; i++ {
		at := start.Unix()/60 + int64(i)
		found, err := h.s.Found(h.t.Context(), brand, at/60)
		if err != nil {
			h.t.Fatal(err)
		}
		if f := found[at%60]; of(f) {
			minutes = append(minutes, i)
		} else if !f.Said {
			h.t.Fatalf("nothing was said of minute %d", i)
		}
	}
	return minutes
}

func burst(f store.Found) bool   { return f.Burst }
func dropped(f store.Found) bool { return f.Dropped }

const past = 3 * 24 * 60

// storm is three days of quiet talk, and then a storm of complaints.
var storm = synth.Talk{Rate: 2, Seed: 3, Calm: true, Events: []synth.Event{{From: past, Minutes: 60, Times: 10, Shift: -0.4}}}

// A storm is found minute by minute, in both ways; and by one that is ended and
// begun again after each minute the same is found.
func TestStorm(t *testing.T) {
	var found [2][]int
	var drops [2][]int
	for restarts := range 2 {
		h := newHouse(t)
		h.say("net", "Zafiro", storm, 0, past)
		w := h.watch("Zafiro")
		h.at(past, w)
		for minute := past; minute < past+90; minute++ {
			h.say("net", "Zafiro", storm, minute, minute+1)
			if restarts == 1 {
				w.leave(t.Context())
				w = h.watch("Zafiro")
			}
			h.at(minute+1, w)
		}
		found[restarts], drops[restarts] = h.open("Zafiro", past-600, past+88, burst), h.open("Zafiro", past-600, past+88, dropped)
	}
	if fmt.Sprint(found[0]) != fmt.Sprint(found[1]) || fmt.Sprint(drops[0]) != fmt.Sprint(drops[1]) {
		t.Errorf("found %v and %v, with restarts %v and %v", found[0], drops[0], found[1], drops[1])
	}
	// A bin of it is closed after five minutes and looked at two later.
	if n := len(found[0]); n == 0 || found[0][0] < past+5 || found[0][0] > past+12 || found[0][n-1] != past+87 {
		t.Errorf("a burst in the minutes %v from %d on", found[0], past)
	}
	if len(drops[0]) == 0 || drops[0][0] < past || drops[0][0] > past+12 {
		t.Errorf("a fall in the minutes %v from %d on", drops[0], past)
	}
}

// What is heard when it is an hour old opens nothing, and is learnt.
func TestLateStormOpensNothing(t *testing.T) {
	h := newHouse(t)
	h.say("net", "Zafiro", storm, 0, past+60)
	w := h.watch("Zafiro")
	h.at(past+60+stale+8, w)
	if got := h.open("Zafiro", 600, past+60, func(f store.Found) bool { return f.Burst || f.Dropped }); len(got) > 0 {
		t.Errorf("open in the minutes %v", got)
	}
	if f := w.all[0].burst; !f.Known || f.Score < 2 {
		t.Errorf("it was not learnt: %+v", f)
	}
}

// Posts of a source that is polled are no burst; and while the live one is not
// heard nothing is told.
func TestOnlyLiveSourcesCount(t *testing.T) {
	h := newHouse(t)
	quiet := synth.Talk{Rate: 2, Seed: 3, Calm: true}
	h.say("net", "Zafiro", quiet, 0, past)
	w := h.watch("Zafiro")
	h.at(past, w)
	h.say("feeds", "Zafiro", storm, past, past+30)
	h.at(past+30, w)
	if next := w.all[0].next - start.Unix()/60; next != past {
		t.Errorf("told up to minute %d of which nothing was heard since %d", next, past)
	}
	h.say("net", "Zafiro", quiet, past, past+60)
	h.at(past+60, w)
	if got := h.open("Zafiro", 600, past+58, func(f store.Found) bool { return f.Burst || f.Dropped }); len(got) > 0 {
		t.Errorf("open in the minutes %v", got)
	}
}

// A brand that was not listened for was not silent: it begins when it is.
func TestANewBrandHasNoPast(t *testing.T) {
	h := newHouse(t)
	if err := h.s.Listen(t.Context(), []string{"Zafiro"}); err != nil {
		t.Fatal(err)
	}
	quiet := synth.Talk{Rate: 2, Seed: 3, Calm: true}
	h.say("net", "Zafiro", quiet, 0, past)
	h.now = start.Add(past * time.Minute)
	if err := h.s.Listen(t.Context(), []string{"Zafiro", "Other"}); err != nil {
		t.Fatal(err)
	}
	h.say("net", "Other", quiet, past, past+30)
	w := h.watch("Zafiro", "Other")
	h.at(past+30, w)
	if f := w.all[1].burst; f.Known || f.Open {
		t.Errorf("%+v", f)
	}
	if f := w.all[0].burst; !f.Known {
		t.Errorf("the other one: %+v", f)
	}
}

// What comes late is in what later bins are compared with, within the hour.
func TestLateMentionsCorrectThePast(t *testing.T) {
	quiet, extra := synth.Talk{Rate: 2, Seed: 3, Calm: true}, synth.Talk{Rate: 9, Seed: 4, Calm: true}
	var last [2]spikes.Finding
	for late := range 2 {
		h := newHouse(t)
		h.say("net", "Zafiro", quiet, 0, past)
		w := h.watch("Zafiro")
		if late == 1 {
			h.at(past, w)
		}
		h.say("net", "Zafiro", extra, past-100, past-70)
		h.say("net", "Zafiro", quiet, past, past+65)
		h.at(past+70, w)
		last[late] = w.all[0].spikes.Add(w.all[0].burst.Number+1, 5, false)
	}
	if last[0] != last[1] || !last[0].Known {
		t.Errorf("at once %+v, late %+v", last[0], last[1])
	}
}

func TestDamagedMemory(t *testing.T) {
	h := newHouse(t)
	if err := h.s.SetNote(t.Context(), noteName("Zafiro"), []byte("{")); err != nil {
		t.Fatal(err)
	}
	if err := h.watch("Zafiro").Tick(t.Context()); err == nil {
		t.Error("damage passes")
	}
}

func TestRunEndsAndKeeps(t *testing.T) {
	h := newHouse(t)
	h.say("net", "Zafiro", storm, 0, 600)
	h.now = start.Add(600 * time.Minute)
	ctx, cancel := context.WithCancel(t.Context())
	w := h.watch("Zafiro")
	if err := w.Tick(ctx); err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := w.Run(ctx); err != nil {
		t.Fatal(err)
	}
	again := h.watch("Zafiro")
	if err := again.load(t.Context()); err != nil || again.all[0].next != start.Unix()/60+599 {
		t.Errorf("goes on at %+v, %v", again.all[0], err)
	}
}

func TestSaid(t *testing.T) {
	h := newHouse(t)
	var hour store.FoundHour
	hour[7] = store.Found{Said: true, Spike: 2.41, Drop: none, Risen: true}
	if err := h.s.Keep(t.Context(), []store.Finding{{Brand: "Zafiro", Hour: 12, Found: &hour}}, nil); err != nil {
		t.Fatal(err)
	}
	got, err := h.s.Found(t.Context(), "Zafiro", 12)
	if f := got[7]; err != nil || !f.Said || f.Spike != 2.41 || !math.IsNaN(f.Drop) || f.Burst || f.Dropped || !f.Risen || got[8].Said {
		t.Errorf("got %+v, %v", got[7], err)
	}
}

// A minute's tick for a thousand brands, each with six series and two weeks of
// memory: docs/performance.md.
func BenchmarkTick(b *testing.B) {
	h := newHouse(b)
	var names []string
	in := store.Intake{Source: "net", Heard: mention.Span{From: start, To: start.Add(3 * time.Hour)}}
	for i := range 1000 {
		names = append(names, fmt.Sprint("brand", i))
		for minute := range 120 {
			h.native++
			at := start.Add(time.Duration(minute) * time.Minute)
			in.Mentions = append(in.Mentions, mention.Mention{Source: "net", Native: fmt.Sprint(h.native), Revision: "1", Text: "x", Declared: "en",
				Author: h.s.AuthorKey("net", fmt.Sprint(h.native%5000)), At: at, Seen: at, Form: "post", Brands: []string{names[i]}})
		}
	}
	if _, err := h.s.Add(b.Context(), in); err != nil {
		b.Fatal(err)
	}
	for n := 0; ; {
		recent, err := h.s.Recent(b.Context(), "score", 1000)
		if err != nil {
			b.Fatal(err)
		}
		if len(recent) == 0 {
			break
		}
		var scored []store.Scored
		for _, m := range recent {
			n++
			scored = append(scored, store.Scored{ID: m.ID, Score: mention.Score{Language: []string{"en", "es"}[n/3%2], Polarity: mention.Polarities()[n%3], Scorer: "v1"}})
		}
		if _, err := h.s.Done(b.Context(), "score", recent[len(recent)-1].ID, scored); err != nil {
			b.Fatal(err)
		}
	}
	w := h.watch(names...)
	h.at(60, w)
	full := new(spikes.Detector) // as after two weeks
	last, _ := w.all[0].spikes.Last()
	for bin := last - 4127; bin <= last; bin++ {
		full.Add(bin, float64(bin%7), true)
	}
	written, err := json.Marshal(full)
	if err != nil {
		b.Fatal(err)
	}
	for _, one := range w.all {
		if err := json.Unmarshal(written, one.spikes); err != nil {
			b.Fatal(err)
		}
	}
	for i := 0; b.Loop(); i++ {
		h.at(61+i, w)
	}
}
