package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"time"

	"confianza/internal/daemon"
)

type backfillCommand struct {
	storage
	Source string `help:"One source; otherwise every one that is on and has a past." placeholder:"NAME"`
	From   string `help:"The day to begin with; otherwise 90 days ago." placeholder:"YYYY-MM-DD"`
}

// Run fetches the past.
func (b *backfillCommand) Run(ctx context.Context) error {
	c, err := b.load()
	if err != nil {
		return err
	}
	from := time.Now().UTC().AddDate(0, 0, -90).Truncate(24 * time.Hour)
	if b.From != "" {
		if from, err = time.Parse(time.DateOnly, b.From); err != nil {
			return fmt.Errorf("--from: %q is no day such as 2026-09-30", b.From)
		}
	}
	if !from.Before(time.Now()) {
		return fmt.Errorf("--from: %s is not in the past", b.From)
	}
	say := daemon.Say{Out: os.Stdout, Progress: progress()}
	return daemon.Do(ctx, c, &daemon.BackfillTask{Source: b.Source, From: from}, say, slog.New(slog.NewTextHandler(os.Stderr, nil)))
}
