package web

import (
	"math"
	"net/http"
	"strings"
	"testing"
	"time"

	"confianza/analysis/shares"
	"confianza/internal/mention"
)

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// Madrid put its clocks back on 25 October 2026 and forward on 29 March; Cairo
// has no midnight on 24 April 2026: its day begins at one.
func TestCalendarHasTheDaysOfTheZone(t *testing.T) {
	for _, tt := range []struct {
		zone  string
		to    time.Time
		hours []float64
	}{
		{"Europe/Madrid", time.Date(2026, 10, 26, 12, 0, 0, 0, time.UTC), []float64{24, 25, 13}},
		{"Europe/Madrid", time.Date(2026, 3, 30, 12, 0, 0, 0, time.UTC), []float64{24, 23, 14}},
		{"Africa/Cairo", time.Date(2026, 4, 25, 9, 0, 0, 0, time.UTC), []float64{24, 23, 12}},
		{"Asia/Kolkata", time.Date(2026, 4, 25, 18, 30, 0, 0, time.UTC), []float64{24, 24, 24}}, // midnight ends a day
	} {
		for i, d := range calendar(2, tt.to, zone(t, tt.zone)) {
			if got := d.To.Sub(d.From).Hours(); got != tt.hours[i] {
				t.Errorf("%s: day %d, from %s, has %v hours, want %v", tt.zone, i, d.From, got, tt.hours[i])
			}
		}
	}
}

// A mention counts on the day that its zone says: half past six in the evening
// of UTC is midnight in Kolkata.
func TestMentionsFallIntoTheirDays(t *testing.T) {
	for name, want := range map[string][2]int64{"UTC": {2, 0}, "Asia/Kolkata": {1, 1}, "Europe/Madrid": {2, 0}} {
		z := zone(t, name)
		s := fill(t, says(17.6, mention.Negative, "en", "before"), says(17.4, mention.Positive, "en", "after")) // 18:24 and 18:36 on the 23rd
		snap, err := s.Snapshot(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		series, err := snap.Series(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		talked, err := listenTo(t.Context(), snap, opinionsOf("Delta", series), calendar(1, now, z), 0)
		snap.Close()
		if err != nil {
			t.Fatal(err)
		}
		if got := [2]int64{talked.days[0].Total(), talked.days[1].Total()}; got != want {
			t.Errorf("%s: %v a day, want %v", name, got, want)
		}
		if got := talked.strands[strand{"bluesky", "en"}]; len(talked.strands) != 1 || got.Negative != 1 || got.Positive != 1 {
			t.Errorf("%s: strands %v", name, talked.strands)
		}
	}
}

// spreadOut is so many of each in each of some hours: they do not vary.
func spreadOut(hours int, t tally) (s sample) {
	for range hours {
		s = s.and(hour(t))
	}
	return s
}

func TestStanding(t *testing.T) {
	usual := spreadOut(10, tally{Negative: 30, Neutral: 40, Positive: 30}) // net 0 of 1000
	for _, tt := range []struct {
		name           string
		before, latest sample
		want           standing
	}{
		// Net -20 of 1000 against 0 of 1000. Each share's half is about 2.8 points; of a
		// net of .4 and .2 the deviation is sqrt((.6-.04)/1000) = 2.37 points, of .3 and
		// .3 sqrt(.6/1000) = 2.45; their difference's half 1.96*3.40 = 6.7 points.
		{"below", usual, spreadOut(10, tally{Negative: 40, Neutral: 40, Positive: 20}), standing{standBelow, 20, 13, 27}},
		{"above", usual, spreadOut(10, tally{Negative: 20, Neutral: 40, Positive: 40}), standing{standAbove, 20, 13, 27}},
		// Half: 1.96*sqrt(2*.6/1000) = 6.8.
		{"the same", usual, usual, standing{standUsual, 0, -7, 7}},
		{"99 before", spreadOut(1, tally{Negative: 99}), usual, standing{Is: standHistory}},
		{"100 before that nobody can tell", hour(tally{Unknown: 100}), usual, standing{Is: standHistory}},
		{"29 now", usual, hour(tally{Negative: 29}), standing{Is: standFew}},
	} {
		if got := judge(tt.before, tt.latest); got != tt.want {
			t.Errorf("%s: got %+v, want %+v", tt.name, got, tt.want)
		}
	}
	// The same mentions in hours that are all of one mind say less.
	calm, stormy := spreadOut(10, tally{Negative: 10, Positive: 10}), sample{}
	for range 5 {
		stormy = stormy.and(hour(tally{Negative: 20})).and(hour(tally{Positive: 20}))
	}
	if a, b := calm.net(), stormy.net(); a.Value != b.Value || b.High-b.Low < 3*(a.High-a.Low) {
		t.Errorf("calm %+v, stormy %+v", a, b)
	}
}

func TestTraceBreaksWhereNothingWasSaid(t *testing.T) {
	days := calendar(3, now.Truncate(24*time.Hour), time.UTC) // four days, each a quarter of the plot
	days[0].sample, days[1].sample, days[3].sample = hour(tally{Negative: 1}), hour(tally{Positive: 1}), hour(tally{Neutral: 50})
	weeks := []sample{days[0].sample, days[0].and(days[1].sample), days[0].and(days[1].sample), together(days)}
	within := mention.Span{From: days[0].From, To: days[3].To}
	c := trace(reader(t, "en"), within, days, weeks, nil, axis{-100, 100}, func(s sample) shares.Estimate { return times100(s.net()) })
	// Middles at 12.5 %, 37.5 % and 87.5 %; -100 is the foot, 100 the top, 0 half way.
	if want := "M125.0 1000.0h0L375.0 0.0M875.0 500.0h0"; c.Daily != want {
		t.Errorf("days: %s, want %s", c.Daily, want)
	}
	// A week of two mentions is none; of 52 it is (1-1)/52.
	if want := "M875.0 500.0h0"; c.Weekly != want {
		t.Errorf("weeks: %s, want %s", c.Weekly, want)
	}
	// One negative of one: Wilson's share from 0.2065 to 1, so that little is known.
	if p := c.Points[0]; p.Day.Low != -100 || p.Day.High < 0 || p.Height < 50 || math.Abs(p.Y+p.Height-100) > 0.01 {
		t.Errorf("one mention: %+v", p)
	}
	if p := c.Points[2]; p.N != 0 || p.Height != 0 {
		t.Errorf("nothing said: %+v", p)
	}
}

// beforeAndAfter is thirty days of ten mentions half of which thank, and ten of
// eight that complain and two that thank. The incident is on 14 November.
func beforeAndAfter() []mention.Mention {
	var all []mention.Mention
	for d := range 40 {
		for i := range 10 {
			p := mention.Negative
			if d >= 11 && i%2 == 0 || d < 11 && i < 2 {
				p = mention.Positive
			}
			all = append(all, says(float64(24*d)+float64(i), p, "es", "Delta"))
		}
	}
	return all
}

func TestTrendPage(t *testing.T) {
	incident := time.Date(2026, 11, 14, 0, 0, 0, 0, time.UTC)
	kept := fill(t, beforeAndAfter()...)
	h := site1(t, kept, func(_ *Options, s *State) {
		s.Brands, s.Incidents = []string{"Quiet", "Delta"}, map[string]time.Time{"Delta": incident}
	})
	// The net of 280 before is 0; the last seven days have 70 mentions, of which the
	// one of this very moment does not count yet: 13 of 69 thank, 56 complain, -62.
	contains(t, ask(h, "GET", "/trend?lang=es").Body.String(),
		[]string{`<html lang="es">`, "62 puntos por debajo de lo habitual (entre ", "Lo habitual: del 17\u00a0oct al 13\u00a0nov", "Incidente", "Sin escucha",
			`href="/?brand=Delta&amp;lang=es&amp;source=bluesky#latest">Bluesky</a>`, `href="/?brand=Delta&amp;lang=es&amp;language=es#latest">español</a>`},
		[]string{"No se puede decir"})
	contains(t, ask(h, "GET", "/trend?lang=en&days=30&brand=Delta").Body.String(),
		[]string{"62 points below what was usual (between ", `href="/?brand=Delta&amp;lang=en"`, `href="/trend?brand=Quiet&amp;days=30&amp;lang=en"`}, nil)
	contains(t, ask(h, "GET", "/trend?lang=en&brand=Quiet").Body.String(), []string{"the date of the incident is not known", "No mentions in this period"}, nil)
	contains(t, ask(h, "GET", "/?lang=en&brand=Delta").Body.String(), []string{`<a href="/trend?brand=Delta&amp;lang=en">Recovery</a>`}, nil)
	for at, want := range map[time.Time]string{now.Add(24 * time.Hour): "still to come", now.AddDate(0, 0, -60): "There are 0 opinions from 28\u00a0Aug to 24\u00a0Sep"} {
		h := site1(t, kept, func(_ *Options, s *State) { s.Incidents = map[string]time.Time{"Delta": at} })
		contains(t, ask(h, "GET", "/trend?lang=en").Body.String(), []string{want}, []string{"below what was usual", "Usual:"})
	}
	for _, path := range []string{"/trend?days=31", "/trend?days=x", "/trend?brand=Other"} {
		if w := ask(h, "GET", path); w.Code != http.StatusBadRequest {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
}

// A number's link leads to the mentions behind it and to no others.
func TestMentionsOfASourceAndALanguage(t *testing.T) {
	h := site1(t, fill(t, says(1, mention.Negative, "es", "perdieron mis datos"), says(2, mention.Negative, "en", "they lost my data")), nil)
	for query, want := range map[string][2]bool{"language=es": {true, false}, "language=en&source=bluesky": {false, true}, "source=feeds": {false, false}, "source=bluesky": {true, true}} {
		body := ask(h, "GET", "/?lang=en&"+query).Body.String()
		if got := [2]bool{strings.Contains(body, "perdieron"), strings.Contains(body, "they lost")}; got != want {
			t.Errorf("%s: %v, want %v", query, got, want)
		}
		if !strings.Contains(body, "Only:") {
			t.Errorf("%s: the page does not say that it leaves others out", query)
		}
	}
	for _, bad := range []string{"/?source=%3Cb%3E", "/?language=Espa%C3%B1ol"} {
		if w := ask(h, "GET", bad); w.Code != http.StatusBadRequest || strings.Contains(w.Body.String(), "<b>") {
			t.Errorf("%s: %d", bad, w.Code)
		}
	}
}

// Three busy days make enough opinions, but are not what four weeks were like.
func TestAThinBaselineIsCalledSo(t *testing.T) {
	incident := time.Date(2026, 11, 14, 0, 0, 0, 0, time.UTC)
	var all []mention.Mention
	for i := range 120 {
		all = append(all, says(11*24+float64(i)/2, mention.Positive, "en", "before"), says(float64(i)/2, mention.Negative, "en", "after"))
	}
	h := site1(t, fill(t, all...), func(_ *Options, s *State) { s.Incidents = map[string]time.Time{"Delta": incident} })
	contains(t, ask(h, "GET", "/trend?lang=en").Body.String(), []string{"points below what was usual", "What is usual comes from 3 days"}, []string{"Where most people complain"})
	contains(t, ask(h, "GET", "/trend?lang=es").Body.String(), []string{"Lo habitual sale de 3 días"}, nil)
	whole := site1(t, fill(t, beforeAndAfter()...), func(_ *Options, s *State) {
		s.Incidents, s.Shown = map[string]time.Time{"Delta": incident}, "model@1a2b3c4d"
	})
	contains(t, ask(whole, "GET", "/trend?lang=en").Body.String(), []string{"Where most people complain"}, []string{"What is usual comes from"})
}
