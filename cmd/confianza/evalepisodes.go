package main

import (
	"context"
	"fmt"
	"os"

	"confianza/internal/trials"
)

type evalEpisodesCommand struct {
	Data    string            `required:"" help:"A CSV file with a header." placeholder:"FILE" type:"existingfile"`
	Map     map[string]string `help:"Its columns: brand, text and time; author and reason, why a mention is negative, if it has them." placeholder:"FIELD=COLUMN;…"`
	Scorer  string            `help:"The scorer; see confianza score --help." placeholder:"NAME"`
	Weights string            `help:"Weights of your own for the scorer model." placeholder:"FILE" type:"existingfile"`
	Format  string            `help:"text or json." enum:"text,json" default:"text"`
}

// Run lists the episodes that mentions of the past would have opened.
func (e *evalEpisodesCommand) Run(ctx context.Context) error {
	c := trials.Columns{Brand: "brand", Text: "text", Time: "time"}
	for field, column := range e.Map {
		into, ok := map[string]*string{"brand": &c.Brand, "text": &c.Text, "time": &c.Time, "author": &c.Author, "reason": &c.Reason}[field]
		if !ok {
			return fmt.Errorf("eval episodes: --map: no field %q; there are author, brand, reason, text, time", field)
		}
		*into = column
	}
	all, err := trials.ReadTold(e.Data, c)
	if err != nil {
		return fmt.Errorf("eval episodes: %w", err)
	}
	r, err := trials.ReplayNamed(ctx, e.Scorer, e.Weights, all)
	if err != nil {
		return fmt.Errorf("eval episodes: %w", err)
	}
	return trials.Write(os.Stdout, e.Format, r)
}
