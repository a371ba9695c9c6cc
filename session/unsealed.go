package session

import (
	"context"
	"errors"
	"time"

	"licensewatch/state"
)

// unsealedName is what records of evidence wait in that could not be sealed.
const unsealedName = "unsealed-records.gz"

// Unsealed gives the records that wait to be sealed, as PutUnsealed got them; nil where
// there are none.
func (s *Session) Unsealed(ctx context.Context) ([]byte, error) {
	data, err := s.store.Get(ctx, unsealedName)
	if errors.Is(err, state.ErrNotFound) {
		return nil, nil
	}
	return data, err
}

// PutUnsealed has records wait to be sealed, by a time, in place of those that waited; none
// where data is nil. What the archive cannot take is kept also when the run is given up.
func (s *Session) PutUnsealed(ctx context.Context, data []byte, by time.Time) error {
	ctx, cancel := context.WithDeadline(context.WithoutCancel(ctx), by)
	defer cancel()
	if data == nil {
		return s.store.Delete(ctx, unsealedName)
	}
	return s.store.Put(ctx, unsealedName, data)
}
