package main

import (
	"context"
	"log/slog"
	"os"

	"confianza/internal/daemon"
)

type rescoreCommand struct{ storage }

// Run scores everything again.
func (r *rescoreCommand) Run(ctx context.Context) error {
	c, err := r.load()
	if err != nil {
		return err
	}
	return daemon.Rescore(ctx, c, daemon.Say{Out: os.Stdout, Progress: progress()}, slog.New(slog.NewTextHandler(os.Stderr, nil)))
}
