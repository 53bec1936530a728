package main

import (
	"context"
	"log/slog"
	"os"

	"confianza/internal/daemon"
)

type backupCommand struct {
	storage
	Path string `arg:"" help:"The folder to make." type:"path"`
}

// Run backs up.
func (b *backupCommand) Run(ctx context.Context) error {
	c, err := b.load()
	if err != nil {
		return err
	}
	return daemon.Do(ctx, c, &daemon.BackupTask{Path: b.Path}, daemon.Say{Out: os.Stdout}, slog.New(slog.NewTextHandler(os.Stderr, nil)))
}

type restoreCommand struct {
	From      string `required:"" help:"The folder of the backup." placeholder:"DIR" type:"existingdir"`
	Deletions string `help:"The newest deletions.log there is: of the lost store, or of a later backup." placeholder:"FILE" type:"existingfile"`
	Data      string `arg:"" help:"The empty folder to restore into." type:"path"`
}

// Run restores.
func (r *restoreCommand) Run(ctx context.Context) error {
	return daemon.Restore(ctx, r.From, r.Deletions, r.Data, os.Stdout)
}
