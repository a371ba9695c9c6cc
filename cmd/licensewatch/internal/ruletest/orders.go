package ruletest

import (
	"reflect"
	"slices"

	"go.yaml.in/yaml/v4"

	"licensewatch/cmd/licensewatch/internal/snapshot"
	"licensewatch/internal/suggest"
	"licensewatch/internal/yamlnode"
	"licensewatch/license"
)

// answerKeys are the keys of orders that are written as the API writes them.
var answerKeys = []string{"List", "TotalCount", "Incomplete", "Response", "RequestId"}

// takeChanges takes the orders out of a snapshot when they are changes of the
// base's, by name; nil when they are not.
func takeChanges(n **yaml.Node) *yaml.Node {
	whole := *n
	orders := takeKey(n, "orders")
	if orders == nil {
		return nil
	}
	if orders.Kind == yaml.MappingNode && !slices.ContainsFunc(answerKeys, func(key string) bool {
		return yamlnode.Value(orders, key) != nil
	}) {
		return orders
	}
	*n = whole
	return nil
}

// orderChanges are those that a test makes to orders of its base, by name.
type orderChanges struct{ *document }

// changeOrders changes orders of a snapshot by name; null takes an order away.
// Where the base is not known, only the fields are looked at.
func (d *orderChanges) changeOrders(s license.Snapshot, changes *yaml.Node, isKnown bool) license.Snapshot {
	var orders license.Orders
	if s.Orders != nil {
		orders = *s.Orders
	}
	orders.List = slices.Clone(orders.List)
	all, _ := d.Members(changes, "orders")
	var gone []int
	for _, e := range all {
		at, ok := 0, false
		if isKnown {
			at, ok = d.findOrder(e, orders.List)
		}
		switch {
		case yamlnode.IsNull(e.Value):
			gone = append(gone, at)
		case ok:
			d.changeOrder(&orders.List[at], e.Value)
		default:
			d.changeOrder(new(license.Order), e.Value)
		}
	}
	if s.Orders == nil || d.Problems.Any() {
		return s
	}
	slices.Sort(gone)
	for _, at := range slices.Backward(gone) {
		orders.List = slices.Delete(orders.List, at, at+1)
	}
	orders.TotalCount -= int64(len(gone))
	s.Orders = &orders
	return s
}

// changeOrder lays the fields of a mapping over an order. They are read as an
// order of their own, of which those that stand in the mapping are taken over.
func (d *orderChanges) changeOrder(o *license.Order, n *yaml.Node) {
	if yamlnode.Value(n, "Response") != nil || yamlnode.Value(n, "RequestId") != nil {
		d.Fail(n, "name the fields of the order to change; an answer of the API replaces the whole list")
		return
	}
	list := &yaml.Node{Kind: yaml.SequenceNode, Content: []*yaml.Node{n}}
	key := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: "orders"}
	alone := &yaml.Node{Kind: yaml.MappingNode, Content: []*yaml.Node{key, list}}
	s, problems := snapshot.FromNode(d.File(), alone)
	d.Add(problems...)
	if len(problems) > 0 {
		return
	}
	from, to := reflect.ValueOf(s.Orders.List[0]), reflect.ValueOf(o).Elem()
	for i := 0; i+1 < len(n.Content); i += 2 {
		name := n.Content[i].Value
		to.FieldByName(name).Set(from.FieldByName(name))
	}
}

// findOrder is the place of the order that a key names, by its ResourceId, else
// its LicenseId. Anything but one order is reported.
func (d *orderChanges) findOrder(e yamlnode.Member, list []license.Order) (int, bool) {
	var names []string
	var at []int
	for i, order := range list {
		names = append(names, order.Name())
		if names[i] == e.Key.Value {
			at = append(at, i)
		}
	}
	switch {
	case len(at) == 1:
		return at[0], true
	case len(at) > 1:
		d.Fail(e.Key, "%d orders of the base are called %s; write all orders as a list instead", len(at), e.Key.Value)
	case len(names) == 0:
		d.Fail(e.Key, "the base has no orders to change; write them as a list: orders: [{ResourceId: %s, …}]",
			e.Key.Value)
	default:
		d.Fail(e.Key, "the base has no order %s%s", e.Key.Value, meantOrder(e.Key.Value, names))
	}
	return 0, false
}

// meantOrder names the order that was meant, or all when they are few.
func meantOrder(name string, names []string) string {
	const few = 8
	if meant := suggest.DidYouMean(name, names); meant != "" || len(names) > few {
		return meant
	}
	return "; it has " + suggest.List(names, "and")
}
