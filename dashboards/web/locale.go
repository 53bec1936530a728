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
}

// locales makes a locale for a reader.
type locales struct {
	bundle  *i18n.Bundle
	matcher language.Matcher
	zone    *time.Location
}

func newLocales(zone *time.Location) (*locales, error) {
	bundle := i18n.NewBundle(languages[0])
	for _, tag := range languages {
		if _, err := bundle.LoadMessageFileFS(localeFiles, "locales/"+tag.String()+".json"); err != nil {
			return nil, fmt.Errorf("messages: %w", err)
		}
	}
	return &locales{bundle, language.NewMatcher(languages), zone}, nil
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
	l := &locale{
		Lang:     tag.String(),
		messages: i18n.NewLocalizer(ls.bundle, tag.String()),
		numbers:  message.NewPrinter(region),
		names:    display.Languages(tag),
		zone:     ls.zone,
	}
	months, err := l.T("months")
	l.months = strings.Fields(months)
	if err != nil || len(l.months) != 12 {
		panic(fmt.Sprintf("web: locales/%s.json: months: want twelve words, got %q, %v", tag, months, err))
	}
	return l
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
// rounded to none.
func (l *locale) Percent(share float64) string {
	if share > 0 && share < 0.005 {
		return "<\u202f" + l.numbers.Sprint(number.Percent(0.01))
	}
	return glued(l.numbers.Sprint(number.Percent(share)))
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

// Probability writes a number of 0 to 1 with two decimals.
func (l *locale) Probability(p float64) string {
	return l.numbers.Sprint(number.Decimal(p, number.Scale(2)))
}

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

// Date writes a day: 23 nov 2026.
func (l *locale) Date(t time.Time) string {
	t = t.In(l.zone)
	return glued(fmt.Sprintf("%d %s %d", t.Day(), l.months[t.Month()-1], t.Year()))
}

// Day writes a day without its year: 23 nov.
func (l *locale) Day(t time.Time) string {
	return glued(fmt.Sprintf("%d %s", t.Day(), l.months[t.Month()-1]))
}

// Month writes a month: nov 2026.
func (l *locale) Month(t time.Time) string {
	return glued(fmt.Sprintf("%s %d", l.months[t.Month()-1], t.Year()))
}

// Time writes a moment: 23 nov 2026, 16:46.
func (l *locale) Time(t time.Time) string { return l.Date(t) + ", " + l.Clock(t) }

// Clock writes a time of day.
func (l *locale) Clock(t time.Time) string { return t.In(l.zone).Format("15:04") }

// Zone is what the page calls its zone.
func (l *locale) Zone() string { return l.zone.String() }

// Ago writes a length of time, roughly: 4 s, 12 min, 3 h, 5 d. These four
// symbols are the same in both languages.
func (l *locale) Ago(d time.Duration) string {
	switch {
	case d < 0:
		d = 0
		fallthrough
	case d < time.Minute:
		return l.Int(int64(d/time.Second)) + "\u00a0s"
	case d < time.Hour:
		return l.Int(int64(d/time.Minute)) + "\u00a0min"
	case d < 48*time.Hour:
		return l.Int(int64(d/time.Hour)) + "\u00a0h"
	}
	return l.Int(int64(d/(24*time.Hour))) + "\u00a0d"
}
