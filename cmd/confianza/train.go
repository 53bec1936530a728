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
	if err := writable(t.Out); err != nil {
		return fmt.Errorf("train: %w", err)
	}
	rows, err := school.ReadAll(t.Data)
	if err != nil {
		return fmt.Errorf("train: %w", err)
	}
	lesson := school.Lesson{Sources: t.Sources, Seed: t.Seed, Splits: t.Seeds, Progress: progress()}
	file, report, err := school.Teach(ctx, rows, lesson)
	if err != nil {
		return err
	}
	fmt.Print("held out of training:\n\n", report.Markdown(), "\n")
	if err := writeWhole(t.Out, file); err != nil {
		return fmt.Errorf("train: %w", err)
	}
	fmt.Printf("%s: %d bytes\n", t.Out, len(file))
	if t.Card == "" {
		return nil
	}
	if err := fill(t.Card, report.Card); err != nil {
		return fmt.Errorf("train: %w", err)
	}
	return nil
}

// fill writes figures into a model card.
func fill(path string, figures func(card string) (string, bool)) error {
	card, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	written, ok := figures(string(card))
	if !ok {
		return fmt.Errorf("%s has no lines that mark where figures stand", path)
	}
	return writeWhole(path, []byte(written))
}
