package archive

import (
	"context"
	"errors"
	"io"

	"confianza/collectors"
)

// Record is what a source makes of one record: a post or a removal, or why it
// has neither. One with nothing at all is of no concern.
type Record struct {
	Post    *collectors.Post
	Gone    *collectors.Gone
	Dropped collectors.Reason // "" when nothing was
	Lost    int               // how many were dropped; 0 means one
	Why     string            // of Dropped, in words that hold nothing of the record
	Read    bool              // it was a post, wanted or not
	Line    int               // where it begins, counted from 1
	End     Mark              // where the next begins
}

// Records gives a text's records in order. The error is io.EOF after the last;
// any other means that the text cannot be read further.
type Records interface{ Next() (Record, error) }

// Format reads the records of texts in one form. It is called at a text's
// beginning, which it may look at or read; then the text is moved to where
// reading goes on. io.EOF says that the text holds nothing. With growing, an
// unfinished record at the end is left for later. names is
// [collectors.Wanted].Names.
type Format func(t *Text, growing bool, names func([]byte) bool) (Records, error)

// Place is where reading goes on in a file.
type Place struct {
	Text int `json:"t,omitempty"` // which text of a tar, counted from 0
	Mark
}

// Bounds of a batch: posts, records looked at, bytes of text, and bytes read,
// which a restart would read again.
const (
	maxPosts   = 500
	maxRecords = 5000
	maxBytes   = 4 << 20
	maxRead    = 64 << 20
)

// Reading reads one file from a place on.
type Reading struct {
	Path    string
	From    Place
	Growing bool // an unfinished record at the end is left for later
	Format  Format
	Names   func([]byte) bool
	// Deliver is given each batch with the place after it; Done is how many
	// bytes of the file were read.
	Deliver  func(ctx context.Context, b collectors.Batch, at Place, done int64) error
	Progress func(done int64) // is told Done between deliveries too; may be nil
	Report   *Report          // is added to; may be nil

	b     collectors.Batch
	bytes int
	seen  int   // records in b
	since int64 // where b begins in its text
	at    Place
	file  *File
}

// Refused is an error of Deliver, as opposed to one of the file.
type Refused struct{ Err error }

func (r Refused) Error() string { return r.Err.Error() }

func (r Refused) Unwrap() error { return r.Err }

// Run reads to the end and says where that is. After an error of the file,
// what came before it was delivered; an error of Deliver is [Refused].
func (r *Reading) Run(ctx context.Context) (Place, error) {
	r.at = r.From
	if r.Report == nil {
		r.Report = new(Report)
	}
	r.reset()
	var err error
	if r.file, err = Open(r.Path); err != nil {
		return r.at, err
	}
	defer r.file.Close()
	r.file.f.look = func(done int64) error {
		if r.Progress != nil {
			r.Progress(done)
		}
		return ctx.Err()
	}
	err = r.texts(ctx)
	if _, ok := errors.AsType[Refused](err); ok || ctx.Err() != nil {
		return r.at, err
	}
	return r.at, errors.Join(r.flush(ctx), err)
}

func (r *Reading) texts(ctx context.Context) error {
	for n := 0; ; n++ {
		t, err := r.file.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if n < r.From.Text {
			continue
		}
		if n > r.From.Text {
			r.at = Place{Text: n}
		}
		if err := r.text(ctx, t); err != nil {
			return err
		}
	}
}

func (r *Reading) text(ctx context.Context, t *Text) error {
	records, err := r.Format(t, r.Growing, r.Names)
	if err == io.EOF {
		return nil
	}
	if err != nil {
		return err
	}
	if err := t.Skip(r.at.Mark); err != nil {
		return err
	}
	r.since = r.at.Offset
	for {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		record, err := records.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if err := r.take(ctx, t.Name, record); err != nil {
			return err
		}
	}
}

func (r *Reading) take(ctx context.Context, name string, record Record) error {
	r.at.Mark = record.End
	r.seen++
	if record.Read {
		r.b.Read++
	}
	switch {
	case record.Post != nil:
		r.b.Posts = append(r.b.Posts, *record.Post)
		r.bytes += len(record.Post.Text)
	case record.Gone != nil:
		r.b.Gone = append(r.b.Gone, *record.Gone)
	case record.Dropped != "":
		r.b.Dropped[record.Dropped] += max(record.Lost, 1)
	}
	r.Report.add(name, record)
	if len(r.b.Posts) >= maxPosts || r.seen >= maxRecords || r.bytes >= maxBytes || r.at.Offset-r.since >= maxRead {
		return r.flush(ctx)
	}
	return nil
}

func (r *Reading) flush(ctx context.Context) error {
	if r.seen == 0 {
		return nil
	}
	if err := r.Deliver(ctx, r.b, r.at, r.file.Done()); err != nil {
		return Refused{err}
	}
	r.reset()
	return nil
}

func (r *Reading) reset() {
	r.b = collectors.Batch{Dropped: map[collectors.Reason]int{}}
	r.bytes, r.seen, r.since = 0, 0, r.at.Offset
}
