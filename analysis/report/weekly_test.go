package report

import (
	"reflect"
	"testing"
	"time"
)

var monday = time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC) // of 2026-W45

func after(days float64) time.Time { return monday.Add(time.Duration(days * 24 * float64(time.Hour))) }

// counted is so many mentions of source net.
func counted(negative, neutral, positive, unknown int64) Span {
	return Span{Counts: []Count{{"net", "en", "unknown", negative, neutral, positive, unknown}}, Voices: 7, Authored: 1}
}

// material is three weeks of Acme from 2 November 2026 on, all of them heard,
// and a week before; made right after the last.
func material(before Span, weeks ...Span) Material {
	return Material{Made: after(21), Zone: time.UTC, Scorer: "v1", Listening: []string{"net"},
		Heard:  map[string][]Stretch{"net": {{after(-60), after(21)}}},
		Weeks:  Weeks(Stretch{monday, after(21)}, time.UTC)[:len(weeks)],
		Brands: []Brand{{Name: "Acme", Before: before, Weeks: weeks}}}
}

func TestFigures(t *testing.T) {
	l := New(material(Span{}, counted(30, 50, 20, 25))).Brands[0].Weeks[0]
	// Of 100 scored: Wilson's intervals of 30, 50 and 20 %.
	want := Figures{125, 30, 50, 20, 25,
		&Shares{Interval{0.3, 0.2189, 0.3958}, Interval{0.5, 0.4038, 0.5962}, Interval{0.2, 0.1334, 0.2888}},
		// The half widths towards lower net are .0666 and .0958, towards higher .0888 and .0811; correlation -√(.06/.56) = -.3273:
		// √(.0666² + .0958² + 2·.3273·.0666·.0958) = .1334 and √(.0888² + .0811² + 2·.3273·.0888·.0811) = .1385.
		&Interval{-10, -23.34, 3.85}}
	if !reflect.DeepEqual(l.Figures, want) {
		t.Errorf("got %+v %+v %+v", l.Figures, l.Shares, l.Net)
	}
	if l := New(material(Span{}, counted(0, 0, 0, 5))).Brands[0].Weeks[0]; l.Mentions != 5 || l.Shares != nil || l.Net != nil {
		t.Errorf("of nothing scored: %+v", l)
	}
}

func TestChange(t *testing.T) {
	base := counted(30, 50, 20, 0)
	deaf := func(m *Material) { m.Heard["net"] = []Stretch{{after(-60), after(0.5)}, {after(7), after(21)}} }
	tests := []struct {
		name          string
		before, now   Span
		but           func(*Material)
		mentions, net float64 // 0 for none
		unsaid        Reason
	}{
		{"half as many, happier", base, counted(5, 25, 20, 0), nil, -0.5, 40, ""},
		{"the same", base, base, nil, 0, 0, ""},
		{"nothing before", Span{}, base, nil, 0, 0, NoneBefore},
		{"not over", base, base, func(m *Material) { m.Made = after(6.9) }, 0, 0, NotOver},
		{"deaf for most of it", base, base, deaf, 0, 0, Unlike},
		{"heard a little less", base, counted(60, 100, 40, 0), func(m *Material) { m.Heard["net"][0].To = after(6.5) }, 1, 0, ""},
		{"few of them scored", base, counted(5, 5, 5, 85), nil, 0, 0, TooFew},
		{"few before", counted(9, 9, 9, 0), base, nil, 0, 0, TooFew},
		{"imports alone", base, counted(5, 25, 20, 0), func(m *Material) { m.Heard = nil }, 0, 40, Uncovered},
	}
	for _, tt := range tests {
		m := material(tt.before, tt.now)
		if tt.but != nil {
			tt.but(&m)
		}
		c := New(m).Brands[0].Weeks[0].OnWeekBefore
		var mentions, net float64
		if c.Mentions != nil {
			mentions = *c.Mentions
		}
		if c.Net != nil {
			if net = c.Net.Value; c.Net.Low >= net || c.Net.High <= net {
				t.Errorf("%s: interval %+v", tt.name, *c.Net)
			}
		}
		if mentions != tt.mentions || net != tt.net || c.Unsaid != tt.unsaid {
			t.Errorf("%s: got %v mentions, %v points, unsaid %q; want %v, %v, %q", tt.name, mentions, net, c.Unsaid, tt.mentions, tt.net, tt.unsaid)
		}
	}
}

func TestStates(t *testing.T) {
	tests := []struct {
		name      string
		heard     []Stretch
		listening bool
		made      float64 // days after Monday
		want      State
		share     float64 // -1 for none
	}{
		{"heard all along", []Stretch{{after(-9), after(9)}}, true, 9, Whole, 1},
		{"a moment missed", []Stretch{{after(-9), after(3)}, {after(3.25), after(9)}}, true, 9, Whole, 0.9643},
		{"a day missed", []Stretch{{after(-9), after(3)}, {after(4), after(9)}}, true, 9, Gaps, 0.8571},
		{"the week goes on", []Stretch{{after(-9), after(3.5)}}, true, 3.5, Running, 0.5},
		{"turned on within it", []Stretch{{after(3.5), after(9)}}, true, 9, Gaps, 0.5},
		{"turned on later", []Stretch{{after(8), after(9)}}, true, 9, Unheard, -1},
		{"given up before", []Stretch{{after(-9), after(-1)}}, false, 9, Unheard, -1},
		{"deaf since before", []Stretch{{after(-9), after(-1)}}, true, 9, Gaps, 0},
		{"given up within it", []Stretch{{after(-9), after(3.5)}}, false, 9, Gaps, 0.5},
	}
	for _, tt := range tests {
		m := material(Span{}, counted(1, 1, 1, 1))
		m.Heard, m.Made = map[string][]Stretch{"net": tt.heard}, after(tt.made)
		if m.Listening = nil; tt.listening {
			m.Listening = []string{"net"}
		}
		l := New(m).Brands[0].Weeks[0]
		share := -1.0
		if l.Heard != nil {
			share = *l.Heard
		}
		if l.State != tt.want || share != tt.share {
			t.Errorf("%s: got %s, %v; want %s, %v", tt.name, l.State, share, tt.want, tt.share)
		}
	}
}

func TestBaseline(t *testing.T) {
	m := material(counted(30, 50, 20, 0), counted(60, 100, 40, 0), counted(20, 60, 20, 0))
	b := &m.Brands[0]
	if got := New(m).Brands[0]; got.Baseline != nil || got.NoBaseline != NoIncident || got.Weeks[0].OnBaseline != nil {
		t.Errorf("without an incident: %+v", got)
	}
	b.Incident = after(8) // in the second week
	b.Baseline = counted(100, 200, 100, 0)
	m.Heard["net"][0].From = after(-90)
	got := New(m).Brands[0]
	if got.Baseline == nil || got.Baseline.From != "2026-10-13" || got.Baseline.To != "2026-11-09" || got.Baseline.Weekly != 100 || got.Baseline.Net.Value != 0 {
		t.Fatalf("got %+v", got.Baseline)
	}
	if got.Weeks[0].OnBaseline != nil {
		t.Error("a week before the incident is set against its baseline")
	}
	if on := got.Weeks[1].OnBaseline; on == nil || *on.Mentions != 0 || on.Net.Value != 0 || on.Unsaid != "" {
		t.Errorf("second week: got %+v", on)
	}
	b.Baseline = counted(33, 33, 33, 0)
	if got := New(m).Brands[0]; got.Baseline != nil || got.NoBaseline != TooFew {
		t.Errorf("99 before: got %+v", got)
	}
	b.Baseline = Span{Counts: []Count{{"net", "en", "news", 500, 0, 0, 0}, {"net", "en", "opinion", 99, 0, 0, 0}}}
	if got := New(m).Brands[0]; got.Baseline != nil || got.NoBaseline != TooFew {
		t.Errorf("99 opinions among news: got %+v", got)
	}
	b.Baseline = counted(100, 200, 100, 0)
	m.Heard["net"][0].From = after(-3) // nobody listened in most of the 28 days
	if on := New(m).Brands[0].Weeks[1].OnBaseline; on == nil || on.Unsaid != Unlike {
		t.Errorf("a baseline not heard: got %+v", on)
	}
}

func TestRevised(t *testing.T) {
	m := material(Span{}, counted(1, 2, 3, 4), counted(5, 6, 7, 8), counted(1, 1, 1, 1))
	lines := New(m).Brands[0].Weeks
	same, other := SayOf(lines[0], "v1"), SayOf(lines[1], "v1")
	other.Mentions--
	m.Brands[0].Said = map[string]Said{lines[0].Week: same, lines[1].Week: other}
	lines = New(m).Brands[0].Weeks
	if lines[0].Revised != nil || lines[2].Revised != nil || lines[1].Revised == nil || *lines[1].Revised != other {
		t.Errorf("got %+v, %+v, %+v", lines[0].Revised, lines[1].Revised, lines[2].Revised)
	}
	if m.Scorer = "v2"; New(m).Brands[0].Weeks[0].Revised == nil {
		t.Error("another scorer's numbers are not said to be others")
	}
}

func TestParts(t *testing.T) {
	m := material(Span{}, Span{Counts: []Count{
		{"net", "es", "unknown", 1, 0, 0, 0}, {"net", "en", "unknown", 2, 0, 0, 0}, {"imported", "en", "unknown", 0, 9, 0, 0},
	}})
	m.Heard["silent"] = []Stretch{{after(-9), after(3.5)}}
	l := New(m).Brands[0].Weeks[0]
	var got []string
	for _, parts := range [][]Part{l.Sources, l.Languages, l.Kinds} {
		for _, p := range parts {
			got = append(got, p.Name)
		}
	}
	if want := []string{"imported", "net", "silent", "en", "es", "unknown"}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if h := l.Sources; h[0].Heard != nil || *h[1].Heard != 1 || *h[2].Heard != 0.5 || h[2].Mentions != 0 || l.Languages[0].Mentions != 11 {
		t.Errorf("got %+v", h)
	}
}
