package snapshot

import (
	"reflect"
	"time"

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

// readRunOut reads when licenses run out, as a memory foretold it; null: that is not known.
func (d *decoder) readRunOut(n *yaml.Node) *license.RunOut {
	if yamlnode.IsNull(n) {
		return nil
	}
	values := d.Mapping(n, "run_out", "Day", "MayBe", "LicenseType", "Used", "Valid")
	if values == nil {
		return nil
	}
	o := &license.RunOut{}
	if day := values["Day"]; day != nil {
		o.Day = d.readNoon(day, "Day")
	}
	if o.MayBe = o.Day; values["MayBe"] != nil {
		o.MayBe = d.readNoon(values["MayBe"], "MayBe")
	}
	if kind := values["LicenseType"]; kind != nil {
		o.LicenseType = readOptional(kind, "LicenseType", d.readInteger)
	}
	for key, field := range map[string]*int64{"Used": &o.Used, "Valid": &o.Valid} {
		if values[key] == nil {
			d.Fail(n, "run_out needs %s", key)
			continue
		}
		*field, _ = d.readInteger(values[key], key)
	}
	return o
}

// readNoon reads a day, as the noon of it, or a time.
func (d *decoder) readNoon(n *yaml.Node, what string) time.Time {
	t := d.readTime(n, what)
	if !t.IsZero() && t.Hour() == 0 && t.Minute() == 0 {
		t = t.Add(12 * time.Hour)
	}
	return t
}
