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
	memory     *session.Session // where records wait; used only where remembered is not nil
	remembered *life.Evidence   // nil: there is no store
	begun      string           // the name of the run's record, where it was remembered
	mayWait    bool             // the run's record may wait: what it holds cannot be had again
	now        time.Time
	end        time.Time // of the store's time, by the real clock

	hasToWait bool // the run's record waits in the store
}

// sealAll seals the records that wait, oldest first, and then the run's. What cannot be
// sealed waits for the next run, where there is a store.
func (s *sealing) sealAll(ctx context.Context, record archive.Unsealed) (ArchiveSummary, error) {
	failed := ArchiveSummary{Status: ArchiveFailed}
	waiting, isBroken, err := s.recordsThatWait(ctx)
	if err != nil {
		s.remembered.Fail(s.now, archiveCode(err))
		return failed, err // what waits comes first, and must not be written over
	}
	if isBroken {
		record.Missing = append(record.Missing, archive.Missing{Name: "record", Reason: "records that waited could not be read"})
	}
	head, left, err := s.sealInOrder(ctx, append(waiting, record))
	switch {
	case err != nil && s.remembered == nil:
		return failed, err
	case err != nil:
		return failed, errors.Join(err, s.haveWait(ctx, head, left, archiveCode(err)))
	case s.remembered != nil:
		hadWaited := s.remembered.Waiting
		s.remembered.Seal(head.Record, head.SHA256, head.At())
		if hadWaited { // the ledger does not speak of it any more: what is left costs nothing but room
			_ = s.memory.PutUnsealed(ctx, nil, s.end)
		}
	}
	return ArchiveSummary{Status: ArchiveSealed, Record: head.Record, Head: head.Short()}, nil
}

// recordsThatWait are the records that earlier runs could not seal; isBroken says that not all
// of them can be read.
func (s *sealing) recordsThatWait(ctx context.Context) (waiting []archive.Unsealed, isBroken bool, err error) {
	if s.remembered == nil || !s.remembered.Waiting {
		return nil, false, nil
	}
	data, err := s.memory.Unsealed(ctx)
	if failure, ok := errors.AsType[*state.Error](err); ok && failure.Foreign() { // no run has written that
		return nil, true, nil
	}
	if err != nil {
		return nil, false, err
	}
	waiting, isBroken = unpackRecords(data)
	return waiting, isBroken, nil
}

// haveWait keeps the records that are left for the next run, and remembers how far this one
// came: up to the head, which may be nil.
func (s *sealing) haveWait(ctx context.Context, head *archive.Link, left []archive.Unsealed, reason string) error {
	if head != nil && head.Record > s.remembered.Record {
		s.remembered.Record, s.remembered.SHA256, s.remembered.At = head.Record, head.SHA256, head.At()
	}
	s.remembered.Fail(s.now, reason)
	if !s.mayWait { // the next run makes it again, and it must not push out those that wait
		left = left[:len(left)-1]
		s.remembered.Abandon(s.begun)
	}
	var data []byte // none: what waited is sealed
	if len(left) > 0 {
		var err error
		if data, err = packRecords(left); err != nil {
			return err
		}
	}
	if data != nil || s.remembered.Waiting {
		if err := s.memory.PutUnsealed(ctx, data, s.end); err != nil {
			return err
		}
	}
	s.remembered.Waiting = len(left) > 0
	if s.hasToWait = s.mayWait; s.hasToWait {
		s.remembered.Abandon(s.begun)
	}
	return nil
}

// sealInOrder seals the records. head is the newest one that is sealed, left are those that
// are not.
func (s *sealing) sealInOrder(ctx context.Context, records []archive.Unsealed) (head *archive.Link,
	left []archive.Unsealed, err error) {
	if s.remembered != nil && s.remembered.Record != "" {
		head = &archive.Link{Record: s.remembered.Record, SHA256: s.remembered.SHA256}
	}
	head, unsealed, err := archive.Resume(ctx, s.store, records[0].Account, head)
	if err != nil {
		return nil, records, err
	}
	for i, record := range records {
		if i == len(records)-1 {
			record.Missing = append(record.Missing, s.neverSealed(ctx, unsealed, records)...)
		} else if archive.IsSealed(ctx, s.store, record) { // by a run that was killed before it could say so
			continue
		}
		link, err := archive.Seal(ctx, s.store, record, head)
		if err != nil {
			return head, records[i:], err
		}
		head = &link
	}
	return head, nil, nil
}

// neverSealed are the records of runs that were killed: those that had begun to tell, and
// the folders of those that had begun to seal. A record that waited is none.
func (s *sealing) neverSealed(ctx context.Context, unsealed []string, records []archive.Unsealed) (missing []archive.Missing) {
	names := slices.Clone(unsealed)
	if s.remembered != nil {
		for _, name := range s.remembered.Begun {
			if name != s.begun && archive.IsMissing(ctx, s.store, records[0].Account, name) {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	const most = 20
	for _, name := range slices.Compact(names) {
		isWaiting := slices.ContainsFunc(records, func(r archive.Unsealed) bool {
			return archive.RecordName(r.At, r.RunID) == name
		})
		if !isWaiting && len(missing) < most {
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
