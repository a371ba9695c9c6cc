package ruletest

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"licensewatch/cmd/licensewatch/internal/snapshot"
	"licensewatch/internal/simulator"
	"licensewatch/internal/suggest"
	"licensewatch/license"
)

// The bases that are always there.
const (
	baseHealthy = "healthy" // the default
	baseNone    = "none"    // nothing was asked for, but what the test says itself
)

// Files reads the files that test files name: rules, and snapshots as a base.
type Files func(name string) ([]byte, error)

// baseReadings makes the readings that tests begin with. Each is made once, and copied
// by those who change it.
type baseReadings struct {
	doc   *document
	files Files
	made  map[string]baseReading
}

// baseReading is a reading that a test begins with.
type baseReading struct {
	snapshot license.Snapshot
	ok       bool // false: a mistake was reported, and what the base holds is not known
}

// baseFor is the base of a test at its time. A file has a time of its own.
func (b *baseReadings) baseFor(ctx context.Context, s testSetting) baseReading {
	name := baseHealthy
	if s.base != nil {
		word, ok := b.doc.readScalar(s.base, "base")
		if !ok {
			return baseReading{}
		}
		name = word
	}
	switch {
	case name == baseNone:
		return baseReading{license.Snapshot{Site: orCN(s.site), ReadAt: s.at}, true}
	case isPath(name):
		made := b.readFile(s.base, name)
		if s.site != "" {
			made.snapshot.Site = s.site
		}
		return made
	default:
		return b.readScenario(ctx, s, name)
	}
}

// isPath says whether a base is a file and not a word of ours.
func isPath(name string) bool { return strings.ContainsAny(name, "./\\") }

func orCN(site license.Site) license.Site {
	if site == "" {
		return license.SiteCN
	}
	return site
}

// readFile reads a snapshot, relative to the test file.
func (b *baseReadings) readFile(n *yaml.Node, name string) baseReading {
	if made, ok := b.made[name]; ok {
		return made
	}
	path := relativeTo(b.doc.File(), name)
	data, err := b.files(path)
	if err != nil {
		b.doc.Fail(n, "the base %s cannot be read: %v", path, err)
		return baseReading{}
	}
	s, err := snapshot.Parse(path, data)
	if mistakes, ok := errors.AsType[*snapshot.Errors](err); ok { // they stand in a file of their own
		b.doc.Add(mistakes.Problems...)
	}
	b.made[name] = baseReading{s, err == nil}
	return b.made[name]
}

// relativeTo is a path that is relative to a file.
func relativeTo(file, path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(filepath.Dir(file), path)
}

// readScenario is the account of a scenario.
func (b *baseReadings) readScenario(ctx context.Context, s testSetting, name string) baseReading {
	names := []string{baseNone}
	for _, scenario := range simulator.Scenarios() {
		names = append(names, scenario.Name)
	}
	if !slices.Contains(names, name) {
		meant := suggest.DidYouMean(name, names)
		if meant == "" {
			meant = "; it is " + suggest.List(names, "or") + ", or a snapshot file"
		}
		b.doc.Fail(s.base, "there is no base %q%s", name, meant)
		return baseReading{}
	}
	key := fmt.Sprintf("%s %s %s", name, orCN(s.site), s.at.Format(time.RFC3339))
	if made, ok := b.made[key]; ok || s.at.IsZero() {
		return made
	}
	made, err := snapshot.Sample(ctx, name, orCN(s.site), s.at)
	if err != nil {
		b.doc.FailAt(1, 1, "the base %s cannot be made: %v", name, err)
	}
	b.made[key] = baseReading{made, err == nil}
	return b.made[key]
}
