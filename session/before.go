package session

import (
	"context"
	"errors"
	"time"

	"licensewatch/ledgers"
	"licensewatch/life"
	"licensewatch/state"
)

// Before is where the accounts of a slice were remembered before.
type Before struct {
	URL   string // of the store
	Owner life.Owner
}

// longestBefore is how old a memory may be that is taken over: an account is forgotten as
// soon as it was not watched for so long.
const longestBefore = 7 * 24 * time.Hour

// takeOverBefore has a slice of the accounts begin with what was remembered of them, in the
// first of those places that has a memory of theirs. It stays where it is, for other slices.
// What was said of more accounts together is nothing that a slice can say is over: of that
// begins anew all but the key that the channels' identities are hashed with.
func (s *Session) takeOverBefore(ctx context.Context) error {
	for _, before := range s.options.Before {
		store, err := state.Open(before.URL, s.options.Store)
		if err != nil {
			return err
		}
		data, err := store.Get(ctx, ledgerName)
		switch {
		case errors.Is(err, state.ErrNotFound), storeFailure(err).Foreign():
			continue
		case err != nil: // begun anew it would say everything again
			return err
		}
		accounts, err := ledgers.Decode(data)
		if err != nil {
			continue
		}
		last := accounts.Fleet.Runs().Last().At
		if accounts.Fleet.Owner().IsOther(before.Owner) || !last.IsZero() && s.options.Now().Sub(last) > longestBefore {
			continue
		}
		for _, account := range accounts.Accounts() {
			if !s.options.Has(account) {
				accounts.Forget(account)
			}
		}
		accounts.Organization.Keep(s.options.Has)
		key := accounts.Fleet.Key("")
		accounts.Fleet = life.New()
		accounts.Fleet.Key(key)
		s.Ledger, s.Accounts = accounts.Fleet, accounts
		return nil
	}
	return nil
}
