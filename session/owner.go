package session

import (
	"context"
	"errors"

	"licensewatch/life"
)

// OwnerError says that the ledger is that of another account or site. It is left as
// it is.
type OwnerError struct {
	Owner  life.Owner
	OfMany bool // it is that of many accounts
}

// Error says of LICENSEWATCH_STATE_URL whose it is, and what to do.
func (e *OwnerError) Error() string {
	if e.OfMany {
		return "leads to the memory of many accounts, of a run with LICENSEWATCH_ACCOUNTS_FILE, which is left alone: " +
			"set the file, or another prefix"
	}
	return "leads to the memory of " + e.Owner.String() + ", which is left alone: give each account a prefix of its own"
}

// CheckOwner says whether a run of this owner may use the ledger; the error is an
// *OwnerError.
func CheckOwner(ledger *life.Ledger, own life.Owner) error {
	if owner := ledger.Owner(); owner.IsOther(own) {
		return &OwnerError{Owner: owner}
	}
	return nil
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
