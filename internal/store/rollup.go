package store

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"math"

	"confianza/internal/mention"
)

const minuteMS, hourMS = 60_000, 3_600_000

// strand is what a rollup row counts: label numbers and the scorer's.
type strand struct{ brand, source, language, polarity, kind, scorer int64 }

func (k strand) compare(o strand) int {
	return cmp.Or(cmp.Compare(k.brand, o.brand), cmp.Compare(k.source, o.source), cmp.Compare(k.language, o.language),
		cmp.Compare(k.polarity, o.polarity), cmp.Compare(k.kind, o.kind), cmp.Compare(k.scorer, o.scorer))
}

// hour is one series' mentions per minute of one hour.
type hour [60]int64

// pack writes an hour as sixty varints; quiet minutes take one byte.
func (h *hour) pack() []byte {
	b := make([]byte, 0, 80)
	for _, n := range h {
		b = binary.AppendUvarint(b, uint64(n))
	}
	return b
}

func (h *hour) unpack(b []byte) error {
	for i := range h {
		n, size := binary.Uvarint(b)
		if size <= 0 || n > math.MaxInt64 {
			return fmt.Errorf("rollup: minute %d of a packed hour is damaged", i)
		}
		h[i], b = int64(n), b[size:]
	}
	if len(b) != 0 {
		return fmt.Errorf("rollup: %d bytes after a packed hour", len(b))
	}
	return nil
}

func (h *hour) total() (n int64) {
	for _, m := range h {
		n += m
	}
	return n
}

// tally gathers a transaction's changes, so that each row is read and written
// once.
type tally struct {
	hours   map[tallyKey]*hour
	counted map[strand]int64 // scorer left zero
	spoke   map[voice]int64  // posts counted for the first time
}

type tallyKey struct {
	strand
	hour int64
}

func newTally() *tally {
	return &tally{map[tallyKey]*hour{}, map[strand]int64{}, map[voice]int64{}}
}

// add counts n mentions at a time in Unix milliseconds; n may be negative.
func (c *tally) add(k strand, at, n int64) {
	key := tallyKey{k, floor(at, hourMS)}
	h := c.hours[key]
	if h == nil {
		h = new(hour)
		c.hours[key] = h
	}
	h[(at-key.hour*hourMS)/minuteMS] += n
}

// count adds a post under the score it carries, and to what is counted once.
func (c *tally) count(p *post) {
	for _, m := range p.mentions {
		k := p.strand(m)
		c.add(k, m.at, 1)
		if m.counted {
			continue
		}
		k.scorer = 0
		c.counted[k]++
		if v, ok := voiceOf(p.author, m.brand, m.at); ok {
			c.spoke[v]++
		}
	}
}

// addPost counts n in each brand a post names, under the score it carries.
func (c *tally) addPost(p *post, n int64) {
	for _, m := range p.mentions {
		c.add(p.strand(m), m.at, n)
	}
}

// floor divides towards the past, for times before 1970 too.
func floor(at, unit int64) int64 {
	q := at / unit
	if at%unit < 0 {
		q--
	}
	return q
}

func (c *tally) write(t *tx) error {
	changes := map[int64]int64{}
	for k, delta := range c.hours {
		if err := writeHour(t, k, delta); err != nil {
			return err
		}
		for _, n := range delta {
			changes[k.hour] += max(n, -n)
		}
	}
	for hour, n := range changes {
		if err := stale(t, hour, n); err != nil {
			return err
		}
	}
	if err := speak(t, c.spoke); err != nil {
		return err
	}
	for k, n := range c.counted {
		_, err := t.exec(`INSERT INTO counted (brand, source, language, polarity, kind, total) VALUES (?, ?, ?, ?, ?, ?)
			ON CONFLICT DO UPDATE SET total = total + excluded.total`, k.brand, k.source, k.language, k.polarity, k.kind, n)
		if err != nil {
			return err
		}
	}
	return nil
}

// totals names what was counted for the first time.
func (c *tally) totals(w *draft) []Total {
	var all []Total
	for k, n := range c.counted {
		all = append(all, Total{w.name(k.brand), w.name(k.source), w.name(k.language),
			mention.Polarity(w.name(k.polarity)), mention.Kind(w.name(k.kind)), n})
	}
	return all
}

func writeHour(t *tx, k tallyKey, delta *hour) error {
	var series int64
	args := []any{k.brand, k.source, k.language, k.polarity, k.kind, k.scorer}
	known, err := t.find(`SELECT id FROM series WHERE brand = ? AND source = ? AND language = ? AND polarity = ?
		AND kind = ? AND scorer = ?`, args, &series)
	if err != nil {
		return err
	}
	if !known {
		if series, err = t.insert(`INSERT INTO series (brand, source, language, polarity, kind, scorer)
			VALUES (?, ?, ?, ?, ?, ?)`, args...); err != nil {
			return err
		}
	}
	var h hour
	var packed []byte
	if known, err = t.find(`SELECT minutes FROM rollup WHERE series = ? AND hour = ?`, []any{series, k.hour}, &packed); err != nil {
		return err
	}
	if known {
		if err := h.unpack(packed); err != nil {
			return err
		}
	}
	for i, n := range delta {
		if h[i] += n; h[i] < 0 {
			return fmt.Errorf("rollup: series %d, hour %d, minute %d would fall to %d", series, k.hour, i, h[i])
		}
	}
	_, err = t.exec(`INSERT INTO rollup (series, hour, total, minutes) VALUES (?, ?, ?, ?)
		ON CONFLICT DO UPDATE SET total = excluded.total, minutes = excluded.minutes`, series, k.hour, h.total(), h.pack())
	return err
}

// unroll takes a post out of the rollups of every scorer version that counted
// it, and forgets the earlier ones.
func unroll(t *tx, id int64) error {
	p, err := t.post(id)
	if err != nil || p.scorer == 0 {
		return err
	}
	c := newTally()
	c.addPost(p, -1)
	rows, err := t.query(`DELETE FROM past WHERE post = ? RETURNING scorer, language, polarity`, id)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := rows.Scan(&p.scorer, &p.language, &p.polarity); err != nil {
			return err
		}
		c.addPost(p, -1)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	return c.write(t)
}
