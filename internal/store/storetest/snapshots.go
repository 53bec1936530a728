package storetest

import (
	"fmt"
	"time"

	"confianza/internal/mention"
	"confianza/internal/store"
)

var snapshots = []promise{
	{"a snapshot holds one moment, whatever is written meanwhile", func(w *world) {
		w.add(w.post("1", "bad", "Acme"))
		w.score("v1")
		w.take(store.Intake{Heard: spans("0-5")[0]})
		before := w.snapshot()
		w.add(w.post("2", "bad", "Acme"), w.post("3", "good", "Zeta"))
		w.score("v1")
		w.take(store.Intake{Heard: spans("5-9")[0]})
		after := w.snapshot()
		want(w, "before", w.seen(before), "Acme negative: 0=1; ")
		want(w, "heard before", w.heardBy(before), spans("0-5"))
		want(w, "after", w.seen(after), "Acme negative: 0=2; Zeta positive: 0=1; ")
		want(w, "heard after", w.heardBy(after), spans("0-9"))
	}},
	{"a snapshot shows one scorer: the earlier until all is scored again", func(w *world) {
		want(w, "scorer of nothing", w.snapshot().Scorer(), "")
		w.add(w.post("1", "bad", "Acme"), w.post("2", "bad", "Acme"))
		w.score("v1")
		w.begin("v2")
		w.done(1, verdict(1, mention.Neutral, "v2"))
		half := w.snapshot()
		w.done(2, verdict(2, mention.Neutral, "v2"))
		full := w.snapshot()
		want(w, "half done", half.Scorer()+" "+w.seen(half), "v1 Acme negative: 0=2; ")
		want(w, "done", full.Scorer()+" "+w.seen(full), "v2 Acme neutral: 0=2; ")
	}},
	{"hours and their sums are those of the counts, before 1970 too", func(w *world) {
		at := []string{"1969-12-31T22:00:00Z", "1969-12-31T23:59:59.999Z", "1970-01-01T00:00:00Z", "1970-01-01T01:59:00Z", "1970-01-01T05:00:00Z"}
		for i, text := range at {
			m := w.post(fmt.Sprint(i), "bad", "Acme")
			m.At = instant(w, text)
			w.add(m)
		}
		w.score("v1")
		v := w.snapshot()
		all := must1(v.Series(w.t.Context()))(w)
		id := all[0].ID
		want(w, "all hours", w.hours(v, id, -9, 9), "-2:1 0=1; -1:1 59=1; 0:1 0=1; 1:1 59=1; 5:1 0=1; ")
		want(w, "some hours", w.hours(v, id, -1, 1), "-1:1 59=1; 0:1 0=1; 1:1 59=1; ")
		want(w, "no hours", w.hours(v, id, 2, 4), "")
		want(w, "another series", w.hours(v, id+1, -9, 9), "")
		// From hour -3: [-3, 0) holds two, [0, 3) two, [3, 6) one.
		want(w, "sums of three hours", w.sums(v, id, -3, 6, 3), "-3=2 0=2 3=1 ")
		want(w, "sums that end before the last", w.sums(v, id, -3, 5, 3), "-3=2 0=2 ")
		span := must1(v.Span(w.t.Context()))(w)
		want(w, "span", span, mention.Span{From: instant(w, "1969-12-31T22:00:00Z"), To: instant(w, "1970-01-01T06:00:00Z")})
	}},
	{"an author is one voice a day and brand, and stays one when erased", func(w *world) {
		by := func(native, author string, at time.Time, brands ...string) mention.Mention {
			m := w.post(native, "bad", brands...)
			m.Author, m.At = mention.Key{}, at
			if author != "" {
				m.Author = w.s.AuthorKey("net", author)
			}
			return m
		}
		midnight := noon.Add(12 * time.Hour)
		w.add(by("1", "ana", noon, "Acme"), by("2", "ana", noon, "Acme", "Zeta"), by("3", "eva", noon, "Acme"), by("4", "", noon, "Acme"),
			by("5", "ana", midnight, "Acme"), by("6", "ana", midnight.Add(-time.Millisecond), "Acme"))
		day := noon.Unix() / 86400
		want(w, "before they are scored", w.voices("Acme"), "")
		w.score("v1")
		want(w, "Acme", w.voices("Acme"), fmt.Sprint(day, "=2 ", day+1, "=1 "))
		want(w, "Zeta", w.voices("Zeta"), fmt.Sprint(day, "=1 "))
		want(w, "nobody's", w.voices("Omega"), "")
		w.add(revised(by("2", "ana", noon), "2", "bad", "Acme")) // Zeta is not meant any more; Acme was named by ana before
		w.add(revised(by("3", "eva", noon), "2", "bad", "Acme", "Zeta"))
		w.score("v1")
		want(w, "Acme after revisions", w.voices("Acme"), fmt.Sprint(day, "=2 ", day+1, "=1 "))
		want(w, "Zeta after revisions", w.voices("Zeta"), fmt.Sprint(day, "=1 "))
		w.take(store.Intake{Gone: []mention.Gone{w.gone("5"), w.authorGone("eva", false)}})
		want(w, "Acme after deletions", w.voices("Acme"), fmt.Sprint(day, "=2 ", day+1, "=1 "))
	}},
	{"who deletes a post and says it again is one voice, for as long as a source replays", func(w *world) {
		day := noon.Unix() / 86400
		say := func(native string) {
			m := w.post(native, "bad", "Acme")
			m.At = noon
			w.add(m)
			w.score("v1")
		}
		say("1")
		w.take(store.Intake{Gone: []mention.Gone{w.gone("1")}})
		w.reopen()
		w.prune()
		say("2")
		want(w, "said again", w.voices("Acme"), fmt.Sprint(day, "=1 "))
		w.take(store.Intake{Gone: []mention.Gone{w.gone("2")}})
		w.now = noon.Add(Window + time.Hour)
		w.prune()
		say("3")
		want(w, "said again after that", w.voices("Acme"), fmt.Sprint(day, "=2 "))
	}},
	{"who was forgotten is not known again", func(w *world) {
		w.add(w.post("1", "bad", "Acme"))
		w.score("v1")
		want(w, "forgotten", w.forget("net", "ana"), 1)
		w.add(w.post("2", "bad", "Acme"))
		w.score("v1")
		want(w, "voices", w.voices("Acme"), fmt.Sprint(noon.Unix()/86400, "=2 "))
	}},
	{"a snapshot of nothing is empty", func(w *world) {
		v := w.snapshot()
		want(w, "series", w.seen(v), "")
		want(w, "span", must1(v.Span(w.t.Context()))(w), mention.Span{})
		want(w, "heard", w.heardBy(v), nil)
	}},
}

func (w *world) snapshot() *store.Snapshot {
	w.t.Helper()
	v, err := w.s.Snapshot(w.t.Context())
	must(w, err)
	w.t.Cleanup(func() { must(w, v.Close()) })
	return v
}

// seen prints every series with its minutes of the hour after noon.
func (w *world) seen(v *store.Snapshot) (text string) {
	w.t.Helper()
	for _, s := range must1(v.Series(w.t.Context()))(w) {
		hour := noon.Unix() / 3600
		text += fmt.Sprintf("%s %s: %s", s.Brand, s.Polarity, w.minutes(v, s.ID, hour, hour))
	}
	return text
}

func (w *world) minutes(v *store.Snapshot, series, from, to int64) (text string) {
	w.t.Helper()
	must(w, v.Hours(w.t.Context(), series, from, to, func(_, _ int64, packed []byte) { text += w.unpacked(packed) }))
	return text
}

// hours prints "hour:total minute=n; " each.
func (w *world) hours(v *store.Snapshot, series, from, to int64) (text string) {
	w.t.Helper()
	must(w, v.Hours(w.t.Context(), series, from, to, func(hour, total int64, packed []byte) {
		text += fmt.Sprintf("%d:%d %s", hour, total, w.unpacked(packed))
	}))
	return text
}

// unpacked prints "minute=n; " for each minute with mentions.
func (w *world) unpacked(packed []byte) (text string) {
	w.t.Helper()
	var minutes [60]int64
	must(w, store.Unpack(packed, &minutes))
	for i, n := range minutes {
		if n != 0 {
			text += fmt.Sprintf("%d=%d; ", i, n)
		}
	}
	return text
}

func (w *world) sums(v *store.Snapshot, series, from, to, width int64) (text string) {
	w.t.Helper()
	must(w, v.Sums(w.t.Context(), series, from, to, width, func(hour, total int64) { text += fmt.Sprintf("%d=%d ", hour, total) }))
	return text
}

// voices prints "day=authors " each.
func (w *world) voices(brand string) (text string) {
	w.t.Helper()
	v, err := w.s.Snapshot(w.t.Context())
	must(w, err)
	must(w, v.Voices(w.t.Context(), brand, func(day, n int64) { text += fmt.Sprintf("%d=%d ", day, n) }))
	must(w, v.Close()) // pruning waits for readers
	return text
}

func (w *world) heardBy(v *store.Snapshot) []mention.Span {
	w.t.Helper()
	return must1(v.Heard(w.t.Context()))(w)["net"]
}

// must1 gives a value unless there was an error, which ends the test.
func must1[T any](v T, err error) func(w *world) T {
	return func(w *world) T {
		w.t.Helper()
		must(w, err)
		return v
	}
}
