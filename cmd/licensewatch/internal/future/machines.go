package future

import "licensewatch/license"

// addMachines moves the machines that hang on orders: where licenses are no longer in
// use, machines fall back to the Basic edition, and come back with them.
func (t tally) addMachines(m *license.Machines) {
	for count, delta := range map[**int64]int64{
		&m.SpecialtyMachineCnt:  t.machines[pro],
		&m.FlagshipMachineCnt:   t.machines[ultimate],
		&m.LHGeneralDiscountCnt: t.machines[lightweight],
		&m.BaseMachineCnt:       -t.machines[pro] - t.machines[ultimate] - t.machines[lightweight],
		&m.DeadlineMachineCnt:   t.ending,
	} {
		if *count != nil && delta != 0 {
			sum := max(0, **count+delta)
			*count = &sum
		}
	}
}
