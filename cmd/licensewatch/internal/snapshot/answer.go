package snapshot

import (
	"encoding/json"
	"errors"
	"net/http"
	"reflect"
	"slices"

	"go.yaml.in/yaml/v4"

	"licensewatch/internal/suggest"
	"licensewatch/internal/yamlnode"
	"licensewatch/license"
	"licensewatch/tencent"
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

// answerReader reads answers of the API: as they came, or by their fields.
type answerReader struct{ *decoder }

// fillStruct lays the fields of a mapping over the struct that into points to. Null
// makes a field unknown. It returns the fields that are given.
func (d *answerReader) fillStruct(n *yaml.Node, k answerKind, into any) (given []string) {
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
	if k.api == "" {
		return "; it has " + suggest.List(k.fields, "and")
	}
	return "; it has " + suggest.List(k.fields, "and") + ", as the API's " + k.api +
		" (an answer with its RequestId may hold others)"
}

// setField gives a field its value.
func (d *answerReader) setField(n *yaml.Node, what string, field any) {
	switch field := field.(type) {
	case **int64:
		*field = readOptional(n, what, d.readInteger)
	case **bool:
		*field = readOptional(n, what, d.readBoolean)
	case **string:
		*field = readOptional(n, what, d.readText)
	case *[]license.Tag:
		*field = d.readTags(n, what)
	case *[]string:
		*field = d.readWords(n, what)
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

// withoutQuotes is the hint for what the quotes alone make wrong.
func withoutQuotes(n *yaml.Node, isRight bool) string {
	if n.Tag == "!!str" && isRight {
		return "; write it without quotes"
	}
	return ""
}

// readTags reads the tags of an order.
func (d *answerReader) readTags(n *yaml.Node, what string) []license.Tag {
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

// readOrders reads the section of that name, laid over base: a list of orders, or
// the list with its total as the API gives it. The orders replace those of base.
func (d *answerReader) readOrders(n *yaml.Node, base *license.Orders) *license.Orders {
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
	if total := values["TotalCount"]; total != nil && !result.Incomplete &&
		result.TotalCount != int64(len(result.List)) {
		d.Fail(total, "orders.TotalCount is %d, but the list holds %d: correct it, or write `Incomplete: true`",
			result.TotalCount, len(result.List))
	}
	return &result
}

// readOrderList reads a complete list of orders.
func (d *answerReader) readOrderList(n *yaml.Node, what string) *license.Orders {
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
func (d *answerReader) readFields(n *yaml.Node, source license.Source, base any) any {
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

// readRaw reads raw answers into the snapshot as the real client reads them from
// the network: fields that make no sense are unparsed, new ones are ignored, and
// a refusal is a failure.
func (d *answerReader) readRaw(n *yaml.Node, source license.Source, s *license.Snapshot) {
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
	if source != license.SourceOrders && yamlnode.Value(responseFields(n), "Error") == nil &&
		!couldBe(responseFields(n), source) {
		d.Fail(n, "this answer holds none of the fields of %s: is it another API's?", kindOf(source).api)
		return
	}
	clearSource(s, source)
	err := replay.readSource(source, s)
	refused, isRefused := errors.AsType[*tencent.APIError](err)
	switch {
	case err == nil:
	case isRefused && refused.Kind != license.FailureAnswer && refused.Kind != license.FailureInternal:
		setFailure(s, source, refused.Failure())
	case yamlnode.Value(responseFields(n), "Error") != nil:
		d.Fail(n, "%s, without a code that can be read", errorAnswerName(n))
	default:
		d.Fail(n, "this is no answer of %s", kindOf(source).api)
	}
}
