package web

import (
	"bytes"
	"context"
	"errors"
	"net/http"
)

// home shows the page.
func (s *site) home(w http.ResponseWriter, r *http.Request) {
	l := s.reader(r)
	state := s.o.State()
	c, err := read(r.URL.Query(), state.Brands, s.o.Zone)
	if err != nil {
		s.say(w, l, http.StatusBadRequest, err.Error())
		return
	}
	remember(w, c.lang)
	v, err := s.view(r.Context(), l, c, state)
	if err != nil {
		if !errors.Is(err, context.Canceled) {
			s.o.Log.Error("page not shown", "why", err)
		}
		s.say(w, l, http.StatusInternalServerError, "store")
		return
	}
	s.render(w, l, http.StatusOK, "page.html", v)
}

// remember keeps the language that an address named; "" when it named none.
func remember(w http.ResponseWriter, lang string) {
	if lang == "" {
		return
	}
	// Lax: a link in a report or from Grafana must find the reader's language too.
	http.SetCookie(w, &http.Cookie{Name: languageCookie, Value: lang, Path: "/", MaxAge: 365 * 24 * 3600,
		HttpOnly: true, SameSite: http.SameSiteLaxMode})
}

// nowhere answers for every address that is not ours.
func (s *site) nowhere(w http.ResponseWriter, r *http.Request) {
	s.say(w, s.reader(r), http.StatusNotFound, "path")
}

// reader is the locale of who asks, now.
func (s *site) reader(r *http.Request) *locale {
	l := s.locales.of(r)
	l.now = s.o.Now()
	return l
}

// say answers with a short page instead of the page. What is said is one of
// our own messages: the address is a stranger's text and is not repeated.
func (s *site) say(w http.ResponseWriter, l *locale, status int, what string) {
	s.render(w, l, status, "message.html", map[string]any{"L": l, "What": what})
}

// render writes a page whole or not at all.
func (s *site) render(w http.ResponseWriter, l *locale, status int, name string, data any) {
	var b bytes.Buffer
	if err := s.pages.ExecuteTemplate(&b, name, data); err != nil {
		s.o.Log.Error("page not drawn", "why", err)
		http.Error(w, l.OneOf("bad", "page"), http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Language", l.Lang)
	h.Set("Vary", "Accept-Language, Cookie")
	w.WriteHeader(status)
	w.Write(b.Bytes()) // the reader may be gone
}
