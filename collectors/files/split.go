package files

import "bytes"

// splitter cuts a row into cells by RFC 4180, leniently: a quote where none
// should be stands for itself. A row may take several lines.
type splitter struct {
	comma   byte
	literal []int // places in the first line of quotes that open nothing

	cells  [][]byte
	b      []byte // all cells' bytes; what cells point into may be an older copy
	start  int    // of the present cell in b
	state  state
	line   int // lines fed
	opened int // where in the first line the last quoted cell began, -1 elsewhere
	odd    int // the same for the first cell with a quote that neither closes it nor is doubled; -1 for none
}

type state int

const (
	atStart state = iota // of a cell
	bare
	quoted
	afterQuote // in a quoted cell: it closes the cell or is the first of two
)

// feed takes the next line, and tells whether the row is whole with it.
func (s *splitter) feed(line []byte) (whole bool) {
	if s.line++; s.line == 1 {
		s.opened, s.odd = -1, -1
	}
	for i, c := range line {
		s.take(i, c)
	}
	if s.state == quoted {
		s.b = append(s.b, '\n')
		return false
	}
	s.end()
	return true
}

func (s *splitter) take(i int, c byte) {
	switch {
	case s.state == atStart && c == '"' && !s.isLiteral(i):
		s.state, s.opened = quoted, -1
		if s.line == 1 {
			s.opened = i
		}
	case s.state <= bare && c == s.comma, s.state == afterQuote && c == s.comma:
		s.end()
	case s.state <= bare:
		s.b, s.state = append(s.b, c), bare
	case s.state == quoted && c == '"':
		s.state = afterQuote
	case s.state == quoted:
		s.b = append(s.b, c)
	case c == '"':
		s.b, s.state = append(s.b, c), quoted
	default:
		if s.odd < 0 {
			s.odd = s.opened
		}
		s.b, s.state = append(s.b, '"', c), quoted
	}
}

func (s *splitter) end() {
	s.cells = append(s.cells, s.b[s.start:len(s.b):len(s.b)])
	s.start, s.state = len(s.b), atStart
}

func (s *splitter) isLiteral(i int) bool {
	if s.line > 1 {
		return false
	}
	for _, n := range s.literal {
		if n == i {
			return true
		}
	}
	return false
}

// maxStray bounds how many stray quotes of one line are looked for.
const maxStray = 8

// splitLine cuts one line into exactly width cells, taking quotes that stand
// in the way for stray ones; nil when that cannot be done.
func splitLine(line []byte, comma byte, width int) [][]byte {
	var literal []int
	for range maxStray {
		s := splitter{comma: comma, literal: literal}
		whole := s.feed(line)
		if whole && fits(s.cells, width) {
			return s.cells[:width]
		}
		suspect := s.odd
		if suspect < 0 && !whole {
			suspect = s.opened
		}
		if suspect < 0 {
			return nil
		}
		literal = append(literal, suspect)
	}
	return nil
}

// fits lets a row have empty cells too many, as some programs write.
func fits(cells [][]byte, width int) bool {
	if len(cells) < width {
		return false
	}
	return len(bytes.Join(cells[width:], nil)) == 0
}
