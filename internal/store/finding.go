package store

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

// Found is what the detectors said of a brand in one minute.
type Found struct {
	Said                  bool    // false: nobody looked, and the rest is nothing
	Spike, Drop           float64 // scores, NaN while there is none; kept in hundredths up to 655
	Burst, Dropped, Risen bool    // episodes that are open
}

// FoundHour is what was found in the minutes of an hour.
type FoundHour [60]Found

const foundBytes = 5 // a minute: two scores, and bits

// Pack writes an hour as five bytes a minute: the two scores in hundredths and
// one more, 0 for none, and a byte of bits.
func (h *FoundHour) Pack() []byte {
	b := make([]byte, 0, 60*foundBytes)
	for _, f := range h {
		b = binary.LittleEndian.AppendUint16(b, hundredths(f.Spike))
		b = binary.LittleEndian.AppendUint16(b, hundredths(f.Drop))
		bits := byte(0)
		for i, on := range [...]bool{f.Said, f.Burst, f.Dropped, f.Risen} {
			if on {
				bits |= 1 << i
			}
		}
		b = append(b, bits)
	}
	return b
}

func hundredths(score float64) uint16 {
	if score != score {
		return 0
	}
	return uint16(1 + math.Round(100*min(max(score, 0), 655)))
}

func scoreOf(n uint16) float64 {
	if n == 0 {
		return math.NaN()
	}
	return float64(n-1) / 100
}

// Unpack reads what [FoundHour.Pack] wrote.
func (h *FoundHour) Unpack(b []byte) error {
	if len(b) != 60*foundBytes {
		return fmt.Errorf("findings of an hour have %d bytes", len(b))
	}
	for i := range h {
		m := b[i*foundBytes:]
		bits := m[4]
		h[i] = Found{bits&1 > 0, scoreOf(binary.LittleEndian.Uint16(m)), scoreOf(binary.LittleEndian.Uint16(m[2:])), bits&2 > 0, bits&4 > 0, bits&8 > 0}
	}
	return nil
}

// Finding is an hour's findings of a brand.
type Finding struct {
	Brand string
	Hour  int64 // Unix time / 3600
	Found *FoundHour
}

// Keep writes findings in the place of what their hours had, together with the
// notes of what found them, so that no crash sets the two apart.
func (s *Store) Keep(ctx context.Context, all []Finding, notes map[string][]byte) error {
	return s.inTx(ctx, "keep findings", func(t *tx) error {
		for _, f := range all {
			brand, err := t.words.learn(t, f.Brand)
			if err != nil {
				return err
			}
			if _, err := t.exec(`INSERT INTO finding (brand, hour, minutes) VALUES (?, ?, ?)
				ON CONFLICT DO UPDATE SET minutes = excluded.minutes`, brand, f.Hour, f.Found.Pack()); err != nil {
				return err
			}
		}
		for name, value := range notes {
			if err := setNote(t, name, value); err != nil {
				return err
			}
		}
		return nil
	})
}

// Found reads the findings of an hour; nothing was said in any minute when
// there are none.
func (s *Reader) Found(ctx context.Context, brand string, hour int64) (h FoundHour, err error) {
	var b []byte
	err = s.read.QueryRowContext(ctx, `SELECT minutes FROM finding WHERE brand = (SELECT id FROM word WHERE text = ?) AND hour = ?`, brand, hour).Scan(&b)
	if errors.Is(err, sql.ErrNoRows) {
		return h, nil
	}
	if err == nil {
		err = h.Unpack(b)
	}
	if err != nil {
		return h, s.failed("findings of "+brand, err)
	}
	return h, nil
}

// Findings calls f with a brand's findings of the hours from one to another,
// both included, oldest first.
func (v *Snapshot) Findings(ctx context.Context, brand string, from, to int64, f func(hour int64, h *FoundHour)) error {
	rows, err := v.tx.QueryContext(ctx, `SELECT hour, minutes FROM finding WHERE brand = (SELECT id FROM word WHERE text = ?)
		AND hour BETWEEN ? AND ? ORDER BY hour`, brand, from, to)
	if err != nil {
		return v.s.failed("findings", err)
	}
	defer rows.Close()
	for rows.Next() {
		var hour int64
		var b []byte
		var h FoundHour
		if err := rows.Scan(&hour, &b); err != nil {
			return v.s.failed("findings", err)
		}
		if err := h.Unpack(b); err != nil {
			return v.s.failed("findings", err)
		}
		f(hour, &h)
	}
	if err := rows.Err(); err != nil {
		return v.s.failed("findings", err)
	}
	return nil
}
