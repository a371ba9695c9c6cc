package handler

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"time"

	"licensewatch/license"
	"licensewatch/life"
	"licensewatch/state"
)

// Names of what is kept in the store.
const (
	ledgerName = "ledger.json"
	claimName  = "claim.json"
	asideName  = "aside/ledger-" // and a hash: what could not be read, see aside.go
	spareName  = "ledger-2.json" // the ledger, while what has its name is none
)

// memory is what a run knows of earlier ones, from the moment it holds the lock.
// It is nil in a run without a store.
type memory struct {
	run    *run
	store  *clearedStore
	lock   lock
	ledger *life.Ledger
	name   string // the ledger's
	decode func([]byte) (*life.Ledger, error)
	read   bool // the ledger was read: it says what is new, also when it cannot be saved any more

	mutex   sync.Mutex // guards the ledger while channels answer, and the fields below
	broken  error      // the store failed: from then on nothing is remembered
	changes int        // of the ledger: how many are to be saved, or are

	saving       chan struct{} // holds one while somebody writes; guards the fields below
	saved        []byte        // the ledger as the store has it
	savedChanges int

	unanswered int       // how many acceptances are still to come
	sending    gathering // of the channels that have a message under way
}

// openMemory makes the memory of a run; nothing is read yet.
func (r *run) openMemory() *memory {
	if r.config.StateURL == "" || r.handler.dryRun != nil { // a dry run leaves no trace
		return nil
	}
	store, err := state.Open(r.config.StateURL, state.Options{
		Credentials: credentials,
		Transport:   r.handler.transport,
		Disk:        r.handler.disk,
		Sleep:       r.handler.sleep,
		Logger:      r.logger,
	})
	m := &memory{run: r, ledger: life.New(), name: ledgerName, decode: life.Decode, saving: make(chan struct{}, 1)}
	if err != nil { // setUp has checked the URL
		m.broken = err
		return m
	}
	owner := r.id + " " + r.nonce
	ends := r.budget.end.Truncate(time.Second).Add(2 * time.Second) // a lease needs so much, in whole seconds
	m.store = &clearedStore{Store: store.Lease(owner, ends), word: strings.ToLower(r.nonce), logger: r.logger}
	m.lock = lock{store: m.store, sleep: r.handler.sleep, logger: r.logger, owner: owner, ends: ends, runEnd: r.budget.end}
	return m
}

// begin takes the lock and loads the ledger; busy says that another run holds
// it. A store that fails leaves a run without memory, which speaks all the same.
func (m *memory) begin(ctx context.Context) (busy bool) {
	if m.broken != nil {
		return false
	}
	err := m.lock.take(ctx, m.run.budget.collect) // then there is still time to read again
	if err == nil {
		err = m.load(ctx)
	}
	if err == nil {
		m.enterDisplaced(ctx)
	}
	switch {
	case m.store.strict: // whose it is, and whom it tells, is the function's business
	case err == nil:
		err = m.enter()
	case errors.Is(err, errBusy):
		if other := m.isOthers(ctx); other != nil {
			err = other
		}
	}
	if errors.Is(err, errBusy) {
		return true
	}
	if m.read = err == nil; !m.read {
		m.fail(ctx, err)
	}
	if m.code() == otherOwner { // who owns it may need it now
		m.lock.giveBack(ctx)
	}
	return false
}

// load reads the ledger. What cannot be read is kept aside, and counts as not
// there; to an operator it is an error.
func (m *memory) load(ctx context.Context) error {
	data, err := m.fetch(ctx)
	switch {
	case errors.Is(err, state.ErrNotFound):
		return nil
	case err != nil:
		return err
	}
	ledger, err := m.decoded(ctx, data)
	switch {
	case err == nil:
		m.ledger, m.saved = ledger, data
		return nil
	case m.store.strict:
		return err
	}
	return m.keepAside(ctx, data, err)
}

// decoded reads the ledger's bytes. Those that break the program cannot be read.
func (m *memory) decoded(ctx context.Context, data []byte) (ledger *life.Ledger, err error) {
	if !m.run.guard(ctx, "ledger", func() { ledger, err = m.decode(data) }) {
		return nil, errors.New("it breaks the program that reads it")
	}
	return ledger, err
}

// fetch gets the ledger's bytes. Something of its name that no store has written
// stays where it is, and the ledger gets another name.
func (m *memory) fetch(ctx context.Context) ([]byte, error) {
	data, err := m.store.Get(ctx, m.name)
	if failure, ok := errors.AsType[*state.Error](err); !ok || !failure.Foreign() {
		return data, err
	}
	m.name = spareName
	spare, spareErr := m.store.Get(ctx, m.name)
	if m.store.canMove(spareErr) && m.lock.hold == held { // who only looks moves nothing
		spareErr = cmp.Or(m.store.displace(ctx, m.name), state.ErrNotFound)
	}
	switch {
	case !errors.Is(spareErr, state.ErrNotFound):
	case m.store.strict:
		return nil, err
	default: // not seen before
		m.tellAside(ctx, ledgerName, err)
	}
	return spare, spareErr
}

// works says whether what is said will be remembered.
func (m *memory) works() bool {
	if m == nil {
		return false
	}
	m.mutex.Lock()
	defer m.mutex.Unlock()
	return m.broken == nil
}

// knows says whether the ledger tells what is new.
func (m *memory) knows() bool { return m != nil && m.read }

// saveBy saves the ledger by a time, if it has changed: a store that hangs must not take
// the time that what is still to be said needs. Nothing but that time ends it: what was
// said must be remembered also when the run is given up.
func (m *memory) saveBy(ctx context.Context, end time.Time) {
	m.mutex.Lock()
	m.changes++
	change := m.changes
	m.mutex.Unlock()
	m.saveChange(ctx, end, change)
}

// saveChange is saveBy for a change, which often went with somebody else's write by the
// time that this one may write.
func (m *memory) saveChange(ctx context.Context, end time.Time, change int) {
	ctx, cancel := context.WithDeadline(context.WithoutCancel(ctx), end)
	defer cancel()
	select {
	case m.saving <- struct{}{}:
		defer func() { <-m.saving }()
	case <-ctx.Done():
		m.fail(ctx, ctx.Err())
		return
	}
	if m.savedChanges >= change || !m.works() || m.lock.hold != held { // without the lock no ledger was read, and this one is empty
		return
	}
	err := ctx.Err() // a large ledger takes time to encode, and there is none left
	var data []byte
	if err == nil {
		data, change, err = m.encode()
	}
	if err == nil && !bytes.Equal(data, m.saved) {
		err = m.store.Put(ctx, m.name, data)
	}
	if err != nil {
		m.fail(ctx, err)
		return
	}
	m.saved, m.savedChanges = data, change
}

// encode gives the ledger's bytes, and the last change that is in them.
func (m *memory) encode() ([]byte, int, error) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	data, err := m.ledger.Encode()
	return data, m.changes, err
}

// beginMessage is called before a channel is sent a message; answered must follow.
func (m *memory) beginMessage() {
	if m != nil {
		m.sending.leave()
	}
}

// answered notes what a channel answered, and saves it: what was said and is not
// saved would be said again. Answers that come together are saved together.
func (m *memory) answered(ctx context.Context, message life.Message, v verdict) {
	if m == nil {
		return
	}
	change := m.mark(message, v)
	m.sending.comeBack(min(longestGathering, time.Until(m.run.budget.end)/4))
	m.saveChange(ctx, halfway(time.Now(), m.run.budget.end), change)
}

// mark enters an answer, and gives the number of the change.
func (m *memory) mark(message life.Message, v verdict) (change int) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	now := m.run.now()
	if v.refusal == nil {
		rest := life.Rest{Unnamed: v.receipt.Unnamed, Call: v.receipt.OwesCall()}
		m.ledger.AcceptBut(message.ID, v.channel.Name(), now, rest)
	} else {
		m.ledger.Refuse(message.ID, v.channel.Name(), now, refusalOf(v.refusal))
	}
	m.enterLast(v.refusal == nil, now)
	m.changes++
	return m.changes
}

// end saves what is left and gives the lock back.
func (m *memory) end(ctx context.Context) {
	if m == nil || m.store == nil {
		return
	}
	defer m.lock.giveBack(ctx)
	m.clearAside(ctx)
	m.saveBy(ctx, m.run.budget.end)
}

// isTaken says whether another run has taken the lock over: it knows more, and this one
// has to be silent. A store that hangs must not take the time to tell.
func (m *memory) isTaken(ctx context.Context) bool {
	if m == nil {
		return false
	}
	ctx, cancel := context.WithDeadline(ctx, halfway(time.Now(), m.run.budget.tell))
	defer cancel()
	return m.lock.isTaken(ctx)
}

// fail goes on without memory.
func (m *memory) fail(ctx context.Context, err error) {
	m.mutex.Lock()
	m.broken = err
	m.mutex.Unlock()
	if errors.Is(err, state.ErrLost) {
		m.lock.hold = taken
	}
	m.run.logger.LogAttrs(ctx, slog.LevelError, "running without memory; messages may be repeated", slog.String("error", err.Error()))
}

// code is the failure in a word or two.
func (m *memory) code() string {
	if code := storeFailure(m.broken).Code; code != "" {
		return code
	}
	if _, ok := errors.AsType[*OwnerError](m.broken); ok {
		return otherOwner
	}
	if errors.Is(m.broken, context.DeadlineExceeded) {
		return "Timeout"
	}
	return "Internal"
}

// status is how the run remembers, in a word.
func (m *memory) status() string {
	switch {
	case m == nil:
		return "off"
	case m.works():
		return codeOK
	default:
		return m.code()
	}
}

// notices are what the reader should know about the memory.
func (m *memory) notices() []license.Notice {
	switch {
	case m == nil:
		return nil
	case m.broken != nil:
		if other, ok := errors.AsType[*OwnerError](m.broken); ok {
			return []license.Notice{{Code: license.NoticeOtherOwner, Args: []string{other.Owner.Account, string(other.Owner.Site)}}}
		}
		return []license.Notice{{Code: license.NoticeNoMemory, Args: []string{m.code()}}}
	case len(m.ledger.Aside()) > 0:
		return m.asideNotices()
	case m.ledger.Shed():
		return []license.Notice{{Code: license.NoticeStateShed}}
	default:
		return nil
	}
}
