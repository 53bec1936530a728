package export

import (
	"regexp"
	"strings"
)

// What points at a person in a text. Each pattern's replacement holds nothing
// that another would find.
var (
	logins  = regexp.MustCompile(`(?i)(https?://)[^\s/?#"<>]*@`)
	links   = regexp.MustCompile(`(?i)(https?://[^\s/?#"<>…]+[/?#]|(?:[\p{L}\p{N}-]+\.)+[\p{L}]{2,}(?::\d+)?/)[^\s"<>…]+`)
	mails   = regexp.MustCompile(`[\p{L}\p{N}][\p{L}\p{N}._%+-]*[@＠](?:[\p{L}\p{N}-]+\.)+[\p{L}]{2,}`)
	handles = regexp.MustCompile(`[@＠][\p{L}\p{N}_](?:[\p{L}\p{N}_.-]*[\p{L}\p{N}_])?`)
	reddits = regexp.MustCompile(`(?i)(^|[^\p{L}\p{N}_])u/[\p{L}\p{N}_-]+`)
	ids     = regexp.MustCompile(`(?i)\bdid:[a-z]+:[\p{L}\p{N}.:%_-]+|[\p{L}\p{N}-]+\.bsky\.social\b`)
)

// Mask hides what points at a person: @names but the brand's own, e-mail
// addresses, account ids and what links lead to.
func Mask(s string, own []string) string { return mask(s, keep(own)) }

// mask hides @names, e-mail addresses, account ids and what links lead to.
// keep are the brand's own @names, lower case: they point at nobody.
func mask(s string, keep map[string]bool) string {
	if !strings.ContainsAny(s, "@＠/:.") {
		return s
	}
	s = logins.ReplaceAllString(s, "$1")
	s = links.ReplaceAllString(s, "$1…")
	s = mails.ReplaceAllString(s, "…")
	s = ids.ReplaceAllString(s, "…")
	s = reddits.ReplaceAllString(s, "${1}u/…")
	return handles.ReplaceAllStringFunc(s, func(h string) string {
		if keep[strings.ToLower(h)] {
			return h
		}
		return "@…"
	})
}
