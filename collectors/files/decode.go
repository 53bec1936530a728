package files

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"confianza/collectors"
	"confianza/collectors/archive"
)

// reading is [Options] made ready.
type reading struct {
	m      Map
	zone   *time.Location
	layout string // "" means the usual ones
}

func (o Options) reading() (*reading, error) {
	zone, err := time.LoadLocation(o.Zone)
	if err != nil {
		return nil, fmt.Errorf("zone: %q is not known", o.Zone)
	}
	if o.TimeFormat != "" && !strings.Contains(o.TimeFormat, "2") {
		return nil, fmt.Errorf("time_format: %q does not show how 2 January 2006 15:04:05 is written", o.TimeFormat)
	}
	return &reading{m: o.Map, zone: zone, layout: o.TimeFormat}, nil
}

// row gives the cell of a field, "" when the file has none.
type row func(field string) string

// decode turns a row into a post, or says why there is none. A post that names
// no brand leaves neither, unless the row names one itself.
func (r *reading) decode(cell row, names func([]byte) bool) archive.Record {
	text := plainText(cell("text"))
	if text == "" {
		return drop(collectors.NoText, "no text")
	}
	created, ok := r.time(cell("time"))
	if !ok {
		return drop(collectors.NoTime, "the time cannot be read")
	}
	brand := strings.TrimSpace(cell("brand"))
	if brand == "" && !names([]byte(text)) {
		return archive.Record{Read: true}
	}
	return archive.Record{Read: true, Post: &collectors.Post{
		Native: native(cell), Revision: strings.TrimSpace(cell("revision")), URL: address(cell("url")),
		Author: strings.TrimSpace(cell("author")), Text: text, Language: language(cell("language")), Brand: brand,
		Created: created, Form: form(cell("form")), Followers: count(cell("followers")),
	}}
}

func drop(reason collectors.Reason, why string) archive.Record {
	return archive.Record{Read: true, Dropped: reason, Why: why}
}

// plainText takes off what exports put around and into a text.
func plainText(s string) string {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	return strings.TrimSpace(entities.Replace(strings.ReplaceAll(s, "\x00", "")))
}

// entities are those that exports of posts are full of. Only whole ones are
// replaced, once: "AT&T" and "&copyright" stay.
var entities = strings.NewReplacer("&amp;", "&", "&lt;", "<", "&gt;", ">", "&quot;", `"`, "&apos;", "'",
	"&#39;", "'", "&#039;", "'", "&#x27;", "'", "&nbsp;", "\u00a0")

// rounded is what a spreadsheet makes of a long number: the id is lost, and
// many posts have the same.
var rounded = regexp.MustCompile(`^\d([.,]\d+)?[Ee]\+\d+$`)

// native is the post's id, or one made of who said what when: the same row
// always has the same.
func native(cell row) string {
	if id := strings.TrimSpace(cell("id")); id != "" && len(id) <= 200 && !rounded.MatchString(id) {
		return id
	}
	h := sha256.New()
	fmt.Fprintf(h, "%q %q %q", strings.TrimSpace(cell("author")), strings.TrimSpace(cell("time")), plainText(cell("text")))
	return "row-" + hex.EncodeToString(h.Sum(nil)[:16])
}

// layouts are those read without being told, all unambiguous. Go reads
// fractions of a second in each. Abbreviated zones other than UTC and GMT are
// left out: they mean different hours in different countries.
var layouts = []string{
	time.RFC3339, "2006-01-02 15:04:05 -0700", "2006-01-02 15:04:05-07:00", "2006-01-02 15:04:05Z07:00",
	"2006-01-02T15:04:05-0700", time.RubyDate, time.RFC1123Z, "2006-01-02 15:04:05 -0700 MST",
	"Mon, 02 Jan 2006 15:04:05",
	"2006-01-02 15:04:05", "2006-01-02T15:04:05", "2006-01-02 15:04", "2006-01-02T15:04", "2006/01/02 15:04:05",
	"2006/01/02 15:04", "2006-01-02", "2006/01/02",
}

// earliest is before every public post: a time that says less was never set.
var earliest = time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC)

// time reads a time; ok is false for one that is none or cannot be.
func (r *reading) time(s string) (at time.Time, ok bool) {
	s = strings.TrimSpace(s)
	if r.layout != "" {
		at, err := time.ParseInLocation(r.layout, s, r.zone)
		return at.UTC(), err == nil && at.After(earliest)
	}
	if at, ok := unix(s); ok {
		return at, at.After(earliest)
	}
	zone := r.zone
	if bare := strings.TrimSuffix(strings.TrimSuffix(s, " UTC"), " GMT"); bare != s {
		s, zone = bare, time.UTC
	}
	for _, layout := range layouts {
		if at, err := time.ParseInLocation(layout, s, zone); err == nil {
			return at.UTC(), at.After(earliest)
		}
	}
	return time.Time{}, false
}

// unix reads seconds of nine or ten digits, which may have a fraction, and
// milliseconds of twelve or thirteen: 1973 to 2286.
func unix(s string) (at time.Time, ok bool) {
	whole, fraction, _ := strings.Cut(s, ".")
	n, err := strconv.ParseUint(whole, 10, 63)
	if err != nil || strings.Trim(fraction, "0123456789") != "" {
		return time.Time{}, false
	}
	switch len(whole) {
	case 9, 10:
		nanos, _ := strconv.Atoi((fraction + "000000000")[:9])
		return time.Unix(int64(n), int64(nanos)).UTC(), true
	case 12, 13:
		return time.UnixMilli(int64(n)).UTC(), true
	}
	return time.Time{}, false
}

func address(s string) string {
	s = strings.TrimSpace(s)
	if u, err := url.Parse(s); err == nil && u.Host != "" && (u.Scheme == "http" || u.Scheme == "https") {
		return s
	}
	return ""
}

// tag is the beginning of every language tag in use (BCP 47, 2.1).
var tag = regexp.MustCompile(`^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$`)

func language(s string) string {
	s = strings.ReplaceAll(strings.TrimSpace(s), "_", "-")
	if !tag.MatchString(s) {
		return ""
	}
	return s
}

func form(s string) collectors.Form {
	switch f := collectors.Form(strings.ToLower(strings.TrimSpace(s))); f {
	case collectors.FormReply, collectors.FormArticle, collectors.FormReview:
		return f
	}
	return collectors.FormPost
}

// count reads a number of followers, 0 when it is none.
func count(s string) int {
	n, err := strconv.ParseUint(strings.TrimSuffix(strings.TrimSpace(s), ".0"), 10, 31)
	if err != nil {
		return 0
	}
	return int(n)
}
