package store

import (
	"bytes"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
)

// A deletion is one line of the deletions' log: what was deleted, by its keyed
// hash, and when we did. On disk it has [deletionSize] bytes: kind, three
// zeros, CRC-32 (IEEE) of the rest, time in Unix milliseconds, key; numbers are
// big-endian.
type deletion struct {
	kind byte
	at   int64
	key  [16]byte
}

// What is in the log, besides its first entry: a began, whose key begins with
// how many deletions came before the log.
const (
	began        = 'L'
	postGone     = 'p'
	authorGone   = 'a'
	authorHidden = 'h'
	authorBack   = 'b'
	forgotten    = 'f'
	deletionSize = 32
)

func (d deletion) bytes() []byte {
	b := make([]byte, 8, deletionSize)
	b[0] = d.kind
	b = binary.BigEndian.AppendUint64(b, uint64(d.at))
	b = append(b, d.key[:]...)
	binary.BigEndian.PutUint32(b[4:], sumOf(b))
	return b
}

func sumOf(b []byte) uint32 {
	return crc32.Update(crc32.ChecksumIEEE(b[:1]), crc32.IEEETable, b[8:])
}

func readDeletion(b []byte) (d deletion, ok bool) {
	d.kind, d.at = b[0], int64(binary.BigEndian.Uint64(b[8:]))
	copy(d.key[:], b[16:])
	return d, bytes.ContainsRune([]byte("Lpahbf"), rune(d.kind)) && binary.BigEndian.Uint32(b[4:]) == sumOf(b)
}

// mark is how far the log was when the database last deleted: its number of
// deletions, and the last of them. A copy of the database carries its own.
type mark struct {
	n    int64
	last []byte
}

func readMark(db interface {
	QueryRow(query string, args ...any) *sql.Row
}) (m mark, err error) {
	var b []byte
	err = db.QueryRow(`SELECT value FROM fact WHERE name = 'deletions'`).Scan(&b)
	if errors.Is(err, sql.ErrNoRows) {
		return mark{}, nil
	}
	if err == nil && len(b) != 8+deletionSize {
		err = fmt.Errorf("mark of the deletions' log has %d bytes instead of %d", len(b), 8+deletionSize)
	}
	if err != nil {
		return mark{}, err
	}
	return mark{int64(binary.BigEndian.Uint64(b)), b[8:]}, nil
}

func (m mark) bytes() []byte {
	return append(binary.BigEndian.AppendUint64(nil, uint64(m.n)), m.last...)
}
