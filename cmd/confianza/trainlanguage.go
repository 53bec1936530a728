package main

import (
	"context"
	"fmt"

	"confianza/internal/school"
)

type trainLanguageCommand struct {
	Data []string `required:"" help:"Texts in known languages: folders of .tsv files, or files, as for train. Languages that are not scored are learnt too, to be told from those that are." placeholder:"DIR" type:"existingpath"`
	Seed uint64   `help:"The same texts and seed give the same weights." default:"1"`
	Out  string   `help:"The file to write." default:"languages.bin" placeholder:"FILE" type:"path"`
}

// Run trains.
func (t *trainLanguageCommand) Run(ctx context.Context) error {
	if err := writable(t.Out); err != nil {
		return fmt.Errorf("train-language: %w", err)
	}
	var rows []school.Row
	for _, path := range t.Data {
		more, err := school.ReadAll(path)
		if err != nil {
			return err
		}
		rows = append(rows, more...)
	}
	w, err := school.Languages(ctx, rows, t.Seed, progress())
	if err != nil {
		return err
	}
	if err := writeWhole(t.Out, w.Bytes()); err != nil {
		return fmt.Errorf("train-language: %w", err)
	}
	_, err = fmt.Printf("%s: %d bytes, version %s\n", t.Out, len(w.Bytes()), w.Version)
	return err
}
