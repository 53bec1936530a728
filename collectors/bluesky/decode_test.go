package bluesky

import (
	"testing"
	"unicode/utf8"

	"confianza/collectors"
)

func everything([]byte) bool { return true }
func nothing([]byte) bool    { return false }

func TestOddMessages(t *testing.T) {
	tests := []struct {
		name, message string
		want          collectors.Reason
	}{
		{"not JSON", `{"did"`, collectors.Undecodable},
		{"no time", `{"did":"did:plc:a","kind":"commit"}`, collectors.Undecodable},
		{"a number for an account", `{"did":"did:plc:a","time_us":1,"kind":"account","account":7}`, collectors.Undecodable},
		{"an unknown kind", `{"did":"did:plc:a","time_us":1,"kind":"sync"}`, ""},
		{"no record key", `{"did":"d","time_us":1,"kind":"commit","commit":{"operation":"create","collection":"app.bsky.feed.post","record":{"text":"a"}}}`, collectors.NoID},
		{"no record", `{"did":"d","time_us":1,"kind":"commit","commit":{"operation":"create","collection":"app.bsky.feed.post","rkey":"r"}}`, collectors.Undecodable},
		{"no commit", `{"did":"d","time_us":1,"kind":"commit"}`, ""},
	}
	for _, tt := range tests {
		if got := new(decoder).decode([]byte(tt.message), everything); got.dropped != tt.want || got.post != nil {
			t.Errorf("%s: dropped %q, post %+v; want %q", tt.name, got.dropped, got.post, tt.want)
		}
	}
}

func TestUnwantedPostCostsNoAllocation(t *testing.T) {
	message, d := []byte(created(1, "nada que ver", `,"embed":{"external":{"uri":"https://a.example"}}`)), new(decoder)
	if n := testing.AllocsPerRun(100, func() { d.decode(message, nothing) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestEditPassesTheDoor(t *testing.T) {
	edit := `{"did":"d","time_us":1,"kind":"commit","commit":{"rev":"2","operation":"update","collection":"app.bsky.feed.post","rkey":"r","record":{"text":"a"}}}`
	if e := new(decoder).decode([]byte(edit), nothing); e.post == nil {
		t.Error("an edit that names no brand any more was dropped")
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(created(1, "uno", ""))
	f.Add(deleted(2, "r"))
	f.Add(accountEvent(3, "did:plc:a", `"active":true`))
	f.Fuzz(func(t *testing.T, message string) {
		e := new(decoder).decode([]byte(message), everything)
		if p := e.post; p != nil && (p.Native == "" || p.Text == "" || !utf8.ValidString(p.Text)) {
			t.Errorf("%+v", *p)
		}
		if e.gone != nil && (e.gone.Native == "") == (e.gone.Author == "") {
			t.Errorf("%+v", *e.gone)
		}
	})
}
