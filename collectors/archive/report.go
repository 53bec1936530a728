package archive

import (
	"fmt"

	"confianza/collectors"
)

// maxBad is how many bad records of a file a [Report] names.
const maxBad = 5

// Report is what came of one file, for whoever started an import.
type Report struct {
	Path    string
	Records int                       // looked at
	Posts   int                       // of them, delivered
	Gone    int                       // removals delivered
	Dropped map[collectors.Reason]int // nil when none were
	Bad     []Bad                     // the first few that were dropped
	Err     error                     // why the file could not be read, or not to its end
}

// Bad is a record that was dropped.
type Bad struct {
	Name   string // of the file, with the member of a tar
	Line   int    // where it begins, counted from 1
	Reason collectors.Reason
	Why    string
}

// String is `posts.csv:12: 7 columns where there should be 5`.
func (b Bad) String() string { return fmt.Sprintf("%s:%d: %s", b.Name, b.Line, b.Why) }

func (r *Report) add(name string, record Record) {
	r.Records++
	switch {
	case record.Post != nil:
		r.Posts++
	case record.Gone != nil:
		r.Gone++
	case record.Dropped != "":
		if r.Dropped == nil {
			r.Dropped = map[collectors.Reason]int{}
		}
		r.Dropped[record.Dropped] += max(record.Lost, 1)
		if len(r.Bad) < maxBad {
			r.Bad = append(r.Bad, Bad{name, record.Line, record.Dropped, record.Why})
		}
	}
}

// Unread is the trouble of a file that cannot be read, or not to its end. What
// in a connection would be a cut is here a file that is damaged.
func Unread(err error) collectors.Trouble {
	if c := collectors.CauseOf(err); c == collectors.CauseDisk {
		return collectors.Trouble{Cause: c, Why: err.Error()}
	}
	return collectors.Trouble{Cause: collectors.CauseFile, Why: err.Error()}
}
