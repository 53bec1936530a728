package main

import (
	"os"

	"confianza/internal/trials"
)

type evalVoicesCommand struct {
	Format string `help:"text or json." enum:"text,json" default:"text"`
}

// Run measures how hard a day's index is to move.
func (e *evalVoicesCommand) Run() error { return trials.Write(os.Stdout, e.Format, trials.RunVoices()) }
