package ruletest

import (
	"strings"

	"go.yaml.in/yaml/v4"

	"licensewatch/internal/yamlnode"
)

// MaxFile is how many bytes a test file may have.
const MaxFile = 1 << 20

// document is a test file and the mistakes found in it.
type document struct{ *yamlnode.Problems }

// begins says how a test file begins, for those that do not.
const begins = "a test file begins with `version: 1`"

// readRoot reads the only document of the file; nil when there is none to go on
// with.
func (d *document) readRoot(text string) *yaml.Node {
	if len(text) > MaxFile {
		d.FailAt(1, 1, "the file has %d bytes; a test file has at most %d", len(text), MaxFile)
		return nil
	}
	root := d.Document(text, "put all tests into one", begins, nil)
	if root == nil || d.refuseFeatures(root) {
		return nil
	}
	return root
}

// refuseFeatures reports the parts of YAML that a test file has no use for: tags,
// anchors and aliases. It says whether there are any.
func (d *document) refuseFeatures(n *yaml.Node) bool {
	refused := true
	switch {
	case n.Kind == yaml.AliasNode:
		d.Fail(n, "aliases (*%s) are not supported; write the value out", n.Value)
	case n.Tag != "" && !strings.HasPrefix(n.Tag, "!!"):
		d.Fail(n, "YAML reads a ! here as a tag; quote a text that begins with !")
	case n.Anchor != "":
		d.Fail(n, "anchors (&%s) are not supported; write the value where it is used, or once at the top of the file",
			n.Anchor)
	default:
		refused = false
	}
	for _, child := range n.Content {
		refused = d.refuseFeatures(child) || refused
	}
	return refused
}
