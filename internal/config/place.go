package config

import (
	"errors"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v4"
)

// misplaced is a mistake at a node.
type misplaced struct {
	node *yaml.Node
	what string
}

func (m *misplaced) Error() string { return m.what }

// mistakes are all that one reading found.
type mistakes []*misplaced

func (ms mistakes) Error() string {
	var lines []string
	for _, m := range ms[:min(len(ms), mostShown)] {
		lines = append(lines, m.what)
	}
	return strings.Join(lines, "\n")
}

// mostShown is how many mistakes are told at once: a file that is no
// configuration at all has one in every line.
const mostShown = 10

// At places an error of a value where its key stands.
func (c *Config) At(err error, key string) error { return c.at(fmt.Errorf("%s: %w", key, err), key) }

// at places an error where a path of keys leads.
func (c *Config) at(err error, path ...any) error {
	if c.root == nil {
		return fmt.Errorf("config: %w", err)
	}
	return place(c.file, find(c.root, path...), err)
}

// wrong words an error of reading: its place, and one line of what is the
// matter. The YAML library's own messages show no value, which could be a
// misplaced secret.
func wrong(file, where string, err error) error {
	if where != "" {
		where += ": "
	}
	if ms, ok := errors.AsType[mistakes](err); ok {
		var all []error
		for _, m := range ms[:min(len(ms), mostShown)] {
			all = append(all, place(file, m.node, fmt.Errorf("%s%s", where, m.what)))
		}
		return errors.Join(all...)
	}
	if y, ok := errors.AsType[*yaml.LoadError](err); ok {
		what, _, _ := strings.Cut(y.Message, "\n")
		return place(file, &yaml.Node{Line: y.Mark.Line, Column: y.Mark.Column}, fmt.Errorf("%s%s", where, what))
	}
	return fmt.Errorf("config: %s: %s%w", file, where, err)
}

func place(file string, at *yaml.Node, err error) error {
	if at == nil || at.Line == 0 {
		return fmt.Errorf("config: %s: %w", file, err)
	}
	return fmt.Errorf("config: %s:%d:%d: %w", file, at.Line, at.Column, err)
}
