package gdelt

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"html"
	"net/url"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"confianza/collectors"
	"confianza/collectors/search"
)

// article is one result; GDELT gives no text but the title.
type article struct {
	URL      string `json:"url"`
	Title    string `json:"title"`
	Seen     string `json:"seendate"` // when GDELT came across it, to a quarter of an hour
	Domain   string `json:"domain"`
	Language string `json:"language"` // its name in English
}

// decode reads an answer to a question asked for brand.
func decode(body []byte, brand string) (search.Answer, error) {
	body = bytes.TrimSpace(body)
	if len(body) == 0 {
		return search.Answer{}, unreadable("an empty answer")
	}
	if body[0] != '{' {
		return search.Answer{}, complaint(body)
	}
	var page struct {
		Articles []json.RawMessage `json:"articles"` // left out when there are none
	}
	if json.Unmarshal(mended(body), &page) != nil {
		return search.Answer{}, unreadable("the answer is not the JSON of a list of articles")
	}
	a := search.Answer{Found: len(page.Articles), Dropped: map[collectors.Reason]int{}, More: len(page.Articles) >= maxArticles}
	known := map[string]bool{}
	for _, raw := range page.Articles {
		p, dropped := post(raw, brand)
		switch {
		case dropped != "":
			a.Dropped[dropped]++
		case !known[p.Native]:
			known[p.Native] = true
			a.Posts = append(a.Posts, p)
		}
	}
	return a, nil
}

// errTooOften says that requests came faster than GDELT takes them.
var errTooOften = errors.New("asked more often than once in 5 s, or by too many at once")

// complaint is an error that GDELT answers in plain text, and with status 200.
func complaint(body []byte) error {
	said := words(body)
	lower := strings.ToLower(said)
	has := func(parts ...string) bool {
		for _, p := range parts {
			if strings.Contains(lower, p) {
				return true
			}
		}
		return false
	}
	switch {
	case has("limit requests", "too many requests"):
		return errTooOften
	case body[0] == '<':
		return unreadable("a web page, not a list of articles")
	case has("timespan", "time span", "date"):
		return unwelcome(said) // of the stretch, not of the query
	case has("too short", "too long", "too common", "parenthe", "surrounded by ()", "or clause", "your query", "keyword", "phrase"):
		return &search.Refused{Why: said}
	}
	return unwelcome(said)
}

func unreadable(why string) error {
	return collectors.Because(collectors.CauseUnreadable, errors.New(why))
}

func unwelcome(said string) error {
	return collectors.Because(collectors.CauseRequest, errors.New("says: "+said))
}

// words is the beginning of a plain text, in one line.
func words(body []byte) string {
	const most = 160
	text := strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) || r == utf8.RuneError {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(string(body[:min(len(body), 4*most)]), " "))
	text = strings.Join(strings.Fields(text), " ")
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "") + "…"
	}
	return text
}

// mended repairs what GDELT gets wrong in strings: backslashes that escape
// nothing, and control characters. What was right stays as it is.
func mended(body []byte) []byte {
	if json.Valid(body) {
		return body
	}
	fixed := make([]byte, 0, len(body)+16)
	inside := false
	for i := 0; i < len(body); i++ {
		c := body[i]
		switch {
		case c == '"':
			inside = !inside
		case inside && c < ' ':
			c = ' '
		case inside && c == '\\':
			if i+1 < len(body) && escapes(body[i+1:]) {
				fixed = append(fixed, c)
				i++
				c = body[i]
			} else {
				fixed = append(fixed, c) // two of them are one that is meant
			}
		}
		fixed = append(fixed, c)
	}
	return fixed
}

// escapes tells whether what follows a backslash is an escape (RFC 8259, 7).
func escapes(rest []byte) bool {
	if rest[0] != 'u' {
		return bytes.IndexByte([]byte(`"\/bfnrt`), rest[0]) >= 0
	}
	if len(rest) < 5 {
		return false
	}
	_, err := hex.DecodeString(string(rest[1:5]))
	return err == nil
}

// native is an article's id, since GDELT gives none: a hash of its address and
// of the brand it was searched for. A post can say only one brand that its
// source knows, and an article may name several.
func native(brand, address string) string {
	h := sha256.Sum256([]byte(brand + "\n" + address))
	return hex.EncodeToString(h[:16])
}

// post reads one article.
func post(raw []byte, brand string) (collectors.Post, collectors.Reason) {
	var a article
	if json.Unmarshal(raw, &a) != nil {
		return collectors.Post{}, collectors.Undecodable
	}
	u, err := url.Parse(strings.TrimSpace(a.URL))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return collectors.Post{}, collectors.NoID
	}
	seen, err := time.Parse("20060102T150405Z", a.Seen)
	if err != nil || seen.IsZero() { // the first second of the year 1 is no time
		return collectors.Post{}, collectors.NoTime
	}
	title := strings.ToValidUTF8(html.UnescapeString(a.Title), "\uFFFD")
	if title = strings.Join(strings.Fields(title), " "); title == "" {
		return collectors.Post{}, collectors.NoText
	}
	u.User = nil
	address := strings.ToValidUTF8(u.String(), "\uFFFD")
	return collectors.Post{
		Native: native(brand, address), URL: address, Links: []string{address}, Author: strings.ToLower(a.Domain),
		Text: title, Language: languageTag(a.Language), Brand: brand, Form: collectors.FormArticle,
		// When the article appeared nobody says. GDELT reads most of the
		// press every quarter of an hour, so that its time is close.
		Created: seen, Seen: seen,
	}, ""
}
