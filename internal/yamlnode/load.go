// Package yamlnode is what the readers of YAML files share: the document of a
// file as nodes, and mistakes with their places. Nodes keep the line and the
// column that values decoded into structs lose.
package yamlnode

import (
	"errors"
	"io"
	"strings"

	"go.yaml.in/yaml/v4"
)

// Fault is what the YAML parser cannot read.
type Fault struct {
	Line, Column int    // counted from 1; 0 where the parser does not say
	Context      string // what was being read; may be empty
	Message      string
}

// String is the context and the message.
func (f *Fault) String() string {
	if f.Context == "" {
		return f.Message
	}
	return f.Context + ": " + f.Message
}

// Load reads the first document of a text; it is nil when the text is empty.
// Second is where another document begins, which nobody reads; nil is nowhere. A
// fault beside a first document lies behind it.
func Load(text string) (first, second *yaml.Node, fault *Fault) {
	loader, err := yaml.NewLoader(strings.NewReader(text))
	if err != nil {
		return nil, nil, faultOf(err)
	}
	documents := make([]*yaml.Node, 2)
	for i := range documents {
		var document yaml.Node
		switch err := loader.Load(&document); {
		case errors.Is(err, io.EOF):
			return documentContent(documents[0]), nil, nil
		case err != nil:
			return documentContent(documents[0]), nil, faultOf(err)
		}
		documents[i] = &document
	}
	return documentContent(documents[0]), documents[1], nil
}

// documentContent is what a document holds; nil when that is nothing.
func documentContent(document *yaml.Node) *yaml.Node {
	if document == nil || len(document.Content) == 0 || IsNull(document.Content[0]) {
		return nil
	}
	return document.Content[0]
}

func faultOf(err error) *Fault {
	at, ok := errors.AsType[*yaml.LoadError](err)
	if !ok {
		return &Fault{Message: err.Error()}
	}
	return &Fault{Line: at.Mark.Line, Column: at.Mark.Column, Context: at.ContextMsg, Message: withoutName(at.Message)}
}

// withoutName leaves out what the parser quotes of a file, the name of an anchor. It may be a
// password that begins with a *; the place is told beside it.
func withoutName(message string) string {
	const before, after = "unknown anchor '", "' referenced"
	if strings.HasPrefix(message, before) && strings.HasSuffix(message, after) {
		return "unknown anchor referenced"
	}
	return message
}
