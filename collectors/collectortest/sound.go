package collectortest

import (
	"errors"
	"fmt"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"confianza/collectors"
)

// maxCursor bounds what is written at every commit.
const maxCursor = 1 << 20

// sound holds everything recorded to what a batch may be.
func (w World) sound(rec *Recorder) error {
	var wrong []error
	for n, b := range rec.Batches() {
		if err := errors.Join(soundBatch(b), w.silent(b)); err != nil {
			wrong = append(wrong, fmt.Errorf("batch %d: %w", n, err))
		}
	}
	return errors.Join(wrong...)
}

// silent looks for the secret in all a batch holds.
func (w World) silent(b collectors.Batch) error {
	if w.Secret != "" && strings.Contains(fmt.Sprintf("%+v", b), w.Secret) {
		return errors.New("the secret shows in a batch")
	}
	return nil
}

func soundBatch(b collectors.Batch) error {
	var wrong []error
	bad := func(format string, args ...any) { wrong = append(wrong, fmt.Errorf(format, args...)) }
	if b.Since.IsZero() != b.Until.IsZero() {
		bad("one of Since %v and Until %v is missing", b.Since, b.Until)
	}
	if b.Until.Before(b.Since) {
		bad("Until %v is before Since %v", b.Until, b.Since)
	}
	if !utf8.ValidString(string(b.Next)) || len(b.Next) > maxCursor {
		bad("a cursor of %d bytes is not UTF-8 or too long", len(b.Next))
	}
	if b.Read < 0 {
		bad("Read is %d", b.Read)
	}
	for reason, n := range b.Dropped {
		if !slices.Contains(collectors.Reasons(), reason) || n <= 0 {
			bad("%d dropped as %q: not a known reason or not a number of posts", n, reason)
		}
	}
	for _, g := range b.Gone {
		if (g.Native == "") == (g.Author == "") {
			bad("removal %+v: want exactly one of Native and Author", g)
		}
	}
	for _, p := range b.Posts {
		if err := soundPost(p); err != nil {
			bad("post %q: %w", p.Native, err)
		}
	}
	return errors.Join(wrong...)
}

func soundPost(p collectors.Post) error {
	u, err := url.Parse(p.URL)
	switch {
	case p.Native == "":
		return errors.New("no Native")
	case !utf8.ValidString(p.Text):
		return fmt.Errorf("text is not UTF-8: %.60q", p.Text)
	case strings.TrimSpace(p.Text) == "":
		return errors.New("no text")
	case p.Created.IsZero() && p.Seen.IsZero():
		return errors.New("neither Created nor Seen")
	case p.Form != "" && !slices.Contains(forms, p.Form):
		return fmt.Errorf("unknown form %q", p.Form)
	case p.URL != "" && (err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == ""):
		return fmt.Errorf("%q is no address a person could open", p.URL)
	case p.Followers < 0:
		return fmt.Errorf("%d followers", p.Followers)
	}
	return nil
}

var forms = []collectors.Form{collectors.FormPost, collectors.FormReply, collectors.FormArticle, collectors.FormReview}

// unequal compares a post with the one expected, whose zero times stand for
// any.
func unequal(got, want collectors.Post) error {
	g, x := plain(got), plain(want)
	if x.Created.IsZero() {
		g.Created = time.Time{}
	}
	if x.Seen.IsZero() {
		g.Seen = time.Time{}
	}
	if reflect.DeepEqual(g, x) {
		return nil
	}
	return fmt.Errorf("post %q came as\n got %+v\nwant %+v", key(want), g, x)
}

// plain levels differences that mean nothing.
func plain(p collectors.Post) collectors.Post {
	p.Created, p.Seen = p.Created.UTC(), p.Seen.UTC()
	if len(p.Links) == 0 {
		p.Links = nil
	}
	if p.Form == "" {
		p.Form = collectors.FormPost
	}
	return p
}
