package config

import (
	"errors"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// errUnreadable stands for the YAML library's panics, which some nonsense
// provokes (found by fuzzing).
var errUnreadable = errors.New("not YAML that can be read")

func parse(b []byte) (tree *ast.File, err error) {
	defer func() {
		if recover() != nil {
			err = errUnreadable
		}
	}()
	return parser.ParseBytes(b, 0)
}

func decode(node ast.Node, into any) (err error) {
	defer func() {
		if recover() != nil {
			err = errUnreadable
		}
	}()
	return yaml.NodeToValue(node, into, yaml.Strict())
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

// At places an error of a value where its key stands.
func (c *Config) At(err error, key string) error { return c.at(fmt.Errorf("%s: %w", key, err), key) }

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
	if !placed(err) || !errors.As(err, &y) {
		return fmt.Errorf("config: %s: %s%w", file, where, err)
	}
	at := y.GetToken().Position
	return fmt.Errorf("config: %s:%d:%d: %s%s", file, at.Line, at.Column, where, firstLine(y.GetMessage()))
}

// placed tells whether an error of the YAML library says where it is.
func placed(err error) bool {
	var y yaml.Error
	if errors.As(err, &y) {
		return y.GetToken() != nil
	}
	_, ok := errors.AsType[*misplaced](err)
	return ok
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
