package config

import (
	"fmt"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// Section is one source's part of the file, kept until its source reads it.
// Beside the source's own keys it may say `enabled: false`.
type Section struct {
	Enabled bool

	name, file string
	whole      ast.Node         // where the section stands
	node       *ast.MappingNode // nil when there are no keys
}

// UnmarshalYAML keeps the section's keys, and reads enabled.
func (s *Section) UnmarshalYAML(node ast.Node) error {
	s.Enabled, s.whole = true, node
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
	err := decode(s.node, into)
	if err == nil {
		return nil
	}
	if !placed(err) {
		err = s.blame(into, err)
	}
	return wrong(s.file, "sources: "+s.name, err)
}

// blame finds the key of an error that does not say where it is, as those of
// durations and secrets do not.
func (s *Section) blame(into any, err error) error {
	for _, v := range s.node.Values {
		one := *s.node
		one.Values = []*ast.MappingValueNode{v}
		if err := decode(&one, into); err != nil {
			return &misplaced{v.Value, v.Key.String() + ": " + err.Error()}
		}
	}
	return err
}

// At places an error of the source that begins with a key, as in
// `idle: 1ms is shorter than 1s`, where the key stands, or else where the
// section does.
func (s *Section) At(err error) error {
	if s == nil {
		return fmt.Errorf("config: %w", err)
	}
	key, _, _ := strings.Cut(err.Error(), ":")
	at := s.whole
	if s.node != nil {
		if found := find(s.node, key); found != nil {
			at = found
		}
	}
	return place(s.file, at, fmt.Errorf("sources: %s: %w", s.name, err))
}

// Unknown says that there is no source of the section's name; there lists
// those there are.
func (s *Section) Unknown(there string) error {
	return place(s.file, s.whole, fmt.Errorf("sources: there is no source %q; there are %s", s.name, there))
}
