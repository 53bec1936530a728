// Package messages tells people what fires: by e-mail, to a chat, to a program.
//
// It is for those who have no Alertmanager. A [Teller] compares what fires with
// what it told each channel last, so that nothing is told twice, over restarts
// too, and what could not be delivered is told as it is by then. An alert is
// told when it begins, when it gets worse, and when it is over; what changes
// together and concerns the same people goes as one message. What inhibits what
// is read from the same rules that an Alertmanager would be given.
package messages

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Alert is one that fires, as its rule says.
type Alert struct {
	Labels      map[string]string `json:"labels"`
	Annotations map[string]string `json:"annotations"`
	Since       time.Time         `json:"since"`
}

// Phase is what became of an alert.
type Phase string

// The phases. Missed is over before it could be told that it had begun.
const (
	Begun  Phase = "begun"
	Worse  Phase = "worse"
	Over   Phase = "over"
	Missed Phase = "missed"
)

// Change is what is told of an alert.
type Change struct {
	Phase Phase     `json:"phase"`
	Alert           // as it is, or was last
	Until time.Time `json:"until,omitzero"` // when it ended
	Facts *Facts    `json:"facts,omitempty"`
}

// Message is told at once: changes for one team, and about one brand or none.
type Message struct {
	ID      string    `json:"id"` // the same when it has to be sent again
	Team    string    `json:"team"`
	Brand   string    `json:"brand,omitempty"`
	At      time.Time `json:"at"`
	Page    string    `json:"page"`
	Changes []Change  `json:"changes"`
	thread  string    // what joins a mail about an end to that about the beginning
}

// Facts are what is known of an alert about what people say, beside the words
// of its rule. Texts are for anybody's eyes: names of authors are not in them.
type Facts struct {
	Measures  []Measure `json:"measures"`
	Drivers   []Part    `json:"drivers"`
	Sources   []Part    `json:"sources"`
	Languages []Part    `json:"languages"`
	Examples  []Example `json:"examples"`
	Deaf      []string  `json:"deaf"` // sources that are not heard now
}

// Measure is what changed: From one value To another within Window, judged by N
// mentions. Low and High bound To; both are 0 where there is no interval.
type Measure struct {
	Name   string        `json:"name"` // one of the messages measure_
	From   float64       `json:"from"`
	To     float64       `json:"to"`
	Low    float64       `json:"low,omitempty"`
	High   float64       `json:"high,omitempty"`
	Window time.Duration `json:"window_ns"`
	N      int64         `json:"n"`
}

// Part is what of the mentions has something in common.
type Part struct {
	Name string `json:"name"`
	N    int64  `json:"n"`
}

// Example is a mention.
type Example struct {
	Text     string `json:"text"`
	URL      string `json:"url"`
	Polarity string `json:"polarity"`
}

// severities are those that rules use, the mildest first.
var severities = []string{"info", "warning", "critical"}

func rank(severity string) int { return slices.Index(severities, severity) }

// key is what makes alerts of several severities one. The process that tells of
// it is always this one, wherever it listens.
func (a Alert) key() string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(a.Labels)) {
		if name != "severity" && name != "job" && name != "instance" {
			fmt.Fprintf(&b, "%s=%q,", name, a.Labels[name])
		}
	}
	return b.String()
}

// id tells a change from all others, and is the same after a restart.
func (c Change) id() string {
	return fmt.Sprintf("%s %s %s %d", c.Phase, c.Labels["severity"], c.key(), c.Since.Unix())
}

// bundle puts changes that concern the same people and the same brand together,
// the worst first.
func bundle(channel string, changes []Change, at time.Time, page string) (all []Message) {
	type about struct{ team, brand string }
	split := map[about][]Change{}
	for _, c := range changes {
		k := about{c.Labels["team"], ""}
		if k.team == "marketing" {
			k.brand = c.Labels["brand"]
		}
		split[k] = append(split[k], c)
	}
	for k, changes := range split {
		slices.SortStableFunc(changes, func(a, b Change) int {
			return cmp.Or(cmp.Compare(order(a.Phase), order(b.Phase)), cmp.Compare(rank(b.Labels["severity"]), rank(a.Labels["severity"])),
				a.Since.Compare(b.Since), strings.Compare(a.key(), b.key()))
		})
		m := Message{Team: k.team, Brand: k.brand, At: at, Page: page, Changes: changes}
		if k.brand != "" {
			m.Page += "?brand=" + url.QueryEscape(k.brand)
		}
		id := sha256.New()
		fmt.Fprintf(id, "%s\n", channel)
		for _, c := range changes {
			fmt.Fprintln(id, c.id())
		}
		m.ID, m.thread = hex.EncodeToString(id.Sum(nil)[:16]), thread(channel, changes)
		all = append(all, m)
	}
	slices.SortFunc(all, func(a, b Message) int { return cmp.Or(cmp.Compare(a.Team, b.Team), cmp.Compare(a.Brand, b.Brand)) })
	return all
}

// thread joins what is told of one alert over time; "" for several.
func thread(channel string, changes []Change) string {
	if len(changes) != 1 {
		return ""
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %s %d", channel, changes[0].key(), changes[0].Since.Unix()))
	return hex.EncodeToString(sum[:16])
}

func order(p Phase) int { return slices.Index([]Phase{Worse, Begun, Missed, Over}, p) }
