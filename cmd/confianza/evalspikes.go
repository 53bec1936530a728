package main

import (
	"errors"
	"os"

	"confianza/internal/trials"
	"confianza/internal/trials/nab"
)

type evalSpikesCommand struct {
	NAB      string   `help:"A folder of the Numenta Anomaly Benchmark: labels, and series by category. Without it, made-up talk." placeholder:"DIR" type:"existingdir"`
	Category []string `help:"Only these categories." placeholder:"NAME"`
	Scores   string   `help:"Write what is said of each row into this folder, a CSV a series: timestamp, value, anomaly_score." placeholder:"DIR"`
	Weeks    int      `help:"Quiet weeks of made-up talk at each volume." default:"40"`
	Bursts   int      `help:"Made-up bursts of each size at each volume." default:"20"`
	Format   string   `help:"text or json." enum:"text,json" default:"text"`
}

// Run measures how well bursts are found.
func (e *evalSpikesCommand) Run() error {
	if e.NAB == "" {
		if e.Scores != "" || len(e.Category) > 0 {
			return errors.New("eval spikes: --scores and --category are for --nab")
		}
		if e.Weeks < 1 || e.Bursts < 1 {
			return errors.New("eval spikes: --weeks and --bursts begin at 1")
		}
		return trials.Write(os.Stdout, e.Format, trials.RunBursts(e.Weeks, e.Bursts))
	}
	all, err := nab.Read(e.NAB, e.Category...)
	if err != nil {
		return err
	}
	if e.Scores != "" {
		if err := trials.WriteScores(e.Scores, all); err != nil {
			return err
		}
	}
	return trials.Write(os.Stdout, e.Format, trials.RunBenchmarks(all))
}
