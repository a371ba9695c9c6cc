package handler

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"licensewatch/archive"
	"licensewatch/state"
)

// sealWaiting seals records that wait, one after the other. left are those that could not be
// sealed, isUnfit says that some are none.
func (s *sealing) sealWaiting(ctx context.Context, packed []byte) (left []byte, isUnfit bool, err error) {
	for len(packed) > 0 {
		record, rest, err := unpackFirst(packed)
		var tried archive.Link
		if err == nil {
			tried, err = s.sealOne(ctx, record)
		} else {
			err = archive.ErrUnfit
		}
		switch {
		case errors.Is(err, archive.ErrUnfit): // it would be in the way for ever
			isUnfit = true
		case err != nil:
			return noteTried(packed, rest, record, tried), isUnfit, err
		}
		packed = rest
	}
	return nil, isUnfit, nil
}

// sealOne seals a record that waited, unless a run has that could not say so any more. With an
// error the link has the name that was tried, if any was.
func (s *sealing) sealOne(ctx context.Context, record archive.Unsealed) (tried archive.Link, err error) {
	names := triedNames(record)
	from := s.firstName(record.Account, names)
	if record.At.After(s.now) { // of a clock that was ahead: what follows would have to be later still
		record.At = s.now
	}
	chain, err := s.chainOf(ctx, record.Account)
	if err != nil {
		return archive.Link{}, err
	}
	s.known = append(s.known, names...)
	sealed, err := chain.recent.Find(ctx, record, names, from)
	switch {
	case err != nil && !mayNotRead(err):
		return archive.Link{}, err
	case sealed != nil:
		chain.advance(sealed)
		s.known = append(s.known, sealed.Record)
		return archive.Link{}, nil
	}
	record, left, err := s.avoidTried(ctx, chain, record)
	if err != nil {
		return archive.Link{}, err
	}
	record.Missing = append(slices.Clip(record.Missing), chain.leftBefore(record)...)
	head, err := archive.Seal(ctx, s.store, record, chain.head)
	if err != nil {
		return head, err
	}
	chain.head, s.known = &head, append(s.known, head.Record)
	chain.unsealed = slices.DeleteFunc(chain.unsealed, func(name string) bool { return name <= head.Record })
	s.known = slices.DeleteFunc(s.known, func(name string) bool { return slices.Contains(left, name) })
	return archive.Link{}, nil
}

// firstName is the name from which on a record may have been sealed that waits: what the ledger
// remembers as the newest record was there before, unless the ledger does not know that it waits.
func (s *sealing) firstName(account string, names []string) string {
	if r := s.remembered; r != nil && r.Waiting && r.Account == account {
		return min(slices.Min(names), r.Record)
	}
	return ""
}

// avoidTried gives a record that waits a name under which nothing lies that is not in it: where
// it was tried with a file that could not wait, or another record of the run. left are the names
// that it does not get.
func (s *sealing) avoidTried(ctx context.Context, chain *chain,
	record archive.Unsealed) (named archive.Unsealed, left []string, err error) {
	for {
		name := archive.NextName(chain.head, record.At, record.RunID)
		isLeft := slices.ContainsFunc(record.Missing, func(m archive.Missing) bool { return m.Name == name })
		if !isLeft && slices.Contains(chain.unsealed, name) {
			if isLeft, err = archive.HoldsOther(ctx, s.store, record.Account+"/"+name, record.Files); err != nil {
				return record, nil, err
			}
		}
		if !isLeft {
			return record, left, nil
		}
		left = append(left, name)
		record.At = archive.Link{Record: name}.At().Add(time.Second)
	}
}

// leftBefore are the folders before a record that waited: nobody looks there again once it is the
// head.
func (c *chain) leftBefore(record archive.Unsealed) (left []archive.Missing) {
	name := archive.NextName(c.head, record.At, record.RunID)
	for _, folder := range c.unsealed {
		isTold := slices.ContainsFunc(record.Missing, func(m archive.Missing) bool { return m.Name == folder })
		if folder < name && !isTold && len(left) < mostTold {
			left = append(left, archive.Missing{Name: folder, Reason: "not sealed"})
		}
	}
	return left
}

// mostTold is how many records that were never sealed another one tells of.
const mostTold = 20

// triedNames are the names under which a record that waits may have been sealed.
func triedNames(record archive.Unsealed) []string {
	names := []string{archive.RecordName(record.At.Truncate(time.Second), record.RunID)}
	for _, missing := range record.Missing {
		if archive.IsRecordName(missing.Name) && strings.HasSuffix(missing.Name, "-"+record.RunID) {
			names = append(names, missing.Name)
		}
	}
	return names
}

// mayNotRead says whether the archive lets nobody read: who may write there still seals.
func mayNotRead(err error) bool {
	failure, ok := errors.AsType[*state.Error](err)
	return ok && failure.Denied
}

// advance has the chain go on behind a record that was found, where it is the newest one.
func (c *chain) advance(sealed *archive.Link) {
	if c.head == nil || sealed.Record > c.head.Record {
		c.head = sealed
	}
}
