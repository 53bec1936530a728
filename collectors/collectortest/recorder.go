package collectortest

import (
	"context"
	"errors"
	"slices"
	"sync"

	"confianza/collectors"
)

// Recorder remembers what is delivered to it. The zero value is ready, and
// all methods may be called while a source delivers.
type Recorder struct {
	// Before, when set, sees each batch before it is recorded, with its number
	// from 0. Its error refuses the batch; its waiting is the back-pressure.
	Before func(ctx context.Context, n int, b collectors.Batch) error

	mu       sync.Mutex
	batches  []collectors.Batch
	calls    int
	inside   bool
	overlaps bool
	refused  bool
	after    bool // a delivery came after a refused one
	changed  chan struct{}
}

// Deliver is the [collectors.Deliver] to hand to a source.
func (r *Recorder) Deliver(ctx context.Context, b collectors.Batch) error {
	n, before := r.enter()
	var err error
	if before != nil {
		err = before(ctx, n, b)
	}
	r.leave(b, err)
	return err
}

func (r *Recorder) enter() (int, func(context.Context, int, collectors.Batch) error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.overlaps = r.overlaps || r.inside
	r.after = r.after || r.refused
	r.inside = true
	r.calls++
	return r.calls - 1, r.Before
}

func (r *Recorder) leave(b collectors.Batch, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.inside = false
	if err != nil {
		r.refused = true
	} else {
		// Copied, since a source may use its slices again.
		b.Posts, b.Gone, b.Back = slices.Clone(b.Posts), slices.Clone(b.Gone), slices.Clone(b.Back)
		r.batches = append(r.batches, b)
	}
	if r.changed != nil {
		close(r.changed)
		r.changed = nil
	}
}

// next is closed at the next delivery.
func (r *Recorder) next() <-chan struct{} {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.changed == nil {
		r.changed = make(chan struct{})
	}
	return r.changed
}

// misuse says how the source called Deliver as it must not.
func (r *Recorder) misuse() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case r.overlaps:
		return errors.New("delivered a batch while another was being delivered")
	case r.after:
		return errors.New("delivered again after a delivery was refused")
	}
	return nil
}

// Batches are the batches taken, in order.
func (r *Recorder) Batches() []collectors.Batch {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.batches)
}

// Posts are the posts taken, in order.
func (r *Recorder) Posts() []collectors.Post {
	var posts []collectors.Post
	for _, b := range r.Batches() {
		posts = append(posts, b.Posts...)
	}
	return posts
}

// Dropped adds up what the batches dropped.
func (r *Recorder) Dropped() map[collectors.Reason]int {
	sum := map[collectors.Reason]int{}
	for _, b := range r.Batches() {
		for reason, n := range b.Dropped {
			sum[reason] += n
		}
	}
	return sum
}

// Cursor is the last durable cursor, "" when none came.
func (r *Recorder) Cursor() collectors.Cursor {
	for _, b := range slices.Backward(r.Batches()) {
		if b.Next != "" {
			return b.Next
		}
	}
	return ""
}
