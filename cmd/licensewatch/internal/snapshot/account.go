package snapshot

import (
	"reflect"

	"go.yaml.in/yaml/v4"

	"licensewatch/internal/yamlnode"
	"licensewatch/license"
)

// readLabels reads the labels of the account; null are those of one that no accounts file names.
func (d *decoder) readLabels(n *yaml.Node) map[string]string {
	if yamlnode.IsNull(n) {
		return nil
	}
	list, ok := d.Members(n, "labels")
	if !ok {
		return nil
	}
	labels := map[string]string{}
	for _, m := range list {
		labels[m.Key.Value], _ = d.readText(m.Value, "labels."+m.Key.Value)
	}
	return labels
}

// readFleet lays the totals of all accounts over base, which may be nil.
func (d *decoder) readFleet(n *yaml.Node, base *license.FleetTotals) *license.FleetTotals {
	if yamlnode.IsNull(n) {
		return nil
	}
	k := answerKind{name: "fleet"}
	for field := range reflect.TypeFor[license.FleetTotals]().Fields() {
		k.fields = append(k.fields, field.Name)
	}
	totals := license.FleetTotals{}
	if base != nil {
		totals = *base
	}
	(&answerReader{d}).fillStruct(n, k, &totals)
	return &totals
}
