package files

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"confianza/collectors"
	"confianza/collectors/archive"
)

// watch is one call of Collect.
type watch struct {
	c       *Collector
	format  archive.Format
	names   func([]byte) bool
	deliver collectors.Deliver

	known    map[string]entry
	looks    map[string]look
	failed   map[string]failure
	passed   []collectors.Trouble // files of the folder that are not looked into, and why
	cursor   collectors.Cursor
	modified bool // known has changed since cursor
}

func (c *Collector) watch(format archive.Format, from collectors.Cursor, names func([]byte) bool, deliver collectors.Deliver) *watch {
	return &watch{
		c: c, format: format, names: names, deliver: deliver,
		known: c.load(from), looks: map[string]look{}, failed: map[string]failure{},
	}
}

// look is what a file was like when it was last seen to change.
type look struct {
	size, time int64
	since      time.Time
}

// failure is a file that cannot be read as it is.
type failure struct {
	size, time int64
	trouble    collectors.Trouble
}

// round looks at the folder once.
func (w *watch) round(ctx context.Context) error {
	files, err := w.list()
	if err != nil {
		return fmt.Errorf("files: %w", err)
	}
	w.forget(files)
	for _, f := range files {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := w.look(ctx, f); err != nil {
			return err
		}
	}
	return w.end(ctx, collectors.Batch{})
}

// look reads what is new in a file. One that changed lately may be half
// written: only its whole rows are read then, and a compressed one waits.
func (w *watch) look(ctx context.Context, f found) error {
	l := w.looks[f.name]
	if now := w.c.now(); l.since.IsZero() || now.Before(l.since) || l.size != f.size || l.time != f.time {
		l = look{f.size, f.time, now}
		w.looks[f.name] = l
	}
	settled := w.c.now().Sub(l.since) >= w.c.c.Settle
	e := w.known[f.name]
	same := e.Size == f.size && e.Time == f.time
	if bad, ok := w.failed[f.name]; same && e.Whole || ok && bad.size == f.size && bad.time == f.time {
		return nil
	}
	delete(w.failed, f.name)
	path := filepath.Join(w.c.c.Folder, f.name)
	if !settled && packed(path) {
		return nil
	}
	err := w.read(ctx, f, path, settled)
	if refused, ok := errors.AsType[archive.Refused](err); ok {
		return refused.Err
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil && settled {
		w.failed[f.name] = failure{f.size, f.time, archive.Unread(fmt.Errorf("files: %w", err))}
	}
	return nil
}

// packed tells whether a file can only be read as a whole. One that cannot be
// opened yet may be.
func packed(path string) bool {
	f, err := archive.Open(path)
	if err != nil {
		return true
	}
	defer f.Close()
	return f.Packed()
}

func (w *watch) read(ctx context.Context, f found, path string, settled bool) error {
	head, err := archive.HeadOf(path)
	if err != nil {
		return err
	}
	old := w.known[f.name]
	e := entry{Name: f.name, Size: f.size, Time: f.time, Head: head}
	if f.size >= old.Size && old.Head.Begins(path) {
		e.At, e.Bad, e.First = old.At, old.Bad, old.First
	}
	before, report := e, new(archive.Report)
	r := archive.Reading{
		Path: path, From: e.At, Growing: !settled, Format: w.format, Names: w.names, Report: report,
		Deliver: func(ctx context.Context, b collectors.Batch, at archive.Place, _ int64) error {
			e.At = at
			e.count(before, path, report)
			w.keep(e)
			return w.end(ctx, b)
		},
	}
	e.At, err = r.Run(ctx)
	e.Whole = settled && err == nil
	w.keep(e)
	return err
}
