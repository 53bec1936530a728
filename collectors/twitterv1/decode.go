package twitterv1

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	//lint:ignore SA1019 neither the library nor API v1.1 will change any more
	"github.com/dghubble/go-twitter/twitter"
	"github.com/valyala/fastjson"

	"confianza/collectors"
	"confianza/collectors/archive"
)

// message is one message of the stream as far as it concerns us.
type message struct {
	archive.Record
	warning    string                    // the server is about to drop us
	disconnect *twitter.StreamDisconnect // the server is about to end the stream
}

// decoder reads messages. It counts what the server says it left out, so each
// stream and each text of an archive has its own.
type decoder struct {
	names   func([]byte) bool
	country string
	unsure  bool // the count of posts left out began before; the next one says from where

	left   int64 // posts the server said it left out so far
	parser fastjson.Parser
}

// decode reads one message, whose kind shows in its keys: see "Streaming
// message types" of the API v1.1.
func (d *decoder) decode(b []byte) message {
	var m message
	v, err := d.parser.ParseBytes(b)
	if err != nil || v.Type() != fastjson.TypeObject {
		return undecodable("not a JSON object")
	}
	typed, err := typedMessage(v, b)
	if err != nil {
		return undecodable(err.Error())
	}
	demux := twitter.NewSwitchDemux()
	demux.Tweet = func(t *twitter.Tweet) { m.Record = d.tweet(t) }
	demux.StatusDeletion = func(s *twitter.StatusDeletion) { m.Record = gone(collectors.Gone{Native: id(s.IDStr, s.ID)}) }
	demux.StatusWithheld = func(s *twitter.StatusWithheld) {
		if d.withheld(s.WithheldInCountries) {
			m.Record = gone(collectors.Gone{Native: id("", s.ID)})
		}
	}
	demux.UserWithheld = func(u *twitter.UserWithheld) {
		if d.withheld(u.WithheldInCountries) {
			m.Record = gone(collectors.Gone{Author: id("", u.ID), Hidden: true})
		}
	}
	demux.StreamLimit = func(l *twitter.StreamLimit) { m.Record = d.limit(l.Track) }
	demux.StreamDisconnect = func(s *twitter.StreamDisconnect) { m.disconnect = s }
	demux.Warning = func(w *twitter.StallWarning) {
		m.warning = fmt.Sprintf("the server's buffer for us is %d %% full", w.PercentFull)
	}
	demux.Handle(typed)
	return m
}

func undecodable(why string) message {
	return message{Record: archive.Record{Dropped: collectors.Undecodable, Why: why}}
}

// typedMessage makes the library's type of a message, so that its demux tells
// it apart; nil for messages of no concern. The library's own way in is
// unexported, and takes a tweet without retweet_count, as before 2011, for
// none.
func typedMessage(v *fastjson.Value, b []byte) (any, error) {
	into := func(part *fastjson.Value, typed any) (any, error) {
		if part == nil || part.Type() != fastjson.TypeObject {
			return nil, errors.New("a notice without its content")
		}
		return typed, unmarshal(part.MarshalTo(nil), typed)
	}
	switch {
	case v.Exists("delete"):
		return into(v.Get("delete", "status"), new(twitter.StatusDeletion))
	case v.Exists("scrub_geo"):
		return into(v.Get("scrub_geo"), new(twitter.LocationDeletion)) // we keep no places
	case v.Exists("status_withheld"):
		return into(v.Get("status_withheld"), new(twitter.StatusWithheld))
	case v.Exists("user_withheld"):
		return into(v.Get("user_withheld"), new(twitter.UserWithheld))
	case v.Exists("limit"):
		return into(v.Get("limit"), new(twitter.StreamLimit))
	case v.Exists("disconnect"):
		return into(v.Get("disconnect"), new(twitter.StreamDisconnect))
	case v.Exists("warning"):
		return into(v.Get("warning"), new(twitter.StallWarning))
	case v.Exists("direct_message"), v.Exists("event"), v.Exists("friends"), v.Exists("friends_str"), v.Exists("control"):
		return nil, nil // of a user's own stream
	case v.Exists("text"), v.Exists("full_text"), v.Exists("extended_tweet"):
		t := new(twitter.Tweet)
		return t, unmarshal(b, t)
	}
	return nil, errors.New("no message of API v1.1")
}

// unmarshal lets a field of another type than the library's be: those we need
// are looked at one by one.
func unmarshal(b []byte, into any) error {
	err := json.Unmarshal(b, into)
	if _, ok := errors.AsType[*json.UnmarshalTypeError](err); ok || err == nil {
		return nil
	}
	return errors.New("not a JSON object")
}

func gone(g collectors.Gone) archive.Record {
	if g.Native == "" && g.Author == "" {
		return archive.Record{Dropped: collectors.NoID, Why: "a removal without an id"}
	}
	return archive.Record{Gone: &g}
}

// limit counts what was left out since the last notice, which holds the sum
// since the connection began. A smaller one is of a new connection.
func (d *decoder) limit(track int64) archive.Record {
	if track < 0 {
		return archive.Record{}
	}
	lost := track - d.left
	if lost < 0 {
		lost = track
	}
	if d.unsure {
		lost = 0
	}
	d.left, d.unsure = track, false
	if lost <= 0 || lost > maxLost {
		return archive.Record{}
	}
	return archive.Record{Dropped: collectors.Behind, Lost: int(lost), Why: "left out by the server, which was faster than its reader"}
}

// maxLost is more than any stream left out between two notices: a larger
// number is damage.
const maxLost = 1 << 31

// withheld tells whether what is withheld in some countries is withheld here.
// XX stands for all of them, XY for a complaint about copyright.
func (d *decoder) withheld(countries []string) bool {
	for _, c := range countries {
		if d.country == "" || c == d.country || c == "XX" || c == "XY" {
			return true
		}
	}
	return false
}

// timeOf reads a tweet's time; a message has its server's clock in
// timestamp_ms, but the library leaves it out, and the two agree.
func timeOf(t *twitter.Tweet) (time.Time, bool) {
	at, err := t.CreatedAtTime()
	return at.UTC(), err == nil && at.Year() >= 2006
}
