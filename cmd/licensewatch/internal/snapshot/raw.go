package snapshot

import (
	"encoding/json"
	"slices"

	"go.yaml.in/yaml/v4"

	"licensewatch/internal/yamlnode"
)

// isRaw says whether a node is an answer as the API gives it: in its frame, or
// at least with its RequestId or its error.
func isRaw(n *yaml.Node) bool {
	return yamlnode.Value(n, "Response") != nil || yamlnode.Value(n, "RequestId") != nil || isRefusal(n)
}

// isRawOrders says whether a node is such an answer, or a list of them: the
// pages of the orders.
func isRawOrders(n *yaml.Node) bool {
	return isRaw(n) || n.Kind == yaml.SequenceNode && len(n.Content) > 0 &&
		!slices.ContainsFunc(n.Content, func(page *yaml.Node) bool { return !isRaw(page) })
}

// responseFields is the part of a raw answer that holds its fields.
func responseFields(n *yaml.Node) *yaml.Node {
	if response := yamlnode.Value(n, "Response"); response != nil {
		return response
	}
	return n
}

// maxRaw is the largest answer that the client reads.
const maxRaw = 1 << 20

// plainValue turns a node into what encoding/json writes. Numbers stay as they are
// written.
func plainValue(n *yaml.Node) any {
	switch n.Kind {
	case yaml.MappingNode:
		object := map[string]any{}
		for i := 0; i+1 < len(n.Content); i += 2 {
			object[n.Content[i].Value] = plainValue(n.Content[i+1])
		}
		return object
	case yaml.SequenceNode:
		list := make([]any, len(n.Content))
		for i, element := range n.Content {
			list[i] = plainValue(element)
		}
		return list
	}
	switch {
	case n.Tag == "!!null":
		return nil
	case n.Tag != "!!str" && n.Tag != "!!timestamp" && json.Valid([]byte(n.Value)):
		return json.RawMessage(n.Value)
	default:
		return n.Value
	}
}
