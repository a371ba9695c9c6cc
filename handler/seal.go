package handler

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"licensewatch/archive"
	"licensewatch/life"
	"licensewatch/session"
	"licensewatch/state"
)

// sealing seals a run's record, and before it those that wait.
type sealing struct {
	store      archive.Store
	account    string           // the folder of the run's record
	memory     *session.Session // where records wait; used only where remembered is not nil
	remembered *life.Evidence   // nil: there is no store
	begun      string           // the name of the run's record, where it was remembered
	mayWait    bool             // the run's record may wait: what it holds cannot be had again
	now        time.Time
	sealingEnd time.Time // by the real clock
	end        time.Time // of the store's time, by the real clock

	hasToWait bool // the run's record waits in the store

	chains map[string]*chain // by account: a record that waits may be of another one
	known  []string          // the names of the records that waited, and of what was sealed of them
}

// chain is where the next record of an account goes.
type chain struct {
	head     *archive.Link // nil: it is the first one
	unsealed []string      // folders after the head that are no records
	recent   *archive.Recent
}

// sealAll seals the records that wait, oldest first, and then the run's. What cannot be
// sealed waits for the next run, where there is a store.
//
// newRecord is called once what waited is sealed, or with why the archive is broken.
func (s *sealing) sealAll(ctx context.Context, newRecord func(broken error) (archive.Unsealed,
	error)) (ArchiveSummary, error) {
	failed := ArchiveSummary{Status: ArchiveFailed}
	waiting, isForeign, err := s.recordsThatWait(ctx)
	if err != nil {
		s.remembered.Fail(s.now, archiveCode(err))
		return failed, err // what waits comes first, and must not be written over
	}
	hadWaited := len(waiting) > 0 || s.remembered != nil && s.remembered.Waiting
	left, isUnfit, broken := s.sealWaiting(ctx, waiting)
	record, err := newRecord(broken) // not before: each may be large
	if err != nil {
		return failed, errors.Join(err, broken)
	}
	if isForeign || isUnfit {
		record.Missing = append(record.Missing, archive.Missing{Name: "record",
			Reason: "records that waited could not be read"})
	}
	var head archive.Link
	if err = broken; err == nil {
		head, err = s.sealLast(ctx, record)
	}
	switch {
	case err != nil && s.remembered == nil:
		return failed, err
	case err != nil:
		s.remembered.Fail(s.now, archiveCode(err))
		return failed, errors.Join(err, s.haveWait(ctx, left, hadWaited, record, head))
	case s.remembered != nil:
		s.remembered.Seal(s.account, head.Record, head.SHA256, head.At())
		if hadWaited && s.memory.PutUnsealed(ctx, nil, s.end) != nil {
			s.remembered.Begin(head.Record) // the next run looks what waits, as after one that was killed
		}
	}
	return ArchiveSummary{Status: ArchiveSealed, Record: head.Record, Head: head.Short()}, nil
}

// recordsThatWait are the packed records that earlier runs could not seal; isForeign says that
// something else lies in their place. Where the ledger was lost, the archive is another one or
// a run was killed or could not save, the ledger does not know of them.
func (s *sealing) recordsThatWait(ctx context.Context) (packed []byte, isForeign bool, err error) {
	if s.remembered == nil {
		return nil, false, nil
	}
	wasKilled := slices.ContainsFunc(s.remembered.Begun, func(name string) bool { return name != s.begun })
	if !s.remembered.Waiting && !wasKilled && s.remembered.Record != "" {
		own, err := s.chainOf(ctx, s.account)
		if err != nil || len(own.unsealed) == 0 {
			return nil, false, nil //nolint:nilerr // an error is met again where it matters
		}
	}
	packed, err = s.memory.Unsealed(ctx)
	if failure, ok := errors.AsType[*state.Error](err); ok && failure.Foreign() { // no run has written that
		return nil, true, nil
	}
	return packed, false, err
}

// sealLast seals the run's own record.
func (s *sealing) sealLast(ctx context.Context, record archive.Unsealed) (archive.Link, error) {
	chain, err := s.chainOf(ctx, record.Account)
	if err != nil {
		return archive.Link{}, err
	}
	record.Missing = append(slices.Clip(record.Missing), s.neverSealed(ctx, chain.unsealed)...)
	return archive.Seal(ctx, s.store, chain.avoidUnsealed(record), chain.head)
}

// avoidUnsealed gives a record a name that no folder has which was never sealed, by the same
// run before it was killed.
func (c *chain) avoidUnsealed(record archive.Unsealed) archive.Unsealed {
	for slices.Contains(c.unsealed, archive.RecordName(record.At, record.RunID)) {
		record.At = record.At.Add(time.Second)
	}
	return record
}

// chainOf finds where the next record of an account goes.
func (s *sealing) chainOf(ctx context.Context, account string) (*chain, error) {
	if found := s.chains[account]; found != nil {
		return found, nil
	}
	if archive.AccountFolder(account) != account {
		return nil, archive.ErrUnfit
	}
	var remembered *archive.Link
	if r := s.remembered; r != nil && r.Record != "" && r.Account == account {
		remembered = &archive.Link{Record: r.Record, SHA256: r.SHA256}
	}
	head, unsealed, err := archive.Resume(ctx, s.store, account, remembered)
	if err != nil && (head == nil || !mayNotRead(err)) { // who may not list goes on by the memory
		return nil, err
	}
	if s.chains == nil {
		s.chains = map[string]*chain{}
	}
	s.chains[account] = &chain{head, unsealed, archive.NewRecent(s.store, account, head)}
	return s.chains[account], nil
}

// haveWait keeps the records that are left for the next run, the run's own behind those that
// are packed already, and remembers how far this one came.
func (s *sealing) haveWait(ctx context.Context, left []byte, hadWaited bool, record archive.Unsealed,
	tried archive.Link) error {
	if s.mayWait {
		var err error
		if left, err = addWaiting(left, keepTried(record, tried)); err != nil {
			return err
		}
	} else { // the next run makes it again, and it must not push out those that wait
		s.remembered.Abandon(s.begun)
		if tried.Record != "" { // a part of it may be there
			s.remembered.Begin(tried.Record)
		}
	}
	if len(left) > 0 || hadWaited {
		if err := s.memory.PutUnsealed(ctx, left, s.end); err != nil { // nil: what waited is sealed
			return err
		}
	}
	if own := s.chains[s.account]; own != nil && own.head != nil &&
		(own.head.Record > s.remembered.Record || s.remembered.Account != s.account) {
		s.remembered.Account, s.remembered.Record = s.account, own.head.Record
		s.remembered.SHA256, s.remembered.At = own.head.SHA256, own.head.At()
	}
	s.remembered.Waiting = len(left) > 0
	if s.hasToWait = s.mayWait; s.hasToWait {
		s.remembered.Abandon(s.begun)
	}
	return nil
}

// neverSealed are the records of runs that were killed: those that had begun to tell, and
// the folders of those that had begun to seal. A record that waited is none.
func (s *sealing) neverSealed(ctx context.Context, unsealed []string) (missing []archive.Missing) {
	names := slices.Clone(unsealed)
	if s.remembered != nil {
		for _, name := range s.remembered.Begun {
			if name != s.begun && archive.IsMissing(ctx, s.store, s.account, name) {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		if !slices.Contains(s.known, name) && len(missing) < mostTold {
			missing = append(missing, archive.Missing{Name: name, Reason: "not sealed"})
		}
	}
	return missing
}

// archiveCode is why nothing could be sealed, in a word that is safe to show.
func archiveCode(err error) string {
	if failure, ok := errors.AsType[*state.Error](err); ok {
		return failure.Code
	}
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, state.ErrLost) {
		return "Timeout"
	}
	return cmp.Or(archive.CodeOf(err), "Internal")
}
