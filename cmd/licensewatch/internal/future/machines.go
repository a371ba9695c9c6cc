package future

import "licensewatch/license"

// addMachines moves the machines that hang on orders: where licenses are no longer in
// use, machines fall back to the Basic edition, and come back with them. As many as there
// are: the counts are not those of the orders.
func (t tally) addMachines(m *license.Machines) {
	for edition, count := range [editions]**int64{pro: &m.SpecialtyMachineCnt, ultimate: &m.FlagshipMachineCnt,
		lightweight: &m.LHGeneralDiscountCnt} {
		if *count == nil {
			continue
		}
		moved := max(t.machines[edition], -**count)
		if m.BaseMachineCnt != nil {
			moved = min(moved, max(0, *m.BaseMachineCnt))
		}
		addCount(count, moved)
		addCount(&m.BaseMachineCnt, -moved)
	}
	addCount(&m.DeadlineMachineCnt, t.ending)
}

// addCount adds to a count that is known; it does not fall below zero.
func addCount(count **int64, delta int64) {
	if *count != nil && delta != 0 {
		sum := max(0, **count+delta)
		*count = &sum
	}
}
