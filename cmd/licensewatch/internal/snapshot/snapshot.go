// Package snapshot reads and writes what the cloud answered, as a file: for the
// commands that judge a snapshot without an account, and for showing it to
// others.
//
// The file is JSON, or YAML. The answers keep the API's own field names:
//
//	version: 1
//	read_at: 2026-11-22T09:07:00+08:00
//	account: "100000000001"
//	site: cn
//	cwp: {LicenseCnt: 317, NearExpiryLicenseCnt: 17}
//	orders:
//	  - {ResourceId: cwp-aaaa, LicenseCnt: 17, Deadline: "2026-12-04 23:59:59"}
//	failed: {tcss: AuthFailure.UnauthorizedOperation}
//
// A source that is neither there nor failed was not asked for. A field that is
// not there, or null, is not known. Instead of its fields, a section may hold
// the API's own answer, {"Response": {…}}; then it is read as the function reads
// it, with what it makes no sense of left unparsed.
package snapshot

import (
	"maps"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"licensewatch/internal/suggest"
	"licensewatch/internal/yamlnode"
	"licensewatch/license"
)

// Version is the format of the files.
const Version = license.SnapshotFileVersion

// MaxFile is how many bytes a file may have.
const MaxFile = 4 << 20

// Parse reads a file; the name is used in errors only. The error is an *Errors
// with every mistake. A file that is nothing but an answer of the API is a
// snapshot of that source.
func Parse(name string, data []byte) (license.Snapshot, error) {
	d := newDecoder(name)
	s := license.Snapshot{Site: license.SiteCN}
	if root := d.readRoot(data); root != nil {
		if isRaw(root) {
			d.readSingleAnswer(root, &s)
		} else {
			d.readSnapshot(root, &s)
			d.checkVersion(root)
		}
	}
	if d.Problems.Any() {
		return license.Snapshot{}, &Errors{Problems: d.Problems.Sorted()}
	}
	return s, nil
}

// FromNode reads a snapshot that is a part of another file, which the version
// need not repeat. The file's name is used in the problems only.
func FromNode(file string, node *yaml.Node) (license.Snapshot, []yamlnode.Problem) {
	return Overlay(license.Snapshot{Site: license.SiteCN}, file, node)
}

// Overlay is base with what a node gives in its place; base itself stays as it
// is. A field that is given replaces the one of base, null makes it unknown. The
// list of orders is replaced as a whole, and so is an answer in the API's own
// form. A source that is null was not asked for; one that failed has no answer,
// and one that has an answer did not fail.
func Overlay(base license.Snapshot, file string, node *yaml.Node) (license.Snapshot, []yamlnode.Problem) {
	d := newDecoder(file)
	if node.Kind == yaml.DocumentNode && len(node.Content) > 0 {
		node = node.Content[0]
	}
	d.readSnapshot(node, &base)
	return base, d.Problems.Sorted()
}

// checkVersion reports a version that is not there; a wrong one is reported already.
func (d *decoder) checkVersion(root *yaml.Node) {
	if root.Kind == yaml.MappingNode && yamlnode.Value(root, "version") == nil {
		d.Fail(root, "version is missing; a snapshot file begins with `version: %d`", Version)
	}
}

// readSingleAnswer reads a file that is one answer of the API.
func (d *decoder) readSingleAnswer(root *yaml.Node, s *license.Snapshot) {
	if isRefusal(root) {
		d.Fail(root, "%s; it holds nothing to judge: ask again when that is mended, or put it into a snapshot file, under %s, to judge an account that is answered so", errorAnswerName(root), suggest.List(sectionNames(), "or"))
		return
	}
	for _, source := range license.Sources() {
		if couldBe(responseFields(root), source) {
			(&answerReader{d}).readRaw(root, source, s)
			setWanted(s)
			return
		}
	}
	var actions []string
	for _, source := range license.Sources() {
		if source != license.SourceBindings {
			actions = append(actions, source.Info().Action)
		}
	}
	d.Fail(root, "this is no answer of %s: put it into a snapshot file, under %s", suggest.List(actions, "or"),
		suggest.List(sectionNames(), "or"))
}

// couldBe says whether a mapping could be what a source answers.
func couldBe(n *yaml.Node, source license.Source) bool {
	switch source {
	case license.SourceOrders:
		return yamlnode.Value(n, "List") != nil
	case license.SourceBindings:
		return false
	}
	return slices.ContainsFunc(kindOf(source).fields, func(field string) bool {
		return yamlnode.Value(n, field) != nil
	})
}

// readSnapshot lays the sections of a node over a snapshot.
func (d *decoder) readSnapshot(n *yaml.Node, s *license.Snapshot) {
	sections := d.Mapping(n, "a snapshot", slices.Concat([]string{"version", "read_at", "account", "site", "name",
		"labels"},
		sectionNames(), []string{"fleet", "run_out", "unparsed", "failed", "previous"})...)
	if sections == nil {
		return
	}
	s.Failures = maps.Clone(s.Failures)
	if s.Failures == nil {
		s.Failures = map[license.Source]*license.Failure{}
	}
	d.readHead(sections, s)
	d.readAnswers(sections, s)
	if n := sections["unparsed"]; n != nil && !yamlnode.IsNull(n) {
		(&failureReader{d}).readUnparsed(n, sections, s)
	}
	if n := sections["failed"]; n != nil && !yamlnode.IsNull(n) {
		d.reportContradictions(n, sections)
		(&failureReader{d}).readFailed(n, s)
	}
	if n := sections["previous"]; n != nil {
		d.readPrevious(n, s)
	}
	setWanted(s)
}

// readHead reads what is known about the reading.
func (d *decoder) readHead(sections map[string]*yaml.Node, s *license.Snapshot) {
	if n := sections["version"]; n != nil {
		if version, ok := d.readInteger(n, "version"); ok && version != Version {
			d.Fail(n, "version %d is not known; this program reads version %d", version, Version)
		}
	}
	if n := sections["read_at"]; n != nil {
		s.ReadAt = d.readTime(n, "read_at")
	}
	if n := sections["account"]; n != nil {
		s.Account = d.readAccount(n)
	}
	if n := sections["site"]; n != nil {
		if site, ok := d.readWord(n, "site", string(license.SiteCN), string(license.SiteIntl)); ok {
			s.Site = license.Site(site)
		}
	}
	if n := sections["name"]; n != nil {
		s.Name = ""
		if name := readOptional(n, "name", d.readText); name != nil {
			s.Name = *name
		}
	}
	if n := sections["labels"]; n != nil {
		s.Labels = d.readLabels(n)
	}
	if n := sections["fleet"]; n != nil {
		s.Fleet = d.readFleet(n, s.Fleet)
	}
	if n := sections["run_out"]; n != nil {
		s.RunOut = d.readRunOut(n)
	}
}

func (d *decoder) readTime(n *yaml.Node, what string) time.Time {
	if yamlnode.IsNull(n) {
		return time.Time{}
	}
	text, ok := d.readText(n, what)
	if !ok {
		return time.Time{}
	}
	t, ok := yamlnode.Time(text, license.APIZone)
	if !ok {
		d.Fail(n, "%s must be a time such as 2026-11-22 09:07, which is in UTC+8, or 2026-11-22T09:07:00+08:00, not %s",
			what, yamlnode.Quoted(text))
	}
	return t
}

// readAccount reads an account's id, which looks like a number.
func (d *decoder) readAccount(n *yaml.Node) string {
	if n.Kind == yaml.ScalarNode && n.Tag == "!!int" && strings.Trim(n.Value, "0123456789") == "" {
		return n.Value
	}
	if yamlnode.IsNull(n) {
		return ""
	}
	account, _ := d.readText(n, "account")
	return account
}

// sectionNames are the sections of a file that hold the sources' answers.
func sectionNames() []string {
	var names []string
	for _, source := range license.Sources() {
		names = append(names, source.Info().Section)
	}
	return names
}

// setWanted asks for the sources that a snapshot tells anything about.
func setWanted(s *license.Snapshot) {
	s.Wanted = slices.DeleteFunc(license.Sources(), func(source license.Source) bool {
		return s.Answer(source) == nil && s.Failures[source] == nil
	})
	s.SetRefusedAside(s.Previous)
}

// clearSource makes a source one that was not asked for.
func clearSource(s *license.Snapshot, source license.Source) {
	delete(s.Failures, source)
	s.SetAnswer(source, nil)
}

// readAnswers reads the sections of the sources.
func (d *decoder) readAnswers(sections map[string]*yaml.Node, s *license.Snapshot) {
	for _, source := range license.Sources() {
		n := sections[source.Info().Section]
		switch {
		case n == nil:
		case yamlnode.IsNull(n):
			clearSource(s, source)
		case source == license.SourceBindings: // an answer does not say of which order it is
			delete(s.Failures, source)
			s.Bindings = d.readBindings(n)
		case isRaw(n) || source == license.SourceOrders && isRawOrders(n):
			(&answerReader{d}).readRaw(n, source, s)
		default:
			delete(s.Failures, source)
			d.readAnswer(n, source, s)
		}
	}
}

// readAnswer lays a section over what the snapshot holds of a source.
func (d *decoder) readAnswer(n *yaml.Node, source license.Source, s *license.Snapshot) {
	if source == license.SourceOrders {
		s.Orders = (&answerReader{d}).readOrders(n, s.Orders)
		return
	}
	s.SetAnswer(source, (&answerReader{d}).readFields(n, source, s.Answer(source)))
}

// reportContradictions reports sources that failed and have an answer nevertheless.
func (d *decoder) reportContradictions(failed *yaml.Node, sections map[string]*yaml.Node) {
	for _, source := range license.Sources() {
		n, why := sections[source.Info().Section], yamlnode.Value(failed, string(source))
		if n != nil && !yamlnode.IsNull(n) && why != nil && !yamlnode.IsNull(why) {
			d.Fail(why, "%s failed, but %s holds its answer: remove one of the two", source, source.Info().Section)
		}
	}
}

// readPrevious reads the section of that name: the answers of the reading before.
func (d *decoder) readPrevious(n *yaml.Node, s *license.Snapshot) {
	if yamlnode.IsNull(n) {
		s.Previous = nil
		return
	}
	sections := d.Mapping(n, "previous", sectionNames()...)
	if sections == nil {
		return
	}
	before := license.Snapshot{Failures: map[license.Source]*license.Failure{}}
	for _, source := range license.Sources() {
		if s.Previous != nil {
			before.SetAnswer(source, s.Previous.Answer(source))
		}
	}
	d.readAnswers(sections, &before)
	for source := range before.Failures {
		n := sections[source.Info().Section]
		d.Fail(n, "%s, and previous holds what was read only: leave it out", errorAnswerName(n))
	}
	before.Failures = nil
	s.Previous = &before
}
