package session

import (
	"context"
	"errors"
	"strings"
	"time"

	"licensewatch/internal/instant"
	"licensewatch/ledgers"
	"licensewatch/life"
	"licensewatch/state"
)

// ErrNoStore says that there is no ledger to look at: LICENSEWATCH_STATE_URL is
// not set.
var ErrNoStore = errors.New("LICENSEWATCH_STATE_URL is not set: without a store nothing is remembered")

// ErrBusy says that a run holds the ledger.
var ErrBusy = errors.New("a run is under way: try again in a minute")

// Read gives the ledger of a store as it is now, and changes nothing; a store that
// holds none yet gives an empty one. What is in the ledger's place and is none is an error.
func Read(ctx context.Context, o Options) (*life.Ledger, error) {
	ctx, cancel, s, err := openStrict(ctx, o)
	defer cancel()
	if err != nil {
		return nil, err
	}
	data, err := s.fetchLedger(ctx)
	if errors.Is(err, state.ErrNotFound) {
		return life.New(), nil
	}
	if err != nil {
		return nil, err
	}
	if ledgers.IsLedgers(data) {
		return nil, &OwnerError{OfMany: true}
	}
	return life.Decode(data)
}

// Many is what a look at the memory of many accounts finds.
type Many struct {
	Ledgers *ledgers.Ledgers
	Store   string // the store's name, without anything secret
	Size    int    // of what is stored, in bytes; 0: nothing is
	// LockedBy is the run that holds the lock, and LockedUntil when that is over at the
	// latest; empty and zero: none does.
	LockedBy    string
	LockedUntil time.Time
}

// ReadMany is Read for the ledgers of many accounts. The ledger of a single account counts as
// that account's, as it does to a run.
func ReadMany(ctx context.Context, o Options) (Many, error) {
	ctx, cancel, s, err := openStrict(ctx, o)
	defer cancel()
	if err != nil {
		return Many{}, err
	}
	found := Many{Ledgers: ledgers.New(), Store: s.store.String()}
	data, err := s.fetchLedger(ctx)
	if err == nil {
		found.Size = len(data)
		found.Ledgers, err = ledgers.Decode(data)
	}
	if err != nil && !errors.Is(err, state.ErrNotFound) {
		return Many{}, err
	}
	if sees, lock, _ := s.lock.lookAt(ctx, lockName); sees == sightHeld {
		record := readRecord(lock)
		found.LockedBy, _, _ = strings.Cut(record.Owner, " ") // the word behind it is of no use to people
		found.LockedUntil = record.Expires
	}
	return found, nil
}

// EditMany is Edit for the ledgers of many accounts.
func EditMany(ctx context.Context, o Options, change func(*ledgers.Ledgers) error) error {
	o.OfMany = true
	return edit(ctx, o, func(s *Session) error { return change(s.Accounts) })
}

// Edit lets change look at the ledger of a store, and change it, while no run does: it
// holds the lock, and saves what change leaves unless that fails. A ledger of which
// anything cannot be read stays as it is, and is the error. The lock is given back also
// when ctx ends or change panics.
func Edit(ctx context.Context, o Options, change func(*life.Ledger) error) error {
	return edit(ctx, o, func(s *Session) error { return change(s.Ledger) })
}

func edit(ctx context.Context, o Options, change func(*Session) error) error {
	ctx, cancel, s, err := openStrict(ctx, o)
	defer cancel()
	if err != nil {
		return err
	}
	defer s.lock.releaseLock(ctx)
	busy := s.Begin(ctx, life.Owner{})
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case busy:
		return ErrBusy
	case s.broken != nil:
		return s.broken
	}
	if err := change(s); err != nil {
		return err
	}
	s.Save(ctx, s.options.End)
	if s.IsTaken() {
		return ErrBusy
	}
	return s.broken
}

// operatorTime is how long an operator's command may take where its context says nothing.
const operatorTime = time.Minute

// openStrict opens a session for an operator, and gives a context that ends with its time.
func openStrict(ctx context.Context, o Options) (context.Context, context.CancelFunc, *Session, error) {
	now := time.Now()
	end, ok := ctx.Deadline()
	if !ok {
		end = now.Add(operatorTime)
	}
	ctx, cancel := context.WithDeadline(ctx, end)
	if o.URL == "" {
		return ctx, cancel, nil, ErrNoStore
	}
	o.Holder, o.Wait, o.End = "edit", instant.Halfway(now, end), end
	s := openSession(o, true)
	return ctx, cancel, s, s.broken
}
