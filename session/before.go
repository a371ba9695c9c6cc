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

// findBefore looks for what was remembered of a slice's accounts before it was one, in the
// first of those places that has a memory of theirs; nil where none has. It stays where it is,
// for other slices. What was said of more accounts together is nothing that a slice can say is
// over: of that begins anew all but the key that the channels' identities are hashed with.
func findBefore(ctx context.Context, o Options) (*ledgers.Ledgers, error) {
	for _, before := range o.Before {
		store, err := state.Open(before.URL, o.Store)
		if err != nil {
			return nil, err
		}
		data, err := store.Get(ctx, ledgerName)
		switch {
		case errors.Is(err, state.ErrNotFound), storeFailure(err).Foreign():
			continue
		case err != nil: // begun anew it would say everything again
			return nil, err
		}
		accounts, err := ledgers.Decode(data)
		if err != nil {
			continue
		}
		last := accounts.Fleet.Runs().Last().At
		if accounts.Fleet.Owner().IsOther(before.Owner) || !last.IsZero() && o.Now().Sub(last) > longestBefore {
			continue
		}
		for _, account := range accounts.Accounts() {
			if !o.Has(account) {
				accounts.Forget(account)
			}
		}
		accounts.Organization.Keep(o.Has)
		key := accounts.Fleet.Key("")
		accounts.Fleet = life.New()
		accounts.Fleet.Key(key)
		return accounts, nil
	}
	return nil, nil
}
