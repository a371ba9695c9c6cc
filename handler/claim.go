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
	// longestGiveBack bounds what is done after Ctrl-C.
	longestGiveBack = 10 * time.Second
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
	own, err := json.Marshal(claim{Owner: m.run.owner(), Expires: m.run.leaseEnd()})
	if err != nil {
		return err
	}
	held, release := m.held(ctx) // what Ctrl-C cuts short may have been done, and nobody would undo it
	defer release()
	patience := time.Until(m.run.budget.collect) // then there is still time to read again
	for waited, turns := time.Duration(0), 0; ; turns++ {
		err := m.store.Create(held, claimName, own)
		if err == nil {
			m.claimed, m.waited = true, turns > 0
			return nil
		}
		if !errors.Is(err, state.ErrExists) {
			m.doubtful = storeFailure(err).Ambiguous
			return err
		}
		data, err := m.store.Get(ctx, claimName)
		switch again := turns < claimTurns; {
		case again && errors.Is(err, state.ErrNotFound): // given back just now
			continue
		case again && isOver(data, err):
			m.waited = turns > 0
			if done, err := m.takeOver(held, data, own); done || err != nil {
				return err
			}
		case storeFailure(err).Denied:
			return err
		case waited >= patience:
			return busyOr(err)
		}
		if m.run.handler.sleep(ctx, claimPause) != nil {
			return busyOr(err)
		}
		waited += claimPause
	}
}

// busyOr is the end of waiting. A claim that cannot be read is no sign of another
// run.
func busyOr(err error) error {
	if err != nil && !errors.Is(err, state.ErrNotFound) {
		return err
	}
	return errBusy
}

// isOver says whether the claim that was read may be taken over: its owner's
// time is up, or it is no claim, or it cannot be read and never will be.
func isOver(data []byte, err error) bool {
	if err != nil {
		failure := storeFailure(err)
		return !failure.Retryable && !failure.Denied
	}
	c, _ := readClaim(data)
	left := time.Until(c.Expires)
	return left <= 0 || left > longestClaim
}

// readClaim reads a claim; what is none has the zero one.
func readClaim(data []byte) (c claim, ok bool) {
	if json.Unmarshal(data, &c) != nil {
		return claim{}, false
	}
	return c, true
}

// storeFailure is what the store says of a failure; of another error it says nothing.
func storeFailure(err error) *state.Error {
	var failure *state.Error
	if errors.As(err, &failure) {
		return failure
	}
	return &state.Error{Retryable: true}
}

// takeOver replaces a claim that is over, if no other run does: which one may is
// decided by an object that only one can create for that claim. It stays until
// the end of the run, so that a run that is slow to look does not do it again.
func (m *memory) takeOver(ctx context.Context, dead, own []byte) (done bool, err error) {
	sum := sha256.Sum256(dead)
	token := takeOverName + hex.EncodeToString(sum[:8])
	create := func() error { return m.store.Create(ctx, token, own) }
	switch err := m.makingRoom(ctx, token, create); {
	case errors.Is(err, state.ErrExists):
		data, err := m.store.Get(ctx, token)
		switch {
		case isOver(data, err):
		case err != nil && !errors.Is(err, state.ErrNotFound): // it is no sign of another run
			return false, err
		default:
			return false, nil
		}
		if err := m.revoke(ctx, data); err != nil { // died while it took over
			return false, err
		}
		return false, m.makingRoom(ctx, token, func() error { return m.store.Delete(ctx, token) })
	case err != nil:
		return false, err
	}
	m.token = token
	now, err := m.store.Get(ctx, claimName)
	if errors.Is(err, state.ErrNotFound) || err == nil && !bytes.Equal(now, dead) {
		return false, nil // somebody was done with it before, and somebody else may create one now
	}
	switch {
	case storeFailure(err).Immovable() && m.strict:
		return false, err
	case storeFailure(err).Immovable():
		return m.replaceForeign(ctx, own)
	}
	if c, _ := readClaim(dead); c.Owner == "" {
		m.run.logger.LogAttrs(ctx, slog.LevelWarn, "what had the name of the claim was none; it is replaced", slog.Int("bytes", len(dead)))
	}
	if err := m.revoke(ctx, dead); err != nil { // its owner may only be frozen
		return false, err
	}
	if err := m.store.Put(ctx, claimName, own); err != nil {
		m.doubtful = storeFailure(err).Ambiguous
		return false, err
	}
	m.claimed = true
	return true, nil
}

// revoke ends what the owner of a dead claim may still write.
func (m *memory) revoke(ctx context.Context, dead []byte) error {
	c, ok := readClaim(dead)
	if !ok || c.Owner == "" {
		return nil
	}
	return m.store.Revoke(ctx, c.Owner)
}

// replaceForeign makes room for the claim where something is that no store has
// written, such as a directory.
func (m *memory) replaceForeign(ctx context.Context, own []byte) (done bool, err error) {
	if err := m.displace(ctx, claimName); err != nil {
		return false, err
	}
	switch err := m.store.Create(ctx, claimName, own); {
	case errors.Is(err, state.ErrExists):
		return false, nil
	case err != nil:
		m.doubtful = storeFailure(err).Ambiguous
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
	return !m.owns(ctx, true)
}

// owns looks whether the claim is the run's own; unsure is the answer when that
// cannot be seen.
func (m *memory) owns(ctx context.Context, unsure bool) bool {
	data, err := m.store.Get(ctx, claimName)
	if err != nil {
		return unsure && !errors.Is(err, state.ErrNotFound)
	}
	c, _ := readClaim(data)
	return c.Owner == m.run.owner()
}

// giveBack removes the run's own claim, also after Ctrl-C, and ends its lease.
func (m *memory) giveBack(ctx context.Context) {
	ctx, release := m.held(ctx)
	defer release()
	ctx, cancel := context.WithTimeout(ctx, longestGiveBack)
	defer cancel()
	defer func() { _ = m.store.Revoke(ctx, m.run.owner()) }() // what is left of it is removed when it is old
	if m.token != "" {
		defer func() { _ = m.store.Delete(ctx, m.token) }() // what is left of it ends with the run's time
	}
	if m.doubtful && !m.claimed {
		m.claimed = m.owns(ctx, false)
	}
	if !m.claimed || m.lost(ctx) {
		return
	}
	if err := m.store.Delete(ctx, claimName); err != nil {
		m.run.logger.LogAttrs(ctx, slog.LevelWarn, "the claim could not be given back; it ends with this run's time", slog.String("error", err.Error()))
	}
}

// held is a context for what must not be left half done when the run is given up:
// only its time ends it.
func (m *memory) held(ctx context.Context) (context.Context, context.CancelFunc) {
	end := m.run.budget.end
	if deadline, ok := ctx.Deadline(); ok {
		end = earlier(deadline, end)
	}
	return context.WithDeadline(context.WithoutCancel(ctx), end)
}

// owner names the run in its claim, and as the holder of its lease.
func (r *run) owner() string { return r.id + " " + r.nonce }

// leaseEnd is when the run's claim and its lease end: the time that a lease needs
// beyond the run's own, in whole seconds.
func (r *run) leaseEnd() time.Time { return r.budget.end.Truncate(time.Second).Add(2 * time.Second) }
