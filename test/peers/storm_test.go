//go:build peers

package peers

import (
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"mime/quotedprintable"
	"net"
	"net/http"
	"net/http/httptest"
	"net/mail"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/emersion/go-smtp"
)

// crisis is a Jetstream with two days of ordinary talk, and then a storm of
// complaints.
type crisis struct {
	began, ended time.Time
	grows        time.Duration // for how long it is small
	now          func() time.Time
}

func (c crisis) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	conn, err := websocket.Accept(w, r, nil)
	if err != nil {
		return
	}
	defer conn.CloseNow()
	ctx := conn.CloseRead(r.Context())
	at := c.began.Add(-50 * time.Hour)
	if cursor, err := strconv.ParseInt(r.URL.Query().Get("cursor"), 10, 64); err == nil && time.UnixMicro(cursor).After(at) {
		at = time.UnixMicro(cursor)
	}
	for n := at.Unix() / 3; ctx.Err() == nil; n++ { // posts have numbers: one every three seconds
		at := time.Unix(3*n, 0)
		for at.After(c.now()) {
			select {
			case <-ctx.Done():
				return
			case <-time.After(20 * time.Millisecond):
			}
		}
		if text := c.says(n, at); text != "" && conn.Write(ctx, websocket.MessageText, []byte(posted(n, at, text))) != nil {
			return
		}
	}
}

// says is what post n says; every tenth in ordinary times.
func (c crisis) says(n int64, at time.Time) string {
	switch {
	case at.After(c.began) && at.Before(c.began.Add(c.grows)) && n%3 != 0:
		return "" // it begins with a third of what it comes to
	case at.After(c.began) && at.Before(c.ended):
		return fmt.Sprintf("@ana%d.example Zafiro lost my passport data, terrible, I am furious %d", n%91, n)
	case n%10 != 0:
		return ""
	case n%30 == 0:
		return "I love flying with Zafiro, great crew"
	case n%30 == 10:
		return "Zafiro is awful, late and bad again"
	}
	return "Zafiro has a flight to Lima today"
}

func posted(n int64, at time.Time, text string) string {
	b, err := json.Marshal(text)
	if err != nil {
		panic(err) // a string can be marshalled
	}
	return fmt.Sprintf(`{"did":"did:plc:%d","time_us":%d,"kind":"commit","commit":{"rev":"3k%d","operation":"create","collection":"app.bsky.feed.post","rkey":"r%d","record":{"createdAt":%q,"langs":["en"],"text":%s}}}`,
		n%7919, at.UnixMicro(), n, n, at.UTC().Format(time.RFC3339Nano), b)
}

// mailbox is a real SMTP server on a loopback address.
type mailbox struct {
	mu      sync.Mutex
	letters []string // subject and body
}

func (m *mailbox) NewSession(*smtp.Conn) (smtp.Session, error) { return m, nil }
func (m *mailbox) Mail(string, *smtp.MailOptions) error        { return nil }
func (m *mailbox) Rcpt(string, *smtp.RcptOptions) error        { return nil }
func (m *mailbox) Reset()                                      {}
func (m *mailbox) Logout() error                               { return nil }
func (m *mailbox) Data(r io.Reader) error {
	letter, err := mail.ReadMessage(r)
	if err != nil {
		return err
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(letter.Header.Get("Subject"))
	if err != nil {
		return err
	}
	body, err := io.ReadAll(letter.Body)
	if err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.letters = append(m.letters, subject+"\n"+string(body))
	return nil
}

func (m *mailbox) all() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return append([]string(nil), m.letters...)
}

func (m *mailbox) serve(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := smtp.NewServer(m)
	go s.Serve(l)
	t.Cleanup(func() { s.Close() })
	return l.Addr().String()
}

// A storm of complaints is told once, over a restart too: by mail with what it
// is about, and to the Alertmanager.
func TestStormIsToldOnce(t *testing.T) {
	box, post := &inbox{said: map[string]int{}}, new(mailbox)
	hook := httptest.NewServer(box)
	t.Cleanup(hook.Close)
	port := freePort(t)
	alertmanager(t, t.TempDir(), port, hook.URL)
	jet := httptest.NewServer(crisis{began: time.Now().Add(-15 * time.Minute), ended: time.Now().Add(time.Hour), now: time.Now})
	t.Cleanup(jet.Close)
	b := newBinary(t, "ws"+strings.TrimPrefix(jet.URL, "http"))
	b.stop()
	config, err := os.ReadFile(b.config)
	if err != nil {
		t.Fatal(err)
	}
	put(t, b.config, strings.Replace(string(config), "replay: 24h", "replay: 50h", 1)+fmt.Sprintf(`alerting:
  alertmanagers: [{url: 'http://127.0.0.1:%d'}]
  mail: [{server: '%s', security: none, from: confianza@example.org, to: [ana@example.org], language: es, teams: [marketing]}]
`, port, post.serve(t)))
	b.data = t.TempDir()                                // the first start heard an hour of it, or none
	b.listen = fmt.Sprintf("127.0.0.1:%d", freePort(t)) // an alert is the same as long as its instance is
	b.start()
	const patience = 5 * time.Minute
	eventually(t, "the mail", patience, func() bool { return len(post.all()) > 0 })
	eventually(t, "the Alertmanager", patience, func() bool { return box.count("firing ConfianzaFeelingFalls") == 1 })
	letter := post.all()[0]
	for _, want := range []string{"Lo que se dice de Zafiro es mucho peor", "De qué se habla", "passport", "Sentimiento neto", "Se escuchan todas las fuentes"} {
		if !strings.Contains(decoded(letter), want) {
			t.Errorf("the mail does not say %q", want)
		}
	}
	if strings.Contains(decoded(letter), "@ana") {
		t.Error("the mail names somebody")
	}
	page := b.get("episodes?lang=es")
	if !strings.Contains(page, "Caída del sentimiento · <b>sigue</b>") {
		t.Error("the page does not show the episode")
	}
	told := len(post.all()) // a burst of volume may have been seen in another minute than the fall
	b.stop()
	b.start()
	eventually(t, "the alert after a restart", patience, func() bool { return b.metric(`confianza_alerts{state="firing"} `) >= 1 })
	time.Sleep(75 * time.Second) // rules, and the time messages are gathered for
	if got := len(post.all()); got > told+1 || box.count("firing ConfianzaFeelingFalls") != 1 {
		t.Errorf("%d mails, %d before the restart; the Alertmanager was told %d times", got, told, box.count("firing ConfianzaFeelingFalls"))
	}
	for i, l := range post.all() {
		if i > 0 && strings.Contains(strings.SplitN(l, "\n", 2)[0], "mucho peor") {
			t.Error("the fall was told twice")
		}
	}
}

// decoded is a body without the escapes of quoted-printable.
func decoded(s string) string {
	b, err := io.ReadAll(quotedprintable.NewReader(strings.NewReader(s)))
	if err != nil {
		return s
	}
	return string(b)
}
