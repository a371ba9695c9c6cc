package license_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"licensewatch/license"
)

func TestIsIdle(t *testing.T) {
	t.Parallel()
	for states, want := range map[string]string{
		"ONLINE RUNNING": "used", "ONLINE ": "used", "ONLINE STOPPED": "idle", "ONLINE EXPIRED": "idle", "ONLINE PAUSED": "unknown",
		"OFFLINE RUNNING": "idle", "OFFLINE PAUSED": "idle", "UNINSTALL RUNNING": "idle", "UNINSTALLED ": "idle",
		"SLEEPING RUNNING": "unknown", "SLEEPING STOPPED": "idle", " RUNNING": "unknown", " ": "unknown", " EXPIRED": "idle",
	} {
		agent, instance, _ := strings.Cut(states, " ")
		m := license.BoundMachine{AgentStatus: &agent, InstanceState: &instance}
		got := "unknown"
		if idle := m.IsIdle(); idle != nil && *idle {
			got = "idle"
		} else if idle != nil {
			got = "used"
		}
		if got != want {
			t.Errorf("%q is %s, want %s", states, got, want)
		}
	}
	if (license.BoundMachine{}).IsIdle() != nil {
		t.Error("a machine of which nothing is told is known to be in use or idle")
	}
}

func TestBindingSummary(t *testing.T) {
	t.Parallel()
	machine := func(name, agent string) license.BoundMachine {
		return license.BoundMachine{MachineName: &name, AgentStatus: &agent}
	}
	b := license.Binding{Machines: []license.BoundMachine{machine("c", "OFFLINE"), machine("b", "ONLINE"), machine("a", "ONLINE"),
		{InstanceID: new("ins-1"), AgentStatus: new("ONLINE")}, machine("", "ONLINE")}}
	if s := b.Summary(); s.Count != 5 || s.Idle == nil || *s.Idle != 1 || !slices.Equal(s.Names, []string{"a", "b", "ins-1", "c"}) {
		t.Errorf("%+v", s)
	}
	b.Machines = append(b.Machines, machine(strings.Repeat("名", 50), "SLEEPING"))
	if s := b.Summary(); s.Count != 6 || s.Idle != nil || !slices.ContainsFunc(s.Names, func(name string) bool { return strings.HasSuffix(name, "…") && len(name) <= 64 }) {
		t.Errorf("%+v", s)
	}
	for i := range 100 {
		b.Machines = append(b.Machines, machine(fmt.Sprint(i), "ONLINE"))
	}
	if s := b.Summary(); s.Count != 106 || len(s.Names) != 20 {
		t.Errorf("%+v", s)
	}
	b.Incomplete = true
	if b.Summary() != nil {
		t.Error("a part of the machines counts as all of them")
	}
	if (*license.Bindings)(nil).Of(&license.Order{}).Summary() != nil {
		t.Error("what was not read is known")
	}
}

// TestForBindings: 20 at most, most licenses in use first, whatever their order in the list.
func TestForBindings(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 22, 9, 7, 0, 0, license.APIZone)
	var orders license.Orders
	for i := range 50 {
		orders.List = append(orders.List, license.Order{
			ResourceId: new(fmt.Sprint("cwp-", i)), LicenseId: new(int64(i)), LicenseType: new(int64(license.LicenseTypePro)),
			OrderStatus: new(int64(license.OrderNormal)), Deadline: new("2026-12-01 00:00:00"), UsedLicenseCnt: new(int64(i % 25)),
		})
	}
	chosen := orders.ForBindings(now)
	if len(chosen) != license.MaxBindings || *chosen[0].UsedLicenseCnt != 24 || *chosen[19].UsedLicenseCnt != 15 {
		t.Errorf("%d orders: %v", len(chosen), chosen)
	}
	slices.Reverse(orders.List)
	for i, o := range orders.ForBindings(now) {
		if o.Key() != chosen[i].Key() {
			t.Errorf("in another order of the list %s stands where %s stood", o.Key(), chosen[i].Key())
		}
	}
	if (*license.Orders)(nil).ForBindings(now) != nil {
		t.Error("orders that were not read have machines")
	}
}
