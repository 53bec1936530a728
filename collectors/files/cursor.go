package files

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"confianza/collectors"
	"confianza/collectors/archive"
)

// entry is what the cursor remembers of a file.
type entry struct {
	Name  string        `json:"n"`
	Size  int64         `json:"s"`
	Time  int64         `json:"t"` // of its last change, in ms
	Head  archive.Head  `json:"h"`
	At    archive.Place `json:"a"`
	Whole bool          `json:"w,omitempty"` // read to its end after it had settled
	Bad   int           `json:"b,omitempty"` // rows that could not be used
	First string        `json:"f,omitempty"` // of them: where and why, such as ":12: no time"
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
