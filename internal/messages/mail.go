package messages

import (
	"bytes"
	"context"
	"crypto/tls"
	_ "embed" // for the layout
	"fmt"
	"html/template"

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
	To        []string // whom the letter names
	At        int      // which of them it goes to
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

// Send delivers to one address. Others that the letter names have their own.
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
	go func() { sent <- s.deliver(ctx, client, letter) }()
	select {
	case err = <-sent:
		return err
	case <-ctx.Done(): // the library heeds it while it dials alone
		return ctx.Err()
	}
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
