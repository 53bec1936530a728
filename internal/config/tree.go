package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	"go.yaml.in/yaml/v4"
)

// most is the size of a configuration that is read, in bytes: ten thousand
// brands take about 2 MB, and a misnamed device or a log file no memory.
const most = 16 << 20

var errMost = fmt.Errorf("longer than %d MB", most>>20)

// read reads a file of at most that size.
func read(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, most+1))
	if err == nil && len(b) > most {
		err = fmt.Errorf("%s: %w", path, errMost)
	}
	return b, err
}

// parse gives the one document of a file; nil when it says nothing.
func parse(b []byte) (*yaml.Node, error) {
	if len(b) > most {
		return nil, errMost
	}
	documents := yaml.NewDecoder(bytes.NewReader(b))
	var first, second yaml.Node
	switch err := documents.Decode(&first); {
	case err == io.EOF:
		return nil, nil
	case err != nil:
		return nil, err
	}
	switch err := documents.Decode(&second); {
	case err == nil:
		return nil, errors.New("more than one document")
	case err != io.EOF:
		return nil, err
	}
	if body := first.Content[0]; body.ShortTag() != "!!null" {
		return body, nil
	}
	return nil, nil
}

// find follows keys (strings) and positions in lists (ints) from a node as
// far as they go; nil when not even the first is there.
func find(node *yaml.Node, path ...any) *yaml.Node {
	var found *yaml.Node
	for _, step := range path {
		next := child(node, step)
		if next == nil {
			break
		}
		found, node = next, next
	}
	return found
}

func child(node *yaml.Node, step any) *yaml.Node {
	if node = target(node); node == nil {
		return nil
	}
	switch node.Kind {
	case yaml.MappingNode:
		for key, value := range pairs(node) {
			if key.Value == step {
				return value
			}
		}
	case yaml.SequenceNode:
		if i, ok := step.(int); ok && i < len(node.Content) {
			return node.Content[i]
		}
	}
	return nil
}

// target is what an alias stands for, or else the node itself.
func target(node *yaml.Node) *yaml.Node {
	if node != nil && node.Kind == yaml.AliasNode {
		return node.Alias
	}
	return node
}

// pairs are the keys of a mapping with their values.
func pairs(mapping *yaml.Node) func(func(key, value *yaml.Node) bool) {
	return func(yield func(key, value *yaml.Node) bool) {
		for i := 0; i+1 < len(mapping.Content); i += 2 {
			if !yield(mapping.Content[i], mapping.Content[i+1]) {
				return
			}
		}
	}
}
