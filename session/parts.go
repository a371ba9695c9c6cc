package session

import (
	"context"
	"errors"
	"strings"

	"licensewatch/state"
)

// partName is the object that has a part of what a run gathers.
func partName(run, part string) string { return "parts/" + run + "-" + part + ".gz" }

// IsUnderWay says whether a run of this id has the lock.
func (s *Session) IsUnderWay(ctx context.Context, run string) bool {
	if !s.Works() {
		return false
	}
	sees, data, _ := s.lock.lookAt(ctx, lockName)
	return sees == sightHeld && strings.HasPrefix(readRecord(data).Owner, run+" ")
}

// Part gives a part of what the run gathers; nil where it is not there yet.
func (s *Session) Part(ctx context.Context, run, part string) ([]byte, error) {
	data, err := s.store.Get(ctx, partName(run, part))
	if errors.Is(err, state.ErrNotFound) {
		return nil, nil
	}
	return data, err
}

// CreatePart writes a part, which is written once: isNew is false where it was there.
func (s *Session) CreatePart(ctx context.Context, run, part string, data []byte) (isNew bool, err error) {
	err = s.store.Create(ctx, partName(run, part), data)
	if errors.Is(err, state.ErrExists) {
		return false, nil
	}
	return err == nil, err
}

// DropPart removes a part. One that stays is in nobody's way.
func (s *Session) DropPart(ctx context.Context, run, part string) {
	_ = s.store.Delete(ctx, partName(run, part))
}
