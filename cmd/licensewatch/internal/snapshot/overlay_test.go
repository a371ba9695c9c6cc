package snapshot_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v4"

	"licensewatch/cmd/licensewatch/internal/snapshot"
	"licensewatch/license"
)

// node is a text as the node of another file.
func node(t *testing.T, text string) *yaml.Node {
	t.Helper()
	var n yaml.Node
	if err := yaml.Unmarshal([]byte(text), &n); err != nil {
		t.Fatal(err)
	}
	return &n
}

const baseFile = `
version: 1
account: "1"
site: intl
read_at: 2026-11-22T09:07:00+08:00
cwp: {LicenseCnt: 10, UsedLicenseCnt: 5}
orders: {List: [{ResourceId: cwp-aaaa}, {ResourceId: cwp-bbbb}], TotalCount: 5, Incomplete: true}
unparsed: [cwp.ProtectType, order.Alias]
failed: {tcss: Timeout}
`

func TestOverlay(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		overlay string
		change  func(s *license.Snapshot)
	}{
		"nothing":   {`{}`, func(*license.Snapshot) {}},
		"nulls":     {`{failed: null, unparsed: null, read_at: null}`, func(s *license.Snapshot) { s.ReadAt = time.Time{} }},
		"a field":   {`cwp: {LicenseCnt: 11}`, func(s *license.Snapshot) { s.Overview.LicenseCnt = new(int64(11)) }},
		"unknown":   {`cwp: {LicenseCnt: null}`, func(s *license.Snapshot) { s.Overview.LicenseCnt = nil }},
		"now known": {`cwp: {ProtectType: X}`, func(s *license.Snapshot) { s.Overview.ProtectType, s.Overview.Unparsed = new("X"), nil }},
		"unparsed": {`unparsed: [cwp.LicenseCnt]`, func(s *license.Snapshot) {
			s.Overview.LicenseCnt, s.Overview.Unparsed, s.Orders.Unparsed = nil, []string{"LicenseCnt"}, nil
		}},
		"orders": {`orders: [{ResourceId: cwp-cccc}]`, func(s *license.Snapshot) {
			s.Orders = &license.Orders{List: []license.Order{{ResourceId: new("cwp-cccc")}}, TotalCount: 1}
		}},
		"complete": {`orders: {TotalCount: 2, Incomplete: false}`, func(s *license.Snapshot) { s.Orders.TotalCount, s.Orders.Incomplete = 2, false }},
		"readable again": {`tcss: {State: 3}`, func(s *license.Snapshot) {
			s.PurchaseState, s.Failures = &license.PurchaseState{State: new(int64(3))}, map[license.Source]*license.Failure{}
		}},
		"not asked for": {`{cwp: null, tcss: null}`, func(s *license.Snapshot) {
			s.Overview, s.Wanted, s.Failures = nil, []license.Source{license.SourceOrders}, map[license.Source]*license.Failure{}
		}},
		"failed": {`failed: {cwp.orders: {Code: Odd, Kind: network, Action: X, Service: Y, HTTPStatus: 0}, tcss: null}`, func(s *license.Snapshot) {
			s.Orders, s.Wanted = nil, []license.Source{license.SourceOverview, license.SourceOrders}
			s.Failures = map[license.Source]*license.Failure{license.SourceOrders: {Kind: license.FailureNetwork, Code: "Odd", Action: "X", Service: "Y"}}
		}},
		"raw":  {`cwp: {Response: {LicenseCnt: 12, RequestId: x}}`, func(s *license.Snapshot) { s.Overview = &license.Overview{LicenseCnt: new(int64(12))} }},
		"head": {`{account: null, site: cn}`, func(s *license.Snapshot) { s.Account, s.Site = "", license.SiteCN }},
		"previous": {`previous: {cwp: {LicenseCnt: 1}}`, func(s *license.Snapshot) {
			s.Previous = &license.Snapshot{Overview: &license.Overview{LicenseCnt: new(int64(1))}}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			base, want := parse(t, baseFile), parse(t, baseFile)
			got, problems := snapshot.Overlay(base, "t.yaml", node(t, test.overlay))
			if len(problems) > 0 {
				t.Fatal(problems)
			}
			test.change(&want)
			wantSnapshot(t, got, want)
			wantSnapshot(t, base, parse(t, baseFile)) // it is not touched
		})
	}
}

// TestOverlaysOfThePast: the reading before is laid over as the present one.
func TestOverlaysOfThePast(t *testing.T) {
	t.Parallel()
	base := parse(t, "version: 1\nprevious: {cwp: {LicenseCnt: 1, UsedLicenseCnt: 1}, orders: []}")
	got, problems := snapshot.Overlay(base, "t.yaml", node(t, "previous: {cwp: {UsedLicenseCnt: 2}, orders: null}"))
	want := &license.Snapshot{Overview: &license.Overview{LicenseCnt: new(int64(1)), UsedLicenseCnt: new(int64(2))}}
	if diff := cmp.Diff(want, got.Previous); diff != "" || len(problems) > 0 {
		t.Errorf("%s%v", diff, problems)
	}
	if got, _ := snapshot.Overlay(base, "t.yaml", node(t, "previous: null")); got.Previous != nil {
		t.Error("there is a reading before")
	}
}

// TestFromNode: the version need not stand there, and places are the file's.
func TestFromNode(t *testing.T) {
	t.Parallel()
	s, problems := snapshot.FromNode("t.yaml", node(t, "tcss: {State: 2}"))
	if len(problems) > 0 || *s.PurchaseState.State != 2 || s.Site != license.SiteCN || len(s.Wanted) != 1 {
		t.Errorf("%+v %v", s, problems)
	}
	outer := node(t, "tests:\n  - snapshot:\n      tcss: {Stat: 2}\n")
	inner := outer.Content[0].Content[1].Content[0].Content[1]
	_, problems = snapshot.FromNode("t.yaml", inner)
	if len(problems) != 1 || problems[0].String() != `t.yaml:3:14: tcss has no field "Stat"; did you mean State?` {
		t.Error(problems)
	}
}
