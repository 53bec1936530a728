package hackernews

import (
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"confianza/collectors"
	"confianza/collectors/search"
)

// hit is a story or a comment as the search gives it; what has no value is
// null or left out.
type hit struct {
	ID      string   `json:"objectID"`
	Created int64    `json:"created_at_i"`
	Author  string   `json:"author"`
	Title   string   `json:"title"`
	URL     string   `json:"url"`
	Story   string   `json:"story_text"`   // HTML
	Comment string   `json:"comment_text"` // HTML
	Tags    []string `json:"_tags"`
}

// decode reads an answer. names is the cheap door.
func decode(body []byte, names func([]byte) bool) (search.Answer, error) {
	var page struct {
		Hits    *[]json.RawMessage `json:"hits"`
		PerPage int                `json:"hitsPerPage"`
	}
	if err := json.Unmarshal(body, &page); err != nil {
		return search.Answer{}, errors.New("the answer is not the JSON of a search")
	}
	if page.Hits == nil {
		return search.Answer{}, errors.New("the answer has no hits, not even none")
	}
	a := search.Answer{Found: len(*page.Hits), Dropped: map[collectors.Reason]int{}}
	held := maxHits // unless the server says that its pages are smaller
	if page.PerPage > 0 && page.PerPage < held {
		held = page.PerPage
	}
	a.More = a.Found >= held
	seen := map[string]bool{}
	for _, raw := range *page.Hits {
		p, dropped := post(raw)
		switch {
		case dropped != "":
			a.Dropped[dropped]++
		case !seen[p.Native] && names([]byte(strings.Join(append([]string{p.Text}, p.Links...), "\n"))):
			seen[p.Native] = true
			a.Posts = append(a.Posts, p)
		}
	}
	return a, nil
}

// post reads one hit.
func post(raw []byte) (collectors.Post, collectors.Reason) {
	var h hit
	if json.Unmarshal(raw, &h) != nil {
		return collectors.Post{}, collectors.Undecodable
	}
	if _, err := strconv.ParseUint(h.ID, 10, 64); err != nil {
		return collectors.Post{}, collectors.NoID
	}
	if h.Created <= 0 || h.Created > latest {
		return collectors.Post{}, collectors.NoTime
	}
	at := time.Unix(h.Created, 0).UTC()
	p := collectors.Post{
		Native: h.ID, URL: "https://news.ycombinator.com/item?id=" + h.ID, Author: h.Author,
		Created: at, Seen: at, Form: collectors.FormPost, // one clock: the server's
	}
	markup := h.Story
	if slices.Contains(h.Tags, "comment") || h.Comment != "" {
		p.Form, markup, h.Title, h.URL = collectors.FormReply, h.Comment, "", ""
	}
	text, links := plain(markup)
	title, _ := plain(h.Title)
	p.Text = cut(strings.TrimSpace(title + "\n" + text))
	for _, l := range append([]string{h.URL}, links...) {
		if l = link(l); l != "" && len(p.Links) < maxLinks && !slices.Contains(p.Links, l) {
			p.Links = append(p.Links, l)
		}
	}
	if p.Text == "" {
		return collectors.Post{}, collectors.NoText
	}
	return p, ""
}

const (
	maxLinks = 20
	latest   = 253402300799 // the end of the year 9999, in Unix seconds
)

// link is an address that a person could open, or "".
func link(address string) string {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || len(address) > 2048 || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return ""
	}
	u.User = nil
	return strings.ToValidUTF8(u.String(), "\uFFFD")
}
