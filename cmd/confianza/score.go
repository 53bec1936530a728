package main

import (
	"context"
	"os"

	"confianza/internal/daemon"
)

type scoreCommand struct {
	Scorer   string `help:"The scorer: model (eight languages), vader or cdipaolo (English)." placeholder:"NAME"`
	Weights  string `help:"Weights of your own for the scorer model, as confianza train writes them." placeholder:"FILE" type:"existingfile"`
	Language string `help:"The language of all texts, such as es; otherwise it is identified." placeholder:"CODE"`
	Explain  bool   `help:"Say which words moved each score, and how far."`
	Format   string `help:"text or jsonl." enum:"text,jsonl" default:"text"`
}

// Run scores standard input.
func (s *scoreCommand) Run(ctx context.Context) error {
	return daemon.Score(ctx, daemon.ScoreOptions{Scorer: s.Scorer, Weights: s.Weights, Language: s.Language, JSON: s.Format == "jsonl", Explain: s.Explain}, os.Stdin, os.Stdout)
}
