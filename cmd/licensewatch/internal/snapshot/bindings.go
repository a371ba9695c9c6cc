package snapshot

import (
	"go.yaml.in/yaml/v4"

	"licensewatch/internal/yamlnode"
	"licensewatch/license"
)

// readBindings reads the section of that name: of some orders, the machines that hang on them.
func (d *decoder) readBindings(n *yaml.Node) *license.Bindings {
	result := &license.Bindings{}
	if n.Kind != yaml.SequenceNode {
		d.Fail(n, "bindings must be a list of {ResourceId: …, LicenseId: …, Machines: […]}, not %s", yamlnode.Shape(n))
		return result
	}
	for _, element := range n.Content {
		values := d.Mapping(element, "a binding", "ResourceId", "LicenseId", "TotalCount", "Machines", "Incomplete")
		if values == nil {
			continue
		}
		var b license.Binding
		if of := values["ResourceId"]; of != nil {
			b.ResourceId = readOptional(of, "ResourceId", d.readText)
		}
		if of := values["LicenseId"]; of != nil {
			b.LicenseId = readOptional(of, "LicenseId", d.readInteger)
		}
		if b.ResourceId == nil || b.LicenseId == nil {
			d.Fail(element, "a binding needs the ResourceId and the LicenseId of its order")
		}
		if machines := values["Machines"]; machines != nil && !yamlnode.IsNull(machines) {
			b.Machines = d.readBoundMachines(machines)
		}
		b.TotalCount = int64(len(b.Machines))
		if total := values["TotalCount"]; total != nil && !yamlnode.IsNull(total) {
			b.TotalCount, _ = d.readInteger(total, "TotalCount")
		}
		if incomplete := values["Incomplete"]; incomplete != nil && !yamlnode.IsNull(incomplete) {
			b.Incomplete, _ = d.readBoolean(incomplete, "Incomplete")
		}
		result.List = append(result.List, b)
	}
	return result
}

func (d *decoder) readBoundMachines(n *yaml.Node) []license.BoundMachine {
	if n.Kind != yaml.SequenceNode {
		d.Fail(n, "Machines must be a list, not %s", yamlnode.Shape(n))
		return nil
	}
	machines := []license.BoundMachine{}
	for _, element := range n.Content {
		var m license.BoundMachine
		(&answerReader{d}).fillStruct(element, kindOf(license.SourceBindings), &m)
		machines = append(machines, m)
	}
	return machines
}

// readWords reads a list of texts.
func (d *decoder) readWords(n *yaml.Node, what string) []string {
	if yamlnode.IsNull(n) {
		return nil
	}
	if n.Kind != yaml.SequenceNode {
		d.Fail(n, "%s must be a list of texts, not %s", what, yamlnode.Shape(n))
		return nil
	}
	words := []string{}
	for _, element := range n.Content {
		if word, ok := d.readText(element, "a text in "+what); ok {
			words = append(words, word)
		}
	}
	return words
}
