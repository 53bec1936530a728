package web

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"confianza/internal/mention"
)

// The windows a reader may choose, in the order of the page; the first is
// shown to those who choose none.
const (
	lastDay   = "24h"
	lastWeek  = "7d"
	lastMonth = "30d"
	allTime   = "all"
)

var windows = []string{lastDay, lastWeek, lastMonth, allTime}

// length of a window; 0 means that it has no beginning of its own.
func length(window string) time.Duration {
	const day = 24 * time.Hour
	return map[string]time.Duration{lastDay: day, lastWeek: 7 * day, lastMonth: 30 * day}[window]
}

// choice is what the reader asked the page for, as its address says it.
type choice struct {
	Window   string
	Until    until            // the day the window ends with
	Brand    string           // "" means all
	Polarity mention.Polarity // of the latest mentions; "" means all
	Source   string           // of the latest mentions, as for the next; "" means all
	Language string
	Text     string    // searched for in the latest mentions; "" means any
	Before   time.Time // with BeforeID: the mention that the page before ended with
	BeforeID int64
	lang     string // kept in links once the address names it
}

// longestSearch is more than anybody types, in bytes.
const longestSearch = 400

// read takes a choice from an address. An error is one word, the part of the
// address that means nothing: window, until, brand, polarity, source, language, q
// or before.
func read(q url.Values, brands []string, zone *time.Location) (choice, error) {
	c := choice{Window: lastDay, Brand: q.Get("brand"), Polarity: mention.Polarity(q.Get("polarity")),
		Source: q.Get("source"), Language: q.Get("language"), Text: strings.TrimSpace(q.Get("q"))}
	if w := q.Get("window"); w != "" {
		c.Window = w
	}
	if l := q.Get("lang"); l == "es" || l == "en" {
		c.lang = l
	}
	var ok bool
	c.Until, ok = readUntil(q, zone)
	switch {
	case !slices.Contains(windows, c.Window):
		return c, errors.New("window")
	case !ok:
		return c, errors.New("until")
	case c.Brand != "" && !slices.Contains(brands, c.Brand):
		return c, errors.New("brand")
	case c.Polarity != "" && !slices.Contains(mention.Polarities(), c.Polarity):
		return c, errors.New("polarity")
	case !label(c.Source):
		return c, errors.New("source")
	case !label(c.Language):
		return c, errors.New("language")
	case len(c.Text) > longestSearch || !utf8.ValidString(c.Text):
		return c, errors.New("q")
	}
	if b := q.Get("before"); b != "" {
		if c.Before, c.BeforeID, ok = readPlace(b); !ok {
			return c, errors.New("before")
		}
	}
	return c, nil
}

// label tells what could be the name of a source or a language, or nothing. Which
// there are is not asked: what was counted once may be configured no more.
func label(s string) bool {
	return len(s) <= 32 && !strings.ContainsFunc(s, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '_' && r != '-'
	})
}

// readPlace reads what [choice.Older] wrote: milliseconds and an id.
func readPlace(s string) (t time.Time, id int64, ok bool) {
	ms, number, found := strings.Cut(s, ".")
	at, err1 := strconv.ParseInt(ms, 10, 64)
	id, err2 := strconv.ParseInt(number, 10, 64)
	const farthest = 1 << 50 // milliseconds: some 35,000 years either way
	if !found || err1 != nil || err2 != nil || id < 0 || at < -farthest || at > farthest {
		return time.Time{}, 0, false
	}
	return time.UnixMilli(at).UTC(), id, true
}

// WithWindow is the address of the page with another window.
func (c choice) WithWindow(w string) string {
	c.Window, c.Before, c.BeforeID = w, time.Time{}, 0
	return c.String()
}

// WithUntil is the address of the page as of the end of another day.
func (c choice) WithUntil(u until) string {
	c.Until, c.Before, c.BeforeID = u, time.Time{}, 0
	return c.String()
}

// WithBrand is the address of the page for another brand, or "" for all.
func (c choice) WithBrand(brand string) string {
	c.Brand, c.Before, c.BeforeID = brand, time.Time{}, 0
	return c.String()
}

// WithPolarity is the address of the page with other latest mentions.
func (c choice) WithPolarity(p mention.Polarity) string {
	c.Polarity, c.Before, c.BeforeID = p, time.Time{}, 0
	return c.String() + "#latest"
}

// unfiltered is the choice with all latest mentions.
func (c choice) unfiltered() choice {
	c.Polarity, c.Source, c.Language, c.Text = "", "", "", ""
	return c
}

// WithoutParts is the address of the page with mentions of every source and
// language.
func (c choice) WithoutParts() string {
	c.Source, c.Language, c.Before, c.BeforeID = "", "", time.Time{}, 0
	return c.String() + "#latest"
}

// Episodes is the address of the same brand's episodes.
func (c choice) Episodes() string { return episodesLink{Brand: c.Brand, lang: c.lang}.String() }

// Trend is the address of the same brand's trend.
func (c choice) Trend() string {
	return period{Days: periods[0], Until: c.Until, Brand: c.Brand, lang: c.lang}.String()
}

// WithoutText is the address of the page without a search.
func (c choice) WithoutText() string {
	c.Text, c.Before, c.BeforeID = "", time.Time{}, 0
	return c.String() + "#latest"
}

// Kept is what a search keeps of the address, by name.
func (c choice) Kept() url.Values {
	c.Text, c.Before, c.BeforeID = "", time.Time{}, 0
	return kept(c.String())
}

// WithLang is the address of the page in another language.
func (c choice) WithLang(lang string) string {
	c.lang = lang
	return c.String()
}

// Older is the address of the mentions before one of that time and id.
func (c choice) Older(at time.Time, id int64) string {
	c.Before, c.BeforeID = at, id
	return c.String() + "#latest"
}

// Newest is the address of the latest mentions' first page.
func (c choice) Newest() string {
	c.Before, c.BeforeID = time.Time{}, 0
	return c.String() + "#latest"
}

// Paged tells that the latest mentions shown are not the newest.
func (c choice) Paged() bool { return !c.Before.IsZero() }

// String is the choice as the page's address.
func (c choice) String() string {
	q := url.Values{}
	set := func(key, value string) {
		if value != "" {
			q.Set(key, value)
		}
	}
	if c.Window != lastDay {
		q.Set("window", c.Window)
	}
	c.Until.set(q)
	set("brand", c.Brand)
	set("polarity", string(c.Polarity))
	set("source", c.Source)
	set("language", c.Language)
	set("q", c.Text)
	set("lang", c.lang)
	if c.Paged() {
		q.Set("before", fmt.Sprintf("%d.%d", c.Before.UnixMilli(), c.BeforeID))
	}
	if len(q) == 0 {
		return "/"
	}
	return "/?" + q.Encode()
}
