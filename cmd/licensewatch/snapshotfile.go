package main

import (
	"errors"
	"io"
	"maps"
	"slices"

	"licensewatch/cmd/licensewatch/internal/snapshot"
	"licensewatch/license"
)

// readSnapshot reads a snapshot from the named file; - is standard input.
func readSnapshot(in io.Reader, name string) (license.Snapshot, error) {
	read := func() (license.Snapshot, error) { return snapshot.ReadFile(name) }
	if name == "-" {
		read = func() (license.Snapshot, error) { return snapshot.Read("standard input", in) }
	}
	s, err := read()
	if mistakes, ok := errors.AsType[*snapshot.Errors](err); ok {
		return s, &exitError{several: mistakes.Lines()}
	}
	return s, err
}

// keepSources leaves of a snapshot what the sources name, in their order.
func keepSources(s license.Snapshot, sources []license.Source) license.Snapshot {
	had := s.Wanted
	s.Wanted, s.Failures = nil, maps.Clone(s.Failures)
	for _, source := range sources {
		if slices.Contains(had, source) {
			s.Wanted = append(s.Wanted, source)
		}
	}
	for _, source := range license.Sources() {
		if !slices.Contains(sources, source) {
			s.SetAnswer(source, nil)
			delete(s.Failures, source)
		}
	}
	return s
}
