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
// restarted under it, the binary loses nothing and counts nothing twice.
func TestKilledInMidStream(t *testing.T) {
	n := newNetwork(t)
	j := n.jetstream()
	b := newBinary(t, j.address())
	w := n.person("ana").write()
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	for i := range kills {
		// From amid the replay of what it missed to well within live posts.
		time.Sleep(time.Duration(random.IntN(1500)) * time.Millisecond)
		b.process.kill()
		t.Logf("killed after %d posts", w.said.Load())
		b.start()
		if i == kills/2 {
			time.Sleep(time.Duration(random.IntN(1500)) * time.Millisecond)
			j.restart()
		}
	}
	all := w.finish(t)
	t.Logf("%d posts", all)
	eventually(t, "every post counted", time.Minute, func() bool { return b.metric(ingested) >= float64(all) })
	b.stop()
	s := b.stored()
	s.counted(all)
	once(t, all, s.strings(shownTexts), "stored")
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
func once(t *testing.T, all int, texts []string, what string) {
	t.Helper()
	times := map[string]int{}
	for _, text := range texts {
		times[numbered.FindString(text)]++
	}
	for i := range all {
		if got := times[fmt.Sprintf("post number %d.", i)]; got != 1 {
			t.Errorf("post %d is %s %d times", i, what, got)
		}
	}
}
