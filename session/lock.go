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
	// longestGiveBack bounds what is done after Ctrl-C.
	longestGiveBack = 10 * time.Second
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

	hold   hold
	token  string // what was created to take a dead lock over; empty when none stood in the way
	waited bool   // another run held it when this one first looked
}

// hold says whether a run has the lock.
type hold int

const (
	notHeld hold = iota
	unsure       // a call to get it was not answered: it may be the run's
	held
	taken // another run has taken it over: nothing is said or saved any more
)

// lockRecord is what the object holds. It ends with its owner's time, so that an owner
// that died does not block the next run.
type lockRecord struct {
	Owner   string    `json:"owner"`
	Expires time.Time `json:"expires"`
}

// sight is what a look at a lock shows.
type sight int

const (
	unseen   sight = iota // the store does not show it
	free                  // there is none
	over                  // its owner's time is up, or it is no lock, or it cannot be read and never will be
	standing              // another run has it
)

// take gets the lock, and waits for it until a time. It gives errBusy when another
// run has it, also where that was seen once and the store fails later. A lock that
// cannot be seen is no sign of another run.
func (l *lock) take(ctx context.Context, until time.Time) error {
	whole, release := l.whole(ctx) // what Ctrl-C cuts short may have been done, and nobody would undo it
	defer release()
	seen := false
	for ; ; l.waited = true {
		if err := l.noteOutcome(l.store.Create(whole, lockName, l.record())); !errors.Is(err, state.ErrExists) {
			return orBusy(err, seen)
		}
		sees, dead, err := l.lookAt(ctx, lockName)
		if sees == over {
			if err := l.takeOver(whole, dead); err != nil || l.hold == held {
				return orBusy(err, seen)
			}
		}
		seen = seen || sees == standing
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
		l.hold = held
	case storeFailure(err).Ambiguous:
		l.hold = unsure
	}
	return err
}

// lookAt looks at a lock, or at the token of a take-over. What it holds is given where
// it can be read.
func (l *lock) lookAt(ctx context.Context, name string) (sight, []byte, error) {
	data, err := l.store.Get(ctx, name)
	failure := storeFailure(err)
	switch {
	case errors.Is(err, state.ErrNotFound):
		return free, nil, nil
	case err != nil && (failure.Retryable || failure.Denied):
		return unseen, nil, err
	case err != nil, isOver(data):
		return over, data, nil //nolint:nilerr // what cannot be read and never will be is over
	default:
		return standing, data, nil
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

// record is the run's own.
func (l *lock) record() []byte {
	data, _ := json.Marshal(lockRecord{l.holder, l.ends}) // can be written as long as the clock is not beyond the year 9999
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
func (l *lock) takeOver(ctx context.Context, dead []byte) error {
	sum := sha256.Sum256(dead)
	token := takeOverName + hex.EncodeToString(sum[:8])
	switch err := l.store.makingRoom(ctx, token, func() error { return l.store.Create(ctx, token, l.record()) }); {
	case errors.Is(err, state.ErrExists):
		return l.dropToken(ctx, token)
	case err != nil:
		return err
	}
	l.token = token
	sees, now, err := l.lookAt(ctx, lockName)
	if sees != over || !bytes.Equal(now, dead) {
		return err // somebody was done with it before, and somebody else may have created one now
	}
	if err := l.revoke(ctx, dead); err != nil { // its owner may only be frozen
		return err
	}
	if readRecord(dead).Owner == "" {
		l.logger.LogAttrs(ctx, slog.LevelWarn, "what had the name of the lock was none; it is replaced", slog.Int("bytes", len(dead)))
	}
	err = l.store.Put(ctx, lockName, l.record())
	if l.store.canMove(err) {
		if err := l.store.displace(ctx, lockName); err != nil {
			return err
		}
		err = l.store.Create(ctx, lockName, l.record()) // somebody may have been faster
	}
	if err = l.noteOutcome(err); errors.Is(err, state.ErrExists) {
		return nil
	}
	return err
}

// dropToken removes the token of a run that died while it took the lock over.
func (l *lock) dropToken(ctx context.Context, token string) error {
	sees, dead, err := l.lookAt(ctx, token)
	if sees != over {
		return err
	}
	if err := l.revoke(ctx, dead); err != nil {
		return err
	}
	return l.store.makingRoom(ctx, token, func() error { return l.store.Delete(ctx, token) })
}

// revoke ends what the owner of a dead lock may still write.
func (l *lock) revoke(ctx context.Context, dead []byte) error {
	if owner := readRecord(dead).Owner; owner != "" {
		return l.store.Revoke(ctx, owner)
	}
	return nil
}

// isTaken says whether another run has the lock by now that this one held. Only after
// a take-over, or when the run's time is up, can that be.
func (l *lock) isTaken(ctx context.Context) bool {
	if l.hold == held && (l.token != "" || !time.Now().Before(l.runEnd)) && !l.owns(ctx, true) {
		l.hold = taken
	}
	return l.hold == taken
}

// owns looks whether the lock is the run's own; ifUnseen is the answer when that
// cannot be seen.
func (l *lock) owns(ctx context.Context, ifUnseen bool) bool {
	sees, data, _ := l.lookAt(ctx, lockName)
	return sees == unseen && ifUnseen || readRecord(data).Owner == l.holder
}

// giveBack removes the run's own lock, also after Ctrl-C, and ends its lease.
func (l *lock) giveBack(ctx context.Context) {
	ctx, release := l.whole(ctx)
	defer release()
	ctx, cancel := context.WithTimeout(ctx, longestGiveBack)
	defer cancel()
	defer func() { _ = l.store.Revoke(ctx, l.holder) }() // what is left of it is removed when it is old
	if l.token != "" {
		defer func(token string) { _ = l.store.Delete(ctx, token) }(l.token) // what is left of it ends with the run's time
	}
	if l.hold == unsure && l.owns(ctx, false) {
		l.hold = held
	}
	if l.hold == held && !l.isTaken(ctx) {
		if err := l.store.Delete(ctx, lockName); err != nil {
			l.logger.LogAttrs(ctx, slog.LevelWarn, "the lock could not be given back; it ends with this run's time", slog.String("error", err.Error()))
		}
		l.hold = notHeld
	}
	l.token = ""
}

// whole is a context for what must not be left half done when the run is given up:
// only its time ends it.
func (l *lock) whole(ctx context.Context) (context.Context, context.CancelFunc) {
	end := l.runEnd
	if deadline, ok := ctx.Deadline(); ok && deadline.Before(end) {
		end = deadline
	}
	return context.WithDeadline(context.WithoutCancel(ctx), end)
}
