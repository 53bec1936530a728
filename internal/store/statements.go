package store

import (
	"context"
	"database/sql"
	"strconv"
	"strings"
	"sync"
)

// statements keeps what the writer has prepared, from one transaction to the
// next: preparing one takes longer than running it. The queries are all ours
// and differ in a few sizes only, so that they are few.
type statements struct {
	mu    sync.Mutex
	all   map[string]*sql.Stmt // by query
	texts map[many]string
}

// many is a query with a part that is there n times.
type many struct {
	n                 int
	before, part, end string
}

// text writes a query with n parts, separated by commas; # in a part is its
// number, from 1 on.
func (s *statements) text(n int, before, part, end string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := many{n, before, part, end}
	if text, ok := s.texts[key]; ok {
		return text
	}
	var b strings.Builder
	b.WriteString(before)
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(strings.ReplaceAll(part, "#", strconv.Itoa(i+1)))
	}
	b.WriteString(end)
	if s.texts == nil {
		s.texts = map[many]string{}
	}
	s.texts[key] = b.String()
	return s.texts[key]
}

func (s *statements) find(query string) *sql.Stmt {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.all[query]
}

// keep prepares what a transaction had to prepare for itself, after its end:
// within one the only connection is taken. What cannot be prepared now will be
// next time.
func (s *statements) keep(ctx context.Context, db *sql.DB, queries []string) {
	for _, q := range queries {
		if s.find(q) != nil {
			continue
		}
		p, err := db.PrepareContext(ctx, q)
		if err != nil {
			return
		}
		if !s.add(q, p) {
			p.Close() // another writer was quicker
		}
	}
}

func (s *statements) add(query string, p *sql.Stmt) (fresh bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.all[query] != nil {
		return false
	}
	if s.all == nil {
		s.all = map[string]*sql.Stmt{}
	}
	s.all[query] = p
	return true
}
