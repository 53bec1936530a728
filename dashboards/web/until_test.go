package web

import (
	"strings"
	"testing"
	"time"

	"confianza/internal/mention"
	"confianza/internal/store"
)

// A past week is shown as it was: what was said behind its last day is not on
// the page, neither counted nor listed.
func TestLookingBack(t *testing.T) {
	const day = 24
	madrid, err := time.LoadLocation("Europe/Madrid")
	if err != nil {
		t.Fatal(err)
	}
	s := fill(t, says(1, mention.Negative, "en", "said today"),
		says(40*day, mention.Positive, "en", "said forty days ago"), // 15 October, 14:00 in Madrid
		says(40*day-10.5, mention.Neutral, "en", "half an hour behind midnight"),
		says(44*day, mention.Positive, "en", "four days before"))
	h := site1(t, s, func(o *Options, _ *State) { o.Zone = madrid })
	for address, want := range map[string]struct{ shown, hidden []string }{
		"/?lang=en&until=2026-10-15&window=7d": {
			[]string{"said forty days ago", "four days before", `<p class="big">2</p>`, `value="2026-10-15"`, `href="/?lang=en&amp;window=7d">Back to now`, "9\u00a0Oct, 00:00 to 16\u00a0Oct, 00:00"},
			[]string{"half an hour behind midnight", "said today"}},
		"/?lang=en&until=2026-10-16": {[]string{"half an hour behind midnight"}, []string{"said today"}},
		"/?lang=en&until=2026-11-24": {[]string{"said today", "to 24\u00a0Nov, 13:00"}, nil}, // today is not over: now
		"/?lang=en&until=2031-01-01": {[]string{"said today"}, nil},
		"/?lang=en&until=2026-11-01&window=7d": {
			[]string{"No mentions in this period", `href="/?lang=en&amp;until=2026-10-16&amp;window=7d">Show the period of the last mention`},
			[]string{"said today"}},
		"/trend?lang=en&until=2026-10-15&days=30": {[]string{`value="2026-10-15"`, `href="/?brand=Delta&amp;lang=en&amp;until=2026-10-15"`, "<th scope=\"row\">15\u00a0Oct</th>"}, nil},
	} {
		body := ask(h, "GET", address).Body.String()
		t.Run(address, func(t *testing.T) { contains(t, body, want.shown, want.hidden) })
	}
	for _, bad := range []string{"2026-02-30", "yesterday", "1980-01-01", "2026-10-15T10:00", "99999-01-01"} {
		for _, view := range []string{"/", "/trend"} {
			if w := ask(h, "GET", view+"?lang=en&until="+bad); w.Code != 400 || !strings.Contains(w.Body.String(), "That is no date") {
				t.Errorf("%s until %s: %d", view, bad, w.Code)
			}
		}
	}
}

// What was imported of long ago is one bar of eleven years, unless "all" ends
// with it; with somebody listening since, it must not.
func TestAllEndsWithWhatThereIs(t *testing.T) {
	said := says(0, mention.Negative, "en", "long ago")
	said.At = time.Date(2015, 2, 20, 9, 0, 0, 0, time.UTC)
	later := says(0, mention.Positive, "en", "two days later")
	later.At = said.At.Add(48 * time.Hour)
	s, err := store.Open(t.Context(), t.TempDir(), store.Options{Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	past := []mention.Mention{said, later}
	for i := range past {
		past[i].Source, past[i].Native, past[i].Seen, past[i].Brands = "files", past[i].Text, past[i].At, []string{"Delta"}
	}
	if _, err := s.Add(t.Context(), store.Intake{Source: "files", Mentions: past}); err != nil {
		t.Fatal(err)
	}
	score(t, s, past)
	const short, long = "20\u00a0Feb\u00a02015, 00:00 to 23\u00a0Feb\u00a02015, 00:00", "20\u00a0Feb\u00a02015, 00:00 to 24\u00a0Nov, 12:00"
	deaf := site1(t, s, func(_ *Options, st *State) { st.Sources[0] = Source{Name: "bluesky", Phase: "waiting"} })
	contains(t, ask(deaf, "GET", "/?lang=en&window=all").Body.String(), []string{short}, []string{long})
	contains(t, ask(site1(t, s, nil), "GET", "/?lang=en&window=all").Body.String(), []string{long}, []string{short})
	contains(t, ask(deaf, "GET", "/trend?lang=en").Body.String(), []string{`href="/trend?brand=Delta&amp;lang=en&amp;until=2015-02-22">Show the period`}, nil)
}
