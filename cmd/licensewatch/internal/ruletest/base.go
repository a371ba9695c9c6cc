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

// bases makes the readings that tests begin with. Each is made once, and copied
// by those who change it.
type bases struct {
	doc   *document
	files Files
	made  map[string]base
}

// base is a reading that a test begins with.
type base struct {
	snapshot license.Snapshot
	ok       bool // false: a mistake was reported, and what the base holds is not known
}

// named is the base of a test at its time. A file has a time of its own.
func (b *bases) named(ctx context.Context, s setting) base {
	name := baseHealthy
	if s.base != nil {
		word, ok := b.doc.scalar(s.base, "base")
		if !ok {
			return base{}
		}
		name = word
	}
	switch {
	case name == baseNone:
		return base{license.Snapshot{Site: orCN(s.site), ReadAt: s.at}, true}
	case isPath(name):
		made := b.file(s.base, name)
		if s.site != "" {
			made.snapshot.Site = s.site
		}
		return made
	default:
		return b.sample(ctx, s, name)
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

// file reads a snapshot, relative to the test file.
func (b *bases) file(n *yaml.Node, name string) base {
	if made, ok := b.made[name]; ok {
		return made
	}
	path := beside(b.doc.File(), name)
	data, err := b.files(path)
	if err != nil {
		b.doc.Fail(n, "the base %s cannot be read: %v", path, err)
		return base{}
	}
	s, err := snapshot.Parse(path, data)
	var mistakes *snapshot.Errors
	if errors.As(err, &mistakes) { // they stand in a file of their own
		b.doc.Add(mistakes.Problems...)
	}
	b.made[name] = base{s, err == nil}
	return b.made[name]
}

// beside is a path that is relative to a file.
func beside(file, path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(filepath.Dir(file), path)
}

// sample is the account of a scenario.
func (b *bases) sample(ctx context.Context, s setting, name string) base {
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
		return base{}
	}
	key := fmt.Sprintf("%s %s %s", name, orCN(s.site), s.at.Format(time.RFC3339))
	if made, ok := b.made[key]; ok || s.at.IsZero() {
		return made
	}
	made, err := snapshot.Sample(ctx, name, orCN(s.site), s.at)
	if err != nil {
		b.doc.FailAt(1, 1, "the base %s cannot be made: %v", name, err)
	}
	b.made[key] = base{made, err == nil}
	return b.made[key]
}
