package web

// masthead is what every view has at its top: the same place in the other
// language, and the brand's other views.
type masthead struct {
	L                    *locale
	Es, En               string
	Now, Trend, Episodes string
	Here                 string // now, trend or episodes
}

// Masthead is the top of the first page.
func (v *view) Masthead() masthead {
	return masthead{v.L, v.C.WithLang("es"), v.C.WithLang("en"), v.C.String(), v.C.Trend(), v.C.Episodes(), "now"}
}

// Masthead is the top of the trend.
func (v *trendView) Masthead() masthead {
	return masthead{v.L, v.P.WithLang("es"), v.P.WithLang("en"), v.P.Now(), v.P.String(), v.P.Episodes(), "trend"}
}

// Masthead is the top of the episodes.
func (v *episodesView) Masthead() masthead {
	return masthead{v.L, v.A.WithLang("es"), v.A.WithLang("en"), v.A.Now(), v.A.Trend(), v.A.String(), "episodes"}
}
