package session

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"licensewatch/ledgers"
	"licensewatch/life"
	"licensewatch/state"
)

// Division is how accounts are divided among memories, of which the session's is one. Who divides
// them otherwise goes on with what was remembered last of each account: an object notes which
// divisions there were. What is taken over stays where it was, for others.
type Division struct {
	URL string // of the store below which the memories of all divisions lie
	Of  int    // into how many slices accounts are divided; 0: they are not
	// Has tells of the session's accounts, and Places where they are remembered where accounts
	// are divided into so many slices.
	Has    func(account string) bool
	Places func(of int) []Place
	// Wider are the divisions that are looked at where none is noted, the newest first.
	Wider []int
}

// Place is a memory.
type Place struct {
	URL   string // of the store
	Owner life.Owner
	Has   func(account string) bool // tells of its accounts
}

// divisionsName is the object that notes the divisions.
const divisionsName = "divisions.json"

// divisionUse is a division, and since when it is the present one. In the object the last one is.
type divisionUse struct {
	Of    int       `json:"of"`
	Since time.Time `json:"since"`
}

const (
	// longestBefore is how old a memory may be that is taken over: an account is forgotten as
	// soon as it was not watched for so long.
	longestBefore = 7 * 24 * time.Hour
	// maxDivisions is how many are noted.
	maxDivisions = 8
)

// takingOver takes over what was remembered of a session's accounts while they were divided
// otherwise, where that is newer.
type takingOver struct {
	*Options

	accounts *ledgers.Ledgers // the session's
}

// takeOver does it; isNew says that the session's memory begins.
func (s takingOver) takeOver(ctx context.Context, isNew bool) error {
	d := s.Division
	if d == nil || !s.OfMany {
		return nil
	}
	store, err := state.Open(d.URL, s.Store)
	if err != nil {
		return err
	}
	noted, err := readDivisions(ctx, store)
	switch last := s.accounts.Fleet.Runs().Last().At; {
	case err != nil && !isNew: // what is remembered here is all that can be known
		s.Logger.WarnContext(ctx, "it is not known how accounts were divided before", "error", err.Error())
		return nil
	case err != nil: // begun anew it would say everything again
		return err
	case len(noted) == 0 && d.Of == 0, len(noted) > 0 && noted[len(noted)-1].Of == d.Of &&
		!last.Before(noted[len(noted)-1].Since):
		return nil
	}
	return s.takeNoted(ctx, store, noted)
}

// takeNoted takes over from the memories of other divisions, and notes that this one is the present one.
func (s takingOver) takeNoted(ctx context.Context, store state.Store, noted []divisionUse) error {
	d, now := s.Division, s.Now().UTC()
	if len(noted) == 0 { // nobody knows: it may be any of those
		for _, of := range slices.Backward(d.Wider) {
			noted = append(noted, divisionUse{of, now})
		}
	}
	var before []int // the newest first
	for _, use := range slices.Backward(noted) {
		if use.Of != d.Of && !slices.Contains(before, use.Of) {
			before = append(before, use.Of)
		}
	}
	own := ledgers.Listed{Organization: s.accounts.Organization, Has: d.Has}
	var listed []ledgers.Listed // the organization's members; the session's own memory is the oldest
	isWhole := !own.At.IsZero()
	for _, of := range before {
		found, err := s.takeFrom(ctx, d.Places(of))
		if err != nil {
			return err
		}
		isWhole = isWhole || !slices.ContainsFunc(found, func(l ledgers.Listed) bool { return l.At.IsZero() })
		listed = append(listed, found...)
	}
	s.accounts.Organization = ledgers.JoinOrganizations(append(listed, own), d.Has)
	if !isWhole { // the next list is no news: nobody knows whether the others were members
		s.accounts.Organization.At = time.Time{}
	}
	return noteDivision(ctx, store, noted, divisionUse{d.Of, now})
}

// takeFrom takes over what is newer in the memories of a division, and says what they know of the
// organization, each of its accounts.
func (s takingOver) takeFrom(ctx context.Context, places []Place) (listed []ledgers.Listed, err error) {
	for _, place := range places {
		other, err := s.readPlace(ctx, place)
		if err != nil {
			return nil, err
		}
		known := ledgers.Listed{Has: place.Has}
		if other != nil {
			known.Organization = other.Organization
			s.accounts.TakeNewer(other, s.Division.Has)
		}
		listed = append(listed, known)
	}
	return listed, nil
}

// readPlace gives the ledgers of a memory, what channels answered entered; nil where there are
// none that can be used.
func (s takingOver) readPlace(ctx context.Context, place Place) (*ledgers.Ledgers, error) {
	store, err := state.Open(place.URL, s.Store)
	if err != nil {
		return nil, err
	}
	data, err := store.Get(ctx, ledgerName)
	switch {
	case errors.Is(err, state.ErrNotFound), storeFailure(err).Foreign():
		return nil, nil
	case err != nil:
		return nil, err
	}
	found, err := ledgers.Decode(data)
	if err != nil || found.Fleet.Owner().IsOther(place.Owner) ||
		s.Now().Sub(found.Fleet.Runs().Last().At) > longestBefore || found.Settle(nil) != nil {
		return nil, nil //nolint:nilerr // nothing can be taken from it
	}
	return found, nil
}

// readDivisions reads which divisions are noted. What is no note is none.
func readDivisions(ctx context.Context, store state.Store) (noted []divisionUse, err error) {
	data, err := store.Get(ctx, divisionsName)
	if err != nil && !errors.Is(err, state.ErrNotFound) && !storeFailure(err).Foreign() {
		return nil, err
	}
	if json.Unmarshal(data, &noted) != nil {
		noted = nil
	}
	return noted, nil
}

// noteDivision notes that a division is the present one, unless that is noted. Those that are over
// for long are forgotten.
func noteDivision(ctx context.Context, store state.Store, noted []divisionUse, present divisionUse) error {
	if len(noted) > 0 && noted[len(noted)-1].Of == present.Of {
		return nil
	}
	noted = append(noted, present)
	var kept []divisionUse
	for i, use := range noted {
		if i+1 == len(noted) || present.Since.Sub(noted[i+1].Since) < longestBefore && i+maxDivisions >= len(noted) {
			kept = append(kept, use)
		}
	}
	data, err := json.Marshal(kept)
	if err != nil {
		return err
	}
	return store.Put(ctx, divisionsName, data)
}
