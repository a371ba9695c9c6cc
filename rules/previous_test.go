package rules_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"licensewatch/license"
)

const changeRules = `
version: 1
rules:
  - {id: state, severity: info, title: a, when: tcss.State != 2}
  - {id: overview, severity: info, title: a, when: cwp.LicenseCnt != previous.cwp.LicenseCnt}
  - {id: both, severity: info, title: a, when: cwp.LicenseCnt != previous.cwp.LicenseCnt || previous.tcss.State == 2}
  - {id: orders, each: order, severity: info, title: a, when: order.LicenseCnt != previous.order.LicenseCnt}
  - {id: every-order, each: order, severity: info, title: a, when: cwp.LicenseCnt != previous.cwp.LicenseCnt}
`

// A change is judged only when there is something to compare with.
func TestPreviousSources(t *testing.T) {
	t.Parallel()
	before := func(change func(p *license.Snapshot)) license.Snapshot {
		s := healthy()
		p := healthy()
		p.Overview.LicenseCnt, p.PurchaseState.State = new(int64(300)), new(int64(license.StateTrial))
		p.Orders.List[0].LicenseCnt = new(int64(41))
		p.Wanted, p.Failures = nil, nil // as a memory has it
		change(&p)
		s.Previous = &p
		return s
	}
	unchanged := func(*license.Snapshot) {}
	tests := map[string]struct {
		snapshot license.Snapshot
		want     []string
	}{
		"everything": {before(unchanged), []string{
			"state firing info", "overview firing info", "both firing info", "orders/cwp-bbbb firing info", "every-order/cwp-bbbb firing info",
		}},
		"no reading":    {healthy(), []string{"state firing info"}},
		"empty reading": {before(func(p *license.Snapshot) { *p = license.Snapshot{} }), []string{"state firing info"}},
		"no overview":   {before(func(p *license.Snapshot) { p.Overview = nil }), []string{"state firing info", "orders/cwp-bbbb firing info"}},
		"no orders": {before(func(p *license.Snapshot) { p.Orders = nil }), []string{
			"state firing info", "overview firing info", "both firing info", "every-order/cwp-bbbb firing info",
		}},
		"no container security": {before(func(p *license.Snapshot) { p.PurchaseState = nil }), []string{
			"state firing info", "overview firing info", "orders/cwp-bbbb firing info", "every-order/cwp-bbbb firing info",
		}},
		"another order": {before(func(p *license.Snapshot) {
			p.Orders.List[0] = order("cwp-other")
			p.Orders.List[0].LicenseId = new(int64(8))
		}), []string{
			"state firing info", "overview firing info", "both firing info", "every-order/cwp-bbbb firing info",
		}},
		"a field that was not told": {before(func(p *license.Snapshot) { p.Overview.LicenseCnt = nil }), []string{
			"state firing info", "overview unknown missing previous.cwp.LicenseCnt", "both firing info", "orders/cwp-bbbb firing info",
			"every-order/cwp-bbbb unknown missing previous.cwp.LicenseCnt",
		}},
		"orders fail now": {failing(before(unchanged), license.SourceOrders), []string{
			"state firing info", "overview firing info", "both firing info", "orders unknown missing cwp.orders", "every-order unknown missing cwp.orders",
		}},
		"orders fail now, and were never read": {failing(before(func(p *license.Snapshot) { p.Orders = nil }), license.SourceOrders), []string{
			"state firing info", "overview firing info", "both firing info", "every-order unknown missing cwp.orders",
		}},
		"container security fails now": {failing(before(unchanged), license.SourcePurchaseState), []string{
			"state unknown missing tcss", "overview firing info", "both firing info", "orders/cwp-bbbb firing info", "every-order/cwp-bbbb firing info",
		}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			findings := load(t, changeRules).Evaluate(test.snapshot, now)
			if diff := cmp.Diff(test.want, summaries(findings)); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
			for _, f := range findings {
				if f.Event != (f.Rule != "state") || (f.EventID != "") != (f.Event && f.State == license.Firing) {
					t.Errorf("%s: event %v %q", summary(f), f.Event, f.EventID)
				}
			}
		})
	}
	unwanted := before(unchanged)
	unwanted.Wanted = []license.Source{license.SourceOrders}
	want := []string{"orders/cwp-bbbb firing info"}
	if diff := cmp.Diff(want, summaries(load(t, changeRules).Evaluate(unwanted, now))); diff != "" {
		t.Errorf("only orders wanted (-want +got):\n%s", diff)
	}
}

// An order is compared with itself, whatever the order of the lists and
// whichever other orders come and go; one that cannot be told apart with none.
func TestPreviousOrderIsTheSame(t *testing.T) {
	t.Parallel()
	named := func(resource string, licenseID, seats int64) license.Order {
		o := license.Order{LicenseCnt: &seats}
		if resource != "" {
			o.ResourceId = &resource
		}
		if licenseID != 0 {
			o.LicenseId = &licenseID
		}
		return o
	}
	tests := map[string]struct {
		before, now []license.Order
		want        []string // the orders that are judged, with what they had
	}{
		"by both ids":              {list(named("a", 1, 5), named("a", 2, 6)), list(named("a", 2, 0), named("a", 1, 0)), []string{"a#2 6", "a#1 5"}},
		"a second one comes":       {list(named("a", 1, 5)), list(named("a", 1, 0), named("a", 2, 0)), []string{"a#1 5"}},
		"a second one goes":        {list(named("a", 1, 5), named("a", 2, 6)), list(named("a", 2, 0)), []string{"a 6"}},
		"LicenseId not told":       {list(named("a", 1, 5), named("b", 2, 6)), list(named("b", 0, 0), named("a", 1, 0)), []string{"b 6", "a 5"}},
		"another LicenseId":        {list(named("a", 1, 5)), list(named("a", 9, 0)), []string{"a 5"}},
		"only LicenseId":           {list(named("", 1, 5), named("", 2, 6)), list(named("", 2, 0), named("", 1, 0)), []string{"2 6", "1 5"}},
		"twice the same":           {list(named("a", 1, 5), named("a", 1, 6)), list(named("a", 1, 0)), nil},
		"twice the same now":       {list(named("a", 1, 5)), list(named("a", 1, 0), named("a", 1, 0)), nil},
		"nameless":                 {list(named("", 0, 5)), list(named("", 0, 0)), nil},
		"new":                      {list(named("a", 1, 5)), list(named("b", 2, 0)), nil},
		"none before":              {nil, list(named("a", 1, 0)), nil},
		"none now":                 {list(named("a", 1, 5)), nil, nil},
		"one's id is another name": {list(named("a#2", 1, 5)), list(named("a", 2, 0)), nil},
	}
	file := strings.Replace(ruleFile(true, "previous.order.LicenseCnt > 0"), "title: it", "title: '{{ previous.order.LicenseCnt }}'", 1)
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, before := healthy(), healthy()
			s.Orders.List, before.Orders.List, s.Previous = test.now, test.before, &before
			var got []string
			for _, f := range load(t, file).Evaluate(s, now) {
				got = append(got, f.Subject+" "+f.Title.En)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("judged (-want +got):\n%s", diff)
			}
		})
	}
}

func list(orders ...license.Order) []license.Order { return orders }

// Days of both readings are counted to the same day.
func TestPreviousDays(t *testing.T) {
	t.Parallel()
	s, before := healthy(), healthy()
	s.PurchaseState.ExpirationTime = new("2027-09-20 00:00:00")
	before.Orders.List[0].UsedLicenseCnt = new(int64(20))
	s.Previous = &before
	file := ruleFile(true, "tcss.DaysLeft > previous.tcss.DaysLeft && order.DaysLeft == previous.order.DaysLeft && order.UsedPercent > previous.order.UsedPercent && cwp.UsedPercent == previous.cwp.UsedPercent")
	f := load(t, strings.Replace(file, "title: it", "title: it, by {{ tcss.DaysLeft - previous.tcss.DaysLeft }} days", 1)).Evaluate(s, now)[0]
	if f.State != license.Firing || f.Title.En != "it, by 2 days" || f.EventID != "DaysLeft 300→302, UsedPercent 50→82.5" {
		t.Errorf("%s %q, event %q", summary(f), f.Title.En, f.EventID)
	}
	if f.DaysLeft == nil || *f.DaysLeft != 99 || f.Source != license.SourceOrders {
		t.Errorf("days left %v, source %s; want those of the order", f.DaysLeft, f.Source)
	}
}

// The text of an event is the same for the same change only, and bounded.
func TestEventText(t *testing.T) {
	t.Parallel()
	event := func(when, before, after string) string {
		s, p := healthy(), healthy()
		s.Orders.List[0].Alias, p.Orders.List[0].Alias = &after, &before
		s.Previous = &p
		return load(t, ruleFile(true, when)).Evaluate(s, now)[0].EventID
	}
	const when = "order.Alias != previous.order.Alias && previous.cwp.LicenseCnt == 317 && order.LicenseCnt > 0"
	if got := event(when, "a", "b"); got != `Alias "a"→"b"` {
		t.Errorf("event %q", got)
	}
	long := strings.Repeat("字", 500)
	one, other := event(when, "a", long+"1"), event(when, "a", long+"2")
	if one == other || one != event(when, "a", long+"1") || len(one) > 250 || !strings.HasPrefix(one, `Alias "a"→"字`) {
		t.Errorf("long events %q and %q", one, other)
	}
	if got := event("previous.order.LicenseCnt > 0", "a", "b"); got != "" {
		t.Errorf("event %q, want none: nothing of what is read has changed", got)
	}
	tags, before := healthy(), healthy()
	tags.Orders.List[0].Tags, tags.Previous = []license.Tag{{TagKey: "b", TagValue: "2"}, {TagKey: "a", TagValue: "1"}}, &before
	if got := load(t, ruleFile(true, `order.Tags["team"] != previous.order.Tags["team"]`)).Evaluate(tags, now)[0].EventID; got != `Tags {"team":"ops"}→{"a":"1","b":"2"}` {
		t.Errorf("event %q", got)
	}
}

// Texts of a rule about a state may look back; without a reading they say that
// they do not know. The same holds for a built-in rule about a change that a
// file makes one about a state.
func TestTextsLookBack(t *testing.T) {
	t.Parallel()
	set := load(t, "version: 1\nextends: default\nrules:\n- {id: cwp-seats-dropped, when: cwp.NotExpiredLicenseCnt < 400, remind_every: 36h}\n"+
		"- {id: own, each: order, severity: info, when: 'true', title: 'Were {{ previous.order.LicenseCnt }} of {{ previous.cwp.LicenseCnt ?? 0 }}'}\n")
	s, before := healthy(), healthy()
	before.Overview.NotExpiredLicenseCnt = new(int64(320))
	for want, s := range map[string]license.Snapshot{
		"CWPP has unknown fewer valid unknown: 317, before unknown|Were unknown of unknown": s,
		"CWPP has 3 fewer valid licenses: 317, before 320|Were 40 of 317":                   with(s, &before),
	} {
		findings := set.Evaluate(s, now)
		dropped, own := byRule(findings, "cwp-seats-dropped")[0], byRule(findings, "own")[0]
		if got := dropped.Title.En + "|" + own.Title.En; got != want {
			t.Errorf("%s, want %s", got, want)
		}
		if dropped.Event || dropped.RemindEvery.Hours() != 36 {
			t.Errorf("event %v, reminded every %v", dropped.Event, dropped.RemindEvery)
		}
	}
}

func with(s license.Snapshot, previous *license.Snapshot) license.Snapshot {
	s.Previous = previous
	return s
}

// Findings name the reading they judge.
func TestFindingSource(t *testing.T) {
	t.Parallel()
	for when, want := range map[string]license.Source{
		"cwp.LicenseCnt > 0":                         license.SourceOverview,
		"tcss.State > 0 && cwp.LicenseCnt > 0":       license.SourcePurchaseState,
		"order.LicenseCnt > 0":                       license.SourceOrders,
		"tcss.State > 0 && order.LicenseCnt > 0":     license.SourceOrders,
		"previous.tcss.State == cwp.LicenseCnt":      license.SourcePurchaseState,
		"true":                                       "",
		"previous.order.LicenseCnt < cwp.LicenseCnt": license.SourceOrders,
	} {
		if f := judge(t, when, compared(healthy())); f.Source != want {
			t.Errorf("%s: source %q, want %q", when, f.Source, want)
		}
	}
	if f := judge(t, "order.LicenseCnt > 0", failing(healthy(), license.SourceOrders)); f.Source != license.SourceOrders {
		t.Errorf("orders that could not be read: source %q", f.Source)
	}
}

// Whatever an account looks like and however its orders are listed, a reading
// like the one before is no change of any built-in rule.
func TestSameReadingIsNoChange(t *testing.T) {
	t.Parallel()
	set := load(t, "version: 1\nextends: default\n")
	small := rapid.Int64Range(0, 4)
	rapid.Check(t, func(rt *rapid.T) {
		s := drawSnapshot(rt)
		ids := rapid.SampledFrom([]string{"a", "b", ""})
		for range rapid.IntRange(0, 5).Draw(rt, "orders") {
			s.Orders.List = append(s.Orders.List, license.Order{
				ResourceId: maybe(rt, "ResourceId", ids), LicenseId: maybe(rt, "LicenseId", small), OrderStatus: maybe(rt, "OrderStatus", small),
				AutoRenewFlag: maybe(rt, "AutoRenewFlag", small), LicenseType: maybe(rt, "LicenseType", small), FreezeNum: maybe(rt, "FreezeNum", rapid.Int64Range(-2, 2)),
			})
		}
		before := s
		before.Orders = &license.Orders{List: rapid.Permutation(slices.Clone(s.Orders.List)).Draw(rt, "listed")}
		for _, f := range set.Evaluate(with(s, &before), now) {
			if f.Event && (f.State == license.Firing || strings.Contains(f.Problem, "internal")) {
				rt.Fatalf("%s: %s", summary(f), f.EventID)
			}
		}
	})
}
