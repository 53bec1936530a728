package archive

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"confianza/collectors"
)

// Import collects from a list of files, one after another, once. It is a
// [collectors.Collector] that ends.
//
// Its cursor is a place in one of the files: an import that was killed goes
// on, and one that was finished, or has another Setup or other files, begins
// anew, which changes nothing where posts keep their ids. A file that cannot
// be read is a trouble, and the others go on; one whose columns are not those
// that were asked for ends the import before anything is read.
type Import struct {
	Source   string // prefix of errors
	Paths    []string
	Format   Format
	Setup    string                  // what else decides how records are read; with another, a cursor is not taken
	Progress func(done, total int64) // bytes of the files; may be nil
	Report   func(Report)            // for each file once it is read; may be nil
}

// ErrSetup means that a file does not fit how it is to be read, as a [Format]
// found: no retry helps.
var ErrSetup = errors.New("does not fit")

// step is the cursor of an import.
type step struct {
	Setup string `json:"setup"`
	File  int    `json:"file"`
	Head  Head   `json:"head"`
	At    Place  `json:"at"`
	Done  bool   `json:"done,omitempty"`
}

// Collect reads the files and returns nil after the last.
func (i *Import) Collect(ctx context.Context, from collectors.Cursor, want collectors.Wanted, deliver collectors.Deliver) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := i.fit(want); err != nil {
		return err
	}
	run := importing{i: i, want: want, deliver: deliver}
	for _, path := range i.Paths {
		run.sizes = append(run.sizes, size(path))
		run.total += size(path)
	}
	at := i.step(from)
	for n, path := range i.Paths {
		if n >= at.File {
			if n > at.File {
				at = step{Setup: at.Setup, File: n}
			}
			if err := run.file(ctx, path, at); err != nil {
				return err
			}
		}
		run.before += run.sizes[n]
		run.progress(0)
	}
	return run.end(ctx, collectors.Batch{}, step{Setup: i.setup(), Done: true})
}

// fit looks at the beginning of every file that can be opened.
func (i *Import) fit(want collectors.Wanted) error {
	var wrong []error
	for _, path := range i.Paths {
		if err := i.fits(path, want); errors.Is(err, ErrSetup) {
			wrong = append(wrong, i.edge(err))
		}
	}
	return errors.Join(wrong...)
}

func (i *Import) fits(path string, want collectors.Wanted) error {
	f, err := Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	t, err := f.Next()
	if err != nil {
		return err
	}
	_, err = i.Format(t, false, want.Names)
	return err
}

// edge adds whose import it is.
func (i *Import) edge(err error) error { return fmt.Errorf("%s: %w", i.Source, err) }

func (i *Import) setup() string {
	h := sha256.New()
	fmt.Fprintf(h, "%q %q", i.Setup, i.Paths)
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// step reads a cursor. One of another import begins anew.
func (i *Import) step(from collectors.Cursor) step {
	anew := step{Setup: i.setup()}
	var s step
	if err := json.Unmarshal([]byte(from), &s); err != nil || s.Setup != anew.Setup || s.Done ||
		s.File < 0 || s.File >= len(i.Paths) || s.At.Text < 0 || s.At.Offset < 0 || s.At.Line < 0 {
		return anew
	}
	if !s.Head.Begins(i.Paths[s.File]) {
		return step{Setup: s.Setup, File: s.File} // another file took its place
	}
	return s
}

// size is a file's, 0 for one that cannot be looked at.
func size(path string) int64 {
	if at, err := os.Stat(path); err == nil {
		return at.Size()
	}
	return 0
}

// importing is one call of Collect.
type importing struct {
	i             *Import
	want          collectors.Wanted
	deliver       collectors.Deliver
	sizes         []int64
	before, total int64
	troubles      []collectors.Trouble
}

func (run *importing) file(ctx context.Context, path string, at step) error {
	report := Report{Path: path}
	head, err := HeadOf(path)
	if err == nil {
		at.Head = head
		r := Reading{
			Path: path, From: at.At, Format: run.i.Format, Names: run.want.Names, Report: &report,
			Progress: run.progress,
			Deliver: func(ctx context.Context, b collectors.Batch, to Place, done int64) error {
				at.At = to
				if err := run.end(ctx, b, at); err != nil {
					return err
				}
				run.progress(done)
				return nil
			},
		}
		_, err = r.Run(ctx)
	}
	if refused, ok := errors.AsType[Refused](err); ok {
		return refused.Err
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if errors.Is(err, ErrSetup) {
		return run.i.edge(err)
	}
	if err != nil {
		report.Err = run.i.edge(err)
		run.troubles = append(run.troubles, Unread(report.Err))
	}
	if run.i.Report != nil {
		run.i.Report(report)
	}
	return nil
}

func (run *importing) end(ctx context.Context, b collectors.Batch, at step) error {
	next, err := json.Marshal(at)
	if err != nil {
		return run.i.edge(err)
	}
	b.Next, b.Troubles = collectors.Cursor(next), run.troubles
	return run.deliver(ctx, b)
}

func (run *importing) progress(done int64) {
	if run.i.Progress != nil {
		run.i.Progress(min(run.before+done, run.total), run.total)
	}
}
