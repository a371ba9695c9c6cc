package session

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"strconv"

	"licensewatch/state"
)

// displacedName, and a word of the run's own, is where goes what is in the way.
const displacedName = "aside/found-"

// clearedStore is a store that moves what is in the way of its objects and no store has
// written, to be told and kept for a while.
type clearedStore struct {
	state.Store
	word   string // the run's own
	strict bool   // to an operator it is an error, and stays where it is
	logger *slog.Logger

	moved     int      // how much this run has moved
	displaced []string // where it went, until the ledger knows
}

// canMove says whether a call failed because of what is in the way and can be moved.
func (s *clearedStore) canMove(err error) bool { return !s.strict && storeFailure(err).Immovable() }

// makingRoom writes, or deletes, an object of the name, where need be after moving what
// is in its way.
func (s *clearedStore) makingRoom(ctx context.Context, name string, write func() error) error {
	err := write()
	if !s.canMove(err) {
		return err
	}
	if err := s.displaceObstacle(ctx, name); err != nil {
		return err
	}
	return write()
}

// displaceObstacle moves what is in the way of an object. Where the store moves nothing,
// it can be replaced.
func (s *clearedStore) displaceObstacle(ctx context.Context, name string) error {
	to := displacedName + s.word
	if s.moved > 0 {
		to += "-" + strconv.Itoa(s.moved+1)
	}
	err := s.Displace(ctx, name, to)
	if storeFailure(err).Immovable() && name != to { // what is in the way of all that is kept aside goes there too
		return cmp.Or(s.displaceObstacle(ctx, to), s.displaceObstacle(ctx, name))
	}
	if errors.Is(err, state.ErrNotFound) {
		s.logger.LogAttrs(ctx, slog.LevelWarn,
			"something that is not licensewatch's has the name of an object in the store; it is replaced",
			slog.String("name", name))
		return nil
	}
	if err != nil {
		return err
	}
	s.moved, s.displaced = s.moved+1, append(s.displaced, to)
	s.logger.LogAttrs(ctx, slog.LevelWarn, "something that is not licensewatch's was in its way in the store; it is moved",
		slog.String("name", name), slog.String("to", to))
	return nil
}
