package snapshot

import (
	"go.yaml.in/yaml/v4"

	"licensewatch/internal/yamlnode"
)

// decoder reads nodes and gathers the mistakes in them.
type decoder struct{ *yamlnode.Problems }

func newDecoder(file string) *decoder { return &decoder{yamlnode.In(file)} }

// readText gives a single value as it is written: a text, or a date that YAML
// recognised as one.
func (d *decoder) readText(n *yaml.Node, what string) (string, bool) {
	if n.Kind != yaml.ScalarNode || n.Tag != "!!str" && n.Tag != "!!timestamp" {
		d.Fail(n, "%s must be a text%s, not %s", what, inQuotes(n), yamlnode.Shape(n))
		return "", false
	}
	return n.Value, true
}

// inQuotes is the hint for what would be a text in quotes.
func inQuotes(n *yaml.Node) string {
	if n.Kind != yaml.ScalarNode || yamlnode.IsNull(n) {
		return ""
	}
	return " in quotes"
}

// readWord gives a value that must be one of a few.
func (d *decoder) readWord(n *yaml.Node, what string, words ...string) (string, bool) {
	value, ok := d.readText(n, what)
	if !ok || !d.OneOf(n, what, value, words...) {
		return "", false
	}
	return value, true
}
