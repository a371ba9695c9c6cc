package snapshot

import (
	"cmp"
	"reflect"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"licensewatch/cmd/licensewatch/internal/yamlnode"
	"licensewatch/internal/suggest"
	"licensewatch/license"
)

// unparsed reads which fields held values that make no sense: they have none. Of
// a field of the orders, some order has none.
func (d *decoder) unparsed(n *yaml.Node, sections map[string]*yaml.Node, s *license.Snapshot) {
	if n.Kind != yaml.SequenceNode {
		d.Fail(n, "unparsed must be a list of fields such as cwp.LicenseCnt, not %s", yamlnode.Shape(n))
		return
	}
	fields := map[string][]string{}
	for _, element := range n.Content {
		name, ok := d.text(element, "a field in unparsed")
		section, field, _ := strings.Cut(name, ".")
		switch given := yamlnode.Value(content(orNothing(sections[section])), field); {
		case !ok:
		case !slices.Contains(allFields(), name):
			d.Fail(element, "there is no field %s%s", yamlnode.Quoted(name), cmp.Or(suggest.DidYouMean(name, allFields()), "; write it as in cwp.LicenseCnt"))
		case given != nil && !yamlnode.IsNull(given):
			d.Fail(element, "%s is unparsed, but it has a value in line %d", name, given.Line)
		default:
			fields[section] = append(fields[section], field)
		}
	}
	if s.Overview != nil {
		o := *s.Overview
		o.Unparsed = cleared(&o, fields[cwp.name])
		s.Overview = &o
	}
	if s.Orders != nil {
		o := *s.Orders
		o.Unparsed = fields[order.name]
		s.Orders = &o
	}
	if s.PurchaseState != nil {
		p := *s.PurchaseState
		p.Unparsed = cleared(&p, fields[tcss.name])
		s.PurchaseState = &p
	}
}

// cleared makes fields of the struct that into points to unknown, and returns
// them.
func cleared(into any, fields []string) []string {
	for _, field := range fields {
		reflect.ValueOf(into).Elem().FieldByName(field).SetZero()
	}
	return fields
}

func orNothing(n *yaml.Node) *yaml.Node {
	if n == nil {
		return &yaml.Node{}
	}
	return n
}

// allFields are the fields of all answers, as rules name them.
func allFields() []string {
	var names []string
	for _, k := range kinds() {
		for _, field := range k.fields {
			names = append(names, k.name+"."+field)
		}
	}
	return names
}

// Unparsed names the fields, as rules do, that held values which make no sense.
func Unparsed(s license.Snapshot) []string {
	var names []string
	add := func(k kind, fields []string) {
		for _, field := range fields {
			names = append(names, k.name+"."+field)
		}
	}
	if s.Overview != nil {
		add(cwp, s.Overview.Unparsed)
	}
	if s.Orders != nil {
		add(order, s.Orders.Unparsed)
	}
	if s.PurchaseState != nil {
		add(tcss, s.PurchaseState.Unparsed)
	}
	return names
}
