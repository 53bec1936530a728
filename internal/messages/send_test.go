package messages

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"math/big"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/http"
	"net/http/httptest"
	"net/mail"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// post is a real SMTP server on a loopback address.
type post struct {
	mu      sync.Mutex
	letters []*mail.Message
	refuse  error
}

type session struct{ p *post }

func (s *session) AuthMechanisms() []string { return []string{sasl.Plain} }
func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, name, password string) error {
		if name != "confianza" || password != "hidden" {
			return smtp.ErrAuthFailed
		}
		return nil
	}), nil
}
func (s *session) Mail(string, *smtp.MailOptions) error { return nil }
func (s *session) Rcpt(string, *smtp.RcptOptions) error { return s.p.refuse }
func (s *session) Reset()                               {}
func (s *session) Logout() error                        { return nil }
func (s *session) Data(r io.Reader) error {
	m, err := mail.ReadMessage(r)
	if err != nil {
		return err
	}
	body, err := io.ReadAll(m.Body)
	if err != nil {
		return err
	}
	m.Body = strings.NewReader(string(body))
	s.p.mu.Lock()
	defer s.p.mu.Unlock()
	s.p.letters = append(s.p.letters, m)
	return nil
}

// serve gives the port; without a certificate there is no TLS.
func (p *post) serve(t *testing.T, c *tls.Config) int {
	t.Helper()
	s := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &session{p}, nil }))
	s.Domain, s.TLSConfig, s.AllowInsecureAuth = "localhost", c, c == nil
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go s.Serve(l)
	t.Cleanup(func() { s.Close() })
	return l.Addr().(*net.TCPAddr).Port
}

// certified is a server's side of TLS, and a client's that trusts it.
func certified(t *testing.T) (server, client *tls.Config) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	like := &x509.Certificate{SerialNumber: big.NewInt(1), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, like, like, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(cert)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}, &tls.Config{RootCAs: pool, ServerName: "127.0.0.1"}
}

func writer(t *testing.T, lang string) *Writer {
	t.Helper()
	w, err := NewWriter(lang, time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func dropped() Message {
	return bundle("box", []Change{{Phase: Begun, Alert: Alert{
		Labels: map[string]string{"alertname": "Drop", "brand": "Acme", "team": "marketing", "severity": "critical"},
		Annotations: map[string]string{"summary": "Acme: feeling turns <against> it", "summary_es": "Acme: cae la confianza & más",
			"description": "Compared with the last two days.", "description_es": "En comparación con los últimos dos días."},
		Since: time.Date(2026, 11, 24, 22, 10, 0, 0, time.UTC)},
		Facts: &Facts{Measures: []Measure{{"net", 12.34, -41, -47, -35, 15 * time.Minute, 1234}}, Drivers: []Part{{"datos robados", 45}}, Sources: []Part{{"bluesky", 1200}, {"feeds", 34}},
			Languages: []Part{{"es", 1000}}, Examples: []Example{{"han robado mis datos <b>", "https://example.org/1?a=1&b=2", "negative"}}, Deaf: []string{"gdelt"}},
	}}, time.Date(2026, 11, 24, 22, 15, 0, 0, time.UTC), "http://here/")[0]
}

const dropEs = `Acme: cae la confianza & más
En comparación con los últimos dos días.
Gravedad: crítica. Desde el 24 nov 2026, 22:10 UTC.

Qué ha cambiado
Sentimiento neto, puntos: de 12,3 a -41 (intervalo del 95 %: de -47 a -35) en 15 min (1.234 menciones)

De qué se habla
datos robados (45)

Dónde
bluesky (1.200), feeds (34)

En qué idiomas
español (1.000)

Por ejemplo
«han robado mis datos <b>» https://example.org/1?a=1&b=2

Ahora no se escucha: gdelt. Falta lo que se diga ahí.

Ver lo que se dice ahora http://here/?brand=Acme
`

func TestPlainWords(t *testing.T) {
	if got := writer(t, "es").plain(dropped()); got != dropEs {
		t.Errorf("got\n%s\nwant\n%s", got, dropEs)
	}
	m := dropped()
	m.Changes[0].Phase, m.Changes[0].Until = Over, m.At
	const over = "Over: Acme: feeling turns <against> it\nFrom 24 Nov 2026, 22:10 UTC to 24 Nov 2026, 22:15 UTC.\n\nSee what is said now http://here/?brand=Acme\n"
	if got := writer(t, "en").plain(m); got != over {
		t.Errorf("got\n%s\nwant\n%s", got, over)
	}
}

// Both languages have the same messages.
func TestLanguagesAgree(t *testing.T) {
	en, es := writer(t, "en"), writer(t, "es")
	for name, text := range en.words {
		if strings.Count(text, "%s") != strings.Count(es.words[name], "%s") || (text == "") != (es.words[name] == "") {
			t.Errorf("%s: %q and %q", name, text, es.words[name])
		}
	}
	if len(en.words) != len(es.words) {
		t.Errorf("%d messages in English, %d in Spanish", len(en.words), len(es.words))
	}
	if _, err := NewWriter("pt", time.UTC); err == nil {
		t.Error("there is a language nobody wrote")
	}
}

func TestMail(t *testing.T) {
	server, client := certified(t)
	for _, tt := range []struct {
		name     string
		server   *tls.Config
		security Security
	}{{"without TLS", nil, Plain}, {"STARTTLS", server, StartTLS}} {
		t.Run(tt.name, func(t *testing.T) {
			p := new(post)
			s := &Mail{Server: "127.0.0.1", Port: p.serve(t, tt.server), Security: tt.security, From: "confianza@example.org", To: []string{"Ana <ana@example.org>", "eva@example.org"},
				Writer: writer(t, "es"), TLSConfig: client}
			if tt.server != nil {
				s.Username, s.Password = "confianza", func() (string, error) { return "hidden", nil }
			}
			if err := s.Send(t.Context(), dropped()); err != nil {
				t.Fatal(err)
			}
			letter := p.letters[0]
			subject, err := new(mime.WordDecoder).DecodeHeader(letter.Header.Get("Subject"))
			if err != nil || subject != "Acme: cae la confianza & más" {
				t.Errorf("subject %q, %v", subject, err)
			}
			if to := letter.Header.Get("To"); !strings.Contains(to, "ana@") || !strings.Contains(to, "eva@") {
				t.Errorf("to %s", to)
			}
			m := dropped()
			if id, refs := letter.Header.Get("Message-Id"), letter.Header.Get("References"); id != "<"+m.ID+"@confianza>" || refs != "<"+m.thread+"@confianza>" {
				t.Errorf("id %s, references %s", id, refs)
			}
			plain, html := bodies(t, letter)
			if strings.ReplaceAll(plain, "\r\n", "\n") != dropEs {
				t.Errorf("plain text:\n%s", plain)
			}
			for _, want := range []string{`<html lang="es">`, "datos &lt;b&gt;", `href="https://example.org/1?a=1&amp;b=2"`} {
				if !strings.Contains(html, want) {
					t.Errorf("the HTML has no %s", want)
				}
			}
		})
	}
}

// bodies are the alternatives of a letter.
func bodies(t *testing.T, letter *mail.Message) (plain, html string) {
	t.Helper()
	_, params, err := mime.ParseMediaType(letter.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	parts := multipart.NewReader(letter.Body, params["boundary"])
	for {
		part, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			return plain, html
		}
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(quotedprintable.NewReader(part))
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(part.Header.Get("Content-Type"), "text/plain") {
			plain = string(b)
		} else {
			html = string(b)
		}
	}
}

// A server without TLS gets no password, and refusals are told.
func TestMailRefused(t *testing.T) {
	p := &post{refuse: &smtp.SMTPError{Code: 550, Message: "no such mailbox"}}
	s := &Mail{Server: "127.0.0.1", Port: p.serve(t, nil), Security: StartTLS, From: "a@example.org", To: []string{"b@example.org"}, Writer: writer(t, "en"),
		Username: "confianza", Password: func() (string, error) { return "hidden", nil }}
	if err := s.Send(t.Context(), dropped()); err == nil || strings.Contains(err.Error(), "hidden") || !strings.Contains(err.Error(), "STARTTLS") {
		t.Errorf("without TLS: %v", err)
	}
	s.Security = Plain
	if err := s.Send(t.Context(), dropped()); err == nil || strings.Contains(err.Error(), "hidden") {
		t.Errorf("a password without TLS: %v", err)
	}
	s.Username = ""
	if err := s.Send(t.Context(), dropped()); err == nil || !strings.Contains(err.Error(), "no such mailbox") {
		t.Errorf("refused: %v", err)
	}
	server, client := certified(t)
	s.Port, s.Security, s.TLSConfig, s.Username = p.serve(t, server), StartTLS, client, "confianza"
	s.Password = func() (string, error) { return "wrong", nil }
	if err := s.Send(t.Context(), dropped()); err == nil || strings.Contains(err.Error(), "wrong") {
		t.Errorf("a wrong password: %v", err)
	}
}

func TestWebhook(t *testing.T) {
	var got Message
	var answer int
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		mac := hmac.New(sha256.New, []byte("made up key"))
		io.WriteString(mac, r.Header.Get("webhook-id")+"."+r.Header.Get("webhook-timestamp")+"."+string(body))
		if want := "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil)); r.Header.Get("webhook-signature") != want {
			t.Errorf("signed %s, want %s", r.Header.Get("webhook-signature"), want)
		}
		if err := json.Unmarshal(body, &got); err != nil {
			t.Error(err)
		}
		w.WriteHeader(answer)
	}))
	t.Cleanup(server.Close)
	h := &Webhook{URL: func() (string, error) { return server.URL + "/secret-path", nil }, Client: server.Client(), Agent: "test",
		Secret: func() (string, error) {
			return "whsec_" + base64.StdEncoding.EncodeToString([]byte("made up key")), nil
		}}
	answer = http.StatusNoContent
	if err := h.Send(t.Context(), dropped()); err != nil {
		t.Fatal(err)
	}
	if m := dropped(); got.ID != m.ID || got.Changes[0].Facts.Measures[0] != m.Changes[0].Facts.Measures[0] || got.Changes[0].Labels["brand"] != "Acme" {
		t.Errorf("got %+v", got)
	}
	answer = http.StatusGone
	err := h.Send(t.Context(), dropped())
	if e, ok := errors.AsType[*Answered](err); !ok || e.StatusCode() != http.StatusGone || strings.Contains(err.Error(), "secret-path") {
		t.Errorf("gone: %v", err)
	}
	server.Close()
	if err := h.Send(t.Context(), dropped()); err == nil || strings.Contains(err.Error(), "secret-path") {
		t.Errorf("nobody there: %v", err)
	}
	h.URL = func() (string, error) { return "not an address: secret", nil }
	if err := h.Send(t.Context(), dropped()); err == nil || strings.Contains(err.Error(), "secret") && !strings.Contains(err.Error(), "address is not") {
		t.Errorf("no address: %v", err)
	}
}

// What people wrote can neither mention a channel nor hide a link in a chat.
func TestChat(t *testing.T) {
	m := dropped()
	m.Changes[0].Facts.Examples[0].Text = "<!channel>\n<https://evil.example|here> a|b"
	m.Changes[0].Facts.Examples[0].URL += "|c"
	b, err := writer(t, "en").chat(m)
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Text   string
		Blocks []block
	}
	if err := json.Unmarshal(b, &got); err != nil {
		t.Fatal(err)
	}
	if got.Text != "Acme: feeling turns &lt;against&gt; it\n<"+m.Page+"|See what is said now>" || got.Blocks[0].Text.Text != "Acme: feeling turns <against> it" {
		t.Errorf("text %q, header %q", got.Text, got.Blocks[0].Text.Text)
	}
	all := ""
	for _, one := range got.Blocks[1:] {
		all += one.Text.Text + "\n"
	}
	const example = "<https://example.org/1?a=1&amp;b=2%7Cc|«&lt;!channel&gt; &lt;https://evil.example¦here&gt; a¦b»>"
	if !strings.Contains(all, example) || strings.Contains(all, "<!channel>") {
		t.Errorf("got\n%s", all)
	}
	for range 100 {
		m.Changes = append(m.Changes, m.Changes[0])
	}
	if b, err = writer(t, "en").chat(m); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &got); err != nil || len(got.Blocks) != mostBlocks || !strings.Contains(got.Blocks[mostBlocks-1].Text.Text, "http://here/") {
		t.Errorf("%d blocks, %v", len(got.Blocks), err)
	}
}

// closing is a server that takes a letter and hangs up without a goodbye.
func closing(t *testing.T, network, address string, stall bool) (port int, letters *atomic.Int32) {
	t.Helper()
	l, err := net.Listen(network, address)
	if err != nil {
		t.Skip("no ", address, " here: ", err)
	}
	t.Cleanup(func() { l.Close() })
	letters = new(atomic.Int32)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			if !stall {
				io.WriteString(c, "220 here\r\n")
			}
			for in := bufio.NewScanner(c); in.Scan(); {
				if word := strings.ToUpper(in.Text()); word == "." {
					letters.Add(1)
				} else if word == "DATA" {
					io.WriteString(c, "354 go on\r\n")
					continue
				} else if word == "QUIT" || word == "RSET" {
					break
				} else if !strings.HasPrefix(word, "EHLO") && !strings.HasPrefix(word, "MAIL") && !strings.HasPrefix(word, "RCPT") && word != "NOOP" {
					continue
				}
				io.WriteString(c, "250 fine\r\n")
			}
			c.Close()
		}
	}()
	return l.Addr().(*net.TCPAddr).Port, letters
}

// Who takes a letter and hangs up has it: it would come again and again.
func TestMailWithoutAGoodbye(t *testing.T) {
	for _, host := range []string{"127.0.0.1", "::1"} {
		t.Run(host, func(t *testing.T) {
			port, letters := closing(t, "tcp", net.JoinHostPort(host, "0"), false)
			s := &Mail{Server: host, Port: port, Security: Plain, From: "confianza <a@example.org>", To: []string{"b@example.org"}, Writer: writer(t, "en")}
			if err := s.Send(t.Context(), dropped()); err != nil || letters.Load() != 1 {
				t.Errorf("%d letters, %v", letters.Load(), err)
			}
		})
	}
}

// A server that says nothing keeps nobody from ending.
func TestMailEndsAtOnce(t *testing.T) {
	port, _ := closing(t, "tcp", "127.0.0.1:0", true)
	s := &Mail{Server: "127.0.0.1", Port: port, Security: Plain, From: "a@example.org", To: []string{"b@example.org"}, Writer: writer(t, "en")}
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	if err := s.Send(ctx, dropped()); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want that it ends with its context", err)
	}
}

// Servers repeat what they were asked for; and say when to ask again.
func TestWebhookAnswers(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Retry-After", "600")
		http.Error(w, "Cannot POST "+r.URL.Path+" with "+r.URL.RawQuery, http.StatusTooManyRequests)
	}))
	t.Cleanup(server.Close)
	h := &Webhook{URL: func() (string, error) { return server.URL + "/services/T%2B1234/hush?token=quiet", nil }, Client: server.Client(), Agent: "test"}
	err := h.Send(t.Context(), dropped())
	if e, ok := errors.AsType[*Answered](err); !ok || e.After != 10*time.Minute || !strings.Contains(e.Said, "Cannot POST") {
		t.Fatalf("got %#v", err)
	}
	for _, secret := range []string{"T+1234", "hush", "quiet"} {
		if strings.Contains(err.Error(), secret) {
			t.Errorf("%q is in %v", secret, err)
		}
	}
}

// A rule of an operator's own may have a severity that we do not know, or none.
func TestSeverityWords(t *testing.T) {
	m := dropped()
	for severity, want := range map[string]string{"critical": "Severity: critical. Since", "page": "Severity: page. Since", "": "\nSince"} {
		m.Changes[0].Labels = map[string]string{"alertname": "A", "severity": severity}
		if got := writer(t, "en").plain(m); !strings.Contains(got, want) || strings.Contains(got, "Severity: .") {
			t.Errorf("%q: got %s", severity, got)
		}
	}
}

// Half a link is none, and Slack takes no longer texts.
func TestChatLongLinks(t *testing.T) {
	m := dropped()
	long := Example{Text: "so it is", URL: "https://example.org/" + strings.Repeat("a", 1700)}
	m.Changes[0].Facts.Examples = []Example{long, long, {Text: "short", URL: "https://example.org/b"}}
	b, err := writer(t, "en").chat(m)
	if err != nil {
		t.Fatal(err)
	}
	var got struct{ Blocks []block }
	if err := json.Unmarshal(b, &got); err != nil {
		t.Fatal(err)
	}
	for _, one := range got.Blocks {
		if text := one.Text.Text; strings.Contains(text, "so it is") {
			if strings.Count(text, "so it is") != 1 || !strings.HasSuffix(text, "<https://example.org/b|«short»>") || len(text) > mostText {
				t.Errorf("got %s", text)
			}
			return
		}
	}
	t.Error("no examples")
}
