package messages

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"math/big"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
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
	boxes   []string                  // where they went
	tries   map[string]int            // by address
	refuse  func(to string) error     // an address; nil takes all
	unfit   func(*mail.Message) error // a letter; nil takes all
}

type session struct {
	p  *post
	to string
}

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
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.p.mu.Lock()
	defer s.p.mu.Unlock()
	if s.to = to; s.p.tries == nil {
		s.p.tries = map[string]int{}
	}
	if s.p.tries[to]++; s.p.refuse != nil {
		return s.p.refuse(to)
	}
	return nil
}
func (s *session) Reset()        {}
func (s *session) Logout() error { return nil }
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
	if s.p.unfit != nil {
		if err := s.p.unfit(m); err != nil {
			return err
		}
	}
	s.p.letters, s.p.boxes = append(s.p.letters, m), append(s.p.boxes, s.to)
	return nil
}

// serve gives the port; without a certificate there is no TLS.
func (p *post) serve(t *testing.T, c *tls.Config) int {
	t.Helper()
	s := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &session{p: p}, nil }))
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

func TestMail(t *testing.T) {
	server, client := certified(t)
	for _, tt := range []struct {
		name     string
		server   *tls.Config
		security Security
	}{{"without TLS", nil, Plain}, {"STARTTLS", server, StartTLS}} {
		t.Run(tt.name, func(t *testing.T) {
			p := new(post)
			s := &Mail{Server: "127.0.0.1", Port: p.serve(t, tt.server), Security: tt.security, From: "confianza@example.org", To: []string{"Ana <ana@example.org>", "eva@example.org"}, At: 1,
				Writer: writer(t, "es"), TLSConfig: client}
			if tt.server != nil {
				s.Username, s.Password = "confianza", func() (string, error) { return "hidden", nil }
			}
			if err := s.Send(t.Context(), dropped()); err != nil {
				t.Fatal(err)
			}
			letter := p.letters[0]
			if len(p.boxes) != 1 || p.boxes[0] != "eva@example.org" {
				t.Errorf("it went to %q, want the second address alone", p.boxes)
			}
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
	p := &post{refuse: func(string) error { return &smtp.SMTPError{Code: 550, Message: "no such mailbox"} }}
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
