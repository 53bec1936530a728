package bluesky

import (
	"bytes"
	"reflect"
	"strings"
	"testing"

	"confianza/analysis/match"
)

// escaped is a post whose text stands in the message as it is given.
func escaped(text string) string { return strings.Replace(created(1, "TEXT", ""), "TEXT", text, 1) }

// FuzzScan holds the quick look at a message to what decoding it says: with
// the door asked in both ways the same event comes out.
func FuzzScan(f *testing.F) {
	for _, m := range []string{
		created(1, "nobody at all", ""),
		created(2, "Delta, of course", ""),
		escaped(`a \"quoted\" D\u0065lta\nand \\ more\/`), escaped(`half a surrogate \ud83d`), escaped(`no escape \x`), escaped(`\u00`),
		created(5, "", `,"facets":[{"features":[{"$type":"app.bsky.richtext.facet#link","uri":"https://delta.com/x"}]}]`),
		created(6, "card", `,"embed":{"external":{"uri":"https://delta.com"}},"reply":{"root":{"uri":"at://delta.com"}}`),
		`{"did":"a","time_us":1,"kind":"commit","commit":{"operation":"create","collection":"app.bsky.feed.post","record":{"text":"a","text":"Delta"}}}`,
		`{"did":"a","time_us":1,"time_us":2,"kind":"commit","commit":{"operation":"create","collection":"app.bsky.feed.post","record":null}}`,
		`{"did":"a","time_us":1e3,"kind":"commit","commit":{"operation":"create","collection":"app.bsky.feed.post"}}`,
		`{"time_us":5,"kind":"commit","commit":{"collection":"app.bsky.feed.post","operation":"create","record":{"x":[1,-2.5e3,true,false,null,{}]}}} `,
		`{"time_us":5,"kind":"commit","commit":{"collection":"app.bsky.feed.post","operation":"create"}}]`,
		`{"time_us":5,"x":-,"kind":"commit","commit":{"collection":"app.bsky.feed.post","operation":"create"}}`,
	} {
		f.Add([]byte(m))
	}
	door, err := match.New([]match.Brand{{Name: "Delta", Domains: []string{"delta.com"}}, {Name: "no"}})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		quick, slow := new(decoder), new(decoder)
		got := quick.decode(bytes.Clone(b), door.Names)
		want := slow.read(bytes.Clone(b), door.Names)
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%q\n got %+v\nwant %+v", b, got, want)
		}
	})
}

// Nearly all messages must take the quick way, or it is none.
func TestScanIsSureOfOrdinaryPosts(t *testing.T) {
	for _, m := range messagesOf() {
		var s scanner
		if !s.newPost(m) {
			t.Errorf("not sure of %s", m)
		}
	}
	var s scanner
	if !s.newPost([]byte(escaped(`line\nand \"quote\" and \u003c`))) || string(s.door) != "\nline\nand \"quote\" and <" {
		t.Errorf("read %q", s.door)
	}
}
