package main

import (
	"context"
	"fmt"
	"sync"
	"time"

	"licensewatch/archive"
	"licensewatch/cmd/licensewatch/internal/diagnosis"
	"licensewatch/fleet"
	"licensewatch/handler"
	"licensewatch/ledgers"
	"licensewatch/life"
	"licensewatch/session"
)

// sliceMemory is what is remembered of all accounts, or of a slice of them: each slice has an
// object of its own in the store.
type sliceMemory struct {
	session.Many

	slice fleet.Slice // the zero value: all accounts
	err   error       // why it cannot be read; Ledgers is empty then
	last  time.Time   // its last run
}

// blankMemory is a memory in which nothing is.
func blankMemory(s fleet.Slice) *sliceMemory {
	return &sliceMemory{slice: s, Many: session.Many{Ledgers: ledgers.New()}}
}

// name is the memory for people.
func (m *sliceMemory) name() string {
	if m.slice.Of == 0 {
		return "all accounts"
	}
	return fmt.Sprintf("slice %d of %d", m.slice.Number, m.slice.Of)
}

// whole stands in the place of an account for what is said of all accounts of the memory.
func (m *sliceMemory) whole() string { return archive.SliceFolder(m.slice.Number, m.slice.Of) }

// isBlank says that no run has left anything in the memory.
func (m *sliceMemory) isBlank() bool {
	return m.err == nil && isBlank(m.Ledgers.Fleet) && len(m.Ledgers.Accounts()) == 0
}

// sliceOptions are those by which the memory of a slice is opened.
func (f *watchedFleet) sliceOptions(s fleet.Slice) session.Options {
	o := session.OptionsOf(f.settings)
	o.URL = handler.SliceURL(o.URL, s)
	return o
}

// readSlice reads the memory of a slice.
func (f *watchedFleet) readSlice(ctx context.Context, s fleet.Slice) *sliceMemory {
	m := blankMemory(s)
	found, err := session.ReadMany(ctx, f.sliceOptions(s))
	if err == nil {
		err = found.Ledgers.Settle(nil) // a run that was killed leaves answers behind
	}
	if m.err = err; err == nil {
		m.Many, m.last = found, found.Ledgers.Fleet.Runs().Last().At
	}
	return m
}

// slicesAtOnce is how many memories are read side by side.
const slicesAtOnce = 16

// readSlices reads the memories of slices.
func (f *watchedFleet) readSlices(ctx context.Context, all []fleet.Slice) []*sliceMemory {
	memories := make([]*sliceMemory, len(all))
	var reading sync.WaitGroup
	turns := make(chan struct{}, slicesAtOnce)
	for i, s := range all {
		turns <- struct{}{}
		reading.Go(func() {
			defer func() { <-turns }()
			memories[i] = f.readSlice(ctx, s)
		})
	}
	reading.Wait()
	return memories
}

// findSlices are the slices of which the store has a memory, and all others of as many. A store
// that must not be listed is asked for the first slice of each number of slices.
func (f *watchedFleet) findSlices(ctx context.Context) (found []fleet.Slice) {
	divisions := map[int]bool{}
	folders, err := session.Folders(ctx, f.sliceOptions(fleet.Slice{}))
	for _, folder := range folders {
		if s, ok := fleet.SliceNamed(folder); ok {
			divisions[s.Of] = true
		}
	}
	if err != nil {
		var firsts []fleet.Slice
		for of := 1; of <= fleet.MaxSlices; of++ {
			firsts = append(firsts, fleet.Slice{Number: 1, Of: of})
		}
		for _, m := range f.readSlices(ctx, firsts) {
			divisions[m.slice.Of] = m.err == nil && m.Size > 0
		}
	}
	for of := 1; of <= fleet.MaxSlices; of++ {
		for number := 1; number <= of && divisions[of]; number++ {
			found = append(found, fleet.Slice{Number: number, Of: of})
		}
	}
	return found
}

// readMemory reads what the store of the settings holds: one memory, or those of slices. It waits
// for no run.
func (f *watchedFleet) readMemory(ctx context.Context) error {
	undivided := f.readSlice(ctx, fleet.Slice{})
	switch {
	case ctx.Err() != nil:
		return interruptedError(ctx)
	case f.settings.StateURL == "":
		return storeError(undivided.err)
	}
	divided := f.readSlices(ctx, f.findSlices(ctx))
	if len(divided) == 0 && undivided.err != nil {
		return storeError(undivided.err)
	}
	newest := map[int]time.Time{}
	for _, m := range divided {
		if m.last.After(newest[m.slice.Of]) {
			newest[m.slice.Of] = m.last
		}
	}
	for _, m := range divided {
		if m.err != nil { // it is as old as the others
			m.last = newest[m.slice.Of]
		}
	}
	f.memories = append([]*sliceMemory{undivided}, divided...)
	f.findAccounts()
	f.dropFormer()
	return interruptedError(ctx)
}

// dropFormer leaves the memories that the accounts have, and those that cannot be read. What is
// older was left behind when the accounts were divided, or divided otherwise.
func (f *watchedFleet) dropFormer() {
	inUse, divisions := map[*sliceMemory]bool{}, map[int]bool{}
	for _, a := range f.accounts {
		m := f.memoryOf(a.Uin)
		inUse[m], divisions[m.slice.Of] = true, true
	}
	var kept []*sliceMemory
	for _, m := range f.memories {
		switch {
		case inUse[m], m.err != nil:
			kept = append(kept, m)
		case !divisions[m.slice.Of] && !m.isBlank():
			f.former = append(f.former, m)
		}
	}
	if len(kept) > 0 {
		f.memories = kept
	}
}

// memoryOf is the memory of an account: of those that may have it the one of the newest run. A
// slice that has not run yet takes over what an older one has.
func (f *watchedFleet) memoryOf(uin string) *sliceMemory {
	var found *sliceMemory
	for _, m := range f.memories {
		switch {
		case m.whole() == uin:
			return m
		case m.slice.Has(uin) && (found == nil || m.last.After(found.last) || found.isBlank() && m.slice.Of > 0):
			found = m
		}
	}
	return found
}

// open gives the ledger of an account, or of all accounts of a memory. The error says that it
// cannot be read; the ledger is empty then.
func (f *watchedFleet) open(uin string) (*life.Ledger, error) {
	switch m := f.memoryOf(uin); {
	case m.err != nil:
		return life.New(), m.err
	case m.whole() == uin:
		return m.Ledgers.Fleet, nil
	default:
		return m.Ledgers.Open(uin)
	}
}

// ledgerName is by which name a memory has the ledger of an account, or of all its accounts.
func (m *sliceMemory) ledgerName(uin string) string {
	if uin == m.whole() {
		return ledgers.FleetAccount
	}
	return uin
}

// wholes stand in the place of accounts for what is said of all together: one, or one a slice.
func (f *watchedFleet) wholes() (all []fleet.Account) {
	for _, m := range f.memories {
		all = append(all, fleet.Account{Uin: m.whole(), Name: m.whole(), Site: f.settings.Site})
	}
	return all
}

// lastRun is the newest run of all; nil: none is remembered.
func (f *watchedFleet) lastRun(now time.Time) (last *runJSON) {
	for _, m := range f.memories {
		last = laterRun(last, asRun(m.Ledgers.Fleet.Runs().Last(), now))
	}
	return last
}

func laterRun(a, b *runJSON) *runJSON {
	if a == nil || b != nil && b.At.After(a.At) {
		return b
	}
	return a
}

// sliceRemarksOf say that the memory of a slice is not known.
func (f *watchedFleet) sliceRemarksOf(m *sliceMemory) []string {
	switch {
	case m.err != nil:
		return []string{"The memory of " + m.name() + " cannot be read: " + storeError(m.err).Error()}
	case m.isBlank() && m.slice.Of > 0:
		return []string{"The store knows of no run of " + m.name() +
			": look whether it has a timer, and whether that is on"}
	}
	return nil
}

// brokenSlices are the memories of slices that a run could not go on with, as checks of the store.
func (f *watchedFleet) brokenSlices() (broken []diagnosis.Check) {
	for _, m := range f.memories {
		err := m.err
		if err == nil {
			err = session.CheckOwner(m.Ledgers.Fleet, handler.SliceOwner(f.settings, m.slice))
		}
		if m.slice.Of > 0 && err != nil {
			check := diagnosis.Remembering(diagnosis.Check{Name: "state", Status: diagnosis.OK}, err)
			check.Text = m.name() + ": " + check.Text
			broken = append(broken, check)
		}
	}
	return broken
}

// sliceRemarks say which slices are not known, and what lies in the store besides.
func (f *watchedFleet) sliceRemarks() (remarks []string) {
	for _, m := range f.memories {
		remarks = append(remarks, f.sliceRemarksOf(m)...)
	}
	for _, m := range f.former {
		remarks = append(remarks, "There is an older memory of "+m.name()+", last run "+
			formatZonedTime(m.last.In(f.settings.Zone))+": nothing here is from it")
	}
	return remarks
}

// noteSlices writes what sliceRemarks says beside the command's own words.
func (f *watchedFleet) noteSlices(c console) {
	for _, remark := range f.sliceRemarks() {
		writeStyled(c.err, "licensewatch: note: %s\n", remark)
	}
}

// ofMemory are those of the accounts that a memory has.
func (f *watchedFleet) ofMemory(m *sliceMemory, accounts []fleet.Account) (own []fleet.Account) {
	for _, a := range accounts {
		if f.memoryOf(a.Uin) == m {
			own = append(own, a)
		}
	}
	return own
}

// inMemory says of which memory something is, where there are several.
func (f *watchedFleet) inMemory(m *sliceMemory) string {
	if !f.isDivided() {
		return ""
	}
	return " in " + m.name()
}

// isDivided says whether there is more than the memory of all accounts.
func (f *watchedFleet) isDivided() bool { return len(f.memories) > 1 || f.memories[0].slice.Of > 0 }
