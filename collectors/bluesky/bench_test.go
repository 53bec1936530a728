package bluesky

import (
	"encoding/json"
	"fmt"
	"testing"

	"confianza/analysis/match"
	"confianza/test/cputime"
)

// messagesOf are posts of the usual kinds.
func messagesOf() [][]byte {
	return [][]byte{
		[]byte(created(1, "una tarde cualquiera en la que nadie habla de aerolíneas ni de filtraciones", `,"embed":{"$type":"app.bsky.embed.external","external":{"description":"d","title":"t","uri":"https://a.example/b"}}`)),
		[]byte(created(2, "just landed after a long day, nothing works and nobody answers the phone", "")),
		[]byte(created(3, "待って今日だったの知らなかった……よかった💦", `,"reply":{"root":{"cid":"c","uri":"at://did:plc:a/app.bsky.feed.post/b"},"parent":{"cid":"c","uri":"at://did:plc:a/app.bsky.feed.post/b"}}`)),
	}
}

func messages(b *testing.B) [][]byte {
	all := messagesOf()
	size := 0
	for _, m := range all {
		size += len(m)
	}
	b.SetBytes(int64(size / len(all)))
	return all
}

// BenchmarkEvent decodes posts and asks the door about each; none names a
// brand, as is the case for nearly all. Beside it, in the same run, the same
// loop with encoding/json into a struct of just the fields needed.
func BenchmarkEvent(b *testing.B) {
	for _, n := range []int{10, 10_000} {
		brands := make([]match.Brand, n)
		for i := range brands {
			brands[i] = match.Brand{Name: fmt.Sprintf("Brand%dson", i*7919), Domains: []string{fmt.Sprintf("brand%dson.com", i*7919)}}
		}
		door, err := match.New(brands)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(fmt.Sprintf("impl=ours/brands=%d", n), func(b *testing.B) {
			all, d := messages(b), new(decoder)
			b.ReportAllocs()
			since := cputime.Used()
			for i := 0; b.Loop(); i++ {
				if d.decode(all[i%len(all)], door.Names).post != nil {
					b.Fatal("matched")
				}
			}
			cputime.Report(b, cputime.Used()-since, b.N, "op")
		})
		b.Run(fmt.Sprintf("impl=encoding-json/brands=%d", n), func(b *testing.B) {
			all := messages(b)
			b.ReportAllocs()
			since := cputime.Used()
			for i := 0; b.Loop(); i++ {
				if standard(b, all[i%len(all)], door) {
					b.Fatal("matched")
				}
			}
			cputime.Report(b, cputime.Used()-since, b.N, "op")
		})
	}
}

func standard(b *testing.B, message []byte, door *match.Matcher) bool {
	var e struct {
		DID    string `json:"did"`
		Micros int64  `json:"time_us"`
		Kind   string `json:"kind"`
		Commit struct {
			Rev, Operation, Collection, Rkey string
			Record                           struct {
				Text, CreatedAt string
				Langs           []string
				Facets          []struct{ Features []struct{ URI string } }
				Embed           struct{ External struct{ URI string } }
			}
		}
	}
	if err := json.Unmarshal(message, &e); err != nil {
		b.Fatal(err)
	}
	text := e.Commit.Record.Text
	for _, f := range e.Commit.Record.Facets {
		for _, one := range f.Features {
			text += "\n" + one.URI
		}
	}
	return door.Names([]byte(text + "\n" + e.Commit.Record.Embed.External.URI))
}
