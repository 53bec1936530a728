package feeds

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
)

// What an XML document may be. No real feed comes near; what goes beyond could
// exhaust the stack or the processor of the parser, which recurses into unknown
// elements, copies the namespaces in scope for each element, and puts the
// pieces of a text together one by one.
const (
	maxTokens     = 1 << 18
	maxDepth      = 100
	maxNamespaces = 50   // in scope
	maxPieces     = 1000 // of text in one element
)

var errMonster = errors.New("nested or divided beyond any feed")

// open is an element that has begun.
type open struct{ namespaces, pieces int }

// guard reads an XML document once and says why it must not be parsed.
func guard(doc []byte) error {
	d := xml.NewDecoder(bytes.NewReader(doc))
	d.Strict = false // as the parser
	stack := []open{{}}
	for range maxTokens {
		token, err := d.Token()
		switch {
		case err == io.EOF:
			return nil
		case err != nil:
			return damaged(err)
		}
		top := &stack[len(stack)-1]
		switch t := token.(type) {
		case xml.StartElement:
			stack = append(stack, open{namespaces: top.namespaces + declares(t)})
		case xml.EndElement:
			stack = stack[:len(stack)-1]
		case xml.CharData:
			top.pieces++
		}
		if top = &stack[len(stack)-1]; len(stack) > maxDepth || top.namespaces > maxNamespaces || top.pieces > maxPieces {
			return errMonster
		}
	}
	return errMonster
}

func declares(t xml.StartElement) int {
	n := 0
	for _, a := range t.Attr {
		if a.Name.Space == "xmlns" || a.Name.Local == "xmlns" {
			n++
		}
	}
	return n
}

// damaged says where, and not in the document's words.
func damaged(err error) error {
	if s, ok := errors.AsType[*xml.SyntaxError](err); ok {
		return fmt.Errorf("XML damaged in line %d", s.Line)
	}
	return errors.New("XML damaged")
}
