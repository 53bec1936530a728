package main

import (
	"context"
	"os"

	"confianza/internal/daemon"
)

type checkCommand struct {
	configuration
	Text *string `help:"A text: say which phrase matches, and why it is taken or not." placeholder:"TEXT"`
}

// Run checks.
func (c *checkCommand) Run(ctx context.Context) error {
	loaded, err := c.load()
	if err != nil {
		return err
	}
	if c.Text != nil {
		return daemon.CheckText(ctx, loaded, *c.Text, os.Stdout)
	}
	return daemon.Check(loaded, os.Stdout)
}
