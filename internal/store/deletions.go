package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"time"
)

// deletions is the log beside the database: every deletion that erased or hid
// something, so that restoring an older backup does not undo it. It is on the
// disk before the deletion commits, so it may know of some that did not.
type deletions struct {
	file   *os.File
	before int64 // deletions that came before the log began
	n      int64 // deletions in the log
}

// openDeletions opens the log and checks that it goes as far as the database.
// Without one it begins one: which older backups that is of no use to, shows
// when one of them is restored.
func openDeletions(path string, m mark, now time.Time) (d *deletions, err error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("store: deletions: %w", onDisk(err, path))
	}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("store: deletions' log %s: %w", path, onDisk(err, path)), f.Close())
		}
	}()
	d = &deletions{file: f}
	if err := d.measure(); err != nil {
		return nil, err
	}
	if d.n < 0 {
		d.n, d.before = 0, m.n
		first := deletion{kind: began, at: now.UnixMilli()}
		binary.BigEndian.PutUint64(first.key[:], uint64(m.n))
		if err := errors.Join(d.write(0, first.bytes()), syncFolder(path)); err != nil {
			return nil, err
		}
	}
	if err := d.reaches(m); err != nil {
		return nil, err
	}
	return d, d.cut(m)
}

// cut drops what a crash left half written: nothing of it was committed.
func (d *deletions) cut(m mark) error {
	for i := max(m.n-d.before, 0) + 1; i <= d.n; i++ {
		if _, err := d.entry(i); err != nil {
			d.n = i - 1
		}
	}
	return d.file.Truncate((d.n + 1) * deletionSize)
}

// measure reads where the log begins and ends; n is -1 when it has no
// beginning. It passes over what is half written at the end.
func (d *deletions) measure() error {
	info, err := d.file.Stat()
	if err != nil {
		return err
	}
	d.n = info.Size()/deletionSize - 1
	if d.n < 0 {
		return nil
	}
	first, err := d.entry(0)
	d.before = int64(binary.BigEndian.Uint64(first.key[:]))
	if err == nil && first.kind != began {
		err = errors.New("it has no beginning")
	}
	for ; err == nil && d.n > 0; d.n-- {
		if _, err := d.entry(d.n); err == nil {
			break
		}
	}
	return err
}

// entry reads one deletion, the first of the log being 1.
func (d *deletions) entry(i int64) (deletion, error) {
	var b [deletionSize]byte
	if _, err := d.file.ReadAt(b[:], i*deletionSize); err != nil {
		return deletion{}, err
	}
	got, ok := readDeletion(b[:])
	if !ok {
		return deletion{}, fmt.Errorf("entry %d is damaged: restore the log from a backup, or move it away to begin another", i)
	}
	return got, nil
}

// checkDeletions reads a whole log that is not open.
func checkDeletions(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	d := &deletions{file: f}
	if err := d.measure(); err != nil {
		return err
	}
	for i := range d.n + 1 {
		if _, err := d.entry(i); err != nil {
			return err
		}
	}
	return nil
}

// reaches is an error when the log does not hold the deletion of a mark. A log
// that begins right after it cannot tell, and is believed.
func (d *deletions) reaches(m mark) error {
	switch i := m.n - d.before; {
	case m.n < d.before:
		return fmt.Errorf("it begins after %d deletions, the database knows of %d: those between are lost", d.before, m.n)
	case i > d.n:
		return fmt.Errorf("it ends after %d deletions, the database knows of %d: it is an older copy, or another store's", d.before+d.n, m.n)
	case i > 0:
		got, err := d.entry(i)
		if err == nil && !bytes.Equal(got.bytes(), m.last) {
			err = errors.New("it is another store's")
		}
		return err
	}
	return nil
}

// add writes a transaction's deletions, and returns once they are on the disk.
func (d *deletions) add(ds []deletion) error {
	var b []byte
	for _, x := range ds {
		b = append(b, x.bytes()...)
	}
	if err := d.write((d.n+1)*deletionSize, b); err != nil {
		return fmt.Errorf("deletions' log %s: %w", d.file.Name(), err)
	}
	d.n += int64(len(ds))
	return nil
}

func (d *deletions) write(at int64, b []byte) error {
	if _, err := d.file.WriteAt(b, at); err != nil {
		return err
	}
	return d.file.Sync()
}

// after gives the deletions that came after a mark, oldest first.
func (d *deletions) after(m mark) (ds []deletion, err error) {
	if err := d.reaches(m); err != nil {
		return nil, err
	}
	for i := m.n - d.before + 1; i <= d.n; i++ {
		x, err := d.entry(i)
		if err != nil {
			return nil, err
		}
		ds = append(ds, x)
	}
	return ds, nil
}

// end is the mark of the whole log.
func (d *deletions) end() (m mark, err error) {
	m.n = d.before + d.n
	x, err := d.entry(d.n)
	m.last = x.bytes()
	return m, err
}
