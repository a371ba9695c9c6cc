package license

import "math"

// AccountState is how far an account was read.
type AccountState uint8

// The states of an account.
const (
	AccountNotReached AccountState = iota // there was no time for it
	AccountRead                           // whole
	AccountPartly                         // not all of its sources
	AccountFailed                         // none of its sources
)

// String is the state as accounts.json of an archive has it.
func (s AccountState) String() string {
	return [...]string{"not_reached", "read", "partly", "failed"}[s]
}

// FleetCount counts accounts by how far they were read, and sums up those that were.
type FleetCount struct {
	Accounts int // all of them
	// Read are the accounts of which a source was read at least, Partly those of them of
	// which not all were, Failed those of which none was, NotReached those for which there
	// was no time.
	Read, Partly, Failed, NotReached int

	// The sums over the accounts that say both, and how many these are; nil where none does. A
	// number without the other would make the share wrong.
	UsedLicenseCnt, NotExpiredLicenseCnt *int64
	Licensed                             int

	Firing *int64 // findings that fire and are told, in the accounts that were read
}

// Add counts an account: how far it was read, UsedLicenseCnt and NotExpiredLicenseCnt of its overview, which
// may be nil, and how many of its findings fire.
func (c *FleetCount) Add(state AccountState, used, notExpired *int64, firing int64) {
	c.Accounts++
	switch state {
	case AccountNotReached:
		c.NotReached++
		return
	case AccountFailed:
		c.Failed++
		return
	case AccountPartly:
		c.Partly++
	case AccountRead:
	}
	c.Read++
	c.Firing = addCount(c.Firing, &firing)
	if used != nil && notExpired != nil {
		c.Licensed++
		c.UsedLicenseCnt = addCount(c.UsedLicenseCnt, used)
		c.NotExpiredLicenseCnt = addCount(c.NotExpiredLicenseCnt, notExpired)
	}
}

// addCount adds a number to a sum, which may not be known yet. What is absurd does not wrap
// around.
func addCount(sum, n *int64) *int64 {
	total := *n
	if sum != nil {
		total = AddSaturating(total, *sum)
	}
	return &total
}

// AddSaturating sums up what may be absurd without wrapping around.
func AddSaturating(a, b int64) int64 {
	sum := a + b
	switch {
	case a > 0 && b > 0 && sum < 0:
		return math.MaxInt64
	case a < 0 && b < 0 && sum >= 0:
		return math.MinInt64
	}
	return sum
}

// FleetTotals are the totals of all accounts as rules about the fleet read them; nil is what
// nobody knows.
type FleetTotals struct {
	// As in FleetCount.
	Accounts, Read, Partly, Failed, NotReached *int64
	UsedLicenseCnt, NotExpiredLicenseCnt       *int64
	Firing                                     *int64

	// UnreadForDay is how many accounts no run has read anything of for a day, and
	// LongestUnread the name of the one that was not read for longest, empty where all were.
	// Only a run with memory knows them.
	UnreadForDay  *int64
	LongestUnread *string
}

// UsedPercent is the share of the licenses that are in use, in whole percent rounded down; nil
// where it is not known.
func (t *FleetTotals) UsedPercent() *int64 {
	sum := Overview{UsedLicenseCnt: t.UsedLicenseCnt, NotExpiredLicenseCnt: t.NotExpiredLicenseCnt}
	if percent := sum.UsedPercent(); percent != nil {
		return new(WholePercent(*percent))
	}
	return nil
}

// Totals are the counts as rules read them, without what only a run with memory knows.
func (c *FleetCount) Totals() FleetTotals {
	number := func(n int) *int64 { return new(int64(n)) }
	return FleetTotals{
		Accounts: number(c.Accounts), Read: number(c.Read), Partly: number(c.Partly), Failed: number(c.Failed),
		NotReached: number(c.NotReached), UsedLicenseCnt: c.UsedLicenseCnt,
		NotExpiredLicenseCnt: c.NotExpiredLicenseCnt, Firing: c.Firing,
	}
}
