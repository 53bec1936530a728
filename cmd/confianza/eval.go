package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
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
	Data       string   `required:"" help:"The labelled texts: a file (gzip too), a folder of .tsv files, or - for standard input. A .csv has a header that names text, label and perhaps language." placeholder:"FILE" type:"path"`
	Split      []string `help:"Only rows of these splits." placeholder:"NAME"`
	Scorer     string   `help:"The scorer: model, vader or cdipaolo." placeholder:"NAME"`
	Weights    string   `help:"Weights of your own for the scorer model." placeholder:"FILE" type:"existingfile"`
	LearntFrom string   `help:"What the scorer learnt from, to leave out near-duplicates of these texts; otherwise by what its weights remember of them." placeholder:"PATH" type:"existingpath"`
	Card       string   `help:"A model card to write the figures of all texts into, between the lines that mark them." placeholder:"FILE" type:"existingfile"`
	Format     string   `help:"text or json." enum:"text,json" default:"text"`
}

// Run examines.
func (e *evalSentimentCommand) Run(ctx context.Context) error {
	exam, err := e.examine(ctx)
	if err != nil {
		return fmt.Errorf("eval: %w", err)
	}
	if e.Card != "" {
		name := filepath.Base(e.Data)
		if err := fill(e.Card, func(card string) (string, bool) { return exam.Card(card, name) }); err != nil {
			return fmt.Errorf("eval: %w", err)
		}
	}
	if e.Format == "json" {
		return exam.JSON(os.Stdout)
	}
	return exam.Table(os.Stdout)
}

func (e *evalSentimentCommand) examine(ctx context.Context) (*school.Exam, error) {
	sc, err := school.Scorer(e.Scorer, e.Weights)
	if err != nil {
		return nil, err
	}
	rows, err := school.ReadAll(e.Data)
	if err != nil {
		return nil, err
	}
	if len(e.Split) > 0 {
		rows = slices.DeleteFunc(rows, func(r school.Row) bool { return !slices.Contains(e.Split, r.Split) })
	}
	if len(rows) == 0 {
		return nil, fmt.Errorf("%s: no row to measure with", e.Data)
	}
	q := school.Questions{Rows: rows, Progress: progress()}
	if e.LearntFrom != "" {
		if q.Learnt, err = school.ReadAll(e.LearntFrom); err != nil {
			return nil, err
		}
		if len(q.Learnt) == 0 {
			return nil, fmt.Errorf("%s: no row that could have been learnt from", e.LearntFrom)
		}
	}
	return school.Examine(ctx, sc, q)
}
