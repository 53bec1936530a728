package series_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"confianza/internal/mention"
	"confianza/internal/series"
	"confianza/internal/store"
)

// present answers as of noon, for the brand Acme and the source net.
func (w *world) present() *series.Engine {
	return series.NewEngine(series.New(series.Options{Store: w.s.Reader, Now: func() time.Time { return noon },
		Brands: func() []string { return []string{"Acme"} }, Sources: func() []string { return []string{"net"} }}), series.Limits{})
}

// at asks at a moment and prints the values, or ranges of them, as "label=value ".
func (w *world) at(at time.Time, expr, label string) string {
	w.t.Helper()
	v, err := w.present().QueryFunc()(w.t.Context(), expr, at)
	if err != nil {
		w.t.Fatal(err)
	}
	var all []string
	for _, s := range v {
		all = append(all, fmt.Sprintf("%s=%.4g", s.Metric.Get(label), s.F))
	}
	return strings.Join(all, " ")
}

func (w *world) want(what, got, want string) {
	w.t.Helper()
	if got != want {
		w.t.Errorf("%s: got %q, want %q", what, got, want)
	}
}

func before(d time.Duration) time.Time { return noon.Add(-d) }

// A source that was deaf for half an hour, and never heard before 10:00.
func TestQuietIsZeroAndDeafIsAbsent(t *testing.T) {
	w := newWorld(t)
	w.hear("net", before(2*time.Hour), before(time.Hour))
	w.hear("net", before(30*time.Minute), before(90*time.Second)) // to 11:58:30: 11:58 was not heard to its end
	const acme, listening = `sum(sum_over_time(confianza_mentions{brand="Acme"}[5m]))`, "confianza_listening"
	for _, tt := range []struct {
		name              string
		at                time.Time
		mentions, hearing string
	}{
		{"before all", before(3 * time.Hour), "", ""},
		{"heard", before(90 * time.Minute), "=0", "net=1"},
		{"deaf", before(40 * time.Minute), "", "net=0"},
		{"the first minute after", before(29 * time.Minute), "=0", "net=1"},
		{"late, not deaf", noon, "=0", "net=1"},
	} {
		w.want(tt.name, w.at(tt.at, acme, ""), tt.mentions)
		w.want(tt.name+", listening", w.at(tt.at, listening, "source"), tt.hearing)
	}
	w.want("never named, by polarity", w.at(noon, "sum by (polarity) (sum_over_time(confianza_mentions[1h]))", "polarity"),
		"negative=0 neutral=0 positive=0 unknown=0")
	w.want("a quiet minute fires", w.at(before(90*time.Minute), acme+" < 1", ""), "=0")
	w.want("the plain value, in the minute after the last", w.at(before(59*time.Minute), "confianza_mentions", "polarity"), "")
}

// A brand of later is absent, not quiet, before it was listened for; what was
// brought in of it is there all the same.
func TestABrandOfLaterWasNotQuietBefore(t *testing.T) {
	w := newWorld(t)
	listen := func(brands ...string) {
		if err := w.s.Listen(t.Context(), brands); err != nil {
			t.Fatal(err)
		}
	}
	listen("Zeta")
	w.hear("net", before(4*time.Hour), before(2*time.Hour))
	listen("Acme", "Zeta")
	w.hear("net", before(2*time.Hour), before(time.Minute))
	w.say(said{"net", "Acme", "bad", before(3*time.Hour + 30*time.Second)})
	w.score("v1", 10)
	const acme = `sum(sum_over_time(confianza_mentions{brand="Acme"}[10m]))`
	w.want("before", w.at(before(150*time.Minute), acme, ""), "")
	w.want("brought in", w.at(before(3*time.Hour), acme, ""), "=1")
	w.want("after", w.at(before(time.Hour), acme, ""), "=0")
	w.want("by the hour, before", w.at(before(2*time.Hour), `sum(sum_over_time(confianza_mentions{brand="Acme"}[30m]))`, ""), "")
}

// What comes late, and what is brought in from last year, is where it was said.
func TestThePastChangesInPlace(t *testing.T) {
	w := newWorld(t)
	w.hear("net", before(3*time.Hour), noon)
	w.say(said{"net", "Acme", "bad", before(2 * time.Hour)}, said{"net", "Acme", "good", before(2 * time.Hour)})
	w.score("v1", 9)
	const byPolarity = "sum by (polarity) (sum_over_time(confianza_mentions[10m])) > 0"
	then := before(2*time.Hour - 5*time.Minute)
	w.want("at first", w.at(then, byPolarity, "polarity"), "negative=1 positive=1")
	lastYear := noon.AddDate(-1, 0, 0)
	w.say(said{"net", "Acme", "bad", before(2*time.Hour - time.Minute)}, said{"file", "Acme", "bad", lastYear})
	w.score("v1", 9)
	w.want("with a late one", w.at(then, byPolarity, "polarity"), "negative=2 positive=1")
	w.want("last year", w.at(lastYear.Add(5*time.Minute), byPolarity, "polarity"), "negative=1")
	w.want("now", w.at(noon, byPolarity, "polarity"), "")

	w.begin("v2")
	w.score("v2", 3)
	w.want("while all is scored again", w.at(then, byPolarity, "polarity"), "negative=2 positive=1")
	w.score("v2", 9)
	w.want("scored again", w.at(then, byPolarity, "polarity"), "positive=3")
	w.want("last year scored again", w.at(lastYear.Add(5*time.Minute), byPolarity, "polarity"), "positive=1")
}

// 8 negative, 2 positive within the day, spread evenly over two hours; 10
// positive two days before; unknown ones and another brand do not count.
func TestShares(t *testing.T) {
	w := newWorld(t)
	var all []said
	for i := range 8 {
		all = append(all, said{"net", "Acme", "bad", before(2*time.Hour + time.Duration(i)*time.Minute)})
	}
	for i := range 2 {
		all = append(all, said{"net", "Acme", "good", before(3*time.Hour - time.Duration(i)*time.Minute)})
	}
	for i := range 10 {
		all = append(all, said{"net", "Acme", "good", before(48*time.Hour + time.Duration(i)*time.Minute)})
	}
	w.say(append(all, said{"net", "Zeta", "good", before(time.Hour)}, said{"net", "Acme", "bad", before(30 * time.Minute)})...)
	w.score("v1", 99)
	w.add(store.Intake{Source: "net", Gone: []mention.Gone{{Native: "22"}}}) // the one of 11:30, whose number stays
	ask := func(metric, window string, at time.Time) string {
		return w.at(at, metric+`{brand="Acme",window="`+window+`"}`, "polarity")
	}
	const share = "confianza_sentiment_share"
	// At 12:30 the last full hour is 11:00–12:00: 9 of 11 were negative within a day, 9 of 21 within a week.
	// Wilson, z² = 3.8415: for 9/11 the middle is (0.81818 + 0.17461) / 1.34922 = 0.73582, the half width 0.21260.
	w.want("a day's", ask(share, "1d", noon), "negative=0.8182 neutral=0 positive=0.1818")
	w.want("lower", ask(share+"_lower", "1d", noon), "negative=0.523 neutral=0 positive=0.05137")
	w.want("upper", ask(share+"_upper", "1d", noon), "negative=0.9486 neutral=0.2588 positive=0.477")
	w.want("a week's", ask(share, "7d", noon), "negative=0.4286 neutral=0 positive=0.5714")
	w.want("before the hour was full", ask(share, "1d", before(time.Minute)), "negative=0.8 neutral=0 positive=0.2")
	w.want("nobody spoke", ask(share, "1d", before(72*time.Hour)), "")
	w.want("voices today", w.at(noon, `confianza_voices{brand="Acme"}`, "brand"), "Acme=7")
	w.want("voices two days ago", w.at(before(40*time.Hour), `confianza_voices{brand="Acme"}`, "brand"), "Acme=7")
	w.want("voices yesterday", w.at(before(20*time.Hour), `confianza_voices{brand="Acme"}`, "brand"), "Acme=0")
	w.want("voices before all", w.at(before(72*time.Hour), `confianza_voices{brand="Acme"}`, "brand"), "")
	w.want("the present minute", w.at(noon.Add(10*time.Minute), share, "polarity"), "")
}

// A day counted by people is said in all its minutes, by the scorer that is
// shown, and where nobody voted there is nothing.
func TestVotes(t *testing.T) {
	w := newWorld(t)
	w.say(said{"net", "Acme", "bad", before(30 * time.Hour)})
	w.score("v1", 10)
	day := noon.Unix()/86400 - 1
	keep := func(scorer string) {
		t.Helper()
		if err := w.s.KeepVotes(t.Context(), "Acme", store.Votes{Scorer: scorer, Days: map[int64]store.DayVote{day: {Seen: 9, Weight: 8, Sum: -2}, day - 1: {Seen: 3}}}); err != nil {
			t.Fatal(err)
		}
	}
	keep("v1")
	w.want("net yesterday", w.at(before(20*time.Hour), "confianza_voices_net", "brand"), "Acme=-0.25")
	w.want("votes yesterday", w.at(before(13*time.Hour), "confianza_voices_votes", "brand"), "Acme=8")
	w.want("today", w.at(before(11*time.Hour), "confianza_voices_net", "brand"), "")
	w.want("a day nobody could count", w.at(before(40*time.Hour), "confianza_voices_net", "brand"), "")
	w.want("its votes", w.at(before(40*time.Hour), "confianza_voices_votes", "brand"), "")
	keep("v0")
	w.want("another scorer's", w.at(before(20*time.Hour), "confianza_voices_net", "brand"), "")
}
