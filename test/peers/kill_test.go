//go:build peers

package peers

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"sync/atomic"
	"testing"
	"time"
)

const (
	leastPosts = 300
	kills      = 8
)

// Killed at any moment among posts that keep coming, and with Jetstream
// stopped and killed under it, the binary loses nothing and counts nothing
// twice.
func TestKilledInMidStream(t *testing.T) {
	n := newNetwork(t)
	j := n.jetstream()
	b := newBinary(t, j.address())
	ana := n.person("ana")
	w := ana.write()
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	for i := range kills {
		// From amid the replay of what it missed to well within live posts.
		moment := func() { time.Sleep(time.Duration(random.IntN(1500)) * time.Millisecond) }
		moment()
		b.process.kill()
		t.Logf("killed after %d posts", w.said.Load())
		b.start()
		switch i {
		case kills / 4:
			moment()
			j.restart()
		case kills / 2:
			j.crash()
		}
	}
	all := w.finish(t)
	ana.post("en", "that is all")
	j.toldAll(t, all)
	if !within(time.Minute, func() bool { return b.metric(ingested) >= float64(all) }) {
		t.Errorf("%v counted after a minute, want %d", b.metric(ingested), all) // what follows says which
	}
	b.stop()
	s := b.stored()
	s.counted(all)
	once(t, all, s.strings(shownTexts))
}

// toldAll checks that Jetstream itself has every text, and says how many it
// tells more than once.
func (j *jetstream) toldAll(t *testing.T, all int) {
	t.Helper()
	told, times := map[string]bool{}, 0
	j.replay(30*time.Second, func(events []event) bool {
		record := events[len(events)-1].Commit.Record
		if record == nil {
			return false
		}
		if n := numbered.FindString(record.Text); n != "" {
			told[n] = true
			times++
		}
		return record.Text == "that is all"
	})
	if len(told) != all {
		t.Fatalf("Jetstream has %d of %d texts: the binary cannot know the others", len(told), all)
	}
	t.Logf("%d posts, %d of them told again", all, times-all)
}

// writer posts one numbered text after the other.
type writer struct {
	said   atomic.Int64
	enough chan struct{}
	ended  chan error
}

// write goes on until told to finish, and at least to leastPosts.
func (p *person) write() *writer {
	w := &writer{enough: make(chan struct{}), ended: make(chan error, 1)}
	go func() {
		for i := 0; ; i++ {
			select {
			case <-w.enough:
				if i >= leastPosts {
					w.ended <- nil
					return
				}
			default:
				time.Sleep(25 * time.Millisecond) // so that 300 are not over before the second kill
			}
			if _, err := p.say("en", fmt.Sprintf("Zafiro post number %d.", i)); err != nil {
				w.ended <- err
				return
			}
			w.said.Add(1)
		}
	}()
	return w
}

// finish returns how many texts there are, numbered from 0.
func (w *writer) finish(t *testing.T) int {
	t.Helper()
	close(w.enough)
	if err := <-w.ended; err != nil {
		t.Fatal(err)
	}
	return int(w.said.Load())
}

var numbered = regexp.MustCompile(`post number (\d+)\.`)

// once checks that each number from 0 is there exactly once.
func once(t *testing.T, all int, texts []string) {
	t.Helper()
	times := map[string]int{}
	for _, text := range texts {
		times[numbered.FindString(text)]++
	}
	for i := range all {
		if got := times[fmt.Sprintf("post number %d.", i)]; got != 1 {
			t.Errorf("post %d is stored %d times", i, got)
		}
	}
}
