package main

import (
	"context"
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
	return daemon.Forget(ctx, c.Data, f.Source, f.Author, os.Stdout)
}
