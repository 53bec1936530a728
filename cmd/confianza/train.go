package main

import (
	"context"
	"fmt"
	"os"

	"confianza/internal/school"
)

type trainCommand struct {
	Data    string   `required:"" help:"The labelled texts: a folder of .tsv files, or one." placeholder:"DIR" type:"existingpath"`
	Sources []string `help:"Only these sources, such as those under permissive terms; otherwise all that help." placeholder:"NAME"`
	Seed    uint64   `help:"The same texts and seed give the same weights." default:"1"`
	Seeds   int      `help:"How many times to hold out another part and measure on it, with seeds that follow: the figures get a mean and a standard deviation." default:"1"`
	Card    string   `help:"A model card to write the figures into, between the lines that mark them." placeholder:"FILE" type:"existingfile"`
	Out     string   `help:"The file to write." default:"model.bin" placeholder:"FILE" type:"path"`
}

// Run trains.
func (t *trainCommand) Run(ctx context.Context) error {
	rows, err := school.ReadAll(t.Data)
	if err != nil {
		return err
	}
	lesson := school.Lesson{Sources: t.Sources, Seed: t.Seed, Splits: t.Seeds, Progress: progress()}
	file, report, err := school.Teach(ctx, rows, lesson)
	if err != nil {
		return err
	}
	fmt.Print("held out of training:\n\n", report.Markdown(), "\n")
	if err := os.WriteFile(t.Out, file, 0o644); err != nil {
		return err
	}
	fmt.Printf("%s: %d bytes\n", t.Out, len(file))
	if t.Card == "" {
		return nil
	}
	return t.card(report)
}

// card writes the figures into the model card.
func (t *trainCommand) card(report *school.Report) error {
	card, err := os.ReadFile(t.Card)
	if err != nil {
		return err
	}
	written, ok := report.Card(string(card))
	if !ok {
		return fmt.Errorf("train: %s has no lines that mark where figures stand", t.Card)
	}
	return os.WriteFile(t.Card, []byte(written), 0o644)
}
