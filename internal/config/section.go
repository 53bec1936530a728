package config

import (
	"fmt"
	"reflect"
	"strings"

	"go.yaml.in/yaml/v4"
)

// Section is one source's part of the file, kept until its source reads it.
// Beside the source's own keys it may say `enabled: false`.
type Section struct {
	Enabled bool

	name, file string
	whole      *yaml.Node // where the section stands
	node       *yaml.Node // its keys without enabled; nil when there are no others
}

// section keeps the section's keys, and reads enabled.
func (d *decoder) section(node *yaml.Node, s *Section) {
	s.Enabled, s.whole = true, node
	if node.Kind != yaml.MappingNode {
		d.wrong(node, "", "a source's section is a list of keys")
		return
	}
	rest := *node
	rest.Content = nil
	d.keys(node, func(key, value *yaml.Node) {
		if key.Value != "enabled" {
			rest.Content = append(rest.Content, key, value)
			return
		}
		d.value(value, reflect.ValueOf(&s.Enabled).Elem(), key.Value)
	})
	if len(rest.Content) > 0 {
		s.node = &rest
	}
}

// Decode reads the section into what its source calls its configuration,
// whose values are the defaults.
func (s *Section) Decode(into any) error {
	if s == nil || s.node == nil {
		return nil
	}
	if err := decode(s.node, into); err != nil {
		return wrong(s.file, "sources: "+s.name, err)
	}
	return nil
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
