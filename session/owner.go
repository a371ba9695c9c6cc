package session

import "licensewatch/life"

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
