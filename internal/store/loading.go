package store

import (
	"fmt"
	"slices"
	"time"

	"confianza/internal/mention"
)

// loading puts a shipment together. Its times are minutes since 1970; to is
// the first that may not be sent yet.
type loading struct {
	*tx
	receiver, scorer int64
	from, to         int64
	limit, loaded    int
	skipped          int64
}

// flight is a delta under way.
type flight struct {
	strand
	minute, slot, n int64
}

func flying(t *tx, receiver int64, where string, args ...any) ([]flight, error) {
	rows, err := t.query(`SELECT brand, source, language, polarity, kind, minute, slot, delta FROM shipment WHERE receiver = ? AND `+
		where+` ORDER BY minute, brand, source, language, polarity, kind`, append([]any{receiver}, args...)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []flight
	for rows.Next() {
		var f flight
		if err := rows.Scan(&f.brand, &f.source, &f.language, &f.polarity, &f.kind, &f.minute, &f.slot, &f.n); err != nil {
			return nil, err
		}
		all = append(all, f)
	}
	return all, rows.Err()
}

// overdue gives up what is under way and has left the window meanwhile.
func (l *loading) overdue() error {
	late, err := flying(l.tx, l.receiver, `minute < ?`, l.from)
	if err != nil || len(late) == 0 {
		return err
	}
	for _, f := range late {
		l.skipped += max(f.n, -f.n)
	}
	return settle(l.tx, l.receiver, `minute < ?`, l.from)
}

func (l *loading) waiting() ([]Delta, error) {
	all, err := flying(l.tx, l.receiver, `true`)
	if err != nil {
		return nil, err
	}
	var ds []Delta
	for _, f := range all {
		w := l.words
		ds = append(ds, Delta{w.name(f.brand), w.name(f.source), w.name(f.language), mention.Polarity(w.name(f.polarity)),
			mention.Kind(w.name(f.kind)), time.Unix(f.minute*60, 0).UTC(), int(f.slot), f.n})
	}
	return ds, nil
}

// change compares the whole window again, since another scorer's rollups are
// shown.
func (l *loading) change(since time.Time) error {
	if err := owe(l.tx, l.receiver, since); err != nil {
		return err
	}
	_, err := l.exec(`UPDATE receiver SET scorer = ? WHERE id = ?`, l.scorer, l.receiver)
	return err
}

// load compares hour by hour, oldest first, until there is enough.
func (l *loading) load() error {
	rows, err := l.query(`SELECT hour, changes FROM stale WHERE receiver = ? ORDER BY hour`, l.receiver)
	if err != nil {
		return err
	}
	defer rows.Close()
	hours := map[int64]int64{}
	var order []int64
	for rows.Next() {
		var hour, changes int64
		if err := rows.Scan(&hour, &changes); err != nil {
			return err
		}
		hours[hour], order = changes, append(order, hour)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for _, hour := range order {
		if l.loaded >= l.limit || hour*60 >= l.to {
			break
		}
		if err := l.hour(hour, hours[hour]); err != nil {
			return fmt.Errorf("hour %d: %w", hour, err)
		}
	}
	_, err = l.exec(`DELETE FROM sent WHERE receiver = ? AND hour < ?`, l.receiver, floor(l.from, 60))
	return err
}

// hour sends the differences of one hour. One that began before the window
// waits until it has left it: then what was not sent of it is told.
func (l *loading) hour(number, changes int64) error {
	series, err := l.compare(number)
	if err != nil {
		return err
	}
	gone := number*60+60 <= l.from
	var unsent int64
	for _, d := range series {
		for i := range d.now {
			minute, n := number*60+int64(i), d.now[i]-d.minutes[i]
			quiet := n == 0 && (d.samples[i] > 0 || !d.heard[i])
			switch {
			case gone:
				unsent += max(n, -n)
			case minute < l.from, minute >= l.to, quiet:
			default:
				if err := l.send(flight{d.strand, minute, d.samples[i], n}); err != nil {
					return err
				}
			}
		}
	}
	l.skipped += min(changes, unsent)
	if gone {
		l.loaded++ // years of an import are not gone through at once
	}
	if gone || number*60 >= l.from && number*60+60 <= l.to {
		_, err = l.exec(`DELETE FROM stale WHERE receiver = ? AND hour = ?`, l.receiver, number)
	}
	return err
}

func (l *loading) send(f flight) error {
	l.loaded++
	_, err := l.exec(`INSERT INTO shipment (receiver, minute, brand, source, language, polarity, kind, slot, delta)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`, l.receiver, f.minute, f.brand, f.source, f.language, f.polarity, f.kind, f.slot, f.n)
	return err
}

// compared is one series' hour as it is and as it was sent.
type compared struct {
	strand
	past
	now   hour
	heard [60]bool // the source was heard for the brand for the whole minute
}

// compare reads an hour of every series that the shown scorer ever had, or the
// receiver has of this hour.
func (l *loading) compare(number int64) ([]*compared, error) {
	heard, err := l.heard(number)
	if err != nil {
		return nil, err
	}
	unheard, err := l.unheard(number)
	if err != nil {
		return nil, err
	}
	found := map[strand]*compared{}
	at := func(k strand) *compared {
		if found[k] == nil {
			found[k] = &compared{strand: k, heard: heard[k.source]}
			for i, deaf := range unheard[[2]int64{k.source, k.brand}] {
				found[k].heard[i] = found[k].heard[i] && !deaf
			}
		}
		return found[k]
	}
	if err := l.eachStrand(`SELECT brand, source, language, polarity, kind, coalesce(minutes, x''), x'' FROM series
		LEFT JOIN rollup ON rollup.series = series.id AND hour = ? WHERE scorer = ?`,
		[]any{number, l.scorer}, func(k strand, minutes, _ []byte) error {
			if len(minutes) == 0 {
				at(k)
				return nil
			}
			return at(k).now.unpack(minutes)
		}); err != nil {
		return nil, err
	}
	if err := l.eachStrand(`SELECT brand, source, language, polarity, kind, minutes, samples FROM sent WHERE receiver = ? AND hour = ?`,
		[]any{l.receiver, number}, func(k strand, minutes, samples []byte) error { return at(k).past.unpack(minutes, samples) }); err != nil {
		return nil, err
	}
	all := make([]*compared, 0, len(found))
	for _, c := range found {
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b *compared) int { return a.strand.compare(b.strand) })
	return all, nil
}

func (l *loading) eachStrand(query string, args []any, f func(k strand, minutes, samples []byte) error) error {
	rows, err := l.query(query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var k strand
		var minutes, samples []byte
		if err := rows.Scan(&k.brand, &k.source, &k.language, &k.polarity, &k.kind, &minutes, &samples); err != nil {
			return err
		}
		if err := f(k, minutes, samples); err != nil {
			return err
		}
	}
	return rows.Err()
}

// heard tells for each source which minutes of an hour it was heard in from
// beginning to end.
func (l *loading) heard(number int64) (map[int64][60]bool, error) {
	rows, err := l.query(`SELECT source, since, until FROM cover WHERE until > ? AND since < ?`, number*hourMS, (number+1)*hourMS)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	of := map[int64][60]bool{}
	for rows.Next() {
		var source, since, until int64
		if err := rows.Scan(&source, &since, &until); err != nil {
			return nil, err
		}
		minutes := of[source]
		for i := max(0, ceil(since, minuteMS)-number*60); i < 60 && (number*60+i+1)*minuteMS <= until; i++ {
			minutes[i] = true
		}
		of[source] = minutes
	}
	return of, rows.Err()
}

// unheard tells for each source and brand in which minutes of an hour it was
// not listened for all the time.
func (l *loading) unheard(number int64) (map[[2]int64][60]bool, error) {
	rows, err := l.query(`SELECT source, brand, since, until FROM unheard WHERE until > ? AND since < ?`, number*hourMS, (number+1)*hourMS)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	of := map[[2]int64][60]bool{}
	for rows.Next() {
		var source, brand, since, until int64
		if err := rows.Scan(&source, &brand, &since, &until); err != nil {
			return nil, err
		}
		minutes := of[[2]int64{source, brand}]
		for i := range minutes {
			from := (number*60 + int64(i)) * minuteMS
			minutes[i] = minutes[i] || since < from+minuteMS && until > from
		}
		of[[2]int64{source, brand}] = minutes
	}
	return of, rows.Err()
}
