package main

import (
	"context"
	"os"

	"confianza/internal/daemon"
)

type scoreCommand struct {
	Scorer   string `help:"The scorer: model (eight languages), vader or cdipaolo (English)." placeholder:"NAME"`
	Language string `help:"The language of all texts, such as es; otherwise it is identified." placeholder:"CODE"`
	Format   string `help:"text or jsonl." enum:"text,jsonl" default:"text"`
}

// Run scores standard input.
func (s *scoreCommand) Run(ctx context.Context) error {
	return daemon.Score(ctx, daemon.ScoreOptions{Scorer: s.Scorer, Language: s.Language, JSON: s.Format == "jsonl"}, os.Stdin, os.Stdout)
}
