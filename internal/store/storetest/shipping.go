package storetest

import (
	"fmt"
	"time"

	"confianza/internal/mention"
	"confianza/internal/store"
)

// day is the window of these tests: the day that ends an hour after noon.
var day = mention.Span{From: noon.Add(-23 * time.Hour), To: noon.Add(time.Hour)}

var shipping = []promise{
	{"a new receiver is sent what the window holds, and nothing once it has arrived", func(w *world) {
		w.addAt("1", "bad", noon)
		w.addAt("2", "bad", noon.Add(30*time.Second))
		w.addAt("3", "good", noon.Add(time.Minute))
		w.addAt("4", "bad", day.From.Add(-time.Minute))
		w.score("v1")
		w.receivers(day.From, "prom")
		want(w, "first", deltas(w.ship("prom", 100).Deltas), delta(12, 0, "negative", 0, 2)+delta(12, 1, "positive", 0, 1))
		must(w, w.s.Arrived(w.t.Context(), "prom"))
		want(w, "then", told(w.ship("prom", 100)), "skipped 0, more false")
	}},
	{"a shipment is the same until it has arrived, whatever happens meanwhile", func(w *world) {
		w.addAt("1", "bad", noon)
		w.score("v1")
		w.receivers(day.From, "prom")
		first := w.ship("prom", 100)
		w.addAt("2", "bad", noon)
		w.score("v1")
		w.reopen()
		want(w, "again", deltas(w.ship("prom", 100).Deltas), deltas(first.Deltas))
		must(w, w.s.Arrived(w.t.Context(), "prom"))
		want(w, "the rest", deltas(w.ship("prom", 100).Deltas), delta(12, 0, "negative", 1, 1))
	}},
	{"a rescored minute is taken back and sent anew", func(w *world) {
		m := w.addAt("1", "bad", noon)
		w.score("v1")
		w.receivers(day.From, "prom")
		w.deliver("prom")
		w.add(revised(m, "2", "good", "Acme"))
		w.score("v1")
		want(w, "changed", deltas(w.ship("prom", 100).Deltas), delta(12, 0, "negative", 1, -1)+delta(12, 0, "positive", 0, 1))
	}},
	{"what another scorer counts replaces what was sent", func(w *world) {
		w.addAt("1", "bad", noon)
		w.score("v1")
		w.receivers(day.From, "prom")
		w.deliver("prom")
		w.begin("v2")
		recent := w.recent(9)
		_, err := w.s.Done(w.t.Context(), "score", recent[0].ID, []store.Scored{verdict(recent[0].ID, mention.Neutral, "v2")})
		must(w, err)
		want(w, "changed", deltas(w.ship("prom", 100).Deltas), delta(12, 0, "negative", 1, -1)+delta(12, 0, "neutral", 0, 1))
	}},
	{"a minute that has not ended waits", func(w *world) {
		w.addAt("1", "bad", noon)
		w.score("v1")
		w.receivers(day.From, "prom")
		open := mention.Span{From: day.From, To: noon.Add(59 * time.Second)}
		sh, err := w.s.Ship(w.t.Context(), "prom", open, 100)
		must(w, err)
		want(w, "open", deltas(sh.Deltas), "")
		open.To = noon.Add(time.Minute)
		sh, err = w.s.Ship(w.t.Context(), "prom", open, 100)
		must(w, err)
		want(w, "ended", deltas(sh.Deltas), delta(12, 0, "negative", 0, 1))
	}},
	{"quiet minutes are zeros while the source was heard, and nothing while it was not", func(w *world) {
		w.addAt("1", "bad", noon)
		w.score("v1")
		w.receivers(day.From, "prom")
		w.take(store.Intake{Heard: mention.Span{From: noon.Add(30 * time.Second), To: noon.Add(3*time.Minute + 30*time.Second)}})
		want(w, "with zeros", deltas(w.ship("prom", 100).Deltas),
			delta(12, 0, "negative", 0, 1)+delta(12, 1, "negative", 0, 0)+delta(12, 2, "negative", 0, 0))
		must(w, w.s.Arrived(w.t.Context(), "prom"))
		w.addAt("2", "bad", noon.Add(time.Minute))
		w.score("v1")
		want(w, "late", deltas(w.ship("prom", 100).Deltas), delta(12, 1, "negative", 1, 1))
	}},
	{"quiet minutes in which a brand was not listened for are no zeros", func(w *world) {
		w.listen("Acme")
		w.addAt("1", "bad", noon)
		w.score("v1")
		w.receivers(day.From, "prom")
		w.hears("0-2", "Acme")
		w.listen("Zeta")
		w.hears("2-4", "Zeta")
		want(w, "until it was taken out", deltas(w.ship("prom", 100).Deltas), delta(12, 0, "negative", 0, 1)+delta(12, 1, "negative", 0, 0))
	}},
	{"changes from before the window are not sent but told, once", func(w *world) {
		w.addAt("1", "bad", noon)
		w.score("v1")
		w.receivers(day.From, "prom")
		w.deliver("prom")
		w.addAt("2", "bad", noon.AddDate(-1, 0, 0))
		w.addAt("3", "bad", noon.AddDate(-1, 0, 0))
		w.score("v1")
		want(w, "told", told(w.ship("prom", 100)), "skipped 2, more false")
		want(w, "told once", told(w.ship("prom", 100)), "skipped 0, more false")
	}},
	{"a shipment under way that leaves the window is given up and told", func(w *world) {
		w.addAt("1", "bad", noon)
		w.score("v1")
		w.receivers(day.From, "prom")
		w.ship("prom", 100)
		late := mention.Span{From: noon.Add(time.Hour), To: noon.Add(2 * time.Hour)}
		sh, err := w.s.Ship(w.t.Context(), "prom", late, 100)
		must(w, err)
		want(w, "given up", told(sh), "skipped 1, more false")
	}},
	{"much comes in parts, oldest first", func(w *world) {
		for i := range 5 {
			w.addAt(fmt.Sprint(i), "bad", noon.Add(time.Duration(-i)*time.Hour))
		}
		w.score("v1")
		w.receivers(day.From, "prom")
		first := w.ship("prom", 2)
		want(w, "first", told(first), delta(8, 0, "negative", 0, 1)+delta(9, 0, "negative", 0, 1)+"skipped 0, more true")
		want(w, "in all", w.deliver("prom"), 5)
	}},
	{"receivers are told apart, and one that is not named any more is forgotten", func(w *world) {
		w.addAt("1", "bad", noon)
		w.score("v1")
		w.receivers(day.From, "prom", "mimir")
		w.deliver("prom")
		want(w, "the other", deltas(w.ship("mimir", 100).Deltas), delta(12, 0, "negative", 0, 1))
		w.receivers(day.From, "prom")
		if _, err := w.s.Ship(w.t.Context(), "mimir", day, 100); err == nil {
			w.t.Error("a receiver that was dropped is still sent things")
		}
		w.receivers(day.From, "prom", "mimir")
		want(w, "begins anew", deltas(w.ship("mimir", 100).Deltas), delta(12, 0, "negative", 0, 1))
		want(w, "goes on", deltas(w.ship("prom", 100).Deltas), "")
	}},
}

// addAt adds a post of Acme.
func (w *world) addAt(native, text string, at time.Time) mention.Mention {
	w.t.Helper()
	m := w.post(native, text, "Acme")
	m.At = at
	w.add(m)
	return m
}

func (w *world) receivers(since time.Time, names ...string) {
	w.t.Helper()
	must(w, w.s.Receivers(w.t.Context(), names, since))
}

func (w *world) ship(receiver string, limit int) store.Shipment {
	w.t.Helper()
	sh, err := w.s.Ship(w.t.Context(), receiver, day, limit)
	must(w, err)
	return sh
}

// deliver ships until nothing is left, and returns how many deltas it took.
func (w *world) deliver(receiver string) (n int) {
	w.t.Helper()
	for {
		sh := w.ship(receiver, 2)
		if len(sh.Deltas) == 0 && !sh.More {
			return n
		}
		n += len(sh.Deltas)
		must(w, w.s.Arrived(w.t.Context(), receiver))
	}
}

// deltas prints deltas of Acme from net in English.
func deltas(ds []store.Delta) (text string) {
	for _, d := range ds {
		if d.Brand != "Acme" || d.Source != "net" || d.Language != "en" || d.Kind != mention.KindUnknown {
			text += fmt.Sprintf("%+v ", d)
			continue
		}
		text += delta(d.Minute.Hour(), d.Minute.Minute(), string(d.Polarity), d.Slot, d.N)
	}
	return text
}

func delta(hour, minute int, polarity string, slot int, n int64) string {
	return fmt.Sprintf("%02d:%02d %s #%d %+d; ", hour, minute, polarity, slot, n)
}

func told(sh store.Shipment) string {
	return deltas(sh.Deltas) + fmt.Sprintf("skipped %d, more %t", sh.Skipped, sh.More)
}
