package export

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestMask(t *testing.T) {
	own := map[string]bool{"@delta": true}
	for in, want := range map[string]string{
		"no names here":               "no names here",
		"@ana you lost my data":       "@… you lost my data",
		"RT @ana_23: @Delta, hello":   "RT @…: @Delta, hello",
		"@DeltaFan":                   "@…",
		".@maria.bsky.social!":        ".@…!",
		"@ana@mastodon.example said":  "@… said",
		"ask ana@mail.example.":       "ask ….",
		"＠ana":                        "@…",
		"@José":                       "@…",
		"see https://x.com/ana/1?a=b": "see https://x.com/…",
		"see bsky.app/profile/ana.":   "see bsky.app/…",
		"https://delta.com":           "https://delta.com",
		"http://ana:pw@a.example/x":   "http://a.example/…",
		"https://a.example?user=ana":  "https://a.example?…",
		"https://a.example:8443/ana":  "https://a.example:8443/…",
		"http://192.0.2.1/ana":        "http://192.0.2.1/…",
		"a.example:8443/ana, b":       "a.example:8443/… b",
		"Really?yes and so.Why?no":    "Really?yes and so.Why?no",
		"u/ana and /u/bea on r/delta": "u/… and /u/… on r/delta",
		"did:plc:abc123 wrote":        "… wrote",
		"ana.bsky.social wrote":       "… wrote",
		"5 @ 3 and a@b":               "5 @ 3 and a@…",
		"and/or 1/2 3.5/4":            "and/or 1/2 3.5/4",
	} {
		if got := mask(in, own); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

// What is masked has no name left, and masking it again changes nothing.
func FuzzMask(f *testing.F) {
	for _, s := range []string{"@ana@b.example", "x@y.zz/@q", "did:plc:@a.bsky.social", "http://a.bc/@d u/x@e.fg", "http://a@b@c.de/x", "https://?a@b.cd"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) {
			return
		}
		got := mask(s, nil)
		if handles.MatchString(got) || mails.MatchString(got) || strings.Contains(got, "did:plc:a") {
			t.Errorf("%q: left in %q", s, got)
		}
		if again := mask(got, nil); again != got {
			t.Errorf("%q: %q, and then %q", s, got, again)
		}
	})
}
