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
	Out     string   `help:"The file to write." default:"model.bin" placeholder:"FILE" type:"path"`
}

// Run trains.
func (t *trainCommand) Run(ctx context.Context) error {
	rows, err := school.ReadAll(t.Data)
	if err != nil {
		return err
	}
	file, err := school.Teach(ctx, rows, school.Lesson{Sources: t.Sources, Seed: t.Seed, Progress: progress()}, os.Stdout)
	if err != nil {
		return err
	}
	if err := os.WriteFile(t.Out, file, 0o644); err != nil {
		return err
	}
	_, err = fmt.Printf("%s: %d bytes\n", t.Out, len(file))
	return err
}
