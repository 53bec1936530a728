package web

import (
	"errors"
	"net/url"
	"slices"
	"strconv"
	"time"
)

// period is what the reader asked the trend for, as its address says it.
type period struct {
	Days  int    // whole days before the last
	Until until  // the last one
	Brand string // "" only where no brand is configured
	lang  string // kept in links once the address names it
}

// periods are the days a reader may choose; the first is for those who do not.
var periods = []int{90, 30, 365}

// readPeriod takes a period from an address. Where it names no brand it is the
// first with an incident, or else the first: a baseline is of one brand. An
// error is one word, as [read]'s.
func readPeriod(q url.Values, brands []string, incidents map[string]time.Time, zone *time.Location) (period, error) {
	p := period{Days: periods[0], Brand: q.Get("brand")}
	if l := q.Get("lang"); l == "es" || l == "en" {
		p.lang = l
	}
	if w := q.Get("days"); w != "" {
		n, err := strconv.Atoi(w)
		if err != nil || !slices.Contains(periods, n) {
			return p, errors.New("window")
		}
		p.Days = n
	}
	var ok bool
	if p.Until, ok = readUntil(q, zone); !ok {
		return p, errors.New("until")
	}
	if p.Brand == "" && len(brands) > 0 {
		i := slices.IndexFunc(brands, func(b string) bool { return !incidents[b].IsZero() })
		p.Brand = brands[max(i, 0)]
	} else if p.Brand != "" && !slices.Contains(brands, p.Brand) {
		return p, errors.New("brand")
	}
	return p, nil
}

// WithDays, WithUntil, WithBrand and WithLang are the address with another of each.
func (p period) WithDays(n int) string         { p.Days = n; return p.String() }
func (p period) WithUntil(u until) string      { p.Until = u; return p.String() }
func (p period) WithBrand(brand string) string { p.Brand = brand; return p.String() }
func (p period) WithLang(lang string) string   { p.lang = lang; return p.String() }

// Now is the address of the brand's first page.
func (p period) Now() string { return p.choice().String() }

// Episodes is the address of the brand's episodes.
func (p period) Episodes() string { return episodesLink{Brand: p.Brand, lang: p.lang}.String() }

// Behind is the address of the mentions behind a number: of a source or of a
// language, "" for all.
func (p period) Behind(source, language string) string {
	c := p.choice()
	c.Source, c.Language = source, language
	return c.String() + "#latest"
}

func (p period) choice() choice {
	return choice{Window: lastDay, Until: p.Until, Brand: p.Brand, lang: p.lang}
}

func (p period) String() string {
	q := url.Values{}
	if p.Days != periods[0] {
		q.Set("days", strconv.Itoa(p.Days))
	}
	p.Until.set(q)
	if p.Brand != "" {
		q.Set("brand", p.Brand)
	}
	if p.lang != "" {
		q.Set("lang", p.lang)
	}
	if len(q) == 0 {
		return "/trend"
	}
	return "/trend?" + q.Encode()
}
