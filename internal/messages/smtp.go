package messages

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"regexp"
	"strings"
	"time"

	"github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"
)

// patience is how long a server may take for a step, and haste for a goodbye.
const patience, haste = 30 * time.Second, 5 * time.Second

// Refused is an answer that stands for good (5yz, RFC 5321, section 4.2.1): the
// server knows no such address, or will not have this letter. All else may pass.
type Refused struct {
	Server string
	Code   int
	Said   string // without addresses
	Letter bool   // it is the letter; another may be taken
}

func (e *Refused) Error() string { return fmt.Sprintf("mail by %s: %d %s", e.Server, e.Code, e.Said) }

func (e *Refused) unfit() bool { return e.Letter }

// deliver returns nil once the server has answered for the letter: who hangs up
// instead of a goodbye has it. A connection that ends before leaves it open
// whether it has; it is sent again then, with the same id.
func (s *Mail) deliver(ctx context.Context, by *mail.Client, letter *mail.Msg) error {
	c, err := s.dial(ctx, by)
	if err != nil {
		return s.said(err)
	}
	defer c.Close()
	from, err := letter.GetSender(false)
	if err != nil {
		return s.said(err)
	}
	to, err := letter.GetRecipients()
	if err != nil {
		return s.said(err)
	}
	if err := c.UpdateDeadline(patience); err != nil {
		return s.said(err)
	}
	if err := c.Mail(from); err != nil {
		return s.said(err)
	}
	if err := c.Rcpt(to[s.At]); err != nil {
		return s.refused(err, false)
	}
	if err := write(c, letter); err != nil {
		return s.refused(err, true)
	}
	_ = c.UpdateDeadline(haste) // it is taken, whatever becomes of the goodbye
	_ = c.Quit()
	return nil
}

// dial greets the server. The library leaves a connection open whose server
// refuses TLS or our password; with TLS from the first byte there is no way to
// lay hands on it, and the collector of garbage closes it.
func (s *Mail) dial(ctx context.Context, by *mail.Client) (*smtp.Client, error) {
	var open net.Conn
	if s.Security != TLS {
		_ = mail.WithDialContextFunc(func(ctx context.Context, network, address string) (conn net.Conn, err error) {
			open, err = new(net.Dialer).DialContext(ctx, network, address)
			return open, err
		})(by) // refuses nil alone
	}
	c, err := by.DialToSMTPClientWithContext(ctx)
	if err != nil && open != nil {
		open.Close()
	}
	return c, err
}

func write(c *smtp.Client, letter *mail.Msg) error {
	w, err := c.Data()
	if err != nil {
		return err
	}
	if _, err := letter.WriteTo(w); err != nil {
		return err
	}
	return w.Close()
}

// refused tells what stands for good from what may pass.
func (s *Mail) refused(err error, letter bool) error {
	if a, answered := errors.AsType[*textproto.Error](err); answered && a.Code/100 == 5 {
		return &Refused{s.Server, a.Code, hideAddresses(a.Msg), letter}
	}
	return s.said(err)
}

// said is an error without addresses, where a server puts them into its answer.
func (s *Mail) said(err error) error {
	if _, answered := errors.AsType[*textproto.Error](err); answered {
		return fmt.Errorf("mail by %s: %s", s.Server, hideAddresses(err.Error()))
	}
	return fmt.Errorf("mail by %s: %w", s.Server, err)
}

var address = regexp.MustCompile(`[^\s<>"'():;,]+@[^\s<>"'():;,]+`)

// hideAddresses leaves of an answer one line without anybody's address: the
// position says which it is.
func hideAddresses(text string) string {
	return cut(strings.Join(strings.Fields(address.ReplaceAllString(text, "…")), " "), 512)
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
