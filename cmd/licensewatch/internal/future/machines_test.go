package future_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"licensewatch/cmd/licensewatch/internal/future"
	"licensewatch/license"
)

// TestMachines: the machines of an order that ends fall back to the Basic edition, as many
// as there are, and their number stays.
func TestMachines(t *testing.T) {
	t.Parallel()
	n := func(n int64) *int64 { return &n }
	machines := func(flagship, base, losing int64) *license.Machines {
		return &license.Machines{MachineCnt: n(100), FlagshipMachineCnt: n(flagship), BaseMachineCnt: n(base), DeadlineMachineCnt: n(losing)}
	}
	for name, test := range map[string]struct {
		before *license.Machines
		after  int // days
		want   *license.Machines
	}{
		"nothing yet":            {machines(90, 10, 0), 4, machines(90, 10, 0)},
		"within 15 days":         {machines(90, 10, 0), 5, machines(90, 10, 33)},
		"past its deadline":      {machines(90, 10, 0), 20, machines(57, 43, 0)},
		"destroyed":              {machines(90, 10, 0), 60, machines(57, 43, 0)},
		"fewer than it had":      {machines(20, 80, 0), 20, machines(0, 100, 0)},
		"Basic is not known":     {&license.Machines{FlagshipMachineCnt: n(90)}, 20, &license.Machines{FlagshipMachineCnt: n(57)}},
		"editions are not known": {&license.Machines{BaseMachineCnt: n(10)}, 20, &license.Machines{BaseMachineCnt: n(10)}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := account(ultimate(20, license.RenewalOff))
			s.Machines = test.before
			if diff := cmp.Diff(test.want, future.At(s, day(test.after), nil).Machines); diff != "" {
				t.Errorf("machines (-want +got):\n%s", diff)
			}
		})
	}
}
