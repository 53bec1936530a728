// Package collectortest holds the collector contract as a test.
//
// A source's test is one call to [Check]: the source says how to set up a
// [World] whose posts it knows, and Check holds the source to each promise of
// [collectors.Collector]. [Recorder] and [Run] serve a source's further tests.
package collectortest

import (
	"context"
	"net/http"
	"slices"
	"testing"
	"time"

	"confianza/collectors"
)

// Source is what a source tells [Check] about itself.
type Source struct {
	// World sets up one fresh fixture and has t clean it up. A source that
	// speaks HTTP, or starts with it as WebSocket does, passes the handler of
	// its fake server through wrap; others ignore wrap.
	World func(t *testing.T, wrap func(http.Handler) http.Handler) World
	HTTP  bool // wrap is used: the faults of a server and of the way to it are tried too
}

// World is a fixture with known content. It stays what it is: whoever collects
// from the same cursor again finds the same posts.
type World struct {
	New  func() collectors.Collector // the source as a new process would set it up, over this same fixture
	From collectors.Cursor           // from where everything below can be had; often ""
	Want collectors.Wanted           // Names nil means that everything is wanted
	Ends bool                        // Collect returns nil by itself when all is delivered (a file)

	// What has to come and nothing else, in any order; each post's (Native,
	// Revision) once. A source without an end should have one of these last in
	// its fixture: the test stops when it has them all. Zero times are not
	// compared, for sources that use the time of a poll.
	Posts   []collectors.Post
	Gone    []collectors.Gone
	Back    []string
	Dropped map[collectors.Reason]int // of one whole run; nil is not compared

	Edited []string // natives of posts that come though no brand is named: the version before may have named one

	Secret string // the credential the world asks for: must show up nowhere; "" when there is none

	// Of a source that speaks HTTP: the same source with every limit of time
	// set to [Impatience], and one that asks the server at an address such as
	// https://127.0.0.1:443 instead of the fixture's.
	Impatient func() collectors.Collector
	At        func(server string) collectors.Collector

	limits limits // zero means [usual]; tests of this package are in a hurry
}

// Impatience is how long an impatient source waits for anything.
const Impatience = 300 * time.Millisecond

// Check holds a source to the collector contract.
func Check(t *testing.T, s Source) {
	t.Helper()
	for _, p := range promises {
		t.Run(p.name, func(t *testing.T) {
			report(t, p.broken(t.Context(), s.World(t, asIs)))
		})
	}
	if !s.HTTP {
		return
	}
	for _, f := range slices.Concat(polite, rude, unreachable(t)) {
		t.Run("meets "+f.name, func(t *testing.T) {
			g := newGate(t)
			report(t, meets(t.Context(), f, g, s.World(t, g.wrap)))
		})
	}
}

// promise is one rule of the contract; broken says how a source breaks it.
type promise struct {
	name   string
	broken func(ctx context.Context, w World) error
}

var promises = []promise{
	{"delivers what its world holds", delivers},
	{"goes on from every cursor without loss", resumes},
	{"stops when delivery fails and skips nothing", refused},
	{"stops when its context ends", cancelled},
	{"stops while delivery blocks", blocked},
	{"collects again with the same value", again},
	{"meets a cursor it does not know", garbled},
	{"moves on when nothing is wanted", unwanted},
}

func asIs(h http.Handler) http.Handler { return h }

func report(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Error(err)
	}
}
