// Package match is the door: it tells which brands a text names, and why.
//
// One pass over the folded text finds every phrase of every brand; rules about
// what stands beside a phrase then decide. A name is a whole word or an equal
// hashtag, but not part of an address or of somebody's handle; a handle and a
// hashtag are exact; a domain counts with its subdomains. An excluded phrase
// rejects the whole text, so that a rejection is easy to foresee.
package match

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
	"unicode"
)

// Brand is what a brand is called. Without Names its own Name is one.
type Brand struct {
	Name                              string
	Names, Handles, Hashtags, Domains []string
	Context                           []string // when there are any, one must occur too
	Exclude                           []string // none may occur
}

type kind uint8

// The kinds of phrase, in the words [Finding] uses.
const (
	name kind = iota
	handle
	hashtag
	domain
	context
	exclude
)

var kinds = [...]string{"name", "handle", "hashtag", "domain", "context", "excluded"}

type phrase struct {
	brand int
	kind  kind
	as    string // as configured
}

// Matcher knows a set of brands. It is safe for concurrent use.
type Matcher struct {
	brands  []string
	context []bool // by brand: has context phrases
	phrases []phrase
	domains map[string][]int // phrases by host
	all     *automaton
	cheap   *automaton // without context and exclusions
	work    sync.Pool
}

type work struct {
	text []byte
	hits []uint8 // by brand: bits of what occurred
}

const (
	hitNamed = 1 << iota
	hitContext
	hitExcluded
)

// New makes a matcher. It returns an error naming the brand and the phrase
// when a name is missing, occurs twice, or a phrase has nothing to match.
func New(brands []Brand) (*Matcher, error) {
	m := &Matcher{context: make([]bool, len(brands)), domains: map[string][]int{}}
	there := map[string]bool{} // by folded name
	var all, cheap [][]byte
	for i, b := range brands {
		if strings.TrimSpace(b.Name) == "" {
			return nil, fmt.Errorf("match: brand %d has no name", i+1)
		}
		folded := string(Fold(nil, []byte(b.Name)))
		if there[folded] {
			return nil, fmt.Errorf("match: brand %q is there twice", b.Name)
		}
		there[folded] = true
		m.brands = append(m.brands, b.Name)
		m.context[i] = len(b.Context) > 0
		ps, err := b.patterns()
		if err != nil {
			return nil, err
		}
		for _, p := range ps {
			if p.kind == domain {
				m.domains[string(p.folded)] = append(m.domains[string(p.folded)], len(m.phrases))
			}
			m.phrases = append(m.phrases, phrase{i, p.kind, p.as})
			all = append(all, p.folded)
			if p.kind < context {
				cheap = append(cheap, p.folded)
			}
		}
	}
	m.all, m.cheap = newAutomaton(all), newAutomaton(cheap)
	m.work.New = func() any { return &work{hits: make([]uint8, len(brands))} }
	return m, nil
}

type pattern struct {
	kind   kind
	as     string
	folded []byte
}

func (b Brand) patterns() (ps []pattern, err error) {
	names := b.Names
	if len(names) == 0 {
		names = []string{b.Name}
	}
	lists := [][]string{name: names, handle: b.Handles, hashtag: b.Hashtags, domain: b.Domains, context: b.Context, exclude: b.Exclude}
	for k, list := range lists {
		for _, as := range list {
			folded := strings.TrimSpace(string(Fold(nil, []byte(as))))
			bare := strings.TrimLeft(folded, "@#")
			if !strings.ContainsFunc(bare, sayable) {
				return nil, fmt.Errorf("match: brand %q: %s %q has nothing to match", b.Name, kinds[k], as)
			}
			switch kind(k) {
			case handle:
				folded = "@" + bare
			case hashtag:
				folded = "#" + strings.ReplaceAll(bare, " ", "")
			case domain:
				if folded = hostOf(folded); strings.ContainsAny(folded, "/?@: ") {
					return nil, fmt.Errorf("match: brand %q: domain %q is not a host name", b.Name, as)
				}
			case name:
				if tag := asHashtag(folded); tag != folded {
					ps = append(ps, pattern{hashtag, as, []byte("#" + tag)})
				}
			}
			ps = append(ps, pattern{kind(k), as, []byte(folded)})
		}
	}
	return ps, nil
}

// hostOf cuts what people copy along with a host name.
func hostOf(folded string) string {
	for _, scheme := range []string{"https://", "http://"} {
		folded = strings.TrimPrefix(folded, scheme)
	}
	return strings.TrimSuffix(strings.TrimPrefix(folded, "www."), "/")
}

// asHashtag is a name as a hashtag must write it: #TMobile, #LOreal, #Yahoo. A
// name with a sign that is said, as in C&A or C++, would become another word:
// it keeps it, and its hashtags are for the configuration to list.
func asHashtag(folded string) string {
	if strings.ContainsAny(folded, "&+") {
		return folded
	}
	return strings.Map(func(r rune) rune {
		if r == '_' || sayable(r) || unicode.IsMark(r) {
			return r
		}
		return -1
	}, folded)
}

// sayable tells whether a character can be said, in any script: a phrase of
// nothing but marks would be found everywhere.
func sayable(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }

// Brands are the names of the brands, in the order given to [New].
func (m *Matcher) Brands() []string { return m.brands }

// Names is the cheap door: false means that no brand can match.
func (m *Matcher) Names(text []byte) bool {
	w := m.work.Get().(*work)
	defer m.work.Put(w)
	w.text = Fold(w.text[:0], text)
	return m.cheap.any(w.text)
}

// Match appends to dst the indexes of the brands that a text, or the
// addresses it links to, names: ascending, each once.
func (m *Matcher) Match(text string, links []string, dst []int) []int {
	w := m.work.Get().(*work)
	defer m.work.Put(w)
	w.text = Fold(w.text[:0], []byte(text))
	clear(w.hits)
	m.all.each(w.text, func(p, end int) bool {
		ph := &m.phrases[p]
		if beside(ph.kind, w.text, end-int(m.all.length[p]), end) == "" {
			w.hits[ph.brand] |= ph.kind.hit()
		}
		return true
	})
	for _, link := range links {
		m.eachDomain(link, func(ph *phrase) { w.hits[ph.brand] |= hitNamed })
	}
	for i, h := range w.hits {
		if h&hitNamed != 0 && h&hitExcluded == 0 && (h&hitContext != 0 || !m.context[i]) {
			dst = append(dst, i)
		}
	}
	return dst
}

func (k kind) hit() uint8 {
	switch k {
	case context:
		return hitContext
	case exclude:
		return hitExcluded
	}
	return hitNamed
}

// eachDomain calls f with every domain phrase that covers a link's host.
func (m *Matcher) eachDomain(link string, f func(*phrase)) {
	u, err := url.Parse(link)
	if err != nil || u.Host == "" {
		return
	}
	host := string(Fold(nil, []byte(strings.TrimSuffix(u.Hostname(), "."))))
	for more := true; more; _, host, more = strings.Cut(host, ".") {
		for _, p := range m.domains[host] {
			f(&m.phrases[p])
		}
	}
}

// Finding is what the door found of one brand.
type Finding struct {
	Brand    string
	Accepted bool
	Why      string // of a rejection, in words
	Hits     []Hit
}

// Hit is one occurrence of a phrase.
type Hit struct {
	Kind, Phrase string // as configured
	At           int    // byte offset in the text; -1 in a link
	Rejected     string // why it does not count; "" when it does
}

// Explain tells of every brand of which a phrase occurs what was found and
// what was decided. [Matcher.Match] gives exactly the accepted ones.
func (m *Matcher) Explain(text string, links []string) []Finding {
	folded, at := fold(nil, nil, []byte(text), true)
	hits := map[int][]Hit{}
	m.all.each(folded, func(p, end int) bool {
		ph, start := &m.phrases[p], end-int(m.all.length[p])
		hits[ph.brand] = append(hits[ph.brand], Hit{kinds[ph.kind], ph.as, at[start], beside(ph.kind, folded, start, end)})
		return true
	})
	for _, link := range links {
		m.eachDomain(link, func(ph *phrase) { hits[ph.brand] = append(hits[ph.brand], Hit{kinds[domain], ph.as, -1, ""}) })
	}
	accepted := m.Match(text, links, nil)
	var all []Finding
	for i, b := range m.brands {
		if len(hits[i]) > 0 {
			f := Finding{Brand: b, Accepted: slices.Contains(accepted, i), Hits: hits[i]}
			if !f.Accepted {
				f.Why = why(f.Hits)
			}
			all = append(all, f)
		}
	}
	return all
}

func why(hits []Hit) string {
	named := false
	for _, h := range hits {
		if h.Rejected != "" {
			continue
		}
		if h.Kind == kinds[exclude] {
			return fmt.Sprintf("the excluded phrase %q occurs", h.Phrase)
		}
		named = named || h.Kind != kinds[context]
	}
	if named {
		return "none of the required context phrases occurs"
	}
	return "no phrase stands alone"
}
