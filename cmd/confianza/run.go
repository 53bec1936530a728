package main

import (
	"context"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"confianza/internal/config"
	"confianza/internal/daemon"
)

type runCommand struct {
	storage
	Listen    string `help:"Where to serve the page (default 127.0.0.1:8321)." placeholder:"HOST:PORT"`
	Lifecycle bool   `name:"enable-lifecycle" help:"Allow POST /-/reload."`
}

func (r *runCommand) load() (*config.Config, error) {
	c, err := r.storage.load()
	if err == nil && r.Listen != "" {
		c.Web.Listen = r.Listen
	}
	return c, err
}

// Run is the daemon.
func (r *runCommand) Run(ctx context.Context) error {
	c, err := r.load()
	if err != nil {
		return err
	}
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGHUP)
	defer signal.Stop(signals)
	hup := make(chan struct{})
	go func() {
		for {
			select {
			case <-signals:
				select {
				case hup <- struct{}{}:
				case <-ctx.Done():
				}
			case <-ctx.Done():
				return
			}
		}
	}()
	return daemon.Run(ctx, daemon.Options{
		Config: c, Load: r.load, Lifecycle: r.Lifecycle, Version: version(), Hup: hup, Out: os.Stdout,
		Log: slog.New(slog.NewTextHandler(os.Stderr, nil)),
	})
}
