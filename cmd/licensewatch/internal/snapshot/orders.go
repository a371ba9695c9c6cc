package snapshot

import (
	"reflect"
	"slices"

	"go.yaml.in/yaml/v4"

	"licensewatch/internal/yamlnode"
	"licensewatch/license"
)

// readOrders reads the section of that name, laid over base: a list of orders, or
// the list with its total as the API gives it. The orders replace those of base.
func (d *decoder) readOrders(n *yaml.Node, base *license.Orders) *license.Orders {
	result := license.Orders{}
	if base != nil {
		result = *base
	}
	if n.Kind != yaml.MappingNode {
		return d.readOrderList(n, "orders")
	}
	values := d.Mapping(n, "orders", "TotalCount", "List", "Incomplete")
	if values == nil {
		return &result
	}
	if list := values["List"]; list != nil {
		result = *d.readOrderList(list, "orders.List")
	}
	if total := values["TotalCount"]; total != nil && !yamlnode.IsNull(total) {
		result.TotalCount, _ = d.readInteger(total, "orders.TotalCount")
	}
	if incomplete := values["Incomplete"]; incomplete != nil && !yamlnode.IsNull(incomplete) {
		result.Incomplete, _ = d.readBoolean(incomplete, "orders.Incomplete")
	}
	if total := values["TotalCount"]; total != nil && !result.Incomplete && result.TotalCount != int64(len(result.List)) {
		d.Fail(total, "orders.TotalCount is %d, but the list holds %d: correct it, or write `Incomplete: true`", result.TotalCount, len(result.List))
	}
	return &result
}

// readOrderList reads a complete list of orders.
func (d *decoder) readOrderList(n *yaml.Node, what string) *license.Orders {
	result := &license.Orders{}
	switch {
	case yamlnode.IsNull(n):
		return result
	case n.Kind != yaml.SequenceNode:
		d.Fail(n, "%s must be a list, not %s", what, yamlnode.Shape(n))
		return result
	}
	for _, element := range n.Content {
		var o license.Order
		d.fillStruct(element, kindOf(license.SourceOrders), &o)
		result.List = append(result.List, o)
	}
	result.TotalCount = int64(len(result.List))
	return result
}

// readFields reads the section of a source whose answer is one struct, laid over base,
// which may be nil.
func (d *decoder) readFields(n *yaml.Node, source license.Source, base any) any {
	k := kindOf(source)
	result := reflect.New(source.Info().Shape())
	if base != nil {
		result.Elem().Set(reflect.ValueOf(base).Elem())
	}
	unparsed := result.Elem().FieldByName("Unparsed").Addr().Interface().(*[]string)
	*unparsed = withoutWords(*unparsed, d.fillStruct(n, k, result.Interface()))
	return result.Interface()
}

// withoutWords is the list without some of its words; the list itself stays as it
// is.
func withoutWords(list, words []string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return slices.Contains(words, s) })
}
