package store_test

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"time"

	"confianza/internal/mention"
	"confianza/internal/store"
)

// script is a source whose every step is known beforehand: what step n delivers
// depends on the seed and n alone, as a replay's does.
type script uint64

const (
	scriptPosts = 8  // new ones of a step
	scriptBack  = 10 // revisions and deletions are of posts this many steps old at most
	scriptKept  = 40 // steps until texts are past their retention: more than scriptBack
)

// person is whom a step's posts are by: others with time, so that those who
// are gone do not silence everyone.
func person(step, i int) string { return fmt.Sprintf("a%d.%d", step/scriptKept, i%6) }

// writing is a version of one post of the script, without its author's key.
type writing struct {
	native, author, revision, text string
	at, seen                       time.Time
	brands                         []string
}

// write gives post i of a step as step revised wrote it.
func (sc script) write(step, i, revised int) writing {
	r := rand.New(rand.NewPCG(uint64(sc), uint64(step)<<20|uint64(i)))
	at := noon.Add(time.Duration(step-r.IntN(90)) * time.Minute)
	w := writing{native: fmt.Sprint(step, ".", i), author: person(step, r.IntN(6)), revision: fmt.Sprintf("%07d", revised),
		at: at, seen: noon.Add(time.Duration(step) * time.Minute)}
	w.text = fmt.Sprintf("common words of post%dx%d as of %d", step, i, revised)
	w.brands = [][]string{{"Acme"}, {"Zeta"}, {"Acme", "Zeta"}}[r.IntN(3)]
	if revised > step && revised%4 == 0 {
		w.brands = [][]string{nil, {"Zeta"}}[r.IntN(2)]
	}
	return w
}

// move is what a step delivers, in words of the script.
type move struct {
	posts  []writing
	gone   []string // native ids, some of posts yet to come
	left   string   // an author who is gone, "" for none
	hidden bool     // and may come back
	back   string   // an author who is back
}

func (sc script) step(n int) (m move) {
	r := rand.New(rand.NewPCG(uint64(sc), uint64(n)<<20|1<<19))
	recent := func() int { return max(0, n-r.IntN(scriptBack)) }
	for i := range scriptPosts {
		m.posts = append(m.posts, sc.write(n, i, n))
	}
	for range 3 {
		m.posts = append(m.posts, sc.write(recent(), r.IntN(scriptPosts), n))
	}
	old := recent()
	m.posts = append(m.posts, sc.write(old, r.IntN(scriptPosts), old)) // told again
	m.gone = []string{fmt.Sprint(recent(), ".", r.IntN(scriptPosts)), fmt.Sprint(n+1+r.IntN(3), ".", r.IntN(scriptPosts))}
	if r.IntN(5) == 0 {
		m.left, m.hidden = person(n, r.IntN(6)), r.IntN(3) > 0
	}
	if r.IntN(5) == 0 {
		m.back = person(n, r.IntN(6))
	}
	return m
}

// intake is a step as the store takes it, its cursor being the next step.
func (sc script) intake(s *store.Store, n int) store.Intake {
	m := sc.step(n)
	in := store.Intake{Source: "net", Next: strconv.Itoa(n + 1)}
	for _, w := range m.posts {
		in.Mentions = append(in.Mentions, mention.Mention{Source: "net", Native: w.native, Revision: w.revision,
			URL: "https://net.example/" + w.native, Author: s.AuthorKey("net", w.author), Text: w.text, Declared: "en",
			At: w.at, Seen: w.seen, Form: "post", Brands: w.brands})
	}
	for _, native := range m.gone {
		in.Gone = append(in.Gone, mention.Gone{Native: native})
	}
	if m.left != "" {
		in.Gone = append(in.Gone, mention.Gone{Author: s.AuthorKey("net", m.left), Hidden: m.hidden})
	}
	if m.back != "" {
		in.Back = []mention.Key{s.AuthorKey("net", m.back)}
	}
	in.Heard.From = noon.Add(time.Duration(n) * time.Minute)
	in.Heard.To = in.Heard.From.Add(time.Minute)
	return in
}

// fate is a post as it must be in the end.
type fate struct {
	writing
	visibility mention.Visibility
}

// after is every post there must be after so many steps, by native id.
func (sc script) after(steps int) map[string]*fate {
	posts, gone, left := map[string]*fate{}, map[string]bool{}, map[string]bool{} // left is true for hidden authors
	for n := range steps {
		m := sc.step(n)
		for _, w := range m.posts {
			sc.take(posts, gone, left, w)
		}
		for _, native := range m.gone {
			gone[native] = true
			if p := posts[native]; p != nil {
				p.visibility = mention.Deleted
			}
		}
		if m.left != "" {
			hidden, before := left[m.left]
			left[m.left] = m.hidden && (hidden || !before)
		}
		for _, p := range posts {
			switch {
			case p.author == m.left && m.left != "" && !m.hidden:
				p.visibility = mention.Deleted
			case p.author == m.left && p.visibility == mention.Shown:
				p.visibility = mention.Hidden
			}
			if p.author == m.back && p.visibility == mention.Hidden {
				p.visibility = mention.Shown
			}
		}
		if left[m.back] {
			delete(left, m.back)
		}
	}
	return posts
}

func (sc script) take(posts map[string]*fate, gone, left map[string]bool, w writing) {
	old := posts[w.native]
	hidden, authorGone := left[w.author]
	switch {
	case old != nil && (old.visibility == mention.Deleted || w.revision <= old.revision):
	case old != nil:
		old.revision, old.text, old.brands = w.revision, w.text, w.brands
	case len(w.brands) == 0 || gone[w.native] || authorGone && !hidden:
	case authorGone:
		posts[w.native] = &fate{w, mention.Hidden}
	default:
		posts[w.native] = &fate{w, mention.Shown}
	}
}

// feeling is what any scorer of the script finds: a text may be gone when it
// looks.
func feeling(revision string, at time.Time) mention.Polarity {
	n, _ := strconv.Atoi(revision)
	return mention.Polarities()[(n+at.Minute())%3]
}
