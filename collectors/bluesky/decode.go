package bluesky

import (
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/valyala/fastjson"

	"confianza/collectors"
)

const postCollection = "app.bsky.feed.post"

// event is one Jetstream message as far as it concerns us. At most one of
// post, gone, back and dropped is set.
type event struct {
	micros  int64 // the server's clock; 0 when unreadable
	read    bool  // it held a post
	post    *collectors.Post
	gone    *collectors.Gone
	back    string
	dropped collectors.Reason
}

// decoder reads messages. Its buffers are used again, so that a post that
// names no brand costs no allocation.
type decoder struct {
	scan   scanner
	parser fastjson.Parser
	door   []byte
}

// decode reads one message. names is the cheap door: a new post it refuses
// leaves nothing but its time. An edited one always passes, since the version
// before may have named a brand.
//
// The shape is that of https://github.com/bluesky-social/jetstream, v1.
func (d *decoder) decode(message []byte, names func([]byte) bool) event {
	if d.scan.newPost(message) && !names(d.scan.door) {
		return event{micros: d.scan.num, read: true}
	}
	return d.read(message, names)
}

// read is decode without its short cut.
func (d *decoder) read(message []byte, names func([]byte) bool) event {
	v, err := d.parser.ParseBytes(message)
	if err != nil {
		return event{dropped: collectors.Undecodable}
	}
	e := event{micros: v.GetInt64("time_us")}
	if e.micros <= 0 {
		return event{dropped: collectors.Undecodable}
	}
	switch did := v.GetStringBytes("did"); string(v.GetStringBytes("kind")) {
	case "commit":
		d.commit(&e, did, v.Get("commit"), names)
	case "account":
		account(&e, string(did), v.Get("account"))
	}
	return e
}

func (d *decoder) commit(e *event, did []byte, commit *fastjson.Value, names func([]byte) bool) {
	if string(commit.GetStringBytes("collection")) != postCollection {
		return
	}
	operation, rkey := string(commit.GetStringBytes("operation")), commit.GetStringBytes("rkey")
	if operation != "create" && operation != "update" && operation != "delete" {
		e.dropped = collectors.Undecodable
		return
	}
	e.read = operation != "delete"
	record := commit.Get("record")
	if operation == "create" && !names(d.named(record)) {
		return
	}
	switch {
	case len(did) == 0 || len(rkey) == 0:
		e.dropped = collectors.NoID
	case operation == "delete":
		e.gone = &collectors.Gone{Native: native(did, rkey)}
	case record == nil || record.Type() != fastjson.TypeObject:
		e.dropped = collectors.Undecodable
	default:
		post(e, string(did), string(rkey), string(commit.GetStringBytes("rev")), record)
	}
}

// named is what a brand can be named in: the text and the addresses linked.
func (d *decoder) named(record *fastjson.Value) []byte {
	d.door = append(d.door[:0], record.GetStringBytes("text")...)
	eachLink(record, func(uri []byte) { d.door = append(append(d.door, '\n'), uri...) })
	return d.door
}

func eachLink(record *fastjson.Value, f func(uri []byte)) {
	for _, facet := range record.GetArray("facets") {
		for _, feature := range facet.GetArray("features") {
			if uri := feature.GetStringBytes("uri"); len(uri) > 0 {
				f(uri)
			}
		}
	}
	if uri := record.GetStringBytes("embed", "external", "uri"); len(uri) > 0 {
		f(uri)
	}
}

func post(e *event, did, rkey, rev string, record *fastjson.Value) {
	text := strings.ToValidUTF8(string(record.GetStringBytes("text")), "\uFFFD")
	if strings.TrimSpace(text) == "" {
		e.dropped = collectors.NoText
		return
	}
	p := &collectors.Post{
		Native: native([]byte(did), []byte(rkey)), Revision: rev,
		URL:    "https://bsky.app/profile/" + url.PathEscape(did) + "/post/" + url.PathEscape(rkey),
		Author: did, Text: text, Seen: time.UnixMicro(e.micros).UTC(), Form: collectors.FormPost,
	}
	if at, err := time.Parse(time.RFC3339, string(record.GetStringBytes("createdAt"))); err == nil {
		p.Created = at.UTC()
	}
	if langs := record.GetArray("langs"); len(langs) > 0 {
		p.Language = string(langs[0].GetStringBytes())
	}
	if record.Exists("reply") {
		p.Form = collectors.FormReply
	}
	eachLink(record, func(uri []byte) {
		if s := string(uri); len(p.Links) == 0 || p.Links[len(p.Links)-1] != s { // the card repeats the facet
			p.Links = append(p.Links, s)
		}
	})
	e.post = p
}

// native tells posts apart: record keys are unique within an account only.
func native(did, rkey []byte) string { return fmt.Sprintf("%s/%s", did, rkey) }

// account reads whether an account can be seen. Only a deleted one never
// comes back (https://atproto.com/specs/account).
func account(e *event, did string, v *fastjson.Value) {
	switch {
	case did == "" || v == nil || !v.Exists("active"):
		e.dropped = collectors.Undecodable
	case v.GetBool("active"):
		e.back = did
	default:
		e.gone = &collectors.Gone{Author: did, Hidden: string(v.GetStringBytes("status")) != "deleted"}
	}
}
