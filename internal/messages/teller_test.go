package messages

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

// desk is a teller with one channel, whose clock and whose alerts the test sets.
type desk struct {
	t      *testing.T
	now    time.Time
	firing []Alert
	notes  notes
	broken error
	sent   []Message
	line   *line
}

type notes map[string][]byte

func (n notes) Note(_ context.Context, name string) ([]byte, error)    { return n[name], nil }
func (n notes) SetNote(_ context.Context, name string, b []byte) error { n[name] = b; return nil }

func (d *desk) Send(_ context.Context, m Message) error {
	if d.broken == nil {
		d.sent = append(d.sent, m)
	}
	return d.broken
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{t: t, now: time.Date(2026, 11, 24, 22, 0, 0, 0, time.UTC), notes: notes{}}
	d.restart()
	return d
}

// restart is another process over the same notes.
func (d *desk) restart(teams ...string) {
	d.t.Helper()
	config, err := os.ReadFile("../../dashboards/prometheus/alertmanager.yml")
	if err != nil {
		d.t.Fatal(err)
	}
	rules, err := Inhibitions(config)
	if err != nil {
		d.t.Fatal(err)
	}
	teller := New(Options{Firing: func() []Alert { return d.firing }, Inhibit: rules, Channels: []Channel{{Name: "box", Destination: "box", Teams: teams, Sender: d}}, Notes: d.notes,
		Page: func() string { return "http://here/" }, Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return d.now }})
	d.line = teller.lines[0]
	if err := d.line.recall(d.t.Context()); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) fire(pairs ...string) {
	a := Alert{Labels: map[string]string{}, Annotations: map[string]string{"summary": pairs[0]}, Since: d.now}
	a.Labels["alertname"] = pairs[0]
	for i := 1; i < len(pairs); i += 2 {
		a.Labels[pairs[i]] = pairs[i+1]
	}
	d.firing = append(d.firing, a)
}

func (d *desk) end(name string) {
	d.firing = slices.DeleteFunc(d.firing, func(a Alert) bool { return a.Labels["alertname"] == name })
}

// pass lets time pass, looking every 15 seconds, and gives what was told then:
// "begun A warning, over B" a message.
func (d *desk) pass(long time.Duration) (all []string) {
	d.t.Helper()
	d.sent = nil
	for end := d.now.Add(long); d.now.Before(end); {
		d.now = d.now.Add(15 * time.Second)
		if err := d.line.round(d.t.Context()); err != nil {
			d.t.Fatal(err)
		}
	}
	for _, m := range d.sent {
		var changes []string
		for _, c := range m.Changes {
			changes = append(changes, strings.TrimSpace(fmt.Sprintf("%s %s %s", c.Phase, c.Labels["alertname"], c.Labels["severity"])))
		}
		all = append(all, strings.Join(changes, ", "))
	}
	return all
}

func (d *desk) want(what string, got []string, want ...string) {
	d.t.Helper()
	if !slices.Equal(got, want) {
		d.t.Errorf("%s: got %q, want %q", what, got, want)
	}
}

func TestToldOnceAndOver(t *testing.T) {
	d := newDesk(t)
	d.want("nothing", d.pass(time.Hour))
	d.fire("Drop", "brand", "Acme", "team", "marketing", "severity", "warning")
	d.want("not at once", d.pass(15*time.Second))
	d.want("begun", d.pass(10*time.Minute), "begun Drop warning")
	d.want("goes on", d.pass(time.Hour))
	d.restart()
	d.firing[0].Labels["instance"] = "127.0.0.1:8322" // at another port
	d.want("goes on over a restart", d.pass(time.Hour))
	d.fire("Drop", "brand", "Acme", "team", "marketing", "severity", "critical")
	d.want("worse", d.pass(10*time.Minute), "worse Drop critical")
	d.firing = d.firing[:1]
	d.want("milder is not told", d.pass(time.Hour))
	d.end("Drop")
	d.want("not over yet", d.pass(4*time.Minute))
	d.fire("Drop", "brand", "Acme", "team", "marketing", "severity", "critical")
	d.want("it was only a break", d.pass(time.Hour))
	d.end("Drop")
	d.restart()
	d.want("over, over a restart", d.pass(10*time.Minute), "over Drop critical")
	d.want("told once", d.pass(time.Hour))
	d.fire("Drop", "brand", "Acme", "team", "marketing", "severity", "warning")
	d.want("another", d.pass(time.Hour), "begun Drop warning")
}

// While nobody takes it nothing is lost, and what arrives is what is so by then.
func TestWhatIsNotTakenWaits(t *testing.T) {
	d := newDesk(t)
	d.broken = errors.New("mailbox full")
	d.fire("A", "team", "operators", "severity", "warning")
	d.fire("B", "team", "operators", "severity", "info")
	d.want("broken", d.pass(20*time.Minute))
	if s := d.line.status(); s.Err == nil || s.Waiting != 2 || !s.Next.After(d.now) || s.Next.Sub(d.now) > longestWait {
		t.Errorf("status %+v", s)
	}
	d.end("A")
	d.restart()
	d.want("still broken", d.pass(20*time.Minute))
	d.broken = nil
	d.want("as it is by then", d.pass(10*time.Minute), "begun B info, missed A warning")
	if s := d.line.status(); s.Err != nil || s.Waiting != 0 || s.Last.IsZero() {
		t.Errorf("status %+v", s)
	}
	d.want("once", d.pass(time.Hour))
}

// The id of a message that has to be sent again is the same, so that whoever
// gets it twice can tell.
func TestSentAgainItIsTheSame(t *testing.T) {
	change := Change{Phase: Begun, Alert: Alert{Labels: map[string]string{"alertname": "A"}, Since: time.Unix(1, 0)}}
	at := time.Unix(9, 0)
	first, again := bundle("box", []Change{change}, at, "")[0], bundle("box", []Change{change}, at.Add(time.Hour), "")[0]
	other := bundle("chat", []Change{change}, at, "")[0]
	change.Phase = Over
	over := bundle("box", []Change{change}, at, "")[0]
	if first.ID != again.ID || first.ID == other.ID || first.ID == over.ID || first.thread != over.thread || first.thread == "" {
		t.Errorf("ids %s %s %s %s, threads %s %s", first.ID, again.ID, other.ID, over.ID, first.thread, over.thread)
	}
}

func TestWhatBelongsTogetherIsOneMessage(t *testing.T) {
	d := newDesk(t)
	d.fire("X", "team", "operators", "severity", "info")
	d.pass(15 * time.Second)
	d.fire("Y", "team", "operators", "severity", "critical")
	d.fire("Drop", "brand", "Zeta", "team", "marketing", "severity", "warning")
	d.fire("Spike", "brand", "Acme", "team", "marketing", "severity", "warning")
	d.fire("Drop", "brand", "Acme", "team", "marketing", "severity", "critical")
	d.want("by team and brand, the worst first", d.pass(time.Hour), "begun Drop critical, begun Spike warning", "begun Drop warning", "begun Y critical, begun X info")

	d = newDesk(t)
	d.restart("marketing")
	d.fire("X", "team", "operators", "severity", "info")
	d.fire("Drop", "brand", "Acme", "team", "marketing", "severity", "critical")
	d.want("only what concerns them", d.pass(time.Hour), "begun Drop critical")
}

// The rules of an Alertmanager hold here too.
func TestInhibited(t *testing.T) {
	d := newDesk(t)
	d.fire("ConfianzaHearsNothing", "team", "operators", "severity", "critical", "job", "confianza", "instance", "a")
	d.fire("ConfianzaSourceDeaf", "team", "operators", "severity", "warning", "job", "confianza", "instance", "a", "source", "bluesky")
	d.fire("ConfianzaSourceDeaf", "team", "operators", "severity", "warning", "job", "confianza", "instance", "b", "source", "feeds")
	d.fire("Silence", "brand", "Acme", "team", "marketing", "severity", "warning", "needs", "listening")
	d.want("the deaf", d.pass(time.Hour), "begun ConfianzaHearsNothing critical, begun ConfianzaSourceDeaf warning")
	d.end("ConfianzaHearsNothing")
	d.end("ConfianzaSourceDeaf")
	d.want("heard again", d.pass(time.Hour), "begun Silence warning", "over ConfianzaHearsNothing critical, over ConfianzaSourceDeaf warning")
}

// An alert without a severity is told once too.
func TestWithoutSeverity(t *testing.T) {
	d := newDesk(t)
	d.fire("Mine", "team", "operators")
	d.want("begun", d.pass(time.Hour), "begun Mine")
	d.restart()
	d.want("once", d.pass(time.Hour))
	d.end("Mine")
	d.want("over", d.pass(time.Hour), "over Mine")
}

// A server that asks to wait is waited for.
func TestAskedToWait(t *testing.T) {
	d := newDesk(t)
	d.broken = &Answered{Code: 429, After: time.Hour}
	d.fire("A", "severity", "info")
	d.pass(time.Minute)
	if next := d.line.status().Next; next.Sub(d.now) < 59*time.Minute {
		t.Errorf("asked again in %s", next.Sub(d.now))
	}
}

// leaver ends a shift while its message is under way, and takes it.
type leaver struct {
	*desk
	leave context.CancelFunc
}

func (l leaver) Send(ctx context.Context, m Message) error {
	l.leave()
	return l.desk.Send(ctx, m)
}

// keeper minds contexts, as a store does.
type keeper struct{ notes }

func (k keeper) SetNote(ctx context.Context, name string, b []byte) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return k.notes.SetNote(ctx, name, b)
}

func TestTakenAtTheLastMoment(t *testing.T) {
	d := newDesk(t)
	ctx, leave := context.WithCancel(t.Context())
	d.line.Sender, d.line.t.o.Notes = leaver{d, leave}, keeper{d.notes}
	d.fire("A", "severity", "info")
	for range 4 {
		d.now = d.now.Add(15 * time.Second)
		if ctx.Err() == nil {
			if err := d.line.round(ctx); err != nil {
				t.Fatal(err)
			}
		}
	}
	if len(d.sent) != 1 {
		t.Fatalf("sent %d", len(d.sent))
	}
	d.restart()
	d.want("not again", d.pass(time.Hour))
}

// A channel whose notes are damaged stops the others: it would be silent.
func TestDamagedNote(t *testing.T) {
	teller := New(Options{Firing: func() []Alert { return nil }, Channels: []Channel{{Name: "a", Destination: "here"}, {Name: "b", Destination: "there"}}, Log: slog.New(slog.DiscardHandler),
		Notes: notes{(&line{Channel: Channel{Destination: "there"}}).noteName(): []byte("{")}})
	if err := teller.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "of b:") {
		t.Errorf("got %v", err)
	}
}

// picky refuses what is about a brand.
type picky struct {
	*desk
	brand string
}

func (p picky) Send(ctx context.Context, m Message) error {
	if m.Brand == p.brand {
		return &Answered{Code: 400}
	}
	return p.desk.Send(ctx, m)
}

// One message that is refused for what it is does not keep the others.
func TestRefusedMessage(t *testing.T) {
	d := newDesk(t)
	d.line.Sender = picky{d, "Acme"}
	d.fire("Drop", "brand", "Acme", "team", "marketing", "severity", "warning")
	d.fire("Spike", "brand", "Zeta", "team", "marketing", "severity", "warning")
	d.want("the other", d.pass(time.Hour), "begun Spike warning")
	if s := d.line.status(); s.Err == nil || s.Waiting != 1 || !s.Next.After(d.now) {
		t.Errorf("status %+v", s)
	}
	d.line.Sender = d
	d.want("and then this", d.pass(time.Hour), "begun Drop warning")
}
