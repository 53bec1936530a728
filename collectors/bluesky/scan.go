package bluesky

import "bytes"

// scanner walks over a message once, to see whether it is a new post that no
// brand can be named in, as nearly all are: then no tree of its values is
// needed. Wherever it is not sure it says no, and [decoder.decode] looks
// properly; FuzzScan holds the two to the same answer.
type scanner struct {
	b    []byte
	at   int
	door []byte // what a brand can be named in, and perhaps more
	seen uint
	num  int64 // time_us
}

// What a scanner has seen.
const (
	sawTime uint = 1 << iota
	sawKind
	sawCommit
	sawOperation
	sawCollection
	sawRecord
	sawText
)

// where is the object that a key stands in.
type where int

const (
	message where = iota
	commit
	record
	links     // below facets or embed: any uri may be a link
	elsewhere // nothing there concerns us
)

// deepest is how deep values may nest before the scanner gives up.
const deepest = 32

// newPost tells whether b is certainly a post that was just created, and puts
// what a brand can be named in, folded not yet, into door. It is a commit, was
// made at num, and is whole JSON to its end.
func (s *scanner) newPost(b []byte) bool {
	s.b, s.at, s.door, s.seen, s.num = b, 0, s.door[:0], 0, 0
	s.space()
	if !s.object(message, deepest) {
		return false
	}
	s.space()
	const needed = sawTime | sawKind | sawCommit | sawOperation | sawCollection
	return s.at == len(b) && s.seen&needed == needed && s.num > 0
}

// once notes what may be there once only: the first would count.
func (s *scanner) once(what uint) bool {
	had := s.seen & what
	s.seen |= what
	return had == 0
}

func (s *scanner) object(in where, depth int) bool {
	if depth == 0 || !s.take('{') {
		return false
	}
	s.space()
	if s.take('}') {
		return true
	}
	for {
		key, ok := s.str()
		if !ok || bytes.IndexByte(key, '\\') >= 0 {
			return false
		}
		s.space()
		if !s.take(':') {
			return false
		}
		s.space()
		if !s.member(in, string(key), depth) {
			return false
		}
		s.space()
		if s.take('}') {
			return true
		}
		if !s.take(',') {
			return false
		}
		s.space()
	}
}

// member reads the value of a key.
func (s *scanner) member(in where, key string, depth int) bool {
	switch in {
	case message:
		switch key {
		case "time_us":
			return s.once(sawTime) && s.integer()
		case "kind":
			return s.once(sawKind) && s.is("commit")
		case "commit":
			return s.once(sawCommit) && s.object(commit, depth-1)
		}
	case commit:
		switch key {
		case "operation":
			return s.once(sawOperation) && s.is("create")
		case "collection":
			return s.once(sawCollection) && s.is(postCollection)
		case "record":
			return s.once(sawRecord) && s.object(record, depth-1)
		}
	case record:
		switch key {
		case "text":
			return s.once(sawText) && s.named()
		case "facets", "embed":
			return s.value(links, depth-1)
		}
	case links:
		if key == "uri" && s.at < len(s.b) && s.b[s.at] == '"' {
			return s.named()
		}
		return s.value(links, depth-1)
	}
	return s.value(elsewhere, depth-1)
}
