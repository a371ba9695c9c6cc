package snapshot

import (
	"cmp"
	"encoding/json"
	"errors"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"licensewatch/internal/suggest"
	"licensewatch/internal/yamlnode"
	"licensewatch/license"
	"licensewatch/tencent"
)

// failureReader reads what could not be read of the account, and why.
type failureReader struct{ *decoder }

// readFailed reads the section of that name: a code for each source that could not
// be read, or all that is known about it.
func (d *failureReader) readFailed(n *yaml.Node, s *license.Snapshot) {
	list, _ := d.Members(n, "failed")
	for _, m := range list {
		source := license.Source(m.Key.Value)
		if !source.IsKnown() {
			d.Fail(m.Key, "failed has no source %s%s", yamlnode.Quoted(m.Key.Value), sourceMeant(m.Key.Value))
			continue
		}
		if yamlnode.IsNull(m.Value) {
			delete(s.Failures, source)
			continue
		}
		if failure := d.readFailure(m.Value, source); failure != nil {
			setFailure(s, source, failure)
		}
	}
}

// sourceMeant says how a source is called that goes by its section's name.
func sourceMeant(word string) string {
	var names []string
	for _, source := range license.Sources() {
		names = append(names, string(source))
	}
	if several := ofService(word); len(several) > 1 {
		return "; write " + suggest.List(several, "or")
	}
	switch word {
	case "orders", "order":
		return "; did you mean cwp.orders?"
	}
	if hint := suggest.DidYouMean(word, names); hint != "" {
		return hint
	}
	return "; write " + suggest.List(names, "or")
}

// ofService are the names of the sources of a service.
func ofService(word string) []string {
	var names []string
	for _, source := range license.Sources() {
		if source.Info().Service == word {
			names = append(names, string(source))
		}
	}
	return names
}

// setFailure says that a source could not be read; then there is no answer.
func setFailure(s *license.Snapshot, source license.Source, failure *license.Failure) {
	clearSource(s, source)
	s.Failures[source] = failure
}

// readFailure reads why a source could not be read.
func (d *failureReader) readFailure(n *yaml.Node, source license.Source) *license.Failure {
	if n.Kind == yaml.ScalarNode {
		code, ok := d.readText(n, "failed."+string(source))
		if !ok {
			return nil
		}
		return d.failureOf(n, source, code)
	}
	values := d.Mapping(n, "failed."+string(source), "Kind", "Service", "Action", "Code", "RequestID", "HTTPStatus",
		"ClockSkew")
	if values == nil {
		return nil
	}
	if values["Code"] == nil {
		d.Fail(n, "failed.%s has no Code; write one such as AuthFailure.UnauthorizedOperation or Timeout", source)
		return nil
	}
	code, ok := d.readText(values["Code"], "Code")
	if !ok {
		return nil
	}
	failure := d.failureOf(values["Code"], source, code)
	if failure != nil {
		d.readDetails(values, failure)
	}
	return failure
}

// readDetails reads what is known beside the code.
func (d *failureReader) readDetails(values map[string]*yaml.Node, failure *license.Failure) {
	for key, field := range map[string]*string{"Service": &failure.Service, "Action": &failure.Action,
		"RequestID": &failure.RequestID} {
		if values[key] != nil {
			*field, _ = d.readText(values[key], key)
		}
	}
	if n := values["Kind"]; n != nil {
		kind, _ := d.readWord(n, "Kind", failureKinds()...)
		failure.Kind = license.FailureKind(kind)
	}
	if n := values["HTTPStatus"]; n != nil {
		status, _ := d.readInteger(n, "HTTPStatus")
		failure.HTTPStatus = int(status)
	}
	if n := values["ClockSkew"]; n != nil {
		failure.ClockSkew = d.readDuration(n, "ClockSkew")
	}
}

func (d *failureReader) readDuration(n *yaml.Node, what string) time.Duration {
	text, ok := d.readText(n, what)
	if !ok {
		return 0
	}
	duration, err := time.ParseDuration(text)
	if err != nil {
		d.Fail(n, "%s must be a duration such as 10m0s, not %s", what, yamlnode.Quoted(text))
	}
	return duration
}

func failureKinds() []string {
	return []string{
		string(license.FailureDenied), string(license.FailureCredentials), string(license.FailureClock),
		string(license.FailureRole), string(license.FailureThrottled), string(license.FailureServer),
		string(license.FailureNetwork), string(license.FailureProxy), string(license.FailureTimeout),
		string(license.FailureTLS),
		string(license.FailureRedirect), string(license.FailureAnswer), string(license.FailureRequest),
		string(license.FailureInternal),
	}
}

// clientCodes are the codes that are not the API's but the client's own.
var clientCodes = map[string]license.FailureKind{
	"Timeout":          license.FailureTimeout,
	"Canceled":         license.FailureTimeout,
	"ConnectionFailed": license.FailureNetwork,
	"TLS":              license.FailureTLS,
	"Proxy":            license.FailureProxy,
	"Redirect":         license.FailureRedirect,
	"UnexpectedAnswer": license.FailureAnswer,
	"AnswerTooLarge":   license.FailureAnswer,
	"NoCredentials":    license.FailureCredentials,
	"Internal":         license.FailureInternal,
	"NotRead":          license.FailureInternal,
}

// failureOf is what the client would say of a call that ended with this code.
func (d *failureReader) failureOf(n *yaml.Node, source license.Source, code string) *license.Failure {
	// maps of texts cannot fail
	body, _ := json.Marshal(map[string]any{"Response": map[string]any{"Error": map[string]string{"Code": code}}})
	replay := &replayer{pages: [][]byte{body}, status: http.StatusOK}
	status, isStatus := strings.CutPrefix(code, "HTTPStatus.")
	if isStatus {
		replay.status, _ = strconv.Atoi(status) // what is no number gives another code
	}
	refused, ok := errors.AsType[*tencent.APIError](replay.readSource(source, &license.Snapshot{}))
	if !ok ||
		refused.Code != code && clientCodes[code] == "" {
		d.Fail(n, "%s is no error code; write one such as AuthFailure.UnauthorizedOperation or Timeout",
			yamlnode.Quoted(code))
		return nil
	}
	failure := refused.Failure()
	kind := clientCodes[code]
	if strings.HasPrefix(code, "Proxy.") {
		kind = license.FailureProxy
	}
	if kind != "" {
		failure.Kind, failure.Code, failure.HTTPStatus = kind, code, 0
	}
	return failure
}

// readUnparsed reads which fields held values that make no sense: they have none. Of
// a field of the orders, some order has none.
func (d *failureReader) readUnparsed(n *yaml.Node, sections map[string]*yaml.Node, s *license.Snapshot) {
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
			d.Fail(element, "there is no field %s%s", yamlnode.Quoted(name),
				cmp.Or(suggest.DidYouMean(name, allFields()), "; write it as in cwp.LicenseCnt"))
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
