package messages

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Webhook posts messages to a program, or to a chat.
type Webhook struct {
	URL    func() (string, error) // read anew for each message: a chat's address is its password
	Secret func() (string, error) // what messages are signed with; nil for none
	Chat   *Writer                // for a chat that takes Slack's messages; nil is for a program
	Client *http.Client           // must follow no redirects
	Agent  string                 // User-Agent
	Now    func() time.Time       // nil is the clock
}

// Send posts one message, with its id as webhook-id so that a second delivery
// of it can be told.
func (h *Webhook) Send(ctx context.Context, m Message) error {
	address, err := h.URL()
	if err != nil {
		return err
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return errors.New("webhook: its address is not http(s)://host[:port]/path") // not shown: it may be a secret
	}
	body, err := h.body(m)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("webhook at %s: not an address", u.Host)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", h.Agent)
	if err := h.sign(req, m.ID, body); err != nil {
		return err
	}
	answer, err := h.Client.Do(req)
	if err != nil {
		if e, ok := errors.AsType[*url.Error](err); ok {
			err = e.Err // without the address
		}
		return fmt.Errorf("webhook at %s: %w", u.Host, err)
	}
	defer answer.Body.Close()
	said, _ := io.ReadAll(io.LimitReader(answer.Body, 4096)) // only for the message
	if answer.StatusCode/100 != 2 {
		return &Answered{u.Host, answer.StatusCode, cut(strings.TrimSpace(hide(string(said), u)), 512), retryAfter(answer.Header)}
	}
	return nil
}

// hide takes the parts of an address out of a text: many servers repeat what
// they were asked for, and a chat's address is its password.
func hide(text string, u *url.URL) string {
	for _, form := range []string{u.RequestURI(), u.Path} {
		for _, part := range strings.FieldsFunc(form, func(r rune) bool { return strings.ContainsRune("/?&=", r) }) {
			if len(part) >= 4 { // shorter ones are no secret, and are in other words
				text = strings.ReplaceAll(text, part, "…")
			}
		}
	}
	return text
}

// retryAfter is what a server asks for in seconds (RFC 9110, section 10.2.3); 0
// when it asks for nothing.
func retryAfter(h http.Header) time.Duration {
	n, err := strconv.Atoi(h.Get("Retry-After"))
	if err != nil || n < 0 {
		return 0
	}
	return time.Duration(min(n, 3600)) * time.Second
}

// Answered is a status other than success, with what the server says of it.
type Answered struct {
	Host  string
	Code  int
	Said  string
	After time.Duration // when to try again at the earliest, from now; 0 is any time
}

func (e *Answered) Error() string {
	return fmt.Sprintf("webhook at %s: %d %s: %s", e.Host, e.Code, http.StatusText(e.Code), e.Said)
}

// StatusCode is the code of the answer.
func (e *Answered) StatusCode() int { return e.Code }

func (e *Answered) unfit() bool {
	return e.Code == http.StatusBadRequest || e.Code == http.StatusRequestEntityTooLarge || e.Code == http.StatusUnprocessableEntity
}

func (h *Webhook) body(m Message) ([]byte, error) {
	if h.Chat != nil {
		return h.Chat.chat(m)
	}
	return json.Marshal(m)
}

// sign adds the headers of Standard Webhooks 1.0.0
// (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md).
func (h *Webhook) sign(req *http.Request, id string, body []byte) error {
	now := time.Now
	if h.Now != nil {
		now = h.Now
	}
	at := strconv.FormatInt(now().Unix(), 10)
	req.Header.Set("webhook-id", id)
	req.Header.Set("webhook-timestamp", at)
	if h.Secret == nil {
		return nil
	}
	secret, err := h.Secret()
	if err != nil {
		return err
	}
	key := []byte(secret)
	if encoded, is := strings.CutPrefix(secret, "whsec_"); is {
		if key, err = base64.StdEncoding.DecodeString(encoded); err != nil {
			return errors.New("webhook: the secret begins with whsec_, but what follows is not base64")
		}
	}
	mac := hmac.New(sha256.New, key)
	fmt.Fprintf(mac, "%s.%s.%s", id, at, body)
	req.Header.Set("webhook-signature", "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	return nil
}
