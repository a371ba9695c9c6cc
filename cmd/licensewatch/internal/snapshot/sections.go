package snapshot

import (
	"slices"

	"go.yaml.in/yaml/v4"

	"licensewatch/internal/yamlnode"
	"licensewatch/license"
)

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
		case isRaw(n) || source == license.SourceOrders && isRawOrders(n):
			d.readRaw(n, source, s)
		default:
			delete(s.Failures, source)
			d.readAnswer(n, source, s)
		}
	}
}

// readAnswer lays a section over what the snapshot holds of a source.
func (d *decoder) readAnswer(n *yaml.Node, source license.Source, s *license.Snapshot) {
	if source == license.SourceOrders {
		s.Orders = d.readOrders(n, s.Orders)
		return
	}
	s.SetAnswer(source, d.readFields(n, source, s.Answer(source)))
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
