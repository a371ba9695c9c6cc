package handler

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"log/slog"
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

// memory is what a run knows of earlier ones, from the moment it holds the claim.
// It is nil in a run without a store.
type memory struct {
	store  state.Store
	run    *run
	ledger *life.Ledger

	mutex      sync.Mutex    // guards the ledger while channels answer, and broken
	saving     chan struct{} // holds a value while somebody writes; guards saved meanwhile
	claimed    bool
	doubtful   bool     // a call to get the claim was not answered: it may be ours
	waited     bool     // another run held the claim when this one first looked
	token      string   // what was created to take a dead claim over; empty when none stood in the way
	superseded bool     // the lease was over when the ledger was to be saved
	moved      int      // how much this run has moved that was in the way
	displaced  []string // where it went, until the ledger knows
	strict     bool     // what cannot be read is an error, and left as it is
	decode     func([]byte) (*life.Ledger, error)
	silent     bool   // the claim went to another run: nothing is said, nothing is saved
	broken     error  // the store failed: from then on nothing is remembered
	name       string // the ledger's
	saved      []byte // the ledger as the store has it

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
	m := &memory{run: r, ledger: life.New(), saving: make(chan struct{}, 1), name: ledgerName, decode: life.Decode}
	if err != nil { // setUp has checked the URL
		m.broken = err
		return m
	}
	m.store = store.Lease(r.owner(), r.leaseEnd())
	return m
}

// begin takes the claim and loads the ledger; busy says that another run holds
// it. A store that fails leaves a run without memory, which speaks all the same.
func (m *memory) begin(ctx context.Context) (busy bool) {
	if m.broken != nil {
		return false
	}
	err := m.takeClaim(ctx)
	if err == nil {
		err = m.load(ctx)
	}
	if err == nil {
		m.enterDisplaced(ctx)
	}
	switch {
	case m.strict: // whose it is, and whom it tells, is the function's business
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
	if err != nil {
		m.fail(ctx, err)
	}
	if m.code() == otherOwner { // who owns it may need it now
		m.giveBack(ctx)
		m.claimed, m.token = false, ""
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
	ledger, err := m.decode(data)
	switch {
	case err == nil:
		m.ledger, m.saved = ledger, data
		return nil
	case m.strict:
		return err
	}
	return m.keepAside(ctx, data, err)
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
	if storeFailure(spareErr).Immovable() && m.claimed && !m.strict { // who only looks moves nothing
		spareErr = cmp.Or(m.displace(ctx, m.name), state.ErrNotFound)
	}
	switch {
	case !errors.Is(spareErr, state.ErrNotFound):
	case m.strict:
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

// save writes the ledger, if it has changed. Who had to wait for somebody else's
// write often finds that its own change went with the next one's.
func (m *memory) save(ctx context.Context) {
	select {
	case m.saving <- struct{}{}:
	case <-ctx.Done(): // whose write hangs will say so
		return
	}
	defer func() { <-m.saving }()
	if !m.works() || !m.claimed { // without the claim no ledger was read, and this one is empty
		return
	}
	m.mutex.Lock()
	data, err := m.ledger.Encode()
	m.mutex.Unlock()
	if err == nil && bytes.Equal(data, m.saved) {
		return
	}
	if err == nil {
		err = m.store.Put(ctx, m.name, data)
	}
	if err != nil {
		m.superseded = errors.Is(err, state.ErrLost)
		m.fail(ctx, err)
		return
	}
	m.saved = data
}

// saveBy saves by a time: a store that hangs must not take the time that what is
// still to be said needs. Nothing but that time ends it: what was said must be
// remembered also when the run is given up.
func (m *memory) saveBy(ctx context.Context, end time.Time) {
	ctx, cancel := context.WithDeadline(context.WithoutCancel(ctx), end)
	defer cancel()
	m.save(ctx)
}

// asks is called before a channel is sent a message; answered must follow.
func (m *memory) asks() {
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
	m.mark(message, v)
	m.sending.comeBack(min(longestGathering, time.Until(m.run.budget.end)/4))
	m.saveBy(ctx, halfway(time.Now(), m.run.budget.end))
}

func (m *memory) mark(message life.Message, v verdict) {
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
}

// end saves what is left and gives the claim back.
func (m *memory) end(ctx context.Context) {
	if m == nil || m.store == nil {
		return
	}
	if !m.silent {
		m.clearAside(ctx)
		m.saveBy(ctx, m.run.budget.end)
	}
	m.giveBack(ctx)
}

// fail goes on without memory.
func (m *memory) fail(ctx context.Context, err error) {
	m.mutex.Lock()
	m.broken = err
	m.mutex.Unlock()
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
