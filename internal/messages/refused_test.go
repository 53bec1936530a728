package messages

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/mail"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
)

// staff is a mail channel of several addresses over a desk's clock and alerts.
type staff struct {
	*desk
	port  int
	to    []string
	log   bytes.Buffer
	lines []*line
}

func newStaff(t *testing.T, port int, to ...string) *staff {
	t.Helper()
	s := &staff{desk: newDesk(t), port: port, to: to}
	s.restart("mail")
	return s
}

// restart is another process over the same notes, which calls the channel so.
func (s *staff) restart(name string) {
	s.t.Helper()
	var all []Channel
	for i, to := range s.to {
		all = append(all, Channel{Name: name, Address: i + 1, Destination: "mailto:" + to, Sender: &Mail{Server: "127.0.0.1", Port: s.port, Security: Plain,
			From: "confianza@example.org", To: s.to, At: i, Writer: writer(s.t, "en")}})
	}
	s.lines = New(Options{Firing: func() []Alert { return s.firing }, Channels: all, Notes: s.notes, Page: func() string { return "http://here/" },
		Log: slog.New(slog.NewTextHandler(&s.log, nil)), Now: func() time.Time { return s.now }}).lines
	for _, l := range s.lines {
		if err := l.recall(s.t.Context()); err != nil {
			s.t.Fatal(err)
		}
	}
}

func (s *staff) pass(long time.Duration) {
	s.t.Helper()
	for end := s.now.Add(long); s.now.Before(end); {
		s.now = s.now.Add(15 * time.Second)
		for _, l := range s.lines {
			if err := l.round(s.t.Context()); err != nil {
				s.t.Fatal(err)
			}
		}
	}
}

// got are the subjects that a mailbox has, in order.
func (p *post) got(box string) (subjects []string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i, m := range p.letters {
		if p.boxes[i] == box {
			subjects = append(subjects, m.Header.Get("Subject"))
		}
	}
	return subjects
}

func (p *post) has(t *testing.T, box string, want ...string) {
	t.Helper()
	if got := p.got(box); !slices.Equal(got, want) {
		t.Errorf("%s has %q, want %q", box, got, want)
	}
}

func answering(code int, to string) func(string) error {
	return func(asked string) error {
		if asked != to {
			return nil
		}
		return &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode{code / 100, 1, 1}, Message: "<" + to + ">: Recipient address rejected"}
	}
}

// Who is refused for good keeps nobody waiting, is named by its position, and is
// not asked for for ever: at once, after 1, 6 and 24 hours; then with something
// new only, or after a restart. All it missed is told once it is taken.
func TestRefusedAddress(t *testing.T) {
	p := &post{refuse: answering(550, "gone@example.org")}
	s := newStaff(t, p.serve(t, nil), "ana@example.org", "gone@example.org", "eva@example.org")
	s.fire("A", "severity", "warning")
	s.pass(10 * time.Minute)
	p.has(t, "ana@example.org", "A")
	p.has(t, "eva@example.org", "A")
	bad := s.lines[1].status()
	r, refused := errors.AsType[*Refused](bad.Err)
	if !refused || r.Code != 550 || bad.Address != 2 || bad.Waiting != 1 || bad.Next.Sub(s.now) < 45*time.Minute {
		t.Errorf("status %+v", bad)
	}
	if said := s.log.String(); strings.Count(said, "refused for good") != 1 || !strings.Contains(said, "channel=mail address=2") || strings.Contains(said, "gone@") {
		t.Errorf("the log says %s", said)
	}
	if text := bad.Err.Error(); strings.Contains(text, "gone@") || !strings.Contains(text, "Recipient address rejected") {
		t.Errorf("why: %s", text)
	}
	s.pass(96 * time.Hour)
	if n := p.tries["gone@example.org"]; n != 4 {
		t.Errorf("tried %d times in four days, want 4", n)
	}
	if st := s.lines[1].status(); st.Err == nil || !st.Next.IsZero() {
		t.Errorf("at rest: %+v", st)
	}
	s.fire("B", "severity", "info")
	s.pass(10 * time.Minute)
	p.has(t, "eva@example.org", "A", "B")
	if n := p.tries["gone@example.org"]; n != 5 {
		t.Errorf("tried %d times, want once more with something new", n)
	}
	s.restart("mail")
	s.pass(10 * time.Minute)
	if n := p.tries["gone@example.org"]; n != 6 {
		t.Errorf("tried %d times, want once more after a restart", n)
	}
	p.mu.Lock()
	p.refuse = nil
	p.mu.Unlock()
	s.end("A")
	s.pass(10 * time.Minute)
	p.has(t, "gone@example.org", "B (and 1 more)")
	if st := s.lines[1].status(); st.Err != nil || st.Waiting != 0 || !strings.Contains(s.log.String(), "taken again\" channel=mail address=2") {
		t.Errorf("mended: %+v, log %s", st, s.log.String())
	}
	p.has(t, "ana@example.org", "A", "B", "Over: A")
}

// Who is asked to come again is asked again, alone, over a restart too.
func TestAddressThatIsBusy(t *testing.T) {
	p := &post{refuse: answering(450, "eva@example.org")}
	s := newStaff(t, p.serve(t, nil), "ana@example.org", "eva@example.org")
	s.fire("A", "severity", "warning")
	s.pass(20 * time.Minute)
	if n, st := p.tries["eva@example.org"], s.lines[1].status(); n < 5 || st.Err == nil || strings.Contains(st.Err.Error(), "eva@") || !st.Next.After(s.now) || st.Next.Sub(s.now) > longestWait {
		t.Errorf("tried %d times in 20 minutes, status %+v", n, st)
	}
	s.restart("mail")
	s.pass(time.Minute)
	p.mu.Lock()
	p.refuse = nil
	p.mu.Unlock()
	s.pass(time.Hour)
	p.has(t, "ana@example.org", "A")
	p.has(t, "eva@example.org", "A")
}

// A letter that is refused after it was sent keeps no other.
func TestRefusedLetter(t *testing.T) {
	p := &post{unfit: func(m *mail.Message) error {
		if m.Header.Get("Subject") == "Drop" {
			return &smtp.SMTPError{Code: 552, EnhancedCode: smtp.EnhancedCode{5, 3, 4}, Message: "too big for ana@example.org"}
		}
		return nil
	}}
	s := newStaff(t, p.serve(t, nil), "ana@example.org")
	s.fire("Drop", "brand", "Acme", "team", "marketing", "severity", "warning")
	s.fire("Spike", "brand", "Zeta", "team", "marketing", "severity", "warning")
	s.pass(96 * time.Hour)
	p.has(t, "ana@example.org", "Spike")
	st := s.lines[0].status()
	if r, refused := errors.AsType[*Refused](st.Err); !refused || !r.Letter || r.Code != 552 || strings.Contains(r.Said, "ana@") || st.Waiting != 1 {
		t.Errorf("status %+v", st)
	}
	if n := p.tries["ana@example.org"]; n != 5 { // both, then Drop after 1, 6 and 24 hours
		t.Errorf("%d letters, want 5", n)
	}
}

// A channel of another name tells the same people, and a place where another
// was tells others.
func TestRenamedChannel(t *testing.T) {
	p := new(post)
	s := newStaff(t, p.serve(t, nil), "ana@example.org", "eva@example.org")
	s.fire("A", "severity", "warning")
	s.pass(time.Hour)
	s.restart("crisis room")
	s.pass(time.Hour)
	p.has(t, "ana@example.org", "A")
	s.to = []string{"eva@example.org", "new@example.org", "eva@example.org"}
	s.restart("crisis room")
	s.pass(time.Hour)
	p.has(t, "new@example.org", "A")
	p.has(t, "eva@example.org", "A", "A") // by a second channel
	for name := range s.notes {
		if strings.Contains(name, "@") {
			t.Errorf("note %q names somebody", name)
		}
	}
}

// losing is a server that hangs up, the first times, when it has all of a letter
// but has not said so; it refuses STARTTLS.
type losing struct {
	mu    sync.Mutex
	times int
	ids   []string
	heard []string // commands
}

func (p *losing) serve(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	t.Cleanup(func() { l.Close(); all.Wait() })
	all.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			p.answer(c)
			c.Close()
		}
	})
	return l.Addr().(*net.TCPAddr).Port
}

func (p *losing) answer(c net.Conn) {
	io.WriteString(c, "220 here\r\n")
	letter := false
	for in := bufio.NewScanner(c); in.Scan(); {
		word, _, _ := strings.Cut(strings.ToUpper(in.Text()), " ")
		p.mu.Lock()
		if id, is := strings.CutPrefix(in.Text(), "Message-ID: "); letter && is {
			p.ids = append(p.ids, id)
		}
		if !letter {
			p.heard = append(p.heard, word)
		}
		last := letter && word == "."
		if last {
			p.times--
		}
		lost := last && p.times >= 0
		p.mu.Unlock()
		switch {
		case lost, word == "QUIT":
			return
		case letter && !last:
			continue
		case word == "EHLO":
			io.WriteString(c, "250-here\r\n250 STARTTLS\r\n")
		case word == "STARTTLS":
			io.WriteString(c, "454 4.7.0 TLS not available\r\n")
		case word == "DATA":
			letter = true
			io.WriteString(c, "354 go on\r\n")
		default:
			letter = false
			io.WriteString(c, "250 fine\r\n")
		}
	}
}

// Whether a letter was taken that nobody answered for is not known: it comes
// again, and can be told to be the same.
func TestConnectionLostAfterALetter(t *testing.T) {
	p := &losing{times: 2}
	s := newStaff(t, p.serve(t), "ana@example.org")
	s.fire("A", "severity", "warning")
	s.pass(time.Hour)
	if len(p.ids) != 3 || p.ids[0] != p.ids[1] || p.ids[1] != p.ids[2] {
		t.Errorf("ids %q, want the same three times", p.ids)
	}
	if st := s.lines[0].status(); st.Err != nil || st.Last.IsZero() {
		t.Errorf("status %+v", st)
	}
}

// Nothing is said to a server that offers TLS and then has none, and it may
// have it later.
func TestRefusedTLS(t *testing.T) {
	p := new(losing)
	m := &Mail{Server: "127.0.0.1", Port: p.serve(t), Security: StartTLS, Username: "confianza", Password: func() (string, error) { return "hidden", nil },
		From: "confianza@example.org", To: []string{"ana@example.org"}, Writer: writer(t, "en")}
	err := m.Send(t.Context(), dropped())
	if _, refused := errors.AsType[*Refused](err); err == nil || refused || !strings.Contains(fmt.Sprint(err), "454") {
		t.Errorf("got %v", err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if !slices.Equal(p.heard, []string{"EHLO", "STARTTLS"}) {
		t.Errorf("it heard %q", p.heard)
	}
}

func TestHideAddresses(t *testing.T) {
	for text, want := range map[string]string{
		"5.1.1 <ana@example.org>: no such\nuser":       "5.1.1 <…>: no such user",
		"unknown: Ana.López+x@bücher.example, bye":     "unknown: …, bye",
		"4.7.1 come again at 10:00, see example.org/@": "4.7.1 come again at 10:00, see example.org/@",
	} {
		if got := hideAddresses(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}
