package web

import (
	"embed"
	"fmt"
	"math"
	"net/http"
	"strings"
	"time"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
	"golang.org/x/text/message"
	"golang.org/x/text/number"
)

//go:embed locales/*.json
var localeFiles embed.FS

// languages the page speaks; the first is spoken to those who ask for none of
// them.
var languages = []language.Tag{language.English, language.Spanish}

const languageCookie = "confianza_lang"

// locale words a page for one reader: messages in the page's language,
// numbers as the reader's region writes them (1.234 in Spain is 1,234 in
// Mexico), times in the configured zone. The promoted errors of its methods
// are bugs that the tests of the message files catch.
type locale struct {
	Lang     string // "es" or "en"
	messages *i18n.Localizer
	numbers  *message.Printer
	names    display.Namer
	months   []string
	zone     *time.Location
	now      time.Time // when the reader asks: today needs no date, this year no year
}

// locales makes a locale for a reader.
type locales struct {
	bundle  *i18n.Bundle
	matcher language.Matcher
	months  map[language.Tag][]string
	zone    *time.Location
}

func newLocales(zone *time.Location) (*locales, error) {
	bundle := i18n.NewBundle(languages[0])
	for _, tag := range languages {
		if _, err := bundle.LoadMessageFileFS(localeFiles, "locales/"+tag.String()+".json"); err != nil {
			return nil, fmt.Errorf("messages: %w", err)
		}
	}
	ls := &locales{bundle, language.NewMatcher(languages), map[language.Tag][]string{}, zone}
	for _, tag := range languages {
		words, err := ls.make(tag, nil).T("months")
		if err != nil {
			return nil, fmt.Errorf("messages: %s: %w", tag, err)
		}
		if ls.months[tag] = strings.Fields(words); len(ls.months[tag]) != 12 {
			return nil, fmt.Errorf("messages: %s: months: %q are not twelve words", tag, words)
		}
	}
	return ls, nil
}

// of chooses a reader's language: the address first, then the cookie the
// address once left, then what the browser asks for.
func (ls *locales) of(r *http.Request) *locale {
	wanted, _, err := language.ParseAcceptLanguage(r.Header.Get("Accept-Language"))
	if err != nil {
		wanted = nil
	}
	_, i, _ := ls.matcher.Match(wanted...)
	tag := languages[i]
	if c, err := r.Cookie(languageCookie); err == nil {
		tag = spoken(c.Value, tag)
	}
	return ls.make(spoken(r.URL.Query().Get("lang"), tag), wanted)
}

// spoken is the language of that code, or else another.
func spoken(code string, or language.Tag) language.Tag {
	for _, tag := range languages {
		if tag.String() == code {
			return tag
		}
	}
	return or
}

func (ls *locales) make(tag language.Tag, wanted []language.Tag) *locale {
	region := tag
	for _, w := range wanted {
		if base, _ := w.Base(); base.String() == tag.String() {
			region = w
			break
		}
	}
	return &locale{
		Lang:     tag.String(),
		messages: i18n.NewLocalizer(ls.bundle, tag.String()),
		numbers:  message.NewPrinter(region),
		names:    display.Languages(tag),
		months:   ls.months[tag],
		zone:     ls.zone,
	}
}

// T is a message, with its named values in pairs.
func (l *locale) T(id string, pairs ...any) (string, error) {
	return l.messages.Localize(&i18n.LocalizeConfig{MessageID: id, TemplateData: named(pairs)})
}

// Plural is a message in the form that n things need; the message calls the
// written number N.
func (l *locale) Plural(id string, n int64, pairs ...any) (string, error) {
	return l.messages.Localize(&i18n.LocalizeConfig{
		MessageID: id, PluralCount: n, TemplateData: named(append(pairs, "N", l.Int(n))),
	})
}

// OneOf is the message for a word of a set such as the phases, or the word
// itself when the set has grown and the messages have not.
func (l *locale) OneOf(set string, word any) string {
	text, err := l.T(set + "_" + fmt.Sprint(word))
	if err != nil {
		return fmt.Sprint(word)
	}
	return text
}

func named(pairs []any) map[string]any {
	m := make(map[string]any, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		m[fmt.Sprint(pairs[i])] = pairs[i+1]
	}
	return m
}

// Int writes a whole number.
func (l *locale) Int(n int64) string { return l.numbers.Sprint(number.Decimal(n)) }

// Percent writes a share of 0 to 1 in whole percent, and says when a few are
// rounded to none or to all.
func (l *locale) Percent(share float64) string {
	written := func(p float64) string { return glued(l.numbers.Sprint(number.Percent(p))) }
	switch {
	case share > 0 && share < 0.005:
		return "<\u202f" + written(0.01)
	case share < 1 && share >= 0.995:
		return ">\u202f" + written(0.99)
	}
	return written(share)
}

// SignedPercent writes a relative difference, given in percent, with its sign.
func (l *locale) SignedPercent(x float64) string {
	written := glued(l.numbers.Sprint(number.Percent(math.Round(math.Abs(x)) / 100)))
	switch r := math.Round(x); {
	case r < 0:
		return "−" + written
	case r > 0:
		return "+" + written
	}
	return written
}

// Signed writes a difference, rounded, with its sign; nought has none.
func (l *locale) Signed(x float64) string {
	n := int64(math.Round(math.Abs(x)))
	switch {
	case n == 0:
		return l.Int(0)
	case x < 0:
		return "−" + l.Int(n)
	}
	return "+" + l.Int(n)
}

// glued keeps a number and its sign on one line.
func glued(s string) string { return strings.ReplaceAll(s, " ", "\u00a0") }

// Language is the name of a language label.
func (l *locale) Language(label string) string {
	if label == "" || label == "other" || label == "und" {
		return l.OneOf("language", "other")
	}
	if tag, err := language.Parse(label); err == nil {
		if name := l.names.Name(tag); name != "" {
			return name
		}
	}
	return label
}

// Day writes a day of its own zone, without the year: 23 nov.
func (l *locale) Day(t time.Time) string {
	return glued(fmt.Sprintf("%d %s", t.Day(), l.months[t.Month()-1]))
}

// Month writes a month of its own zone: nov 2026.
func (l *locale) Month(t time.Time) string {
	return glued(fmt.Sprintf("%s %d", l.months[t.Month()-1], t.Year()))
}

// Date writes a day: 23 nov, and 23 nov 2025 when that is not this year.
func (l *locale) Date(t time.Time) string {
	t = t.In(l.zone)
	if t.Year() == l.now.In(l.zone).Year() {
		return l.Day(t)
	}
	return glued(fmt.Sprintf("%s %d", l.Day(t), t.Year()))
}

// Time writes a moment: 23 nov, 16:46.
func (l *locale) Time(t time.Time) string { return l.Date(t) + ", " + l.Clock(t) }

// Soon writes a moment that is mostly today: 16:46, or else as Time does.
func (l *locale) Soon(t time.Time) string {
	y, m, d := t.In(l.zone).Date()
	if ny, nm, nd := l.now.In(l.zone).Date(); y == ny && m == nm && d == nd {
		return l.Clock(t)
	}
	return l.Time(t)
}

// Clock writes a time of day.
func (l *locale) Clock(t time.Time) string { return t.In(l.zone).Format("15:04") }

// Zone is what the page calls its zone.
func (l *locale) Zone() string { return l.zone.String() }
