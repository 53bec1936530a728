package files

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"confianza/collectors"
	"confianza/collectors/archive"
)

// maxFiles is how many files of a folder are watched, the newest: each has its
// place in the cursor.
const maxFiles = 2000

// entry is what the cursor remembers of a file.
type entry struct {
	Name  string        `json:"n"`
	Size  int64         `json:"s"`
	Time  int64         `json:"t"` // of its last change, in ms
	Head  archive.Head  `json:"h"`
	At    archive.Place `json:"a"`
	Whole bool          `json:"w,omitempty"` // read to its end after it had settled
}

// kept is the cursor.
type kept struct {
	Setup string  `json:"setup"`
	Files []entry `json:"files"`
}

func (c *Collector) setup() string {
	return fmt.Sprintf("%q %q %q", c.c.Map, c.c.Zone, c.c.TimeFormat)
}

// load reads a cursor. One of other settings starts over.
func (c *Collector) load(from collectors.Cursor) map[string]entry {
	known := map[string]entry{}
	var k kept
	if err := json.Unmarshal([]byte(from), &k); err != nil || k.Setup != c.setup() {
		return known
	}
	for _, e := range k.Files {
		if e.At.Text >= 0 && e.At.Offset >= 0 && e.At.Line >= 0 {
			known[e.Name] = e
		}
	}
	return known
}

// watch is one call of Collect.
type watch struct {
	c       *Collector
	format  archive.Format
	names   func([]byte) bool
	deliver collectors.Deliver

	known    map[string]entry
	looks    map[string]look
	failed   map[string]failure
	passed   []string // files of the folder that are not looked into, and why
	cursor   collectors.Cursor
	modified bool // known has changed since cursor
}

// look is what a file was like when it was last seen to change.
type look struct {
	size, time int64
	since      time.Time
}

// failure is a file that cannot be read as it is.
type failure struct {
	size, time int64
	why        string
}

// found is a file in the folder.
type found struct {
	name       string
	size, time int64
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

// list gives the files to watch, oldest first.
func (w *watch) list() ([]found, error) {
	all, err := os.ReadDir(w.c.c.Folder)
	if err != nil {
		return nil, err
	}
	w.passed = w.passed[:0]
	var files []found
	for _, d := range all {
		name := d.Name()
		at, err := os.Stat(filepath.Join(w.c.c.Folder, name)) // follows a link, which d does not
		if err != nil || !at.Mode().IsRegular() || unfinished(name) {
			continue
		}
		if !readable(name) || !utf8.ValidString(name) {
			w.passed = append(w.passed, fmt.Sprintf("files: %s: passed over: neither CSV, TSV nor JSON Lines by its name", strings.ToValidUTF8(name, "\uFFFD")))
			continue
		}
		files = append(files, found{name, at.Size(), at.ModTime().UnixMilli()})
	}
	slices.SortFunc(files, func(a, b found) int { return cmp.Or(cmp.Compare(a.time, b.time), cmp.Compare(a.name, b.name)) })
	if more := len(files) - maxFiles; more > 0 {
		w.passed = append(w.passed, fmt.Sprintf("files: %s holds %d files: the oldest %d are passed over", w.c.c.Folder, len(files), more))
		files = files[more:]
	}
	return files, nil
}

// unfinished tells names that programs give to what they still write, and
// hidden ones.
func unfinished(name string) bool {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".tmp", ".part", ".partial", ".crdownload", ".download", ".swp":
		return true
	}
	return strings.HasPrefix(name, ".") || strings.HasSuffix(name, "~")
}

func readable(name string) bool {
	name = strings.ToLower(name)
	name = strings.TrimSuffix(strings.TrimSuffix(name, ".gz"), ".bz2")
	switch filepath.Ext(name) {
	case ".csv", ".tsv", ".tab", ".txt", ".json", ".jsonl", ".ndjson", ".tar", ".tgz":
		return true
	}
	return false
}

// forget lets go of files that are no longer there.
func (w *watch) forget(files []found) {
	there := map[string]bool{}
	for _, f := range files {
		there[f.name] = true
	}
	for name := range w.known {
		if !there[name] {
			delete(w.known, name)
			w.modified = true
		}
	}
	for name := range w.looks {
		if !there[name] {
			delete(w.looks, name)
		}
	}
	for name := range w.failed {
		if !there[name] {
			delete(w.failed, name)
		}
	}
}

// look reads what is new in a file. One that changed lately may be half
// written: only its whole rows are read then, and a compressed one waits.
func (w *watch) look(ctx context.Context, f found) error {
	l := w.looks[f.name]
	if now := w.c.now(); l.since.IsZero() || l.size != f.size || l.time != f.time {
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
		w.failed[f.name] = failure{f.size, f.time, fmt.Sprintf("files: %v", err)}
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
		e.At = old.At
	}
	r := archive.Reading{
		Path: path, From: e.At, Growing: !settled, Format: w.format, Names: w.names,
		Deliver: func(ctx context.Context, b collectors.Batch, at archive.Place, _ int64) error {
			e.At = at
			w.keep(e)
			return w.end(ctx, b)
		},
	}
	e.At, err = r.Run(ctx)
	e.Whole = settled && err == nil
	w.keep(e)
	return err
}

func (w *watch) keep(e entry) {
	if w.known[e.Name] != e {
		w.known[e.Name] = e
		w.modified = true
	}
}

// end delivers a batch with the cursor after it.
func (w *watch) end(ctx context.Context, b collectors.Batch) error {
	if w.modified || w.cursor == "" {
		k := kept{Setup: w.c.setup(), Files: []entry{}}
		for _, e := range w.known {
			k.Files = append(k.Files, e)
		}
		slices.SortFunc(k.Files, func(a, b entry) int { return cmp.Compare(a.Name, b.Name) })
		next, err := json.Marshal(k)
		if err != nil {
			return fmt.Errorf("files: write the cursor: %w", err)
		}
		w.cursor, w.modified = collectors.Cursor(next), false
	}
	b.Next, b.Troubles = w.cursor, w.troubles()
	return w.deliver(ctx, b)
}

// maxTroubles bounds what is said of a folder at once.
const maxTroubles = 20

func (w *watch) troubles() []string {
	troubles := slices.Clone(w.passed)
	for _, f := range w.failed {
		troubles = append(troubles, f.why)
	}
	slices.Sort(troubles)
	if more := len(troubles) - maxTroubles; more > 0 {
		troubles = append(troubles[:maxTroubles], fmt.Sprintf("files: and %d more", more))
	}
	return troubles
}
