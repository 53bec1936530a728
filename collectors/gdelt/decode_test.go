package gdelt

import (
	"encoding/json"
	"errors"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"confianza/collectors"
	"confianza/collectors/search"
)

func artlist(t testing.TB) []byte {
	t.Helper()
	b, err := os.ReadFile("testdata/artlist.json")
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestDecode(t *testing.T) {
	got, err := decode(artlist(t), "Delta")
	if err != nil {
		t.Fatal(err)
	}
	article := func(address, domain, title, language string, hour, minute int) collectors.Post {
		at := time.Date(2026, 3, 1, hour, minute, 0, 0, time.UTC)
		return collectors.Post{Native: native("Delta", address), URL: address, Links: []string{address}, Author: domain, Text: title,
			Language: language, Brand: "Delta", Form: collectors.FormArticle, Created: at, Seen: at}
	}
	want := []collectors.Post{
		article("https://www.elsiglo.example/noticia/2026/delta.html", "elsiglo.example", `Delta admite fuga de datos , dice su \'vocero\'`, "es", 9, 15),
		article("http://noticias.example/a?id=7&amp=1", "noticias.example", "Markets & airlines fall at the close", "en", 9, 0),
		article("https://x.example/1", "x.example", `C:\Users\delta "leak" é \ \x`, "", 10, 0),
	}
	if !reflect.DeepEqual(got.Posts, want) {
		t.Errorf("got  %+v\nwant %+v", got.Posts, want)
	}
	dropped := map[collectors.Reason]int{collectors.NoText: 1, collectors.NoTime: 1, collectors.NoID: 1, collectors.Undecodable: 1}
	if !reflect.DeepEqual(got.Dropped, dropped) || got.Found != 8 || got.More {
		t.Errorf("dropped %v of %d, more %v; want %v of 8, false", got.Dropped, got.Found, got.More, dropped)
	}
}

func TestNativeIsTheArticleForItsBrand(t *testing.T) {
	if native("Delta", "https://x.example/1") == native("Zeta", "https://x.example/1") {
		t.Error("an article that names two brands would be a mention of the first alone")
	}
	// printf "Delta\nhttps://x.example/1" | sha256sum: the store outlives versions of this program.
	if got, want := native("Delta", "https://x.example/1"), "7156e968ddf12e3972f0f65f1e172e46"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestNoArticles(t *testing.T) {
	for _, body := range []string{"{}", ` {"articles":[]} `, `{"articles":null}`} {
		if a, err := decode([]byte(body), "Delta"); err != nil || a.Found != 0 || a.More {
			t.Errorf("%s: got %+v, %v", body, a, err)
		}
	}
}

func TestPlainTextErrors(t *testing.T) {
	for said, class := range map[string]string{
		"Please limit requests to one every 5 seconds or contact kalev.leetaru5@gmail.com for larger queries.\n": "throttled",
		"Your query was too short or too long.":                                    "refused",
		"One or more of your keywords were too short, too long or too common: (x)": "refused",
		"The specified phrase is too short.":                                       "refused",
		"Parentheses may only be used around OR'd statements.":                     "refused",
		"Queries containing OR'd terms must be surrounded by ().":                  "refused",
		"Invalid query: too many queries in OR clause":                             "refused",
		"Timespan is too short.":                                                   "other",
		"Invalid query start date.":                                                "other",
		"An internal error occurred":                                               "other",
		"<!DOCTYPE html><html>":                                                    "other",
		"":                                                                         "other",
		`{"articles": [ { "url": "https://x.example/1", "title": "cut of`:          "other",
		`{"articles": {}}`:                                                         "other",
		`["articles"]`:                                                             "other",
	} {
		_, err := decode([]byte(said), "Delta")
		got := "other"
		if _, ok := errors.AsType[*search.Refused](err); ok {
			got = "refused"
		}
		if errors.Is(err, errTooOften) {
			got = "throttled"
		}
		if err == nil || got != class {
			t.Errorf("%q: %s error %v, want %s", said, got, err, class)
		}
	}
	_, err := decode([]byte("Oops\x00\xff "+strings.Repeat("ñ", 500)), "Delta")
	if err == nil || !utf8.ValidString(err.Error()) || len(err.Error()) > 200 || strings.ContainsRune(err.Error(), 0) {
		t.Errorf("an unprintable, long answer is said as %q", err)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(artlist(f))
	f.Add([]byte("{\"articles\":[{\"url\":\"https://x.example\",\"title\":\"a\xff\x01\\q\",\"seendate\":\"20260301T100000Z\"}]}"))
	f.Add([]byte("Timespan is too short."))
	f.Fuzz(func(t *testing.T, body []byte) {
		if a, err := decode(body, "Delta"); err == nil {
			for _, p := range a.Posts {
				if p.Native == "" || strings.TrimSpace(p.Text) == "" || !utf8.ValidString(p.Text) || p.Created.IsZero() || !utf8.ValidString(p.URL) {
					t.Errorf("unsound: %+v", p)
				}
			}
		}
	})
}

// What any program would write well comes through as it was meant, whatever
// backslashes are in it.
func FuzzMendedLeavesWhatIsRight(f *testing.F) {
	f.Add(`a\b"c\\` + "\n\t")
	f.Fuzz(func(t *testing.T, title string) {
		good, err := json.Marshal(map[string]string{"title": title})
		if err != nil {
			t.Skip()
		}
		if got := mended(good); string(got) != string(good) {
			t.Errorf("%s became %s", good, got)
		}
		// The same with one stray backslash before it is mended, not refused.
		bad := strings.Replace(string(good), `{"title":"`, `{"title":"\'`, 1)
		var page struct{ Title string }
		if err := json.Unmarshal(mended([]byte(bad)), &page); err != nil || !strings.HasPrefix(page.Title, `\'`) {
			t.Errorf("%s became %q, %v", bad, page.Title, err)
		}
	})
}
