package session

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"time"

	"licensewatch/state"
)

// unsealedName is what records of evidence wait in that could not be sealed.
const unsealedName = "unsealed-records.gz"

// Unsealed gives the records that wait to be sealed, as PutUnsealed got them; nil where
// there are none. It asks until the store has given the same twice: what is taken for all that
// waits is removed once it is sealed, and an empty or cut answer or a proxy's page is not that.
func (s *Session) Unsealed(ctx context.Context) ([]byte, error) {
	const mostAnswers = 3
	type answer struct {
		data      []byte
		isForeign bool // no store has written what is there
	}
	var before []answer
	for range mostAnswers {
		data, err := s.store.Get(ctx, unsealedName)
		if errors.Is(err, state.ErrNotFound) {
			data, err = nil, nil
		}
		if err != nil && !storeFailure(err).Foreign() {
			return nil, err
		}
		if slices.ContainsFunc(before, func(a answer) bool {
			return bytes.Equal(a.data, data) && a.isForeign == (err != nil)
		}) {
			return data, err
		}
		before = append(before, answer{data, err != nil})
	}
	return nil, s.unsteadyError(unsealedName)
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
