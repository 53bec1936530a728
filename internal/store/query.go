package store

import (
	"time"

	"confianza/internal/mention"
)

// CountQuery selects mentions to count.
type CountQuery struct {
	Brands, Sources []string      // empty means all
	Scorer          string        // a scorer's version; "" means the one the score stage works with now
	Span            mention.Span  // event time; widened to whole minutes
	Step            time.Duration // width of a bucket: a multiple of a minute
}

// Count is how many mentions of one series fell into one bucket.
type Count struct {
	At                      time.Time // start of the bucket, aligned to Step since the Unix epoch
	Brand, Source, Language string
	Polarity                mention.Polarity
	Kind                    mention.Kind
	N                       int64 // at least 1: empty buckets are left out
}

// LatestQuery selects mentions to read, newest event first.
type LatestQuery struct {
	Brand    string           // "" means any
	Polarity mention.Polarity // "" means any, unscored ones too
	Before   time.Time        // only older ones, or as old with an ID below BeforeID; zero means from the newest
	BeforeID int64
	Limit    int
}

// Total is how many mentions were ever counted under one set of labels.
type Total struct {
	Brand, Source, Language string
	Polarity                mention.Polarity
	Kind                    mention.Kind
	N                       int64
}
