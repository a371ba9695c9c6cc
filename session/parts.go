package session

import (
	"context"
	"errors"
	"strings"

	"licensewatch/state"
)

// Parts are what other runs read for one that gathers it; they lie in the store until that
// is over.
type Parts struct {
	session *Session
	run     string
}

// PartsOf are the parts for the run of this id.
func PartsOf(s *Session, run string) Parts { return Parts{s, run} }

// Run is the id of the run that gathers them.
func (p Parts) Run() string { return p.run }

// nameOf is the object that has a part.
func (p Parts) nameOf(part string) string { return "parts/" + p.run + "-" + part + ".gz" }

// AreAwaited says whether the run has the lock.
func (p Parts) AreAwaited(ctx context.Context) bool {
	if !p.session.Works() {
		return false
	}
	sees, data, _ := p.session.lock.lookAt(ctx, lockName)
	return sees == sightHeld && strings.HasPrefix(readRecord(data).Owner, p.run+" ")
}

// Read gives a part; nil where it is not there yet, or there is no store that works.
func (p Parts) Read(ctx context.Context, part string) ([]byte, error) {
	if !p.session.Works() {
		return nil, nil
	}
	data, err := p.session.store.Get(ctx, p.nameOf(part))
	if errors.Is(err, state.ErrNotFound) {
		return nil, nil
	}
	return data, err
}

// Create writes a part, which is written once: isNew is false where it was there.
func (p Parts) Create(ctx context.Context, part string, data []byte) (isNew bool, err error) {
	err = p.session.store.Create(ctx, p.nameOf(part), data)
	if errors.Is(err, state.ErrExists) {
		return false, nil
	}
	return err == nil, err
}

// Drop removes a part. One that stays is in nobody's way.
func (p Parts) Drop(ctx context.Context, part string) {
	if p.session.Works() {
		_ = p.session.store.Delete(ctx, p.nameOf(part))
	}
}
