package twitterv1

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"confianza/collectors"
	"confianza/collectors/archive"
	"confianza/collectors/collectortest"
)

func everything([]byte) bool { return true }

// The recording of 19 April 2010 has 100 messages: 95 tweets, 22 of them to
// somebody and 7 retweets, and 5 deletions. Ids come as numbers alone, and no
// tweet has a retweet_count.
func TestRecordingOf2010(t *testing.T) {
	path := "../../../shared/data/recordings/twitterv1/stream_2010.json"
	if _, err := os.Stat(path); err != nil {
		t.Skip("needs the data beside the repository: ", err)
	}
	rec := new(collectortest.Recorder)
	if err := collectortest.Run(t, imported(t, path), "", collectors.Wanted{}, rec, nil); err != nil {
		t.Fatal(err)
	}
	replies, gone := 0, 0
	byID := map[string]collectors.Post{}
	for _, p := range rec.Posts() {
		byID[p.Native] = p
		if p.Form == collectors.FormReply {
			replies++
		}
	}
	for _, b := range rec.Batches() {
		gone += len(b.Gone)
	}
	if len(rec.Posts()) != 95 || len(byID) != 95 || gone != 5 || replies != 22 || len(rec.Dropped()) != 0 {
		t.Errorf("%d posts, %d ids, %d gone, %d replies, dropped %v", len(rec.Posts()), len(byID), gone, replies, rec.Dropped())
	}
	first := collectors.Post{
		Native: "12467873400", URL: "https://x.com/TheOptimus66639/status/12467873400", Author: "67577177", Followers: 215,
		Text:    "New blog post: Earth Day Sneak Peek http://bit.ly/a2Oayz",
		Created: time.Date(2010, 4, 19, 17, 52, 0, 0, time.UTC),
	}
	if got := rec.Posts()[0]; got.Native != first.Native || got.URL != first.URL || got.Author != first.Author ||
		got.Text != first.Text || !got.Created.Equal(first.Created) || got.Followers != first.Followers {
		t.Errorf("got  %+v\nwant %+v", got, first)
	}
	// Cut off as `… pauta, planos para a ...`.
	const whole = "RT @gabeiracombr: Daqui a pouco estarei no Hotel Pedra Bonita, em Itaborai, para encontro com liderancas locais. Na pauta, planos para a regiao."
	found := false
	for _, p := range rec.Posts() {
		found = found || p.Text == whole
	}
	if !found {
		t.Error("the retweet that was cut off is not whole")
	}
}

func TestLimitsAddUp(t *testing.T) {
	d := decoder{names: everything}
	for n, tt := range []struct {
		track string
		want  int
	}{
		{"5", 5}, {"5", 0}, {"9", 4},
		{"2", 2}, // another connection
		{"-7", 0}, {"99999999999999999999", 0},
	} {
		if got := d.decode([]byte(`{"limit":{"track":` + tt.track + `}}`)); got.Lost != tt.want || (got.Dropped != "") != (tt.want > 0) {
			t.Errorf("notice %d: %d lost as %q, want %d", n, got.Lost, got.Dropped, tt.want)
		}
	}
	resumed := decoder{names: everything, unsure: true}
	resumed.decode([]byte(`{"limit":{"track":100}}`))
	if got := resumed.decode([]byte(`{"limit":{"track":103}}`)); got.Lost != 3 {
		t.Errorf("after going on: %d lost, want 3", got.Lost)
	}
}

func TestUnwantedTweetIsReadOnly(t *testing.T) {
	d := decoder{names: func(b []byte) bool { return bytes.Contains(b, []byte("delta.example")) }}
	if m := d.decode([]byte(tweet(1, "hola", ""))); !m.Read || m.Post != nil || m.Dropped != "" {
		t.Errorf("%+v", m)
	}
	linked := tweet(1, "hola https://t.co/a", `,"entities":{"urls":[{"expanded_url":"https://delta.example/"}]}`)
	if m := d.decode([]byte(linked)); m.Post == nil {
		t.Error("a brand named by a link alone was missed")
	}
}

func TestOddTweets(t *testing.T) {
	tests := []struct {
		name, tweet string
		want        func(p collectors.Post) bool
	}{
		{"full_text of extended mode", strings.Replace(tweet(1, "a &lt;b&gt; &amp;amp;", ""), `"text"`, `"full_text"`, 1),
			func(p collectors.Post) bool { return p.Text == "a <b> &amp;" }},
		{"an id too large for a float", strings.NewReplacer(`"id":1,"id_str":"1",`, `"id":9007199254740993,`).Replace(tweet(1, "a", "")),
			func(p collectors.Post) bool { return p.Native == "9007199254740993" }},
		{"a place of another shape", tweet(1, "a", `,"place":{"attributes":{"n":1}},"coordinates":{"coordinates":"none"}`),
			func(p collectors.Post) bool { return p.Text == "a" && p.Native == "1" }},
		{"no user", strings.Replace(tweet(1, "a", ""), `"user"`, `"usher"`, 1),
			func(p collectors.Post) bool { return p.Author == "" && p.URL == "https://x.com/i/web/status/1" }},
		{"no language found", strings.Replace(tweet(1, "a", ""), `"es"`, `"und"`, 1), func(p collectors.Post) bool { return p.Language == "" }},
		{"Indonesian", strings.Replace(tweet(1, "a", ""), `"es"`, `"in"`, 1), func(p collectors.Post) bool { return p.Language == "id" }},
	}
	for _, tt := range tests {
		d := decoder{names: everything}
		if m := d.decode([]byte(tt.tweet)); m.Post == nil || !tt.want(*m.Post) {
			t.Errorf("%s: %+v, post %+v", tt.name, m, m.Post)
		}
	}
}

func FuzzDecode(f *testing.F) {
	lines, _ := messages()
	for _, l := range lines {
		f.Add(l)
	}
	f.Fuzz(func(t *testing.T, b string) {
		d := decoder{names: everything}
		m := d.decode([]byte(b))
		if p := m.Post; p != nil && (p.Native == "" || strings.TrimSpace(p.Text) == "" || !utf8.ValidString(p.Text) || p.Created.IsZero() || p.Followers < 0) {
			t.Errorf("%+v", *p)
		}
		if g := m.Gone; g != nil && (g.Native == "") == (g.Author == "") {
			t.Errorf("%+v", *g)
		}
		if m.Lost < 0 {
			t.Errorf("%d lost", m.Lost)
		}
	})
}

// BenchmarkArchive reads the recording of 2010 over and over.
func BenchmarkArchive(b *testing.B) {
	recording, err := os.ReadFile("../../../shared/data/recordings/twitterv1/stream_2010.json")
	if err != nil {
		b.Skip("needs the data beside the repository: ", err)
	}
	path := filepath.Join(b.TempDir(), "a.json")
	if err := os.WriteFile(path, bytes.Repeat(recording, 100), 0o600); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(100 * len(recording)))
	for b.Loop() {
		f, err := archive.Open(path)
		if err != nil {
			b.Fatal(err)
		}
		text, err := f.Next()
		if err != nil {
			b.Fatal(err)
		}
		r := records{t: text, o: archive.NewObjects(text, false), d: decoder{names: everything}}
		for err == nil {
			_, err = r.Next()
		}
		if err != io.EOF {
			b.Fatal(err)
		}
		f.Close()
	}
}
