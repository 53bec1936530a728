package web

import (
	"net/url"
	"strings"
	"unicode"
)

// longest is how much of a post the page shows, in runes; an article's full
// text is one click away.
const longest = 600

// plain makes a stranger's text fit to stand beside ours: without control
// characters, without the marks that turn the reading direction of what
// follows, at most longest runes and never more than one empty line at a time.
// Escaping is html/template's work, not done here.
func plain(text string) string {
	var b strings.Builder
	breaks, runes := 0, 0
	for _, r := range strings.TrimSpace(strings.Map(harmless, strings.ToValidUTF8(text, "�"))) {
		if r != '\n' {
			breaks = 0
		} else if breaks++; breaks > 2 {
			continue
		}
		if runes++; runes > longest {
			return cut(b.String())
		}
		b.WriteRune(r)
	}
	return b.String()
}

// harmless is what stands for a rune, or -1 when nothing does.
func harmless(r rune) rune {
	switch {
	case r == '\u2028' || r == '\u2029':
		return '\n'
	case r == '\t':
		return ' '
	case turnsDirection(r), unicode.IsControl(r) && r != '\n':
		return -1
	}
	return r
}

// turnsDirection tells the embedding, override and isolate controls of the
// Unicode bidirectional algorithm (UAX #9, 2.1–2.4). The plain marks (LRM,
// RLM, ALM) stay: Arabic and Hebrew texts need them, and <bdi> holds them.
func turnsDirection(r rune) bool {
	return r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069'
}

// cut ends a text at its last whole word, if that is near.
func cut(text string) string {
	if i := strings.LastIndexAny(text, " \n"); i > len(text)*9/10 {
		text = text[:i]
	}
	return strings.TrimRightFunc(text, unicode.IsSpace) + "…"
}

// link is a safe place to send the reader to.
type link struct {
	URL  string
	Host string // for the reader's eyes; "" when it could pass for another
}

// safeLink accepts http and https addresses with a host and without a
// user name, which would make another host look like the target.
func safeLink(address string) (link, bool) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil {
		return link{}, false
	}
	l := link{URL: u.String(), Host: strings.TrimPrefix(u.Hostname(), "www.")}
	if strings.ContainsFunc(l.Host, func(r rune) bool { return r <= ' ' || r > '~' }) || len(l.Host) > 60 {
		l.Host = ""
	}
	return l, true
}
