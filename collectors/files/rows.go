package files

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"confianza/collectors"
	"confianza/collectors/archive"
)

// maxLines bounds how many lines a row may take.
const maxLines = 1000

// rows reads the rows of a text of separated columns.
//
// A quote that opens a cell and is never closed would take all rows after it
// for its text. So a row that goes on in the next line is given up when that
// line is a sound row by itself: then the quote was a stray one, and reading
// goes on with the next line.
type rows struct {
	t       *archive.Text
	r       *reading
	names   func([]byte) bool
	growing bool
	comma   byte
	columns int            // in each row
	at      map[string]int // field to column

	ahead []line
}

// line is one that was read but may belong to the next row.
type line struct {
	b       []byte
	number  int
	end     archive.Mark
	whole   bool // ended by a \n
	tooLong bool
}

// separated reads the header and makes the text's rows ready.
func (r *reading) separated(t *archive.Text, growing bool, names func([]byte) bool) (archive.Records, error) {
	rs := &rows{t: t, r: r, names: names, growing: growing}
	header, err := rs.peek(0)
	if err == nil && len(header.b) == 5 && bytes.HasPrefix(header.b, []byte("sep=")) { // Excel's hint
		rs.comma = header.b[4]
		rs.ahead = nil
		header, err = rs.peek(0)
	}
	if err != nil {
		return nil, err
	}
	if rs.comma == 0 {
		rs.comma = commaOf(header.b)
	}
	rs.ahead = nil
	s := splitter{comma: rs.comma}
	if !s.feed(header.b) || header.tooLong {
		return nil, fmt.Errorf("%s: the first line names no columns: %w", t.Name, archive.ErrSetup)
	}
	columns := make([]string, len(s.cells))
	for i, c := range s.cells {
		columns[i] = strings.TrimSpace(t.String(c))
	}
	rs.columns = len(columns)
	rs.at, err = r.m.place(t.Name, columns)
	return rs, err
}

// commaOf is the separator a header uses most, quoted cells left out.
func commaOf(header []byte) byte {
	counts := map[byte]int{}
	inside := false
	for _, c := range header {
		if c == '"' {
			inside = !inside
		}
		if !inside {
			counts[c]++
		}
	}
	best := byte(',')
	for _, c := range []byte{';', '\t', '|'} {
		if counts[c] > counts[best] {
			best = c
		}
	}
	return best
}

// peek looks at the nth line that was not consumed. The error is io.EOF where
// there is none, or none yet.
func (rs *rows) peek(n int) (line, error) {
	for len(rs.ahead) <= n {
		number := rs.t.Mark().Line + 1
		b, whole, err := rs.t.Line()
		if err != nil && err != archive.ErrTooLong {
			return line{}, err
		}
		rs.ahead = append(rs.ahead, line{
			b: bytes.TrimSuffix(bytes.Clone(b), []byte("\r")), number: number, end: rs.t.Mark(), whole: whole, tooLong: err != nil,
		})
	}
	if l := rs.ahead[n]; l.whole || !rs.growing {
		return l, nil
	}
	return line{}, io.EOF
}

// consume takes n lines off and says what they were.
func (rs *rows) consume(n int, record archive.Record) archive.Record {
	record.Line, record.End = rs.ahead[0].number, rs.ahead[n-1].end
	rs.ahead = rs.ahead[n:]
	return record
}

// Next gives the next row.
func (rs *rows) Next() (archive.Record, error) {
	for {
		first, err := rs.peek(0)
		switch {
		case err != nil:
			return archive.Record{}, err
		case first.tooLong:
			return rs.consume(1, drop(collectors.TooLarge, archive.ErrTooLong.Error())), nil
		case len(bytes.TrimSpace(first.b)) == 0:
			rs.consume(1, archive.Record{})
			continue
		}
		return rs.row(first)
	}
}

// row decides how many lines the row that begins in first has.
func (rs *rows) row(first line) (archive.Record, error) {
	s := splitter{comma: rs.comma}
	whole, n, size := s.feed(first.b), 1, len(first.b)
	for ; !whole && n < maxLines; n++ {
		next, err := rs.peek(n)
		if err == io.EOF && rs.growing {
			return archive.Record{}, io.EOF // the rest may come
		}
		if err != nil && err != io.EOF {
			return archive.Record{}, err
		}
		size += len(next.b)
		if err == io.EOF || next.tooLong || size > archive.MaxRecord || rs.sound(next.b) {
			break
		}
		whole = s.feed(next.b)
	}
	good := whole && fits(s.cells, rs.columns)
	if good && (n == 1 || s.odd < 0) {
		return rs.consume(n, rs.decode(s.cells)), nil
	}
	// Either the quote was a stray one, or one within the text was not doubled.
	if cells := splitLine(first.b, rs.comma, rs.columns); cells != nil && (!good || rs.timed(cells)) {
		return rs.consume(1, rs.decode(cells)), nil
	}
	if good {
		return rs.consume(n, rs.decode(s.cells)), nil
	}
	return rs.consume(1, rs.malformed(whole && n == 1, len(s.cells), size)), nil
}

func (rs *rows) malformed(whole bool, cells, size int) archive.Record {
	switch {
	case whole:
		return drop(collectors.Undecodable, fmt.Sprintf("%d columns where there should be %d", cells, rs.columns))
	case size > archive.MaxRecord:
		return drop(collectors.TooLarge, archive.ErrTooLong.Error())
	}
	return drop(collectors.Undecodable, "a quote opens a cell and nothing closes it")
}

// sound tells whether a line is a row by itself: as many cells as there should
// be, and a time where it should be. It may have a stray quote of its own.
func (rs *rows) sound(b []byte) bool {
	cells := splitLine(b, rs.comma, rs.columns)
	return cells != nil && rs.timed(cells)
}

func (rs *rows) timed(cells [][]byte) bool {
	_, ok := rs.r.time(string(cells[rs.at["time"]]))
	return ok
}

func (rs *rows) decode(cells [][]byte) archive.Record {
	// One decision for the whole row: a cell alone may say too little.
	all := rs.t.Strings(cells)
	return rs.r.decode(func(field string) string {
		if i, ok := rs.at[field]; ok {
			return all[i]
		}
		return ""
	}, rs.names)
}
