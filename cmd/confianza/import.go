package main

import (
	"context"
	"log/slog"
	"os"

	"confianza/internal/daemon"
)

type importCommand struct {
	storage
	Source     string   `help:"How to read the files: as files (CSV, TSV, JSON Lines) or as twitterv1 (archives of Twitter's API v1.1)." enum:"files,twitterv1" default:"files"`
	Map        string   `help:"Which column holds what, where the well-known names do not say: text, id, author, time, brand, url, language, form, followers, revision." placeholder:"text=COLUMN,…"`
	Zone       string   `help:"The zone of times that do not say theirs." default:"UTC" placeholder:"ZONE"`
	TimeFormat string   `help:"How times are written, when not in a usual way: 02/01/2006 15:04." placeholder:"LAYOUT"`
	Country    string   `help:"Of twitterv1: your country, such as MX; tweets withheld elsewhere stay." placeholder:"CODE"`
	Files      []string `arg:"" help:"The files, plain, .gz, .bz2 or tars of them." type:"path"`
}

// Run imports.
func (i *importCommand) Run(ctx context.Context) error {
	c, err := i.load()
	if err != nil {
		return err
	}
	say := daemon.Say{Out: os.Stdout, Progress: progress()}
	task := &daemon.ImportTask{Files: i.Files, Source: i.Source, Map: i.Map, Zone: i.Zone, TimeFormat: i.TimeFormat, Country: i.Country}
	return daemon.Do(ctx, c, task, say, slog.New(slog.NewTextHandler(os.Stderr, nil)))
}
