package handler

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"log/slog"
	"time"

	"licensewatch/state"
)

const (
	// takeOverName, and a hash of the dead claim, is what one run creates before
	// it takes that claim over.
	takeOverName = "takeover/"
	// claimPause is the wait between two looks at somebody else's claim.
	claimPause = time.Second
	// longestClaim is more than any function may run: a claim that lasts longer
	// is none.
	longestClaim = 24 * time.Hour
	// claimTurns bounds how often a claim may change hands while one looks.
	claimTurns = 20
)

// errBusy says that another run holds the claim.
var errBusy = errors.New("another run holds the claim")

// claim is the object that keeps overlapping runs from speaking both. It ends
// with its owner's time, so that an owner that died does not block the next.
type claim struct {
	Owner   string    `json:"owner"`
	Expires time.Time `json:"expires"`
}

// takeClaim waits for the claim as long as the run can spare.
func (m *memory) takeClaim(ctx context.Context) error {
	own, err := json.Marshal(claim{Owner: m.run.owner(), Expires: m.run.budget.end})
	if err != nil {
		return err
	}
	patience := time.Until(m.run.budget.collect) // then there is still time to read again
	for waited, turns := time.Duration(0), 0; ; turns++ {
		err := m.store.Create(ctx, claimName, own)
		if err == nil {
			m.claimed, m.waited = true, turns > 0
			return nil
		}
		if !errors.Is(err, state.ErrExists) {
			return err
		}
		data, err := m.store.Get(ctx, claimName)
		switch {
		case errors.Is(err, state.ErrNotFound) && turns < claimTurns: // given back just now
		case isOver(data, err) && turns < claimTurns:
			m.waited = turns > 0
			if done, err := m.takeOver(ctx, data, own); done || err != nil {
				return err
			}
			if m.run.handler.sleep(ctx, claimPause) != nil {
				return errBusy
			}
			waited += claimPause
		case waited >= patience || m.run.handler.sleep(ctx, claimPause) != nil:
			return errBusy
		default:
			waited += claimPause
		}
	}
}

// isOver says whether the claim that was read may be taken over: its owner's
// time is up, or it is no claim, or it cannot be read and never will be.
func isOver(data []byte, err error) bool {
	if err != nil {
		var failure *state.Error
		return errors.As(err, &failure) && !failure.Retryable && !failure.Denied
	}
	var c claim
	left := time.Duration(0)
	if json.Unmarshal(data, &c) == nil {
		left = time.Until(c.Expires)
	}
	return left <= 0 || left > longestClaim
}

// takeOver replaces a claim that is over, if no other run does: which one may is
// decided by an object that only one can create for that claim. It stays until
// the end of the run, so that a run that is slow to look does not do it again.
func (m *memory) takeOver(ctx context.Context, dead, own []byte) (done bool, err error) {
	sum := sha256.Sum256(dead)
	token := takeOverName + hex.EncodeToString(sum[:8])
	switch err := m.store.Create(ctx, token, own); {
	case errors.Is(err, state.ErrExists):
		if data, err := m.store.Get(ctx, token); isOver(data, err) { // died while it took over
			return false, m.store.Delete(ctx, token)
		}
		return false, nil
	case err != nil:
		return false, err
	}
	m.token = token
	if now, err := m.store.Get(ctx, claimName); errors.Is(err, state.ErrNotFound) || err == nil && !bytes.Equal(now, dead) {
		return false, nil // somebody was done with it before, and somebody else may create one now
	}
	if err := m.store.Put(ctx, claimName, own); err != nil {
		return false, err
	}
	m.claimed = true
	return true, nil
}

// lost says whether the claim has another owner by now. Only after a take-over,
// or when the run's time is up, can that be.
func (m *memory) lost(ctx context.Context) bool {
	if m == nil || !m.claimed || m.token == "" && time.Now().Before(m.run.budget.end) {
		return false
	}
	data, err := m.store.Get(ctx, claimName)
	var c claim
	return errors.Is(err, state.ErrNotFound) || err == nil && (json.Unmarshal(data, &c) != nil || c.Owner != m.run.owner())
}

// giveBack removes the run's own claim.
func (m *memory) giveBack(ctx context.Context) {
	if m.token != "" {
		defer func() { _ = m.store.Delete(ctx, m.token) }() // what is left of it ends with the run's time
	}
	if !m.claimed || m.lost(ctx) {
		return
	}
	if err := m.store.Delete(ctx, claimName); err != nil {
		m.run.logger.LogAttrs(ctx, slog.LevelWarn, "the claim could not be given back; it ends with this run's time", slog.String("error", err.Error()))
	}
}

// owner names the run in its claim.
func (r *run) owner() string { return r.id + " " + r.nonce }
