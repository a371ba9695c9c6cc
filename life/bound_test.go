package life_test

import (
	"fmt"
	"strings"
	"testing"

	"licensewatch/license"
	"licensewatch/life"
)

// boundSnapshot is a reading with one order, and the machines that hang on it; nil where they
// were not read.
func boundSnapshot(status int64, deadline string, machines []license.BoundMachine) license.Snapshot {
	s := whole()
	order := license.Order{
		ResourceId: new("a"), LicenseId: new(int64(1)), LicenseType: new(int64(license.LicenseTypePro)), OrderStatus: &status, Deadline: &deadline,
	}
	s.Orders.List = []license.Order{order}
	if machines != nil {
		s.Bindings = &license.Bindings{List: []license.Binding{{ResourceId: order.ResourceId, LicenseId: order.LicenseId, Machines: machines}}}
	}
	return s
}

// TestMachinesAreRemembered: from before an order's end until it is renewed or gone.
func TestMachinesAreRemembered(t *testing.T) {
	t.Parallel()
	two := []license.BoundMachine{{MachineName: new("web"), AgentStatus: new("ONLINE")}, {MachineName: new("db"), AgentStatus: new("OFFLINE")}}
	none := []license.BoundMachine{}
	soon, later := start.AddDate(0, 0, 3).Format("2006-01-02 15:04:05"), start.AddDate(1, 0, 0).Format("2006-01-02 15:04:05")
	w := newWorld(t)
	kept := func(what string, s license.Snapshot, want int64, at int) {
		t.Helper()
		w.snapshot = s
		w.snapshot.ReadAt = w.now
		w.alert()
		all := w.ledger.Bound()
		b, ok := all["a#1"]
		if ok != (want >= 0) || ok && (b.Count != want || !b.At.Equal(start.AddDate(0, 0, at))) {
			t.Errorf("%s: kept %+v, want %d machines of day %d", what, all, want, at)
		}
		w.now = w.now.Add(day)
	}
	kept("first", boundSnapshot(1, soon, two), 2, 0)
	kept("not read", boundSnapshot(1, soon, nil), 2, 0)
	kept("read again", boundSnapshot(1, soon, two[:1]), 1, 2)
	kept("isolated", boundSnapshot(2, soon, none), 1, 2)
	kept("not listed once", without(license.SourceOrders), 1, 2)
	if s := w.ledger.PreviousReading(); s.Bound["a#1"].Names[0] != "web" {
		t.Errorf("the reading before has %+v", s.Bound)
	}
	kept("renewed", boundSnapshot(1, later, nil), -1, 0)
	kept("nobody uses it", boundSnapshot(1, later, none), 0, 6)
	s := whole()
	s.Orders.List = []license.Order{{ResourceId: new("b"), OrderStatus: new(int64(1))}}
	kept("gone", s, -1, 0)
}

// TestMachinesThatAreKeptAreBounded: whatever a ledger or an answer holds.
func TestMachinesThatAreKeptAreBounded(t *testing.T) {
	t.Parallel()
	var stored strings.Builder
	stored.WriteString(`{"version":1,"serial":1,"bound":{"":{"machines":1,"at":"2026-11-22T00:00:00Z"},"a":{"machines":-1,"at":"2026-11-22T00:00:00Z"},` +
		`"b":{"machines":1},"c":{"machines":1,"idle":2,"at":"2026-11-22T00:00:00Z"},"d":{"machines":1,"names":[" "],"at":"2026-11-22T00:00:00Z"},` +
		`"good":{"machines":1,"idle":0,"names":["web"],"at":"2026-11-22T00:00:00Z"}`)
	for i := range 100 {
		fmt.Fprintf(&stored, `,"x%d":{"machines":1,"at":"2025-01-01T00:00:00Z"}`, i)
	}
	l, err := life.Decode([]byte(stored.String() + "}}"))
	if err != nil {
		t.Fatal(err)
	}
	all := l.Bound()
	if len(all) != 40 || all["good"].Count != 1 {
		t.Errorf("%d are kept: %+v", len(all), all)
	}
	for _, bad := range []string{"", "a", "b", "c", "d"} {
		if _, ok := all[bad]; ok {
			t.Errorf("%q is kept", bad)
		}
	}
}
