package feeds

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/mmcdole/gofeed"
	"golang.org/x/text/language"

	"confianza/collectors"
)

// document is what a feed holds, in its own order.
type document struct{ items []item }

// item is one entry of a feed.
type item struct {
	id      string            // tells it from others of the feed
	post    collectors.Post   // Seen is zero; Revision is that of a first version
	dropped collectors.Reason // why it cannot be a post; "" when it is one
}

// decode reads a feed. contentType is what its server called it, and at the
// address it was found at, which relative links in it start from. Its errors
// hold nothing of the document.
func decode(body []byte, contentType, at string) (document, error) {
	text := bytes.TrimSpace(utf8Of(body, contentType))
	switch {
	case len(text) == 0:
		return document{}, errors.New("empty, not a feed")
	case page(text):
		return document{}, errors.New("a web page, not a feed")
	case text[0] != '{':
		if err := guard(text); err != nil {
			return document{}, err
		}
	}
	f, err := parse(text)
	if err != nil {
		return document{}, err
	}
	base := home(at)
	var d document
	for _, it := range f.Items {
		if it != nil {
			d.items = append(d.items, entry(it, f, base))
		}
	}
	return d, nil
}

func page(text []byte) bool {
	head := bytes.ToLower(text[:min(len(text), 256)])
	return bytes.HasPrefix(head, []byte("<!doctype html")) || bytes.HasPrefix(head, []byte("<html"))
}

// parse guards against a parser that panics: it runs where nobody else would
// catch that.
func parse(text []byte) (f *gofeed.Feed, err error) {
	defer func() {
		if recover() != nil {
			f, err = nil, errors.New("not in the shape of a feed")
		}
	}()
	f, err = gofeed.NewParser().Parse(bytes.NewReader(text))
	switch {
	case errors.Is(err, gofeed.ErrFeedTypeNotDetected):
		return nil, errors.New("neither RSS, Atom nor JSON Feed")
	case err != nil && text[0] == '{':
		return nil, errors.New("JSON damaged")
	case err != nil:
		return nil, damaged(err)
	case f.FeedType == "json" && !strings.Contains(f.FeedVersion, "jsonfeed.org/"):
		return nil, errors.New("JSON, but not a JSON Feed")
	}
	return f, nil
}

// home is the base of relative links, without what nobody else may see.
func home(at string) *url.URL {
	u, err := url.Parse(at)
	if err != nil {
		return new(url.URL)
	}
	return &url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path, RawPath: u.RawPath}
}

func entry(it *gofeed.Item, f *gofeed.Feed, base *url.URL) item {
	created, updated := instant(it.PublishedParsed), instant(it.UpdatedParsed)
	p := collectors.Post{
		Text:     textOf(it),
		URL:      link(it.Link, base),
		Language: languageOf(f),
		Form:     collectors.FormArticle,
		Created:  created,
	}
	for _, l := range it.Links {
		if l = link(l, base); l != "" && len(p.Links) < maxLinks && !slices.Contains(p.Links, l) {
			p.Links = append(p.Links, l)
		}
	}
	if len(it.Authors) > 0 && it.Authors[0] != nil {
		p.Author = plain(it.Authors[0].Name)
	}
	if created.IsZero() {
		p.Created = updated
	}
	if updated.IsZero() {
		updated = created
	}
	if !updated.IsZero() {
		p.Revision = updated.Format(time.RFC3339)
	}
	return identify(it, p, f, base)
}

const maxLinks = 10

// identify gives an item its id, which must be the source's own: the item's
// guid or, without one, its link.
//
// A guid that is an address or a tag is unique in the world, so that an article
// in two feeds of a publisher is one article. Any other, such as a number, is
// unique only at its publisher, whose host is put before it.
func identify(it *gofeed.Item, p collectors.Post, f *gofeed.Feed, base *url.URL) item {
	guid := strings.Join(strings.Fields(strings.ToValidUTF8(it.GUID, "\uFFFD")), " ")
	switch {
	case guid == "" && p.URL == "":
		return item{id: p.Text, post: p, dropped: collectors.NoID}
	case guid == "":
		p.Native = p.URL
	case worldwide(guid):
		p.Native = guid
		if p.URL == "" {
			p.URL = link(guid, base) // a guid is a permanent link unless it says otherwise
		}
	default:
		p.Native = publisher(p.URL, link(f.Link, base), base) + "#" + guid
	}
	if len(p.Native) > maxNative {
		h := sha256.Sum256([]byte(p.Native))
		p.Native = "sha256:" + hex.EncodeToString(h[:])
	}
	if p.Text == "" {
		return item{id: p.Native, post: p, dropped: collectors.NoText}
	}
	return item{id: p.Native, post: p}
}

const maxNative = 512

func worldwide(guid string) bool {
	u, err := url.Parse(guid)
	if err != nil {
		return false
	}
	switch u.Scheme {
	case "http", "https":
		return u.Host != ""
	case "tag", "urn":
		return true
	}
	return false
}

// publisher is the host of the first address that has one.
func publisher(article, site string, feed *url.URL) string {
	for _, address := range []string{article, site} {
		if u, err := url.Parse(address); err == nil && u.Host != "" {
			return strings.ToLower(u.Host)
		}
	}
	return strings.ToLower(feed.Host)
}

// link is an address that a person could open, or "".
func link(address string, base *url.URL) string {
	address = strings.TrimSpace(address)
	if address == "" || len(address) > 2048 {
		return ""
	}
	u, err := base.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return ""
	}
	u.User = nil
	return strings.ToValidUTF8(u.String(), "\uFFFD")
}

// textOf is title and description; the whole article only without one.
func textOf(it *gofeed.Item) string {
	description := plain(it.Description)
	if description == "" {
		description = plain(it.Content)
	}
	return join(plain(it.Title), description)
}

// languageOf is the feed's language when it is one.
func languageOf(f *gofeed.Feed) string {
	tag, err := language.Parse(strings.ReplaceAll(strings.TrimSpace(f.Language), "_", "-"))
	if err != nil || tag == language.Und {
		return ""
	}
	return tag.String()
}

// instant is a time to the second, or zero when there is none that an RFC 3339
// time can say.
func instant(t *time.Time) time.Time {
	if t == nil || t.IsZero() || t.UTC().Year() < 1 || t.UTC().Year() > 9999 {
		return time.Time{}
	}
	return t.UTC().Truncate(time.Second)
}
