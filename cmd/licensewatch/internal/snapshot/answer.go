package snapshot

import (
	"reflect"
	"slices"
	"strconv"

	"go.yaml.in/yaml/v4"

	"licensewatch/internal/suggest"
	"licensewatch/internal/yamlnode"
	"licensewatch/license"
)

// answerKind is an answer of the API, or a part of one: its name in the rules, and the API
// it comes from.
type answerKind struct {
	name, api string
	fields    []string
}

// kindOf is what a source answers.
func kindOf(source license.Source) answerKind {
	info := source.Info()
	k := answerKind{name: info.Prefix, api: info.Action}
	for field := range info.Shape().Fields() {
		if isOurs := field.Type.Kind() == reflect.Int || field.Name == "Unparsed"; !isOurs {
			k.fields = append(k.fields, field.Name)
		}
	}
	return k
}

// answerKinds are all of them, in the order of a file.
func answerKinds() []answerKind {
	var all []answerKind
	for _, source := range license.Sources() {
		all = append(all, kindOf(source))
	}
	return all
}

// derived are the values that rules know and no answer holds.
var derived = map[string]string{
	"DaysLeft":    "it is counted from the date: give the deadline itself",
	"UsedPercent": "it is counted from the licenses: give their numbers",
}

// fillStruct lays the fields of a mapping over the struct that into points to. Null
// makes a field unknown. It returns the fields that are given.
func (d *decoder) fillStruct(n *yaml.Node, k answerKind, into any) (given []string) {
	list, _ := d.Members(n, k.name)
	v := reflect.ValueOf(into).Elem()
	for _, m := range list {
		name := m.Key.Value
		if !slices.Contains(k.fields, name) {
			d.Fail(m.Key, "%s has no field %s%s", k.name, yamlnode.Quoted(name), k.suggestField(name))
			continue
		}
		given = append(given, name)
		d.setField(m.Value, k.name+"."+name, v.FieldByName(name).Addr().Interface())
	}
	return given
}

// suggestField says what may be behind a field that a kind does not have.
func (k answerKind) suggestField(name string) string {
	if why, ok := derived[name]; ok {
		return "; " + why
	}
	if hint := suggest.DidYouMean(name, k.fields); hint != "" {
		return hint
	}
	for _, other := range answerKinds() {
		if slices.Contains(other.fields, name) {
			return "; it is a field of " + other.name
		}
	}
	return "; it has " + suggest.List(k.fields, "and") + ", as the API's " + k.api + " (an answer with its RequestId may hold others)"
}

// setField gives a field its value.
func (d *decoder) setField(n *yaml.Node, what string, field any) {
	switch field := field.(type) {
	case **int64:
		*field = readOptional(n, what, d.readInteger)
	case **bool:
		*field = readOptional(n, what, d.readBoolean)
	case **string:
		*field = readOptional(n, what, d.readText)
	case *[]license.Tag:
		*field = d.readTags(n, what)
	}
}

// readOptional reads a value that may be null.
func readOptional[T any](n *yaml.Node, what string, read func(*yaml.Node, string) (T, bool)) *T {
	if yamlnode.IsNull(n) {
		return nil
	}
	value, ok := read(n, what)
	if !ok {
		return nil
	}
	return &value
}

func (d *decoder) readInteger(n *yaml.Node, what string) (int64, bool) {
	number, err := strconv.ParseInt(n.Value, 10, 64)
	switch {
	case n.Kind != yaml.ScalarNode || n.Tag != "!!int" && n.Tag != "!!float":
		d.Fail(n, "%s must be a whole number, not %s%s", what, yamlnode.Shape(n), withoutQuotes(n, err == nil))
	case err != nil:
		d.Fail(n, "%s must be a whole number, not %s", what, yamlnode.Quoted(n.Value))
	default:
		return number, true
	}
	return 0, false
}

func (d *decoder) readBoolean(n *yaml.Node, what string) (value, ok bool) {
	if n.Kind != yaml.ScalarNode || n.Tag != "!!bool" {
		d.Fail(n, "%s must be true or false, not %s%s", what, yamlnode.Shape(n), withoutQuotes(n, n.Value == "true" || n.Value == "false"))
		return false, false
	}
	return n.Value == "true" || n.Value == "True" || n.Value == "TRUE", true
}

// withoutQuotes is the hint for what the quotes alone make wrong.
func withoutQuotes(n *yaml.Node, isRight bool) string {
	if n.Tag == "!!str" && isRight {
		return "; write it without quotes"
	}
	return ""
}

// readTags reads the tags of an order.
func (d *decoder) readTags(n *yaml.Node, what string) []license.Tag {
	if yamlnode.IsNull(n) {
		return nil
	}
	if n.Kind != yaml.SequenceNode {
		d.Fail(n, "%s must be a list of {TagKey: …, TagValue: …}, not %s", what, yamlnode.Shape(n))
		return nil
	}
	list := []license.Tag{}
	for _, element := range n.Content {
		values := d.Mapping(element, "a tag", "TagKey", "TagValue")
		if values == nil {
			continue
		}
		var tag license.Tag
		if values["TagKey"] == nil {
			d.Fail(element, "a tag has no TagKey")
		} else {
			tag.TagKey, _ = d.readText(values["TagKey"], "TagKey")
		}
		if values["TagValue"] != nil {
			tag.TagValue, _ = d.readText(values["TagValue"], "TagValue")
		}
		list = append(list, tag)
	}
	return list
}
