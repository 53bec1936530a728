package config

import (
	"errors"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
)

// Section is one source's part of the file, kept until its source reads it.
// Beside the source's own keys it may say `enabled: false`.
type Section struct {
	Enabled bool

	name, file string
	node       *ast.MappingNode // nil when there are no keys
}

// UnmarshalYAML keeps the section's keys, and reads enabled.
func (s *Section) UnmarshalYAML(node ast.Node) error {
	s.Enabled = true
	switch n := node.(type) {
	case *ast.NullNode:
		return nil
	case *ast.MappingNode:
		s.node = n
	default:
		return &misplaced{node, "a source's section is a list of keys"}
	}
	var rest []*ast.MappingValueNode
	for _, v := range s.node.Values {
		if v.Key.String() != "enabled" {
			rest = append(rest, v)
			continue
		}
		b, ok := v.Value.(*ast.BoolNode)
		if !ok {
			return &misplaced{v.Value, "enabled is true or false"}
		}
		s.Enabled = b.Value
	}
	if s.node.Values = rest; len(rest) == 0 {
		s.node = nil
	}
	return nil
}

// Decode reads the section into what its source calls its configuration,
// whose values are the defaults.
func (s *Section) Decode(into any) error {
	if s == nil || s.node == nil {
		return nil
	}
	if err := yaml.NodeToValue(s.node, into, yaml.Strict()); err != nil {
		return wrong(s.file, "sources: "+s.name, err)
	}
	return nil
}

// At places an error of the source that begins with a key, as in
// `idle: 1ms is shorter than 1s`, where the key stands.
func (s *Section) At(err error) error {
	key, _, _ := strings.Cut(err.Error(), ":")
	if s != nil && s.node != nil {
		if at := find(s.node, key); at != nil {
			return place(s.file, at, fmt.Errorf("sources: %s: %w", s.name, err))
		}
	}
	return fmt.Errorf("config: %w", err)
}

// misplaced is a mistake at a node.
type misplaced struct {
	node ast.Node
	what string
}

func (m *misplaced) Error() string { return m.what }

// find follows keys (strings) and positions in lists (ints) from a node as
// far as they go; nil when not even the first is there.
func find(node ast.Node, path ...any) ast.Node {
	var found ast.Node
	for _, step := range path {
		next := child(node, step)
		if next == nil {
			break
		}
		found, node = next, next
	}
	return found
}

func child(node ast.Node, step any) ast.Node {
	switch n := node.(type) {
	case *ast.MappingNode:
		for _, v := range n.Values {
			if v.Key.String() == step {
				return v.Value
			}
		}
	case *ast.SequenceNode:
		if i, ok := step.(int); ok && i < len(n.Values) {
			return n.Values[i]
		}
	}
	return nil
}

// at places an error where a path of keys leads.
func (c *Config) at(err error, path ...any) error {
	if c.root == nil {
		return fmt.Errorf("config: %w", err)
	}
	return place(c.file, find(c.root, path...), err)
}

func (c *Config) wrong(err error) error { return wrong(c.file, "", err) }

// wrong words an error of the YAML library: its place, and one line of what
// is the matter. It never shows the value, which could be a misplaced secret.
func wrong(file, where string, err error) error {
	if where != "" {
		where += ": "
	}
	if m, ok := errors.AsType[*misplaced](err); ok {
		return place(file, m.node, fmt.Errorf("%s%s", where, m.what))
	}
	var y yaml.Error
	if !errors.As(err, &y) || y.GetToken() == nil {
		return fmt.Errorf("config: %s: %s%w", file, where, err)
	}
	at := y.GetToken().Position
	return fmt.Errorf("config: %s:%d:%d: %s%s", file, at.Line, at.Column, where, firstLine(y.GetMessage()))
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return line
}

func place(file string, at ast.Node, err error) error {
	if at == nil || at.GetToken() == nil {
		return fmt.Errorf("config: %s: %w", file, err)
	}
	p := at.GetToken().Position
	return fmt.Errorf("config: %s:%d:%d: %w", file, p.Line, p.Column, err)
}
