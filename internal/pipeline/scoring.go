package pipeline

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"confianza/analysis/language"
	"confianza/analysis/sentiment"
	"confianza/internal/mention"
	"confianza/internal/metrics"
	"confianza/internal/store"
)

// StageScore is the name of the stage that scores mentions.
const StageScore = "score"

const scoreBatch = 500

// Scoring is the stage that gives every mention its language and feeling.
//
// A mention whose text was gone before anyone read it is scored as unknown, so
// that it is counted. One whose text went after it was scored is passed over
// when everything is scored again: it keeps its score and its place in the
// rollups of the version that read it, and is not in those of the new version,
// which are written for what still has text. Counting it there as unknown would
// show a change of scorer as a change of mind. Whoever needs one series over
// both reads the old version until every text of the window is scored again.
type Scoring struct {
	Store    *store.Store
	Scorer   sentiment.Scorer
	Metrics  *metrics.Metrics
	Log      *slog.Logger
	Progress func(pending int64) // told after each batch; may be nil
	wake     chan struct{}
}

// NewScoring makes the stage ready to run.
func NewScoring(s *store.Store, sc sentiment.Scorer, m *metrics.Metrics, log *slog.Logger) *Scoring {
	return &Scoring{Store: s, Scorer: sc, Metrics: m, Log: log, wake: make(chan struct{}, 1)}
}

// Restore starts the scraped counters from the store's totals. Call it once,
// before any scoring.
func Restore(ctx context.Context, s *store.Store, m *metrics.Metrics) error {
	totals, err := s.Totals(ctx)
	if err != nil {
		return err
	}
	for _, t := range totals {
		m.Ingested(t.Brand, t.Source, t.Language, string(t.Polarity), string(t.Kind), t.N)
	}
	return nil
}

// Wake says that there are new mentions. It never blocks.
func (s *Scoring) Wake() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// Run scores until ctx ends. Any error is damage to our own store or scorer,
// and ends it.
func (s *Scoring) Run(ctx context.Context) error {
	for {
		if err := s.Drain(ctx); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-s.wake:
		case <-time.After(10 * time.Second): // keeps the pending gauge true while nothing comes
		}
	}
}

// Drain scores everything there is, and returns.
func (s *Scoring) Drain(ctx context.Context) error {
	again, err := s.Store.Begin(ctx, StageScore, s.Scorer.Version())
	if err != nil {
		return err
	}
	if again {
		s.Log.Info("scoring everything again with another scorer", "scorer", s.Scorer.Version())
	}
	for ctx.Err() == nil {
		n, err := s.step(ctx)
		if err != nil {
			return err
		}
		if n < scoreBatch {
			return nil
		}
	}
	return ctx.Err()
}

// step scores one batch and returns how many mentions it held.
func (s *Scoring) step(ctx context.Context) (int, error) {
	start := time.Now()
	recent, err := s.Store.Recent(ctx, StageScore, scoreBatch)
	if err != nil {
		return 0, err
	}
	if len(recent) == 0 {
		return 0, s.pending(ctx)
	}
	scored, err := s.score(ctx, recent)
	if err != nil {
		return 0, fmt.Errorf("pipeline: score %d mentions from %d on: %w", len(recent), recent[0].ID, err)
	}
	counted, err := s.Store.Done(ctx, StageScore, recent[len(recent)-1].ID, scored)
	if err != nil {
		return 0, err
	}
	for _, t := range counted {
		s.Metrics.Ingested(t.Brand, t.Source, t.Language, string(t.Polarity), string(t.Kind), t.N)
	}
	s.Metrics.Stage(StageScore, time.Since(start))
	return len(recent), s.pending(ctx)
}

func (s *Scoring) pending(ctx context.Context) error {
	n, err := s.Store.Pending(ctx, StageScore)
	if err == nil {
		s.Metrics.Pending(StageScore, n)
		if s.Progress != nil {
			s.Progress(n)
		}
	}
	return err
}

// score leaves out what has no text any more and was scored when it had one.
func (s *Scoring) score(ctx context.Context, recent []mention.Mention) ([]store.Scored, error) {
	var texts []sentiment.Text
	var out []store.Scored
	for i := range recent {
		m := &recent[i]
		lang := language.Other
		switch {
		case m.Text != "":
			lang = language.Identify(m.Text, m.Declared).Code
		case m.Scored():
			continue
		}
		texts = append(texts, sentiment.Text{Text: m.Text, Language: lang})
		out = append(out, store.Scored{ID: m.ID, Score: mention.Score{
			Language: lang, Polarity: mention.Unknown, Scorer: s.Scorer.Version()}})
	}
	scores, err := s.Scorer.Score(ctx, texts)
	if err != nil {
		return nil, err
	}
	if len(scores) != len(texts) {
		return nil, fmt.Errorf("%s gave %d scores for %d texts", s.Scorer.Version(), len(scores), len(texts))
	}
	for i, sc := range scores {
		if sc.Known && texts[i].Text != "" {
			v := &out[i].Score
			v.Polarity = mention.Polarity(sc.Label())
			v.Negative, v.Neutral, v.Positive = sc.Negative, sc.Neutral, sc.Positive
		}
	}
	return out, nil
}
