package main

import (
	"errors"
	"os"

	"confianza/internal/trials"
)

type evalDropsCommand struct {
	Weeks  int    `help:"Quiet weeks of made-up talk at each volume." default:"80"`
	Falls  int    `help:"Made-up falls of each kind at each volume." default:"100"`
	Format string `help:"text or json." enum:"text,json" default:"text"`
}

// Run measures how well falls of feeling are found.
func (e *evalDropsCommand) Run() error {
	if e.Weeks < 1 || e.Falls < 1 {
		return errors.New("eval drops: --weeks and --falls begin at 1")
	}
	return trials.Write(os.Stdout, e.Format, trials.RunFalls(e.Weeks, e.Falls))
}
