package web

import (
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func TestPlain(t *testing.T) {
	for name, tt := range map[string]struct{ text, want string }{
		"overrides go":          {"pay \u202Egnp.exe\u202C now\u2066\u2069", "pay gnp.exe now"},
		"Arabic keeps its mark": {"سلام\u200f!", "سلام\u200f!"},
		"control characters go": {"a\x00b\x1b[31mc\r\n", "ab[31mc"},
		"one empty line":        {"a\n\n\n\n\nb\u2028c", "a\n\nb\nc"},
		"broken UTF-8":          {"a\xffb", "a�b"},
		"cut at a word":         {strings.Repeat("word ", 200), strings.TrimSpace(strings.Repeat("word ", 120)) + "…"},
	} {
		if got := plain(tt.text); got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}

func TestSafeLink(t *testing.T) {
	for address, host := range map[string]string{
		"https://bsky.app/profile/a/post/b": "bsky.app",
		"http://www.example.org":            "example.org",
		"https://пример.example/":           "", // could pass for another
		"javascript:alert(1)":               "-",
		"JavaScript:alert(1)":               "-",
		"data:text/html,x":                  "-",
		"//evil.example/":                   "-",
		"https://bsky.app@evil.example/":    "-",
		"https:///nowhere":                  "-",
		"":                                  "-",
	} {
		l, ok := safeLink(address)
		if ok != (host != "-") || ok && l.Host != host {
			t.Errorf("%q: %+v, %v; want host %q", address, l, ok, host)
		}
	}
}

// Whatever a stranger writes: what is shown is valid, short, turns no reading
// direction, and shown again is the same.
func FuzzPlain(f *testing.F) {
	for _, seed := range []string{"", "a\u202eb", "\n\n\n", strings.Repeat("é\u2066", 700), "\xff\xfe", " \t\u2029x"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got := plain(text)
		if !utf8.ValidString(got) || utf8.RuneCountInString(got) > longest+1 {
			t.Errorf("%q: invalid or longer than %d", got, longest)
		}
		if strings.ContainsFunc(got, turnsDirection) || strings.Contains(got, "\n\n\n") {
			t.Errorf("%q turns the direction or leaves a hole", got)
		}
		if again := plain(got); again != got && utf8.RuneCountInString(got) <= longest {
			t.Errorf("%q became %q", got, again)
		}
	})
}

// Any address that is understood, written again, is understood the same.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{"", "window=7d&brand=Delta", "before=1700000000000.12&polarity=negative&lang=es", "before=-1.0", "window=%zz", "until=2015-02-24", "until=2015-02-30"} {
		f.Add(seed)
	}
	brands := []string{"Delta", "Aerolíneas del Sur"}
	f.Fuzz(func(t *testing.T, query string) {
		q, err := url.ParseQuery(query)
		if err != nil {
			return
		}
		c, err := read(q, brands, time.UTC)
		if err != nil {
			return
		}
		u, err := url.Parse(c.String())
		if err != nil {
			t.Fatal(err)
		}
		if again, err := read(u.Query(), brands, time.UTC); err != nil || again != c {
			t.Errorf("%q: %+v became %+v, %v", query, c, again, err)
		}
	})
}
