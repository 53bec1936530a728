package main

import (
	"context"
	"log/slog"
	"os"

	"confianza/internal/daemon"
)

type forgetCommand struct {
	storage
	Source string `required:"" help:"The source the person posts at." placeholder:"S"`
	Author string `required:"" help:"The source's own id of the person, such as did:plc:…" placeholder:"NAME"`
}

// Run erases a person.
func (f *forgetCommand) Run(ctx context.Context) error {
	c, err := f.load()
	if err != nil {
		return err
	}
	task := &daemon.ForgetTask{Source: f.Source, Author: f.Author}
	return daemon.Do(ctx, c, task, daemon.Say{Out: os.Stdout}, slog.New(slog.NewTextHandler(os.Stderr, nil)))
}
