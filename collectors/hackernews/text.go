package hackernews

import (
	"strings"

	"golang.org/x/net/html"
)

// maxText bounds a post's text, in bytes. Hardly any comment is longer.
const maxText = 32 << 10

// plain is what a reader sees of the little HTML that Hacker News writes (p,
// a, i, pre, code): a line for each paragraph, and the addresses linked. A
// shown address is often cut off, the linked one is whole.
func plain(markup string) (text string, links []string) {
	var b strings.Builder
	for z := html.NewTokenizer(strings.NewReader(markup)); ; {
		switch z.Next() {
		case html.ErrorToken: // the end, or markup cut off
			return tidy(b.String()), links
		case html.TextToken:
			b.Write(z.Text())
		case html.StartTagToken, html.SelfClosingTagToken:
			name, more := z.TagName()
			switch string(name) {
			case "p", "pre", "br":
				b.WriteByte('\n')
			}
			for more {
				var key, value []byte
				if key, value, more = z.TagAttr(); string(name) == "a" && string(key) == "href" {
					links = append(links, string(value))
				}
			}
		}
	}
}

// tidy keeps lines, in single spaces, and leaves out empty ones.
func tidy(text string) string {
	var lines []string
	for line := range strings.Lines(strings.ToValidUTF8(text, "\uFFFD")) {
		if line = strings.Join(strings.Fields(line), " "); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

// cut shortens a text to [maxText] at the end of a character.
func cut(text string) string {
	if len(text) <= maxText {
		return text
	}
	return strings.TrimSpace(strings.ToValidUTF8(text[:maxText], ""))
}
