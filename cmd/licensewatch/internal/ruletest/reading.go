package ruletest

import (
	"context"
	"slices"

	"go.yaml.in/yaml/v4"

	"licensewatch/cmd/licensewatch/internal/snapshot"
	"licensewatch/internal/yamlnode"
	"licensewatch/license"
)

// makeReadings makes the snapshot of a test, and the reading before it.
func (l *loader) makeReadings(ctx context.Context, n *yaml.Node, t *test, values, file map[string]*yaml.Node) {
	s := (&settingReader{l.document}).readSetting(values, file)
	b := l.bases.baseFor(ctx, s)
	if t.at = s.at; t.at.IsZero() && values["at"] == nil && file["at"] == nil {
		if t.at = b.snapshot.ReadAt.In(s.zone); t.at.IsZero() {
			l.Fail(n, "the test has no time, which days are counted from: write `at: 2026-11-22 09:07`, here or at the top of the file")
		}
	}
	t.snapshot = b.snapshot
	if n := values["snapshot"]; n != nil {
		t.snapshot = l.overlayReading(b, n, "snapshot")
	}
	if n := values["previous"]; n != nil {
		l.makePrevious(ctx, n, t, s)
	}
}

// makePrevious makes the reading before that of a test: a day before, where it does
// not say when it was.
func (l *loader) makePrevious(ctx context.Context, n *yaml.Node, t *test, s testSetting) {
	isFile := false
	if own := takeKey(&n, "base"); own != nil {
		s.base, isFile = own, isPath(own.Value)
	}
	lapses := takeKey(&n, "lapses")
	previous := l.overlayReading(l.bases.baseFor(ctx, s), n, "previous")
	if previous.Previous = nil; !isFile && yamlnode.Value(n, "read_at") == nil {
		previous.ReadAt = t.at.AddDate(0, 0, -1)
	}
	previous = previous.After(nil, t.at)
	t.snapshot.Previous = &previous
	if lapses != nil {
		previous.Lapses = l.readLapses(lapses, t, s.zone)
	}
	t.snapshot = t.snapshot.After(&previous, t.at)
}

// overlayReading lays what a test says about a reading over the base: a snapshot, as in
// a snapshot file, in which orders may also be changed by name.
func (d *document) overlayReading(b baseReading, n *yaml.Node, what string) license.Snapshot {
	if n.Kind != yaml.MappingNode {
		d.Fail(n, "%s must be a mapping (key: value), not %s", what, yamlnode.Shape(n))
		return b.snapshot
	}
	if before := takeKey(&n, "previous"); before != nil {
		d.Fail(before, "previous stands beside snapshot, not in it")
	}
	changes := takeChanges(&n)
	s, problems := snapshot.Overlay(b.snapshot, d.File(), n)
	d.Add(problems...)
	if changes != nil {
		s = (&orderChanges{d}).changeOrders(s, changes, b.ok)
	}
	return s
}

// takeKey gives what a mapping holds under a key, and leaves n a mapping without
// it; nil when there is nothing.
func takeKey(n **yaml.Node, key string) *yaml.Node {
	for i := 0; i+1 < len((*n).Content); i += 2 {
		if value := (*n).Content[i+1]; (*n).Content[i].Value == key {
			rest := **n
			rest.Content = slices.Delete(slices.Clone(rest.Content), i, i+2)
			*n = &rest
			return value
		}
	}
	return nil
}
