package feeds

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"confianza/collectors"
)

// news is what a poll brought.
type news struct {
	posts   []collectors.Post
	read    int // items new or changed
	dropped map[collectors.Reason]int
}

// memories is what a feed held before and holds now.
type memories struct {
	old  map[string]memory
	now  []memory
	held map[string]bool // keys of now
	met  bool            // one of old is still held
}

// meet brings a feed's state up to a successful poll and gives what is new.
// names is the cheap door; at most share items are remembered.
func (s *state) meet(p poll, names func([]byte) bool, share int) news {
	n := news{dropped: map[collectors.Reason]int{}}
	last := s.At
	if p.at.After(last) {
		s.At = p.at
	}
	if last.IsZero() {
		s.Whole = s.At // what was published before is delivered, but never called complete
	}
	if p.same {
		return n
	}
	m := memories{old: map[string]memory{}, held: map[string]bool{}}
	for _, old := range s.Items {
		if old.ok() {
			m.old[old.key()] = old
		}
	}
	for _, it := range p.doc.items {
		n.take(it, &m, p.at, names)
	}
	if len(m.old) > 0 && len(m.now) > 0 && !m.met {
		s.Whole = p.doc.oldest(last, s.At) // more was published than the feed holds
	}
	s.Items = m.keep(s.Items, share)
	return n
}

// take looks at one item.
func (n *news) take(it item, m *memories, at time.Time, names func([]byte) bool) {
	k := key(it.id)
	if m.held[k] {
		return // twice in one document
	}
	old, known := m.old[k]
	m.held[k], m.met = true, m.met || known
	now := sum(it.post.Text + string(it.dropped))
	if it.dropped != "" {
		if !known {
			n.read++
			n.dropped[it.dropped]++
			old = remember(k, now, false, it.post.Revision)
		}
		m.now = append(m.now, old)
		return
	}
	wanted := names([]byte(strings.Join(append([]string{it.post.Text}, it.post.Links...), "\n")))
	same := known && old.sum() == now
	if known {
		it.post.Revision = revise(old.revision(), it.post.Revision, same)
		if same && (old.said() || !wanted) {
			m.now = append(m.now, old)
			return
		}
		// What was delivered once is delivered however it changes: it may name
		// no brand any more.
		wanted = wanted || old.said()
	}
	n.read++
	m.now = append(m.now, remember(k, now, wanted, it.post.Revision))
	if !wanted {
		return
	}
	if it.post.Created.IsZero() {
		it.post.Seen = at
	}
	n.posts = append(n.posts, it.post)
}

// revise orders the versions of an item.
//
// A version bears the time the item says it was updated, to the second. Feeds
// change a title without saying so: such a version has the revision before it
// with a growing number after it, which sorts between that and any later time.
// A text that stays keeps its revision whatever the item says.
func revise(before, now string, same bool) string {
	switch {
	case same:
		return before
	case now > before:
		return now
	}
	stem, count, _ := strings.Cut(before, "#")
	times, _ := strconv.Atoi(count)
	return fmt.Sprintf("%s#%06d", stem, times+1)
}

// vanished is how many items are remembered that a feed no longer holds: some
// come back.
const vanished = 200

// keep is what to remember: what the feed holds now, then the latest that it
// held.
func (m *memories) keep(before []memory, share int) []memory {
	kept := m.now[:min(len(m.now), share)]
	most := min(len(kept)+vanished, share)
	for _, old := range before {
		if len(kept) < most && old.ok() && !m.held[old.key()] {
			kept = append(kept, old)
		}
	}
	return kept
}

// oldest is the time of the oldest item, not before since and not after until:
// what lies between is not known to be whole. An item without a time tells
// nothing.
func (d document) oldest(since, until time.Time) time.Time {
	oldest := until
	for _, it := range d.items {
		switch at := it.post.Created; {
		case at.IsZero():
			return until
		case at.Before(oldest):
			oldest = at
		}
	}
	if oldest.Before(since) {
		return since
	}
	return oldest
}
