package language

// memory remembers the sums of words: nearly all of a text were met before, and
// each has dozens of pieces. Of words that share a place the last one is
// remembered.
type memory [remembered]met

// remembered is how many words a memory holds, each in 64 bytes; a power of two.
const remembered = 1 << 13

type met struct {
	hash uint64 // of the word
	n    uint64 // of its features; 0 where nothing was met yet
	sums sums
}

// of gives the sums of a word, which are valid until the next is asked for.
func (m *memory) of(w *Weights, word []rune, hash uint64) *met {
	at := &m[(hash^hash>>32)%remembered]
	if at.hash != hash || at.n == 0 {
		*at = met{hash: hash}
		grams(word, func(row uint32) {
			at.sums.add((*[lanes]byte)(w.rows[row*lanes:]))
			at.n++
		})
	}
	return at
}

// take gives a caller a memory, and back takes it again.
func (w *Weights) take() *memory {
	w.mu.Lock()
	defer w.mu.Unlock()
	if n := len(w.idle); n > 0 {
		m := w.idle[n-1]
		w.idle = w.idle[:n-1]
		return m
	}
	return new(memory)
}

func (w *Weights) back(m *memory) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.idle = append(w.idle, m)
}
