package synth

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"github.com/coder/websocket"
)

// Jetstream serves a stream in Jetstream's v1 dialect: from an inclusive
// cursor as fast as it is read, then as time passes; without one, live.
type Jetstream struct{ Stream Stream }

// ServeHTTP sends posts until the reader goes.
func (j Jetstream) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	conn, err := websocket.Accept(w, r, nil)
	if err != nil {
		return // Accept has answered
	}
	defer conn.CloseNow()
	ctx := conn.CloseRead(r.Context())
	from := time.Now()
	if cursor, err := strconv.ParseInt(r.URL.Query().Get("cursor"), 10, 64); err == nil && cursor < from.UnixMicro() {
		from = time.UnixMicro(cursor)
	}
	j.send(ctx, conn, j.Stream.First(from))
}

func (j Jetstream) send(ctx context.Context, conn *websocket.Conn, n int64) {
	for {
		for until := j.Stream.First(time.Now()); n < until; n++ {
			message, err := json.Marshal(event(j.Stream.At(n)))
			if err != nil || conn.Write(ctx, websocket.MessageText, message) != nil {
				return
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func event(p Post) any {
	n := strconv.FormatInt(p.N, 10)
	return map[string]any{
		"did": p.Author, "time_us": p.At.UnixMicro(), "kind": "commit",
		"commit": map[string]any{
			"rev": n, "operation": "create", "collection": "app.bsky.feed.post", "rkey": n, "cid": "made-up",
			"record": map[string]any{
				"$type": "app.bsky.feed.post", "text": p.Text, "langs": []string{p.Language},
				"createdAt": p.At.Format(time.RFC3339Nano),
			},
		},
	}
}
