package web

import (
	"errors"
	"net/url"
	"slices"
	"strconv"
	"time"
)

// episodesLink is what the reader asked for, as the address says it.
type episodesLink struct {
	Brand string
	Kind  string    // of the episode looked at
	From  time.Time // when it began; zero for none
	lang  string
}

func readEpisodes(q url.Values, brands []string) (episodesLink, error) {
	a := episodesLink{Brand: q.Get("brand"), Kind: q.Get("kind")}
	if l := q.Get("lang"); l == "es" || l == "en" {
		a.lang = l
	}
	if a.Brand == "" && len(brands) > 0 {
		a.Brand = brands[0]
	} else if a.Brand != "" && !slices.Contains(brands, a.Brand) {
		return a, errors.New("brand")
	}
	if f := q.Get("from"); f != "" {
		n, err := strconv.ParseInt(f, 10, 64)
		if err != nil || n < 0 || n > 1<<40 || !slices.Contains(episodeKinds, a.Kind) {
			return a, errors.New("episode")
		}
		a.From = time.Unix(n, 0).UTC()
	}
	return a, nil
}

var episodeKinds = []string{"volume", "drop", "rise"}

// WithBrand, WithLang and Look are the address with another of each.
func (a episodesLink) WithBrand(brand string) string {
	return episodesLink{Brand: brand, lang: a.lang}.String()
}
func (a episodesLink) WithLang(lang string) string { a.lang = lang; return a.String() }
func (a episodesLink) Look(e episode) string {
	a.Kind, a.From = e.Kind, e.From
	return a.String() + "#" + e.ID()
}

// Now and Trend are the brand's other views.
func (a episodesLink) Now() string {
	return choice{Window: lastDay, Brand: a.Brand, lang: a.lang}.String()
}
func (a episodesLink) Trend() string {
	return period{Days: periods[0], Brand: a.Brand, lang: a.lang}.String()
}

func (a episodesLink) String() string {
	q := url.Values{}
	set := func(name, value string) {
		if value != "" {
			q.Set(name, value)
		}
	}
	set("brand", a.Brand)
	set("lang", a.lang)
	if !a.From.IsZero() {
		set("kind", a.Kind)
		set("from", strconv.FormatInt(a.From.Unix(), 10))
	}
	if len(q) == 0 {
		return "/episodes"
	}
	return "/episodes?" + q.Encode()
}
