package messages

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

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
