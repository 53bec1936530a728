package hackernews

import (
	"bytes"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"confianza/collectors"
)

func page(t testing.TB) []byte {
	t.Helper()
	b, err := os.ReadFile("testdata/page.json")
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func delta(text []byte) bool { return bytes.Contains(text, []byte("Delta")) }

func TestDecode(t *testing.T) {
	got, err := decode(page(t), delta)
	if err != nil {
		t.Fatal(err)
	}
	at := func(hour, minute int) time.Time { return time.Date(2026, 3, 1, hour, minute, 0, 0, time.UTC) }
	const item = "https://news.ycombinator.com/item?id="
	want := []collectors.Post{
		{Native: "41000001", URL: item + "41000001", Author: "ana", Text: "Delta says 3M customers' data leaked",
			Links: []string{"https://delta.example/aviso?ref=hn"}, Created: at(9, 0), Seen: at(9, 0), Form: collectors.FormPost},
		{Native: "41000002", URL: item + "41000002", Author: "leo",
			Text:  "They knew for months.\nSee https://leaks.example/delta-rep... & weep, Delta",
			Links: []string{"https://leaks.example/delta-report-with-a-long-name"}, Created: at(9, 30), Seen: at(9, 30), Form: collectors.FormReply},
		{Native: "41000009", URL: item + "41000009", Author: "eva", Text: "Ask HN: Leaving Delta?\nMy account at Delta is gone.\nWho else?",
			Created: at(10, 0), Seen: at(10, 0), Form: collectors.FormPost},
	}
	if !reflect.DeepEqual(got.Posts, want) {
		t.Errorf("got  %+v\nwant %+v", got.Posts, want)
	}
	dropped := map[collectors.Reason]int{collectors.NoText: 1, collectors.NoTime: 1, collectors.NoID: 1, collectors.Undecodable: 1}
	if !reflect.DeepEqual(got.Dropped, dropped) || got.Found != 8 || got.More {
		t.Errorf("dropped %v of %d, more %v; want %v of 8, false", got.Dropped, got.Found, got.More, dropped)
	}
}

func TestDecodeBeyondTheDocuments(t *testing.T) {
	for name, body := range map[string]string{
		"nothing": "", "a page": "<html>", "another shape": `{"message":"Invalid"}`, "no list": `{"hits":{}}`, "cut off": `{"hits":[{"objectID":"1"`,
	} {
		if a, err := decode([]byte(body), delta); err == nil {
			t.Errorf("%s: taken as %+v", name, a)
		}
	}
	a, err := decode([]byte("{\"hits\":[{\"objectID\":\"1\",\"created_at_i\":1,\"comment_text\":\"Delta \xff\xfe\",\"_tags\":[\"comment\"]},"+
		"{\"objectID\":\"1\",\"created_at_i\":1,\"comment_text\":\"Delta\",\"_tags\":[\"comment\"]}],\"hitsPerPage\":2}"), delta)
	if err != nil || len(a.Posts) != 1 || a.Posts[0].Text != "Delta \uFFFD\uFFFD" {
		t.Errorf("invalid UTF-8 and a repeated hit: %+v, %v", a.Posts, err)
	}
	if !a.More {
		t.Error("a full page of a server with small pages is taken for all there is")
	}
}

func TestPlain(t *testing.T) {
	for markup, want := range map[string]string{
		"":                        "",
		"plain &lt;b&gt; &#x27;":  "plain <b> '",
		"one<p>two<p><p> three":   "one\ntwo\nthree",
		"<pre><code>a  b\nc":      "a b\nc",
		"cut <a href=\"https://x": "cut",
	} {
		if got, _ := plain(markup); got != want {
			t.Errorf("%q: got %q, want %q", markup, got, want)
		}
	}
	if got := cut(strings.Repeat("ñ", maxText)); len(got) > maxText || !utf8.ValidString(got) {
		t.Errorf("cut to %d bytes, valid %v", len(got), utf8.ValidString(got))
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(page(f))
	f.Add([]byte(`{"hits":[{"objectID":"1","created_at_i":1e3,"comment_text":"<a href=//x>\u0000<p","_tags":["comment"]}]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		a, err := decode(body, func([]byte) bool { return true })
		if err != nil {
			return
		}
		dropped := 0
		for _, n := range a.Dropped {
			dropped += n
		}
		if len(a.Posts)+dropped > a.Found {
			t.Errorf("%d posts and %d dropped of %d", len(a.Posts), dropped, a.Found)
		}
		for _, p := range a.Posts {
			if p.Native == "" || strings.TrimSpace(p.Text) == "" || !utf8.ValidString(p.Text) || len(p.Text) > maxText || p.Created.IsZero() {
				t.Errorf("unsound: %+v", p)
			}
		}
	})
}
