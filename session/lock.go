package session

import (
	"bytes"
	"cmp"
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
	// takeOverName, and a hash of the dead lock, is what one run creates before
	// it takes that lock over.
	takeOverName = "takeover/"
	// lockPause is the wait between two looks at somebody else's lock.
	lockPause = time.Second
	// longestLock is more than any function may run: a lock that lasts longer
	// is none.
	longestLock = 24 * time.Hour
	// longestRelease bounds what is done after Ctrl-C.
	longestRelease = 10 * time.Second
)

// errBusy says that another run holds the lock.
var errBusy = errors.New("another run holds the lock")

// lock keeps overlapping runs from speaking both. It is an object that only one of
// them can create. Its zero value is held by nobody.
type lock struct {
	store  *clearedStore
	sleep  func(ctx context.Context, d time.Duration) error
	logger *slog.Logger
	holder string    // names the session in the lock's object, and as the holder of its lease
	ends   time.Time // the lock and the lease
	runEnd time.Time // until then nobody takes over what is held

	hold   lockHold
	token  string // what was created to take a dead lock over; empty when none stood in the way
	waited bool   // another run held it when this one first looked
}

// lockHold says whether a run has the lock.
type lockHold int

const (
	lockNotHeld lockHold = iota
	lockUnsure           // a call to get it was not answered: it may be the run's
	lockHeld
	lockTaken // another run has taken it over: nothing is said or saved any more
)

// lockRecord is what the object holds. It ends with its owner's time, so that an owner
// that died does not block the next run.
type lockRecord struct {
	Owner   string    `json:"owner"`
	Expires time.Time `json:"expires"`
}

// lockSight is what a look at a lock shows.
type lockSight int

const (
	sightFailed  lockSight = iota // the store does not show it
	sightFree                     // there is none
	sightExpired                  // its owner's time is up, or it is no lock, or it cannot be read and never will be
	sightHeld                     // another run has it
)

// acquireLock gets the lock, and waits for it until a time. It gives errBusy when another
// run has it, also where that was seen once and the store fails later. A lock that
// cannot be seen is no sign of another run.
func (l *lock) acquireLock(ctx context.Context, until time.Time) error {
	whole, release := l.lockedContext(ctx) // what Ctrl-C cuts short may have been done, and nobody would undo it
	defer release()
	seen := false
	for ; ; l.waited = true {
		if err := l.noteOutcome(l.store.Create(whole, lockName, l.ownRecord())); !errors.Is(err, state.ErrExists) {
			return orBusy(err, seen)
		}
		sees, dead, err := l.lookAt(ctx, lockName)
		if sees == sightExpired {
			err := l.takeOver(whole, dead)
			switch {
			case errors.Is(err, errBusy): // and waits like the others
				sees = sightHeld
			case err != nil || l.hold == lockHeld:
				return orBusy(err, seen)
			}
		}
		seen = seen || sees == sightHeld
		left := time.Until(until)
		if storeFailure(err).Denied || left <= 0 || l.sleep(ctx, min(lockPause, left)) != nil {
			return cmp.Or(orBusy(err, seen), errBusy)
		}
	}
}

// orBusy is a failure, unless another run was seen that has the lock.
func orBusy(err error, seen bool) error {
	if err != nil && seen {
		return errBusy
	}
	return err
}

// noteOutcome notes how a call to get the lock ended.
func (l *lock) noteOutcome(err error) error {
	switch {
	case err == nil:
		l.hold = lockHeld
	case storeFailure(err).Ambiguous:
		l.hold = lockUnsure
	}
	return err
}

// lookAt looks at a lock, or at the token of a take-over. What it holds is given where
// it can be read.
func (l *lock) lookAt(ctx context.Context, name string) (lockSight, []byte, error) {
	data, err := l.store.Get(ctx, name)
	failure := storeFailure(err)
	switch {
	case errors.Is(err, state.ErrNotFound):
		return sightFree, nil, nil
	case err != nil && (failure.Retryable || failure.Denied):
		return sightFailed, nil, err
	case err != nil, isOver(data):
		return sightExpired, data, nil //nolint:nilerr // what cannot be read and never will be is over
	default:
		return sightHeld, data, nil
	}
}

func isOver(data []byte) bool {
	left := time.Until(readRecord(data).Expires)
	return left <= 0 || left > longestLock
}

// readRecord reads a lock's object; what is none is a lock of nobody that is over.
func readRecord(data []byte) lockRecord {
	var r lockRecord
	if json.Unmarshal(data, &r) != nil {
		return lockRecord{}
	}
	return r
}

// ownRecord is the run's own.
func (l *lock) ownRecord() []byte {
	// can be written as long as the clock is not beyond the year 9999
	data, _ := json.Marshal(lockRecord{l.holder, l.ends})
	return data
}

// storeFailure is what the store says of a failure; of another error it says nothing.
func storeFailure(err error) *state.Error {
	if failure, ok := errors.AsType[*state.Error](err); ok {
		return failure
	}
	return &state.Error{Retryable: true}
}

// takeOver replaces a lock that is over, if no other run does: which one may is
// decided by an object that only one can create for that lock. It stays until
// the end of the run, so that a run that is slow to look does not do it again.
// It gives errBusy while it is another run's.
func (l *lock) takeOver(ctx context.Context, dead []byte) error {
	sum := sha256.Sum256(dead)
	token := takeOverName + hex.EncodeToString(sum[:8])
	switch err := l.store.makingRoom(ctx, token, func() error { return l.store.Create(ctx, token, l.ownRecord()) }); {
	case errors.Is(err, state.ErrExists):
		return l.dropToken(ctx, token)
	case err != nil:
		return err
	}
	l.token = token
	sees, now, err := l.lookAt(ctx, lockName)
	if sees != sightExpired || !bytes.Equal(now, dead) {
		return err // somebody was done with it before, and somebody else may have created one now
	}
	if err := l.revokeOwner(ctx, dead); err != nil { // its owner may only be frozen
		return err
	}
	if readRecord(dead).Owner == "" {
		l.logger.LogAttrs(ctx, slog.LevelWarn, "what had the name of the lock was none; it is replaced",
			slog.Int("bytes", len(dead)))
	}
	err = l.store.Put(ctx, lockName, l.ownRecord())
	if l.store.canMove(err) {
		if err := l.store.displaceObstacle(ctx, lockName); err != nil {
			return err
		}
		err = l.store.Create(ctx, lockName, l.ownRecord()) // somebody may have been faster
	}
	if err = l.noteOutcome(err); errors.Is(err, state.ErrExists) {
		return nil
	}
	return err
}

// dropToken removes the token of a run that died while it took the lock over. It gives
// errBusy where that run's time is not up.
func (l *lock) dropToken(ctx context.Context, token string) error {
	sees, dead, err := l.lookAt(ctx, token)
	switch sees {
	case sightExpired:
	case sightHeld:
		return errBusy
	default:
		return err
	}
	if err := l.revokeOwner(ctx, dead); err != nil {
		return err
	}
	return l.store.makingRoom(ctx, token, func() error { return l.store.Delete(ctx, token) })
}

// revokeOwner ends what the owner of a dead lock may still write.
func (l *lock) revokeOwner(ctx context.Context, dead []byte) error {
	if owner := readRecord(dead).Owner; owner != "" {
		return l.store.Revoke(ctx, owner)
	}
	return nil
}

// isTaken says whether another run has the lock by now that this one held. Only after
// a take-over, or when the run's time is up, can that be.
func (l *lock) isTaken(ctx context.Context) bool {
	if l.hold == lockHeld && (l.token != "" || !time.Now().Before(l.runEnd)) && !l.ownsLock(ctx, true) {
		l.hold = lockTaken
	}
	return l.hold == lockTaken
}

// ownsLock looks whether the lock is the run's own; ifUnseen is the answer when that
// cannot be seen.
func (l *lock) ownsLock(ctx context.Context, ifUnseen bool) bool {
	sees, data, _ := l.lookAt(ctx, lockName)
	return sees == sightFailed && ifUnseen || readRecord(data).Owner == l.holder
}

// releaseLock removes the run's own lock, also after Ctrl-C, and ends its lease.
func (l *lock) releaseLock(ctx context.Context) {
	ctx, release := l.lockedContext(ctx)
	defer release()
	ctx, cancel := context.WithTimeout(ctx, longestRelease)
	defer cancel()
	defer func() { _ = l.store.Revoke(ctx, l.holder) }() // what is left of it is removed when it is old
	if l.token != "" {
		// what is left of it ends with the run's time
		defer func(token string) { _ = l.store.Delete(ctx, token) }(l.token)
	}
	if l.hold == lockUnsure && l.ownsLock(ctx, false) {
		l.hold = lockHeld
	}
	if l.hold == lockHeld && !l.isTaken(ctx) {
		if err := l.store.Delete(ctx, lockName); err != nil {
			l.logger.LogAttrs(ctx, slog.LevelWarn, "the lock could not be given back; it ends with this run's time",
				slog.String("error", err.Error()))
		}
		l.hold = lockNotHeld
	}
	l.token = ""
}

// lockedContext is a context for what must not be left half done when the run is given up:
// only its time ends it.
func (l *lock) lockedContext(ctx context.Context) (context.Context, context.CancelFunc) {
	end := l.runEnd
	if deadline, ok := ctx.Deadline(); ok && deadline.Before(end) {
		end = deadline
	}
	return context.WithDeadline(context.WithoutCancel(ctx), end)
}
