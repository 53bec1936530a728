package bluesky

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"runtime"
	"strings"
	"testing"

	"github.com/bluesky-social/jetstream/pkg/models"
	"github.com/coder/websocket"
	"github.com/klauspost/compress/zstd"

	"confianza/collectors"
	"confianza/collectors/collectortest"
)

func packed(t *testing.T, plain string, o ...zstd.EOption) []byte {
	t.Helper()
	enc, err := zstd.NewWriter(nil, o...)
	if err != nil {
		t.Fatal(err)
	}
	defer enc.Close()
	return enc.EncodeAll([]byte(plain), nil)
}

// bomb is a frame of 256 MiB in a few kilobytes; it does not say its size.
func bomb(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	enc, err := zstd.NewWriter(&b, zstd.WithEncoderDict(models.ZSTDDictionary), zstd.WithEncoderConcurrency(1))
	if err != nil {
		t.Fatal(err)
	}
	piece := make([]byte, 1<<20)
	for range 256 {
		if _, err := enc.Write(piece); err != nil {
			t.Fatal(err)
		}
	}
	if err := enc.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// damaged is a sound frame with its middle turned over.
func damaged(frame []byte) []byte {
	frame = bytes.Clone(frame)
	for i := len(frame) / 2; i < len(frame); i++ {
		frame[i] ^= 0xff
	}
	return frame
}

// frames are the ways a compressed message may be none, and what each is called.
func frames(t *testing.T) map[string]struct {
	sent  []byte
	cause collectors.Cause
} {
	sound := packed(t, created(2, strings.Repeat("dos ", 50), ""), zstd.WithEncoderDict(models.ZSTDDictionary), zstd.WithEncoderCRC(true))
	other := bytes.Clone(models.ZSTDDictionary)
	other[4]++ // its id
	return map[string]struct {
		sent  []byte
		cause collectors.Cause
	}{
		"damaged":            {damaged(sound), collectors.CauseUnreadable},
		"cut off":            {sound[:len(sound)/2], collectors.CauseUnreadable},
		"no zstd":            {[]byte("\x1f\x8b not zstd"), collectors.CauseUnreadable},
		"another dictionary": {packed(t, created(2, "dos", ""), zstd.WithEncoderDict(other)), collectors.CauseUnreadable},
		"a bomb":             {bomb(t), collectors.CauseTooLarge},
	}
}

// A message that cannot be unpacked ends the connection, since nobody can tell
// what it held; what came before it is kept, and once the server is sound the
// rest comes.
func TestMessagesThatCannotBeUnpacked(t *testing.T) {
	for name, f := range frames(t) {
		t.Run(name, func(t *testing.T) {
			first := packed(t, created(1, "uno", ""), zstd.WithEncoderDict(models.ZSTDDictionary))
			address := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				conn, err := websocket.Accept(w, r, nil)
				if err != nil {
					return
				}
				defer conn.CloseNow()
				ctx := conn.CloseRead(r.Context())
				for _, message := range [][]byte{first, f.sent} {
					if conn.Write(ctx, websocket.MessageBinary, message) != nil {
						return
					}
				}
				<-ctx.Done()
			}))
			c := collector(address)
			c.c.Compress = true
			var rec collectortest.Recorder
			err := collectortest.Run(t, c, "", collectors.Wanted{}, &rec, func(*collectortest.Recorder) bool { return false })
			if got := collectors.CauseOf(err); err == nil || got != f.cause || !strings.Contains(err.Error(), "bluesky: ws://127.0.0.1") || !strings.Contains(err.Error(), "zstd: ") {
				t.Errorf("ended with %v, of cause %s, want %s", err, got, f.cause)
			}
			well := collector(serve(t, &fake{events: []string{created(1, "uno", ""), created(2, "dos", "")}}))
			well.c.Compress = true
			err = collectortest.Run(t, well, rec.Cursor(), collectors.Wanted{}, &rec, func(r *collectortest.Recorder) bool { return len(r.Posts()) >= 3 })
			if got := texts(rec.Posts()); got != "uno uno dos" || !errors.Is(err, context.Canceled) {
				t.Errorf("in all %q came, then %v", got, err)
			}
		})
	}
}

func texts(posts []collectors.Post) string {
	var all []string
	for _, p := range posts {
		all = append(all, p.Text)
	}
	return strings.Join(all, " ")
}

// What is taken for one message is bounded, whatever it says or hides of its
// size: a few megabytes, though it would be 256.
func TestABombIsNotUnpacked(t *testing.T) {
	var d decompressor
	if err := d.open(); err != nil {
		t.Fatal(err)
	}
	defer d.close()
	claims := packed(t, strings.Repeat(" ", 64<<20)) // says its size
	for name, frame := range map[string][]byte{"hidden size": bomb(t), "said size": claims} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		var into bytes.Buffer
		err := d.read(bytes.NewReader(frame), &into)
		runtime.ReadMemStats(&after)
		if took := after.TotalAlloc - before.TotalAlloc; err == nil || took > 32<<20 || into.Len() > 2*maxMessage {
			t.Errorf("%s: %d bytes unpacked, %d allocated: %v", name, into.Len(), took, err)
		}
		if got := collectors.CauseOf(err); got != collectors.CauseTooLarge {
			t.Errorf("%s: %v has cause %s", name, err, got)
		}
	}
	// It goes on as before.
	var into bytes.Buffer
	if err := d.read(bytes.NewReader(packed(t, "uno", zstd.WithEncoderDict(models.ZSTDDictionary))), &into); err != nil || into.String() != "uno" {
		t.Errorf("after a bomb: %q, %v", into.String(), err)
	}
}
