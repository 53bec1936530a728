package main

import (
	"os"

	"confianza/internal/daemon"
)

type sourcesCommand struct{ configuration }

// Run lists the sources.
func (s *sourcesCommand) Run() error {
	c, err := s.load()
	if err != nil {
		return err
	}
	return daemon.Sources(c, os.Stdout)
}

type exampleCommand struct{}

// Run prints the example.
func (*exampleCommand) Run() error {
	_, err := os.Stdout.Write(daemon.Example())
	return err
}
