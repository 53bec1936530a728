package synth

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
)

func TestSameMomentSamePost(t *testing.T) {
	s := Stream{Rate: 2000, Brand: "Zafiro", Share: 10}
	at := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	n := s.First(at)
	if p := s.At(n); !p.At.Equal(at) || p != s.At(n) || s.At(n+1).At.Sub(at) != time.Second/2000 {
		t.Errorf("got %+v", p)
	}
	if s.First(at.Add(time.Nanosecond)) != n+1 {
		t.Error("a post before the time is not after it")
	}
	// One in a hundred of 100,000; binomial, so within five deviations of 31.
	if named := s.Named(n, n+100_000); named < 850 || named > 1150 {
		t.Errorf("%d of 100,000 name the brand, want about 1,000", named)
	}
	for i := range int64(1000) {
		if p := s.At(n + i); p.Named != strings.Contains(p.Text, "Zafiro") {
			t.Fatalf("%+v", p)
		}
	}
}

func TestJetstreamReplaysFromTheCursor(t *testing.T) {
	s := Stream{Rate: 100, Brand: "Zafiro", Share: 10}
	server := httptest.NewServer(Jetstream{s})
	defer server.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	from := time.Now().Add(-time.Minute).Truncate(time.Second)
	conn, _, err := websocket.Dial(ctx, fmt.Sprintf("%s?cursor=%d", server.URL, from.UnixMicro()), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.CloseNow()
	for i := range int64(6100) { // a minute of the past, and a second of the present
		_, b, err := conn.Read(ctx)
		if err != nil {
			t.Fatal(err)
		}
		var e struct {
			Micros int64 `json:"time_us"`
		}
		if err := json.Unmarshal(b, &e); err != nil || e.Micros != from.UnixMicro()+i*10_000 {
			t.Fatalf("event %d at %d (%v), want %d", i, e.Micros, err, from.UnixMicro()+i*10_000)
		}
	}
}
