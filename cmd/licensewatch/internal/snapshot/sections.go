package snapshot

import (
	"slices"

	"go.yaml.in/yaml/v4"

	"licensewatch/cmd/licensewatch/internal/yamlnode"
	"licensewatch/license"
)

// Sources are all of them, in reading order.
func Sources() []license.Source {
	return []license.Source{license.SourceOverview, license.SourceOrders, license.SourcePurchaseState}
}

func isSource(source license.Source) bool { return slices.Contains(Sources(), source) }

// sectionOf is the section of a file that holds a source's answer.
func sectionOf(source license.Source) string {
	switch source {
	case license.SourceOverview:
		return "cwp"
	case license.SourceOrders:
		return "orders"
	default:
		return "tcss"
	}
}

// wanted are the sources that a snapshot tells anything about.
func wanted(s license.Snapshot) []license.Source {
	there := map[license.Source]bool{
		license.SourceOverview:      s.Overview != nil,
		license.SourceOrders:        s.Orders != nil,
		license.SourcePurchaseState: s.PurchaseState != nil,
	}
	return slices.DeleteFunc(Sources(), func(source license.Source) bool { return !there[source] && s.Failures[source] == nil })
}

// clearSource makes a source one that was not asked for.
func clearSource(s *license.Snapshot, source license.Source) {
	delete(s.Failures, source)
	switch source {
	case license.SourceOverview:
		s.Overview = nil
	case license.SourceOrders:
		s.Orders = nil
	case license.SourcePurchaseState:
		s.PurchaseState = nil
	}
}

// answers reads the sections of the three sources.
func (d *decoder) answers(sections map[string]*yaml.Node, s *license.Snapshot) {
	for _, source := range Sources() {
		n := sections[sectionOf(source)]
		switch {
		case n == nil:
		case yamlnode.IsNull(n):
			clearSource(s, source)
		case isRaw(n) || source == license.SourceOrders && isRawOrders(n):
			d.raw(n, source, s)
		default:
			delete(s.Failures, source)
			d.answer(n, source, s)
		}
	}
}

// answer lays a section over what the snapshot holds of a source.
func (d *decoder) answer(n *yaml.Node, source license.Source, s *license.Snapshot) {
	switch source {
	case license.SourceOverview:
		s.Overview = d.overview(n, s.Overview)
	case license.SourceOrders:
		s.Orders = d.orders(n, s.Orders)
	case license.SourcePurchaseState:
		s.PurchaseState = d.purchaseState(n, s.PurchaseState)
	}
}

// contradictions reports sources that failed and have an answer nevertheless.
func (d *decoder) contradictions(failed *yaml.Node, sections map[string]*yaml.Node) {
	for _, source := range Sources() {
		n, why := sections[sectionOf(source)], yamlnode.Value(failed, string(source))
		if n != nil && !yamlnode.IsNull(n) && why != nil && !yamlnode.IsNull(why) {
			d.Fail(why, "%s failed, but %s holds its answer: remove one of the two", source, sectionOf(source))
		}
	}
}

// previous reads the section of that name: the answers of the reading before.
func (d *decoder) previous(n *yaml.Node, s *license.Snapshot) {
	if yamlnode.IsNull(n) {
		s.Previous = nil
		return
	}
	sections := d.Mapping(n, "previous", "cwp", "orders", "tcss")
	if sections == nil {
		return
	}
	before := license.Snapshot{}
	if s.Previous != nil {
		before = license.Snapshot{Overview: s.Previous.Overview, Orders: s.Previous.Orders, PurchaseState: s.Previous.PurchaseState}
	}
	before.Failures = map[license.Source]*license.Failure{}
	d.answers(sections, &before)
	for source := range before.Failures {
		n := sections[sectionOf(source)]
		d.Fail(n, "%s, and previous holds what was read only: leave it out", refusal(n))
	}
	before.Failures = nil
	s.Previous = &before
}
