package match

// automaton finds every occurrence of many patterns in one pass: Aho and
// Corasick, "Efficient string matching" (1975), with failures folded into a
// dense table by byte class, so that its cost hardly depends on how many
// patterns there are.
type automaton struct {
	class   [256]uint8
	classes int
	next    []int32 // state × classes
	out     []int32 // first pattern that ends at a state, -1 for none
	suffix  []int32 // nearest state that is a suffix of this one and has a pattern, 0 for none
	more    []int32 // next pattern with the same text, -1 for none
	length  []int32 // of each pattern, in bytes
}

func newAutomaton(patterns [][]byte) *automaton {
	a := &automaton{classes: 1}
	for _, p := range patterns {
		for _, c := range p {
			if a.class[c] == 0 {
				a.class[c] = uint8(a.classes) // at most 255 of 256 bytes occur in UTF-8
				a.classes++
			}
		}
	}
	a.state()
	for i, p := range patterns {
		s := int32(0)
		for _, c := range p {
			to := int(s)*a.classes + int(a.class[c])
			if a.next[to] == 0 {
				n := a.state()
				a.next[to] = n
			}
			s = a.next[to]
		}
		a.length = append(a.length, int32(len(p)))
		a.more = append(a.more, a.out[s])
		a.out[s] = int32(i)
	}
	a.link()
	return a
}

func (a *automaton) state() int32 {
	a.next = append(a.next, make([]int32, a.classes)...)
	a.out, a.suffix = append(a.out, -1), append(a.suffix, 0)
	return int32(len(a.out) - 1)
}

// link turns the trie into an automaton, breadth first.
func (a *automaton) link() {
	fail := make([]int32, len(a.out))
	var queue []int32
	for _, s := range a.next[:a.classes] {
		if s != 0 {
			queue = append(queue, s)
		}
	}
	for len(queue) > 0 {
		s := queue[0]
		queue = queue[1:]
		f := fail[s]
		if a.suffix[s] = a.suffix[f]; a.out[f] >= 0 {
			a.suffix[s] = f
		}
		for c := range a.classes {
			to := &a.next[int(s)*a.classes+c]
			if *to == 0 {
				*to = a.next[int(f)*a.classes+c]
				continue
			}
			fail[*to] = a.next[int(f)*a.classes+c]
			queue = append(queue, *to)
		}
	}
}

// each calls f with every occurrence: the pattern and where it ends. It stops
// when f returns false.
func (a *automaton) each(text []byte, f func(pattern, end int) bool) {
	s := int32(0)
	for i, c := range text {
		s = a.next[int(s)*a.classes+int(a.class[c])]
		for o := s; o != 0; o = a.suffix[o] {
			for p := a.out[o]; p >= 0; p = a.more[p] {
				if !f(int(p), i+1) {
					return
				}
			}
		}
	}
}

// any tells whether some pattern occurs.
func (a *automaton) any(text []byte) bool {
	s := int32(0)
	for _, c := range text {
		s = a.next[int(s)*a.classes+int(a.class[c])]
		if s != 0 && (a.out[s] >= 0 || a.suffix[s] != 0) { // at 0, where most of a text is, nothing ends
			return true
		}
	}
	return false
}
