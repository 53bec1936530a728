package remotewrite

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/klauspost/compress/snappy"
	"github.com/prometheus/prometheus/prompb"
)

// Gauges gives the samples of every series but mentions, a minute apart, of
// the minutes that end after from and not after to.
type Gauges func(ctx context.Context, from, to time.Time) ([]prompb.TimeSeries, error)

// Notes keeps up to when gauges were sent.
type Notes interface {
	Note(ctx context.Context, name string) ([]byte, error)
	SetNote(ctx context.Context, name string, value []byte) error
}

// stretch is how much time of gauges goes in one request.
const stretch = time.Hour

// gauges sends one stretch of gauges. They are sent once, as they were known
// then: what comes late changes them here, and not there. A sample that is
// refused is not sent again, since the next minute brings another.
func (s *Sender) gauges(ctx context.Context) (more bool, err error) {
	if s.Gauges == nil {
		return false, nil
	}
	now := s.now()
	from, err := s.sentUntil(ctx)
	if err != nil {
		return false, err
	}
	from = later(from, now.Add(early-s.Receiver.Window)).Truncate(time.Minute)
	to := now.Add(-settled).Truncate(time.Minute)
	if more = to.Sub(from) > stretch; more {
		to = from.Add(stretch)
	}
	if !to.After(from) {
		return false, nil
	}
	all, err := s.Gauges(ctx, from, to)
	if err != nil {
		return false, err
	}
	sent, refused := 0, 0
	var why error // as the last refusal has it
	for _, part := range parts(all, batch) {
		n := samples(part)
		err := s.postGauges(ctx, part)
		no, refusing := errors.AsType[*refusal](err)
		switch {
		case refusing:
			refused, why = refused+n, no
		case err != nil:
			return false, err
		default:
			sent += n
		}
	}
	if err := s.Notes.SetNote(ctx, s.note(), []byte(to.UTC().Format(time.RFC3339))); err != nil {
		return false, err
	}
	s.untaken = why
	s.Notify(Status{Receiver: s.Receiver.Name, Sent: sent, Refused: refused, Err: why})
	return more, nil
}

func (s *Sender) note() string { return "gauges sent to " + s.Receiver.Name }

// sentUntil is the end of the last stretch that was sent, zero at first.
func (s *Sender) sentUntil(ctx context.Context) (time.Time, error) {
	b, err := s.Notes.Note(ctx, s.note())
	if err != nil || len(b) == 0 {
		return time.Time{}, err
	}
	t, err := time.Parse(time.RFC3339, string(b))
	if err != nil {
		return t, fmt.Errorf("remote write to %s: until when gauges were sent: %w", s.Receiver.Name, err)
	}
	return t, nil
}

func (s *Sender) postGauges(ctx context.Context, part []prompb.TimeSeries) error {
	for i := range part {
		part[i].Labels = external(part[i].Labels, s.Receiver.Labels)
	}
	b, err := (&prompb.WriteRequest{Timeseries: part}).Marshal()
	if err != nil {
		return fmt.Errorf("remote write to %s: %w", s.Receiver.Name, err)
	}
	return s.request(ctx, snappy.Encode(nil, b))
}

// parts cuts series into requests of about n samples each.
func parts(all []prompb.TimeSeries, n int) (cut [][]prompb.TimeSeries) {
	for size, one := 0, []prompb.TimeSeries(nil); len(all) > 0; all = all[1:] {
		one, size = append(one, all[0]), size+len(all[0].Samples)
		if size >= n || len(all) == 1 {
			cut, one, size = append(cut, one), nil, 0
		}
	}
	return cut
}

func samples(all []prompb.TimeSeries) (n int) {
	for _, s := range all {
		n += len(s.Samples)
	}
	return n
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
