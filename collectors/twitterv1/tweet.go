package twitterv1

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	//lint:ignore SA1019 neither the library nor API v1.1 will change any more
	"github.com/dghubble/go-twitter/twitter"

	"confianza/collectors"
	"confianza/collectors/archive"
)

// tweet turns a tweet into a post, or says why there is none. One that names
// no brand leaves neither.
func (d *decoder) tweet(t *twitter.Tweet) archive.Record {
	r := archive.Record{Read: true}
	drop := func(reason collectors.Reason, why string) archive.Record {
		r.Dropped, r.Why = reason, why
		return r
	}
	native := id(t.IDStr, t.ID)
	if native == "" {
		return drop(collectors.NoID, "a tweet without an id")
	}
	if d.withheld(t.WithheldInCountries) || t.User != nil && d.withheld(t.User.WithheldInCountries) {
		r.Gone = &collectors.Gone{Native: native}
		return r
	}
	text, links := whole(t)
	if text == "" {
		return drop(collectors.NoText, "a tweet without a text")
	}
	created, ok := timeOf(t)
	if !ok {
		return drop(collectors.NoTime, "the time cannot be read")
	}
	if !d.names([]byte(strings.Join(append([]string{text}, links...), "\n"))) {
		return r
	}
	p := collectors.Post{
		Native: native, URL: address(t, native), Text: text, Links: links, Language: language(t.Lang),
		Created: created, Seen: created, Form: collectors.FormPost,
	}
	if t.InReplyToStatusID != 0 || t.InReplyToStatusIDStr != "" || t.InReplyToUserID != 0 || t.InReplyToUserIDStr != "" {
		p.Form = collectors.FormReply
	}
	if t.User != nil {
		p.Author, p.Followers = id(t.User.IDStr, t.User.ID), max(t.User.FollowersCount, 0)
	}
	r.Post = &p
	return r
}

// whole is a tweet's whole text and the addresses in it. That of a retweet is
// cut off to make room for the name of who wrote it, so it is put together
// from the tweet within.
func whole(t *twitter.Tweet) (text string, links []string) {
	text, links = said(t)
	if inner := t.RetweetedStatus; inner != nil {
		full, more := said(inner)
		if full != "" && (t.Truncated || cut(text)) {
			text = full
			if inner.User != nil && inner.User.ScreenName != "" {
				text = "RT @" + inner.User.ScreenName + ": " + full
			}
		}
		for _, l := range more {
			links = add(links, l)
		}
	}
	return text, links
}

// cut tells a text that ends in an ellipsis, as those cut off do.
func cut(text string) bool { return strings.HasSuffix(text, "…") || strings.HasSuffix(text, "...") }

// said is what a tweet says by itself.
func said(t *twitter.Tweet) (text string, links []string) {
	text, entities := t.Text, t.Entities
	if t.FullText != "" {
		text = t.FullText
	}
	if x := t.ExtendedTweet; x != nil && x.FullText != "" {
		text = x.FullText
		if x.Entities != nil {
			entities = x.Entities
		}
	}
	if entities != nil {
		for _, u := range entities.Urls {
			links = add(links, u.ExpandedURL)
		}
	}
	return strings.TrimSpace(unescape.Replace(text)), links
}

func add(links []string, link string) []string {
	if link == "" || slices.Contains(links, link) {
		return links
	}
	return append(links, link)
}

// unescape replaces the three entities that Twitter writes, once.
var unescape = strings.NewReplacer("&amp;", "&", "&lt;", "<", "&gt;", ">")

// id prefers the string, which no program has rounded; "" when there is none.
func id(s string, n int64) string {
	if _, err := strconv.ParseUint(s, 10, 64); err == nil {
		return s
	}
	if n <= 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

func address(t *twitter.Tweet, native string) string {
	name := "i/web" // leads there without the name
	if t.User != nil && t.User.ScreenName != "" {
		name = url.PathEscape(t.User.ScreenName)
	}
	return "https://x.com/" + name + "/status/" + native
}

// language is what Twitter took the text to be in; und is its word for none,
// and in is what Indonesian was called before 1989.
func language(lang string) string {
	switch lang {
	case "und", "zxx", "art", "qam", "qct", "qht", "qme", "qst":
		return ""
	case "in":
		return "id"
	case "iw":
		return "he"
	}
	return lang
}
