package daemon

import (
	"context"
	"fmt"
	"log/slog"

	"confianza/internal/config"
	"confianza/internal/pipeline"
	"confianza/internal/scorer"
	"confianza/internal/store"
)

// scorerOf makes the scorer of a configuration. Its errors name the place.
func scorerOf(c *config.Config) (versioned, error) {
	sc, err := scorer.Open(c.Scorer, c.Weights)
	switch {
	case err == nil:
		return versioned{sc}, nil
	case c.Weights != "":
		return versioned{}, c.At(err, "weights")
	}
	return versioned{}, c.At(err, "scorer")
}

// RescoreTask has everything that still has its text scored by another
// scorer. Scorer is the version that whoever asks means.
type RescoreTask struct{ Scorer string }

func (*RescoreTask) name() string { return "rescore" }

// Rescore does a [RescoreTask] for the scorer of c, as [Do] does a task.
func Rescore(ctx context.Context, c *config.Config, say Say, log *slog.Logger) error {
	sc, err := scorerOf(c)
	if err != nil {
		return err
	}
	return Do(ctx, c, &RescoreTask{sc.Version()}, say, log)
}

func (t *RescoreTask) run(ctx context.Context, d *desk) error {
	if d.scorer != t.Scorer {
		return fmt.Errorf("rescore: the running confianza scores with %s, this configuration means %s: have it read its configuration again (kill -HUP) first", d.scorer, t.Scorer)
	}
	was, err := d.store.Bookmark(ctx, pipeline.StageScore)
	if err != nil {
		return err
	}
	left, err := toScore(ctx, d.store, t.Scorer)
	if err != nil {
		return err
	}
	if left == 0 {
		_, err := fmt.Fprintf(d.say.Out, "Everything is scored with %s already.\n", t.Scorer)
		return err
	}
	before := was.Shown
	if before == "" || before == t.Scorer {
		fmt.Fprintf(d.say.Out, "Scoring with %s.\n", t.Scorer)
	} else {
		fmt.Fprintf(d.say.Out, "Scoring with %s; what %s gave is shown until everything is done.\n", t.Scorer, before)
	}
	if err := d.scored(ctx, d); err != nil {
		return err
	}
	_, err = fmt.Fprintf(d.say.Out, "Everything that still has its text is scored with %s; page and series show it.\n", t.Scorer)
	return err
}

// toScore is how many mentions a scorer's version has before it: all of them
// when the stage has not begun with it.
func toScore(ctx context.Context, s *store.Store, version string) (int64, error) {
	end, err := s.End(ctx)
	if err != nil {
		return 0, err
	}
	return toScoreUpTo(ctx, s, version, end)
}

// toScoreUpTo is toScore up to a position of the log.
func toScoreUpTo(ctx context.Context, s *store.Store, version string, end int64) (int64, error) {
	at, err := s.Bookmark(ctx, pipeline.StageScore)
	if err != nil {
		return 0, err
	}
	if at.Version != version {
		return end, nil
	}
	return max(0, end-at.Through), nil
}
