package storetest

import (
	"fmt"
	"time"

	"confianza/internal/mention"
	"confianza/internal/store"
)

var counting = []promise{
	{"mentions count by minute, hour and day of event time, edges and times before 1970 included", func(w *world) {
		at := []string{
			"1969-12-31T22:59:59.999Z", "1969-12-31T23:00:00Z", "1969-12-31T23:59:59.999Z",
			"1970-01-01T00:00:00Z", "1970-01-01T00:00:59.999Z", "1970-01-01T00:01:00Z",
		}
		for i, text := range at {
			m := w.post(fmt.Sprint(i), "bad", "Acme")
			m.At = instant(w, text)
			w.add(m)
		}
		w.score("v1")
		all := mention.Span{From: instant(w, "1969-12-31T00:00:00Z"), To: instant(w, "1970-01-02T00:00:00Z")}
		want(w, "by minute", w.buckets(all, time.Minute), "31 22:59=1 31 23:00=1 31 23:59=1 01 00:00=2 01 00:01=1 ")
		want(w, "by five minutes", w.buckets(all, 5*time.Minute), "31 22:55=1 31 23:00=1 31 23:55=1 01 00:00=3 ")
		want(w, "by 90 minutes", w.buckets(all, 90*time.Minute), "31 22:30=3 01 00:00=3 ")
		want(w, "by hour", w.buckets(all, time.Hour), "31 22:00=1 31 23:00=2 01 00:00=3 ")
		want(w, "by day", w.buckets(all, 24*time.Hour), "31 00:00=3 01 00:00=3 ")
	}},
	{"a span includes its beginning, excludes its end, and takes whole minutes", func(w *world) {
		for i := range 5 { // 12:00:30 to 12:04:30
			m := w.post(fmt.Sprint(i), "bad", "Acme")
			m.At = noon.Add(time.Duration(i)*time.Minute + 30*time.Second)
			w.add(m)
		}
		w.score("v1")
		for _, c := range []struct {
			from, to time.Duration
			want     string
		}{
			{time.Minute, 3 * time.Minute, "02 12:01=1 02 12:02=1 "},
			{time.Minute + time.Second, 3*time.Minute + time.Second, "02 12:01=1 02 12:02=1 02 12:03=1 "},
			{time.Minute, time.Minute + time.Millisecond, "02 12:01=1 "},
			{time.Minute, time.Minute, ""},
			{3 * time.Minute, time.Minute, ""},
			{-time.Hour, 0, ""},
			{5 * time.Minute, time.Hour, ""},
		} {
			got := w.buckets(mention.Span{From: noon.Add(c.from), To: noon.Add(c.to)}, time.Minute)
			want(w, fmt.Sprintf("%s to %s", c.from, c.to), got, c.want)
		}
		want(w, "an hour cut short", w.buckets(mention.Span{From: noon.Add(time.Minute), To: noon.Add(3 * time.Minute)}, time.Hour), "02 12:00=2 ")
	}},
	{"a step that is no multiple of a minute is refused", func(w *world) {
		for _, step := range []time.Duration{0, -time.Minute, time.Second, 90 * time.Second} {
			if _, err := w.s.Counts(w.t.Context(), store.CountQuery{Span: always, Step: step}); err == nil {
				w.t.Errorf("step %s was taken", step)
			}
		}
	}},
	{"counts carry their labels and can be chosen by brand and source", func(w *world) {
		w.add(w.post("1", "bad", "Acme", "Zeta"), w.post("2", "good", "Zeta"), w.post("3", "bad", "Zeta"))
		m := w.post("4", "bad", "Acme")
		m.Source = "web"
		_, err := w.s.Add(w.t.Context(), store.Intake{Source: "web", Mentions: []mention.Mention{m}})
		must(w, err)
		w.score("v1")
		count := func(brand, source string, p mention.Polarity, n int64) store.Count {
			return store.Count{At: noon, Brand: brand, Source: source, Language: "en", Polarity: p, Kind: mention.KindUnknown, N: n}
		}
		acme, web := count("Acme", "net", mention.Negative, 1), count("Acme", "web", mention.Negative, 1)
		zetaBad, zetaGood := count("Zeta", "net", mention.Negative, 2), count("Zeta", "net", mention.Positive, 1)
		for _, c := range []struct {
			name            string
			brands, sources []string
			want            []store.Count
		}{
			{"all", nil, nil, []store.Count{acme, web, zetaBad, zetaGood}},
			{"a brand", []string{"Zeta"}, nil, []store.Count{zetaBad, zetaGood}},
			{"two brands", []string{"Zeta", "Acme"}, nil, []store.Count{acme, web, zetaBad, zetaGood}},
			{"a source", nil, []string{"web"}, []store.Count{web}},
			{"both", []string{"Acme"}, []string{"net"}, []store.Count{acme}},
			{"unknown brand", []string{"Omega"}, nil, nil},
		} {
			q := store.CountQuery{Brands: c.brands, Sources: c.sources, Span: always, Step: time.Hour}
			want(w, c.name, w.counts(q), c.want)
		}
	}},
}

// buckets prints counts over all labels: "day hour:minute=n " each.
func (w *world) buckets(span mention.Span, step time.Duration) (text string) {
	w.t.Helper()
	for _, c := range w.counts(store.CountQuery{Scorer: "v1", Span: span, Step: step}) {
		text += fmt.Sprintf("%s=%d ", c.At.Format("02 15:04"), c.N)
	}
	return text
}

func instant(w *world, text string) time.Time {
	w.t.Helper()
	at, err := time.Parse(time.RFC3339Nano, text)
	must(w, err)
	return at
}
