package session

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"licensewatch/internal/guard"
	"licensewatch/internal/instant"
	"licensewatch/ledgers"
	"licensewatch/life"
	"licensewatch/state"
)

// Names of what is kept in the store.
const (
	ledgerName = "ledger.json"
	lockName   = "claim.json"
	asideName  = "aside/ledger-" // and a hash: what could not be read, see aside.go
	spareName  = "ledger-2.json" // the ledger, while what has its name is none
)

// Session is a store's ledger in the hands of one run, or of an operator: nobody else
// changes it from Begin to Close. A nil *Session is that of a run without a store.
type Session struct {
	options Options
	store   *clearedStore
	lock    lock
	name    string // the ledger's
	isNew   bool   // there was no ledger
	read    bool   // the ledger was read: it says what is new, also when it cannot be saved any more

	// Ledger is empty before Begin. While channels answer it is changed by Note alone.
	Ledger *life.Ledger
	// Accounts are the ledgers of many accounts, of which Ledger is the fleet's own; nil in
	// a run of one account.
	Accounts *ledgers.Ledgers

	mutex   sync.Mutex // guards the ledger while channels answer, and the fields below
	broken  error      // the store failed: from then on nothing is remembered
	changes int        // of the ledger: how many are to be saved, or are

	saving       chan struct{} // holds one while somebody writes; guards the fields below
	saved        []byte        // the ledger as the store has it
	savedChanges int

	sending sendGathering // of the channels that have a message under way
}

// beginAnew has nothing remembered.
func (s *Session) beginAnew() {
	s.Ledger = life.New()
	if s.options.OfMany {
		s.Accounts = ledgers.New()
		s.Ledger = s.Accounts.Fleet
	}
}

// Begin takes the lock and loads the ledger, which has to be the owner's, as far as that
// is known; busy says that another session holds the lock. A store that fails leaves a
// session that remembers nothing.
func (s *Session) Begin(ctx context.Context, own life.Owner) (busy bool) {
	if s.broken != nil {
		return false
	}
	err := s.lock.acquireLock(ctx, s.waitEnd(ctx))
	if err == nil {
		err = s.loadLedger(ctx)
	}
	if err == nil {
		s.enterDisplaced(ctx)
	}
	switch {
	case s.store.strict: // whose it is, is the run's business
	case err == nil:
		if err = s.adoptLedger(own); err == nil {
			err = takingOver{&s.options, s.Accounts}.takeOver(ctx, s.isNew)
		}
	case errors.Is(err, errBusy):
		err = cmp.Or(s.checkOwner(ctx, own), err)
	}
	if errors.Is(err, errBusy) {
		return true
	}
	if s.read = err == nil; !s.read {
		s.Fail(ctx, err)
	}
	if s.Code() == codeOtherOwner { // who owns it may need it now
		s.lock.releaseLock(ctx)
	}
	return false
}

// waitEnd is until when the lock is waited for. A quarter of the context's time is left to load the
// ledger: a run that got the lock and not the ledger would say everything again.
func (s *Session) waitEnd(ctx context.Context) time.Time {
	end, ok := ctx.Deadline()
	if !ok {
		return s.options.Wait
	}
	return instant.Earlier(s.options.Wait, end.Add(-time.Until(end)/4))
}

// loadLedger reads the ledger. What cannot be read is read twice more, since what takes its place
// would write over a ledger that may be sound; then it is kept aside, and counts as not there.
// To an operator it is an error.
func (s *Session) loadLedger(ctx context.Context) error {
	data, err := s.fetchLedger(ctx)
	switch {
	case errors.Is(err, state.ErrNotFound):
		s.isNew = true
		return nil
	case err != nil:
		return err
	}
	reason := s.takeLedger(ctx, data)
	if _, isOther := errors.AsType[*OwnerError](reason); reason == nil || s.store.strict || isOther {
		return reason
	}
	isSame, isMissing := true, false
	for range 2 {
		again, err := s.fetchLedger(ctx)
		switch {
		case errors.Is(err, state.ErrNotFound) && isMissing: // the first answer was nobody's
			s.isNew = true
			return nil
		case errors.Is(err, state.ErrNotFound):
			isMissing, isSame = true, false
		case err != nil:
			return err
		case bytes.Equal(again, data):
		case s.takeLedger(ctx, again) == nil:
			return nil
		default:
			isSame = false
		}
	}
	if !isSame || s.givesAnything(ctx) {
		return s.unsteadyError(s.name)
	}
	return s.keepAside(ctx, data, reason)
}

// unsteadyError is a store that gives an object in another way each time, or gives anything. What
// came was a proxy's page or was cut: nobody knows what is stored, and it is not written over.
func (s *Session) unsteadyError(name string) error {
	return fmt.Errorf("%w: it is not the same when it is read again",
		&state.Error{Store: s.store.String(), Op: "Get", Name: name, Code: "Unsteady", Retryable: true})
}

// takeLedger takes the ledger's bytes for the session's ledger.
func (s *Session) takeLedger(ctx context.Context, data []byte) error {
	ledger, accounts, err := s.decodeLedger(ctx, data)
	if err == nil {
		s.Ledger, s.Accounts, s.saved = ledger, accounts, data
	}
	return err
}

// decodeLedger reads the ledger's bytes; an operator's must be whole. Those that break the
// program cannot be read. accounts is nil in a run of one account, to which the ledgers of
// many are somebody else's.
func (s *Session) decodeLedger(ctx context.Context,
	data []byte) (ledger *life.Ledger, accounts *ledgers.Ledgers, err error) {
	decode := life.Decode
	switch {
	case s.options.OfMany:
		decodeMany := ledgers.Decode
		if s.store.strict {
			decodeMany = ledgers.DecodeWhole
		}
		decode = func(data []byte) (*life.Ledger, error) {
			var err error
			if accounts, err = decodeMany(data); err != nil {
				return nil, err
			}
			return accounts.Fleet, nil
		}
	case ledgers.IsLedgers(data):
		return nil, nil, &OwnerError{Owner: life.Owner{Account: "LICENSEWATCH_ACCOUNTS_FILE"}, OfMany: true}
	case s.store.strict:
		decode = life.DecodeWhole
	}
	if !guard.Run(ctx, s.options.Logger, "ledger", func() { ledger, err = decode(data) }) {
		return nil, nil, errors.New("it breaks the program that reads it")
	}
	return ledger, accounts, err
}

// fetchLedger gets the ledger's bytes. Something of its name that no store has written
// stays where it is, and the ledger gets another name; what has that one is moved.
func (s *Session) fetchLedger(ctx context.Context) ([]byte, error) {
	data, err := s.store.Get(ctx, s.name)
	if failure, ok := errors.AsType[*state.Error](err); !ok || !failure.Foreign() {
		return data, err
	}
	s.name = spareName
	spare, spareErr := s.store.Get(ctx, s.name)
	if !s.store.strict && storeFailure(spareErr).Foreign() && s.lock.hold == lockHeld { // who only looks moves nothing
		spareErr = cmp.Or(s.store.displaceObstacle(ctx, s.name), state.ErrNotFound)
	}
	switch {
	case !errors.Is(spareErr, state.ErrNotFound):
	case s.store.strict:
		return nil, err
	default: // not seen before
		s.tellAside(ctx, ledgerName, err)
	}
	return spare, spareErr
}

// Works says whether what is said will be remembered.
func (s *Session) Works() bool {
	if s == nil {
		return false
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.broken == nil
}

// Knows says whether the ledger was read, and tells what is new: also when it cannot be
// saved any more.
func (s *Session) Knows() bool { return s != nil && s.read }

// Waited says that another session held the lock when this one first looked.
func (s *Session) Waited() bool { return s.lock.waited }

// Close saves what is left and gives the lock back.
func (s *Session) Close(ctx context.Context) {
	if s == nil || s.store == nil {
		return
	}
	defer s.lock.releaseLock(ctx)
	s.clearAside(ctx)
	s.Save(ctx, s.options.End)
}

// LooksTaken looks whether another session has taken the lock over: it knows more, and
// this one has to be silent. It ends by a time: a store that hangs must not take the time
// to tell.
func (s *Session) LooksTaken(ctx context.Context, by time.Time) bool {
	if s == nil {
		return false
	}
	ctx, cancel := context.WithDeadline(ctx, by)
	defer cancel()
	return s.lock.isTaken(ctx)
}

// IsTaken says whether it was seen that another session has taken the lock over.
func (s *Session) IsTaken() bool { return s != nil && s.lock.hold == lockTaken }

// Fail goes on without memory.
func (s *Session) Fail(ctx context.Context, err error) {
	s.mutex.Lock()
	s.broken = err
	s.mutex.Unlock()
	if errors.Is(err, state.ErrLost) {
		s.lock.hold = lockTaken
	}
	s.options.Logger.LogAttrs(ctx, slog.LevelError, "running without memory; messages may be repeated",
		slog.String("error", err.Error()))
}

// Codes that are no store's.
const (
	codeOtherOwner = "OtherOwner" // the ledger is another account's
	codeTimeout    = "Timeout"
	codeInternal   = "Internal"
)

// Code is what broke the session, in a word or two; empty while it works.
func (s *Session) Code() string {
	if s.Works() {
		return ""
	}
	if code := storeFailure(s.broken).Code; code != "" {
		return code
	}
	if _, ok := errors.AsType[*OwnerError](s.broken); ok {
		return codeOtherOwner
	}
	if errors.Is(s.broken, context.DeadlineExceeded) {
		return codeTimeout
	}
	return codeInternal
}

// adoptLedger makes the ledger that was read, or begun, the owner's.
func (s *Session) adoptLedger(own life.Owner) error {
	if err := CheckOwner(s.Ledger, own); err != nil {
		s.beginAnew()
		return err
	}
	s.Ledger.Own(own)
	return nil
}

// checkOwner looks whether the ledger whose lock another session holds is another
// account's: it is no use to wait for that.
func (s *Session) checkOwner(ctx context.Context, own life.Owner) error {
	data, err := s.store.Get(ctx, s.name)
	if err == nil {
		if ledger, _, err := s.decodeLedger(ctx, data); err == nil {
			return CheckOwner(ledger, own)
		}
	}
	return nil // the lock is all that is known
}

// OtherOwner is whose the ledger is that was found, where it is not the session's; zero
// where it is, or where none was found.
func (s *Session) OtherOwner() life.Owner {
	if other, ok := errors.AsType[*OwnerError](s.broken); ok {
		return other.Owner
	}
	return life.Owner{}
}
