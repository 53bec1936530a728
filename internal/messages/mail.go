package messages

import (
	"bytes"
	"context"
	"crypto/tls"
	_ "embed" // for the layout
	"fmt"
	"html/template"
	"strings"
	"time"

	"github.com/wneessen/go-mail"
)

//go:embed mail.html
var mailHTML string

var layout = template.Must(template.New("mail").Parse(mailHTML))

// Mail sends by SMTP (RFC 5321), as plain text with an alternative in HTML.
type Mail struct {
	Server    string // host
	Port      int
	Security  Security
	Username  string
	Password  func() (string, error) // read anew for each message; nil without a Username
	From      string
	To        []string
	Writer    *Writer
	TLSConfig *tls.Config // nil is the system's
}

// Security is how a connection is kept from others.
type Security string

// The ways. Plain is for a server on this machine.
const (
	StartTLS Security = "starttls" // required, on the usual port
	TLS      Security = "tls"      // from the first byte
	Plain    Security = "none"
)

// patience is how long a server may take for one message.
const patience = 30 * time.Second

// Send delivers to every address, or to none as far as the server lets us know.
func (s *Mail) Send(ctx context.Context, m Message) error {
	letter, err := s.letter(m)
	if err != nil {
		return err
	}
	client, err := s.client()
	if err != nil {
		return err
	}
	sent := make(chan error, 1)
	go func() { sent <- client.DialAndSendWithContext(ctx, letter) }()
	select {
	case err = <-sent:
	case <-ctx.Done(): // the library heeds it while it dials alone
		return ctx.Err()
	}
	if err != nil && !letter.IsDelivered() { // who hangs up instead of a goodbye has it
		return fmt.Errorf("mail by %s: %w", s.Server, err)
	}
	return nil
}

func (s *Mail) client() (*mail.Client, error) {
	options := []mail.Option{mail.WithPort(s.Port), mail.WithTimeout(patience)}
	switch s.Security {
	case TLS:
		options = append(options, mail.WithSSL())
	case Plain:
		options = append(options, mail.WithTLSPolicy(mail.NoTLS))
	default:
		options = append(options, mail.WithTLSPolicy(mail.TLSMandatory))
	}
	if s.TLSConfig != nil {
		options = append(options, mail.WithTLSConfig(s.TLSConfig))
	}
	if s.Username != "" {
		password, err := s.Password()
		if err != nil {
			return nil, err
		}
		options = append(options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(s.Username), mail.WithPassword(password))
	}
	host := s.Server
	if strings.Contains(host, ":") {
		host = "[" + host + "]" // the library puts the port behind it as it is
	}
	client, err := mail.NewClient(host, options...)
	if err != nil {
		return nil, fmt.Errorf("mail by %s: %w", s.Server, err)
	}
	return client, nil
}

func (s *Mail) letter(m Message) (*mail.Msg, error) {
	letter := mail.NewMsg()
	if err := letter.From(s.From); err != nil {
		return nil, fmt.Errorf("mail: from: %w", err)
	}
	if err := letter.To(s.To...); err != nil {
		return nil, fmt.Errorf("mail: to: %w", err)
	}
	letter.Subject(s.Writer.subject(m))
	letter.SetMessageIDWithValue(m.ID + "@confianza")
	if m.thread != "" { // mail programs put what is about one alert together
		letter.SetGenHeader(mail.HeaderReferences, "<"+m.thread+"@confianza>")
	}
	letter.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: no answers from holidays
	letter.SetDateWithValue(m.At)
	var html bytes.Buffer
	err := layout.Execute(&html, struct {
		Lang     string
		Sections []section
	}{s.Writer.lang, s.Writer.sections(m)})
	if err != nil {
		return nil, fmt.Errorf("mail: %w", err)
	}
	letter.SetBodyString(mail.TypeTextPlain, s.Writer.plain(m))
	letter.AddAlternativeString(mail.TypeTextHTML, html.String())
	return letter, nil
}
