package feeds

import (
	"net/url"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"confianza/collectors"
)

func fixture(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func utc(day, hour, minute int) time.Time {
	return time.Date(2026, 11, day, hour, minute, 0, 0, time.UTC)
}

// articles is what each fixture says, read by hand. The Atom feed's relative
// link is completed with host, where it was found.
func articles(host string) map[string][]collectors.Post {
	article := func(native, url, revision string, created time.Time, language, author, text string, links ...string) collectors.Post {
		return collectors.Post{Native: native, URL: url, Revision: revision, Created: created, Language: language,
			Author: author, Text: text, Links: links, Form: collectors.FormArticle}
	}
	const delta, contenido = "https://diario.example/2026/11/delta.html?a=1&b=2", "https://diario.example/2026/11/contenido.html"
	return map[string][]collectors.Post{
		"rss.es.xml": {
			// A number for a guid is the publisher's own; 09:30 at +01:00.
			article("diario.example#88231", delta, "2026-11-24T08:30:00Z", utc(24, 8, 30), "es-ES", "Íñigo Núñez",
				"Aerolínea Delta: ¿dónde están mis datos?\nLa compañía Delta no responde. El 40 % de los clientes espera & pregunta.", delta),
			// 22:00 EST is 03:00 of the next day.
			article(contenido, contenido, "2026-11-24T03:00:00Z", utc(24, 3, 0), "es-ES", "", "Sólo hay contenido\nAño nuevo vida nueva"),
		},
		"atom.en.xml": {
			article("tag:notes.example,2026:delta", host+"/2026/delta", "2026-11-24T09:00:00Z", utc(23, 23, 0), "en", "Ana Ruiz",
				"Delta says <nothing> was lost\nCustomers are waiting.", host+"/2026/delta"),
			article("urn:uuid:60a76c80-d399-11d9-b93C-0003939e0af6", "https://notes.example/2026/updated", "2026-11-22T12:00:00Z", utc(22, 12, 0), "en", "",
				"Only updated\none two", "https://notes.example/2026/updated"),
		},
		"rdf.xml": {
			article("https://viejo.example/1", "https://viejo.example/1", "2026-11-21T11:00:00Z", utc(21, 11, 0), "pt-BR", "",
				"Vazamento na Delta\nMilhões de clientes afetados", "https://viejo.example/1"),
			article("https://viejo.example/2", "https://viejo.example/2", "", time.Time{}, "pt-BR", "", "Sem data", "https://viejo.example/2"),
		},
		"feed.json": {
			article("prensa.example#7", "https://prensa.example/7", "2026-11-20T13:00:00Z", utc(20, 12, 0), "es-MX", "Prensa",
				"Aviso a clientes\nSus datos… siguen a salvo.", "https://prensa.example/7", "https://delta.example/aviso"),
			article("prensa.example#8", "https://prensa.example/8", "2026-11-20T14:00:00Z", utc(20, 14, 0), "es-MX", "",
				"Sin título, 3 < 4 y 5 > 4.", "https://prensa.example/8"),
		},
	}
}

func TestDecode(t *testing.T) {
	for name, want := range articles("https://feeds.example") {
		d, err := decode(fixture(t, name), "", "https://ana:hunter2@feeds.example/x/feed?key=hunter2")
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var got []collectors.Post
		dropped := map[collectors.Reason]int{}
		for _, it := range d.items {
			if it.dropped != "" {
				dropped[it.dropped]++
				continue
			}
			got = append(got, it.post)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s:\n got %+v\nwant %+v", name, got, want)
		}
		if name == "rss.es.xml" && (dropped[collectors.NoText] != 1 || dropped[collectors.NoID] != 1 || len(dropped) != 2) {
			t.Errorf("%s: dropped %v, want one without text and one without id", name, dropped)
		}
	}
}

func TestWhatIsNoFeed(t *testing.T) {
	rss := func(inside string) string { return "<rss><channel><item>" + inside + "</item></channel></rss>" }
	var scopes strings.Builder
	for range maxNamespaces + 1 {
		scopes.WriteString(` xmlns:a` + strings.Repeat("a", scopes.Len()%97) + `="x"`)
	}
	tests := []struct{ name, body, want string }{
		{"nothing", "", "empty, not a feed"},
		{"white space", " \n", "empty, not a feed"},
		{"a mark alone", "\xef\xbb\xbf", "empty, not a feed"},
		{"a web page", "\n<!DOCTYPE html><html><p>one<p>two", "a web page, not a feed"},
		{"an old web page", "<HTML><body>", "a web page, not a feed"},
		{"words", "Too many requests", "neither RSS, Atom nor JSON Feed"},
		{"another XML", "<sitemap><url/></sitemap>", "neither RSS, Atom nor JSON Feed"},
		{"half a feed", string(fixture(t, "broken.xml")), "XML damaged in line 14"},
		{"half a tag", "<rss><channel><item", "XML damaged in line 1"},
		{"another JSON", `{"error": "hunter2"}`, "JSON, but not a JSON Feed"},
		{"half a JSON Feed", string(fixture(t, "feed.json")[:300]), "JSON damaged"},
		{"JSON that makes the parser panic", `{"version": "https://jsonfeed.org/version/1", "items": [null]}`, "not in the shape of a feed"},
		{"a JSON list", "[]", "neither RSS, Atom nor JSON Feed"},
		{"elements without end", rss(strings.Repeat("<x:a>", maxDepth) + strings.Repeat("</x:a>", maxDepth)), errMonster.Error()},
		{"elements without end after two marks", "\xef\xbb\xbf\xef\xbb\xbf" + rss(strings.Repeat("<x:a>", 1<<20)), errMonster.Error()},
		{"namespaces without end", "<rss" + scopes.String() + "/>", errMonster.Error()},
		{"pieces without end", rss("<x:a>" + strings.Repeat("a<!---->", maxPieces+1) + "</x:a>"), errMonster.Error()},
		{"tags without end", rss(strings.Repeat("<a/>", maxTokens/2)), errMonster.Error()},
	}
	for _, tt := range tests {
		_, err := decode([]byte(tt.body), "", "https://a.example/")
		if err == nil || err.Error() != tt.want {
			t.Errorf("%s: got %v, want %s", tt.name, err, tt.want)
		}
	}
}

func TestFeedWithoutItemsIsAFeed(t *testing.T) {
	for _, body := range []string{
		"<rss version='2.0'><channel><title>t</title></channel></rss>", "<feed xmlns='http://www.w3.org/2005/Atom'/>",
		`{"version": "https://jsonfeed.org/version/1", "items": []}`,
	} {
		if d, err := decode([]byte(body), "", ""); err != nil || len(d.items) != 0 {
			t.Errorf("%s: got %v, %v", body, d, err)
		}
	}
}

func TestIDs(t *testing.T) {
	long := "https://a.example/" + strings.Repeat("x", maxNative)
	tests := []struct{ name, item, native, url string }{
		{"an address", "<guid>https://a.example/?p=1</guid><link>https://a.example/one</link>", "https://a.example/?p=1", "https://a.example/one"},
		{"a tag", "<guid>tag:a.example,2026:1</guid>", "tag:a.example,2026:1", ""},
		{"a number", "<guid>1</guid><link>https://A.example/one</link>", "a.example#1", "https://A.example/one"},
		{"a number without link", "<guid>1</guid>", "site.example#1", ""},
		{"something with a colon", "<guid>post:1</guid>", "site.example#post:1", ""},
		{"white space", "<guid>\n a  b \n</guid>", "site.example#a b", ""},
		{"no guid", "<link>https://a.example/one</link>", "https://a.example/one", "https://a.example/one"},
		{"a relative link", "<link>/one</link>", "https://feeds.example/one", "https://feeds.example/one"},
		{"a place in the feed", "<link>#one</link>", "https://feeds.example/rss#one", "https://feeds.example/rss#one"},
		{"a link with a password", "<link>https://ana:hunter2@a.example/</link>", "https://a.example/", "https://a.example/"},
		{"very long", "<guid>" + long + "</guid>", "sha256:", "https://a.example/" + strings.Repeat("x", maxNative)},
	}
	for _, tt := range tests {
		body := "<rss><channel><link>https://site.example/</link><item><title>t</title>" + tt.item + "</item></channel></rss>"
		d, err := decode([]byte(body), "", "https://feeds.example/rss?key=hunter2")
		if err != nil || len(d.items) != 1 {
			t.Errorf("%s: got %v, %v", tt.name, d, err)
			continue
		}
		p := d.items[0].post
		if p.URL != tt.url || p.Native != tt.native && !(tt.native == "sha256:" && strings.HasPrefix(p.Native, tt.native) && len(p.Native) == 71) {
			t.Errorf("%s: got %s at %s, want %s at %s", tt.name, p.Native, p.URL, tt.native, tt.url)
		}
	}
}

func TestOddDetails(t *testing.T) {
	tests := []struct {
		name, channel, item string
		check               func(p collectors.Post) bool
	}{
		{"a language that is none", "<language>Español de aquí</language>", "", func(p collectors.Post) bool { return p.Language == "" }},
		{"a language written with a line", "<language> es_AR </language>", "", func(p collectors.Post) bool { return p.Language == "es-AR" }},
		{"no language", "", "", func(p collectors.Post) bool { return p.Language == "" }},
		{"a date that is none", "", "<pubDate>ayer</pubDate>", func(p collectors.Post) bool { return p.Created.IsZero() && p.Revision == "" }},
		{"a date without a zone", "", "<pubDate>Tue, 24 Nov 2026 10:00:00</pubDate>", func(p collectors.Post) bool { return p.Created.Equal(utc(24, 10, 0)) }},
		{"an address for an author", "", "<author>ana@a.example (Ana Ruiz)</author>", func(p collectors.Post) bool { return p.Author == "Ana Ruiz" }},
		{"a description that repeats the title", "", "<description>&lt;p&gt;t&lt;/p&gt;</description>", func(p collectors.Post) bool { return p.Text == "t" }},
	}
	for _, tt := range tests {
		body := "<rss><channel>" + tt.channel + "<item><title>t</title><link>https://a.example/</link>" + tt.item + "</item></channel></rss>"
		d, err := decode([]byte(body), "", "https://a.example/")
		if err != nil || len(d.items) != 1 || !tt.check(d.items[0].post) {
			t.Errorf("%s: got %+v, %v", tt.name, d, err)
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, name := range []string{"rss.es.xml", "atom.en.xml", "rdf.xml", "feed.json", "broken.xml"} {
		f.Add(fixture(f, name), "")
	}
	f.Add([]byte("<rss><channel><item><title>\xf1</title><guid>1</guid></item></channel></rss>"), "text/xml; charset=iso-8859-1")
	f.Fuzz(func(t *testing.T, body []byte, contentType string) {
		d, err := decode(body, contentType, "https://a.example/feed")
		if err != nil && len(d.items) > 0 {
			t.Errorf("%d items came with %v", len(d.items), err)
		}
		for _, it := range d.items {
			p := it.post
			u, err := url.Parse(p.URL)
			switch {
			case it.dropped != "":
			case p.Native == "" || p.Text == "" || len(p.Text) > maxText || len(p.Native) > maxNative:
				t.Errorf("%+v", p)
			case !utf8.ValidString(p.Text + p.Native + p.URL + p.Author + p.Language + strings.Join(p.Links, "")):
				t.Errorf("not UTF-8: %+v", p)
			case p.URL != "" && (err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == ""):
				t.Errorf("%q is no address", p.URL)
			}
		}
	})
}
