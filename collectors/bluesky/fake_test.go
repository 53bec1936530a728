package bluesky

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/bluesky-social/jetstream/pkg/models"
	"github.com/coder/websocket"
	"github.com/klauspost/compress/zstd"
	"github.com/valyala/fastjson"

	"confianza/collectors"
)

// fake is a Jetstream of the v1 dialect with a fixed past: the cursor is
// inclusive, accounts come whatever the collection filter, and a future
// cursor means live.
type fake struct {
	events []string
	cut    int  // close without a close frame after so many messages; 0 never does
	mute   bool // accept, and never say anything
}

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Query().Get("wantedCollections") != postCollection {
		http.Error(w, "want posts only", http.StatusBadRequest)
		return
	}
	conn, err := websocket.Accept(w, r, nil)
	if err != nil {
		return
	}
	defer conn.CloseNow()
	ctx := conn.CloseRead(r.Context())
	if !f.mute {
		f.send(ctx, conn, r)
	}
	if f.cut == 0 {
		<-ctx.Done()
	}
}

func (f *fake) send(ctx context.Context, conn *websocket.Conn, r *http.Request) {
	cursor, _ := strconv.ParseInt(r.URL.Query().Get("cursor"), 10, 64)
	compress := r.URL.Query().Get("compress") == "true"
	enc, err := zstd.NewWriter(nil, zstd.WithEncoderDict(models.ZSTDDictionary))
	if err != nil {
		panic(err)
	}
	sent := 0
	for _, e := range f.events {
		v := fastjson.MustParse(e)
		collection := string(v.GetStringBytes("commit", "collection"))
		if v.GetInt64("time_us") < cursor || collection != "" && collection != postCollection {
			continue
		}
		kind, message := websocket.MessageText, []byte(e)
		if compress {
			kind, message = websocket.MessageBinary, enc.EncodeAll(message, nil)
		}
		if conn.Write(ctx, kind, message) != nil {
			return
		}
		if sent++; sent == f.cut {
			return
		}
	}
}

// serve starts a fake and gives its address.
func serve(t *testing.T, h http.Handler) string {
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return "ws" + strings.TrimPrefix(s.URL, "http") + "/subscribe"
}

// collector is the source at given instances, on a day when the fixture's
// events are an hour old.
func collector(addresses ...string) *Collector {
	c := New(Config{URLs: addresses, Replay: 24 * time.Hour, Idle: time.Minute}, "confianza/test")
	c.flush = 20 * time.Millisecond
	c.now = func() time.Time { return fixtureTime.Add(time.Hour) }
	return c
}

func lines(t testing.TB, path string) []string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Skipf("recordings are not here: %v", err)
	}
	var all []string
	for line := range bytes.Lines(b) {
		if line = bytes.TrimSpace(line); len(line) > 0 {
			all = append(all, string(line))
		}
	}
	return all
}

var fixtureTime = time.UnixMicro(1790000000000000).UTC()

// created is a post event n seconds into the fixture.
func created(n int, text, more string) string {
	return fmt.Sprintf(`{"did":"did:plc:ana","time_us":%d,"kind":"commit","commit":{"rev":"3kz%04d","operation":"create","collection":"app.bsky.feed.post","rkey":"r%d","record":{"$type":"app.bsky.feed.post","createdAt":%q,"langs":["es"],"text":%q%s},"cid":"c"}}`,
		fixtureTime.UnixMicro()+int64(n)*1_000_000, n, n, fixtureTime.Add(time.Duration(n)*time.Second-time.Minute).Format(time.RFC3339Nano), text, more)
}

func accountEvent(n int, did, fields string) string {
	return fmt.Sprintf(`{"did":%q,"time_us":%d,"kind":"account","account":{%s,"did":%q,"seq":%d}}`,
		did, fixtureTime.UnixMicro()+int64(n)*1_000_000, fields, did, n)
}

func deleted(n int, rkey string) string {
	return fmt.Sprintf(`{"did":"did:plc:ana","time_us":%d,"kind":"commit","commit":{"rev":"3kz%04d","operation":"delete","collection":"app.bsky.feed.post","rkey":%q}}`,
		fixtureTime.UnixMicro()+int64(n)*1_000_000, n, rkey)
}

func wanted(n int, text string) collectors.Post {
	return collectors.Post{
		Native: fmt.Sprintf("did:plc:ana/r%d", n), Revision: fmt.Sprintf("3kz%04d", n),
		URL:    fmt.Sprintf("https://bsky.app/profile/did:plc:ana/post/r%d", n),
		Author: "did:plc:ana", Text: text, Language: "es", Form: collectors.FormPost,
		Created: fixtureTime.Add(time.Duration(n)*time.Second - time.Minute), Seen: fixtureTime.Add(time.Duration(n) * time.Second),
	}
}
