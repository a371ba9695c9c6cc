package snapshot

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"

	"go.yaml.in/yaml/v4"

	"licensewatch/internal/yamlnode"
	"licensewatch/license"
	"licensewatch/tencent"
)

// isRaw says whether a node is an answer as the API gives it: in its frame, or
// at least with its RequestId or its error.
func isRaw(n *yaml.Node) bool {
	return yamlnode.Value(n, "Response") != nil || yamlnode.Value(n, "RequestId") != nil || isRefusal(n)
}

// isRawOrders says whether a node is such an answer, or a list of them: the
// pages of the orders.
func isRawOrders(n *yaml.Node) bool {
	return isRaw(n) || n.Kind == yaml.SequenceNode && len(n.Content) > 0 && !slices.ContainsFunc(n.Content, func(page *yaml.Node) bool { return !isRaw(page) })
}

// responseFields is the part of a raw answer that holds its fields.
func responseFields(n *yaml.Node) *yaml.Node {
	if response := yamlnode.Value(n, "Response"); response != nil {
		return response
	}
	return n
}

// readRaw reads raw answers into the snapshot as the real client reads them from
// the network: fields that make no sense are unparsed, new ones are ignored, and
// a refusal is a failure.
func (d *decoder) readRaw(n *yaml.Node, source license.Source, s *license.Snapshot) {
	pages := []*yaml.Node{n}
	if n.Kind == yaml.SequenceNode {
		pages = n.Content
	}
	replay := &replayer{status: http.StatusOK}
	for _, page := range pages {
		body, err := json.Marshal(map[string]any{"Response": plainValue(responseFields(page))})
		if err != nil || len(body) > maxRaw {
			d.Fail(page, "this is no answer of the API: it is too large or too deep")
			return
		}
		replay.pages = append(replay.pages, body)
	}
	if source != license.SourceOrders && yamlnode.Value(responseFields(n), "Error") == nil && !couldBe(responseFields(n), source) {
		d.Fail(n, "this answer holds none of the fields of %s: is it another API's?", kindOf(source).api)
		return
	}
	clearSource(s, source)
	err := replay.readSource(source, s)
	var refused *tencent.APIError
	switch {
	case err == nil:
	case errors.As(err, &refused) && refused.Kind != license.FailureAnswer && refused.Kind != license.FailureInternal:
		setFailure(s, source, refused.Failure())
	case yamlnode.Value(responseFields(n), "Error") != nil:
		d.Fail(n, "%s, without a code that can be read", errorAnswerName(n))
	default:
		d.Fail(n, "this is no answer of %s", kindOf(source).api)
	}
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
