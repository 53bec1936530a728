package main

import (
	"context"
	"fmt"
	"os"
	"slices"

	"confianza/internal/school"
)

type evalCommand struct {
	Spikes    evalSpikesCommand    `cmd:"" help:"Measure how well bursts are found: on the Numenta Anomaly Benchmark, or on made-up talk."`
	Drops     evalDropsCommand     `cmd:"" help:"Measure how well falls of feeling are found, on made-up talk, beside simpler rules."`
	Voices    evalVoicesCommand    `cmd:"" help:"Measure how many accounts it takes to move a day's index, on made-up crowds."`
	Episodes  evalEpisodesCommand  `cmd:"" help:"List the episodes that mentions of the past would have opened, with what they were about."`
	Sentiment evalSentimentCommand `cmd:"" help:"Measure a scorer on labelled texts: TSV without header, of language, label (neg, neu, pos), text, source and perhaps split."`
}

type evalSentimentCommand struct {
	Data       string   `required:"" help:"The labelled texts: a file, or a folder of .tsv files." placeholder:"FILE" type:"existingpath"`
	Split      []string `help:"Only rows of these splits." placeholder:"NAME"`
	Scorer     string   `help:"The scorer; see confianza score --help." placeholder:"NAME"`
	Weights    string   `help:"Weights of your own for the scorer model." placeholder:"FILE" type:"existingfile"`
	LearntFrom string   `help:"What the scorer learnt from: near-duplicates of these texts are left out." placeholder:"PATH" type:"existingpath"`
	Format     string   `help:"text or json." enum:"text,json" default:"text"`
}

// Run examines.
func (e *evalSentimentCommand) Run(ctx context.Context) error {
	rows, err := school.ReadAll(e.Data)
	if err != nil {
		return err
	}
	if len(e.Split) > 0 {
		rows = slices.DeleteFunc(rows, func(r school.Row) bool { return !slices.Contains(e.Split, r.Split) })
	}
	if len(rows) == 0 {
		return fmt.Errorf("eval: %s: no row to measure with", e.Data)
	}
	var learnt []school.Row
	if e.LearntFrom != "" {
		if learnt, err = school.ReadAll(e.LearntFrom); err != nil {
			return err
		}
	}
	exam, err := school.ExamineNamed(ctx, e.Scorer, e.Weights, rows, learnt)
	if err != nil {
		return fmt.Errorf("eval: %w", err)
	}
	if e.Format == "json" {
		return exam.JSON(os.Stdout)
	}
	return exam.Table(os.Stdout)
}
