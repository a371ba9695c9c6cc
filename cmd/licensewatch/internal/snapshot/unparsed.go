package snapshot

import (
	"cmp"
	"reflect"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"licensewatch/internal/suggest"
	"licensewatch/internal/yamlnode"
	"licensewatch/license"
)

// readUnparsed reads which fields held values that make no sense: they have none. Of
// a field of the orders, some order has none.
func (d *decoder) readUnparsed(n *yaml.Node, sections map[string]*yaml.Node, s *license.Snapshot) {
	if n.Kind != yaml.SequenceNode {
		d.Fail(n, "unparsed must be a list of fields such as cwp.LicenseCnt, not %s", yamlnode.Shape(n))
		return
	}
	fields := map[string][]string{}
	for _, element := range n.Content {
		name, ok := d.readText(element, "a field in unparsed")
		section, field, _ := strings.Cut(name, ".")
		switch given := yamlnode.Value(responseFields(orNothing(sections[section])), field); {
		case !ok:
		case !slices.Contains(allFields(), name):
			d.Fail(element, "there is no field %s%s", yamlnode.Quoted(name), cmp.Or(suggest.DidYouMean(name, allFields()), "; write it as in cwp.LicenseCnt"))
		case given != nil && !yamlnode.IsNull(given):
			d.Fail(element, "%s is unparsed, but it has a value in line %d", name, given.Line)
		default:
			fields[section] = append(fields[section], field)
		}
	}
	for _, source := range license.Sources() {
		if answer := s.Answer(source); answer != nil {
			s.SetAnswer(source, withUnparsed(answer, fields[source.Info().Prefix]))
		}
	}
}

// withUnparsed is a copy of an answer in which fields held values that make no sense;
// those of a single struct are unknown.
func withUnparsed(answer any, fields []string) any {
	result := reflect.New(reflect.TypeOf(answer).Elem())
	result.Elem().Set(reflect.ValueOf(answer).Elem())
	for _, field := range fields {
		if v := result.Elem().FieldByName(field); v.IsValid() { // the orders have theirs
			v.SetZero()
		}
	}
	result.Elem().FieldByName("Unparsed").Set(reflect.ValueOf(fields))
	return result.Interface()
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
	for _, k := range answerKinds() {
		for _, field := range k.fields {
			names = append(names, k.name+"."+field)
		}
	}
	return names
}
