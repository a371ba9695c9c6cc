package life_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"licensewatch/license"
	"licensewatch/life"
)

// TestEvents: each change speaks once in each channel, and never resolves.
func TestEvents(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	off := event("order-renewal/a", "1>2", license.Warning)
	w.answers["wecom"] = life.RefusedForNow
	w.want("switched off", w.alert(off), "slack: new order-renewal/a warning 1>2")
	if w.plan.Reason != "1 changed" {
		t.Errorf("reason %q", w.plan.Reason)
	}
	w.want("still firing", w.wait(hour).alert(off, off))
	w.snapshot = without(license.SourceOrders)
	w.want("not known", w.wait(hour).alert(unknown("order-renewal")))
	w.snapshot = whole("a")
	delete(w.answers, "wecom")
	w.want("the same change", w.wait(hour).alert(off), "wecom: new order-renewal/a warning 1>2")
	calm := fine("order-renewal/a")
	calm.Event = true
	w.want("no change any more", w.wait(hour).alert(calm))
	w.want("digest", w.wait(hour).digest(calm), both("ongoing order-renewal/a warning 1>2", "digest")...)
	w.want("digest", w.wait(day).digest(calm), both("digest")...)
	w.want("switched on", w.wait(hour).alert(event("order-renewal/a", "2>1", license.Info)))
	w.want("off at once", w.wait(hour).alert(off), both("new order-renewal/a warning 1>2", "new order-renewal/a info 2>1")...)
	w.alert(calm)
	w.want("the same once more stands once", w.wait(hour).digest(off), both("ongoing order-renewal/a info 2>1", "new order-renewal/a warning 1>2", "digest")...)
}

// TestEventsThatComeAndGo are told twice a day.
func TestEventsThatComeAndGo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	calm := fine("seats-dropped")
	calm.Event = true
	told := 0
	for range 24 {
		told += len(w.alert(event("seats-dropped", "300>299", license.Warning))) + len(w.wait(hour).alert(calm))
		w.wait(hour)
	}
	if told != 2*2*2 {
		t.Errorf("told %d times in two days in two chats, want twice a day in each", told)
	}
}

// TestEventInAFailedDigest is told by the next alert.
func TestEventInAFailedDigest(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.answers["wecom"] = life.RefusedForGood
	w.digest(event("tcss-state", "3>4", license.Critical))
	delete(w.answers, "wecom")
	w.want("alert", w.wait(2*hour).alert(), "wecom: new tcss-state critical 3>4", "wecom: mention")
	w.want("digest", w.wait(hour).digest(), "slack: digest", "wecom: ongoing tcss-state critical 3>4", "wecom: digest")
}

// TestRuleBecomesEvent: its story is over without a word.
func TestRuleBecomesEvent(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.alert(firing("tcss-state", license.Warning))
	calm := fine("tcss-state")
	calm.Event = true
	w.want("an event now", w.wait(hour).alert(calm))
}

// TestManyEvents: each of them is told, and none is said to be given up.
func TestManyEvents(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.answers["wecom"], w.answers["slack"] = life.RefusedForGood, life.RefusedForGood
	var events []license.Finding
	for i := range 310 {
		events = append(events, event("tcss-state", string(rune('A'+i)), license.Warning))
	}
	w.digest(events...)
	w.answers = map[string]life.Refusal{}
	w.wait(2 * hour).alert()
	report := w.plan.Messages[0].Report
	if n := len(report.Firing); n != 310 {
		t.Errorf("%d events", n)
	}
	if len(report.Notices) > 0 {
		t.Errorf("notices %v", report.Notices)
	}
}

// TestPrevious: the last successful reading of each source.
func TestPrevious(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if diff := cmp.Diff(life.Previous{}, w.ledger.Previous()); diff != "" {
		t.Errorf("before the first run:\n%s", diff)
	}
	w.snapshot = whole("a", "b")
	state := int64(license.StatePro)
	w.snapshot.PurchaseState.State = &state
	w.alert()
	first := w.now
	w.snapshot = without(license.SourcePurchaseState)
	w.snapshot.Orders = whole("a").Orders
	w.snapshot.Orders.Incomplete = true
	alias := "the new name"
	w.snapshot.Orders.List[0].Alias = &alias
	w.wait(hour).alert()
	got := w.ledger.Previous()
	if *got.PurchaseState.State != license.StatePro || !got.PurchaseStateAt.Equal(first) || !got.OverviewAt.Equal(w.now) || !got.OrdersAt.Equal(w.now) {
		t.Errorf("previous %+v", got)
	}
	// An order that is missing from a part of the list is as it was.
	if list := got.Orders.List; len(list) != 2 || *list[0].Alias != alias || *list[1].ResourceId != "b" {
		t.Errorf("orders %+v", list)
	}
	if n := len(w.snapshot.Orders.List); n != 1 {
		t.Errorf("the reading itself has %d orders now", n)
	}
	w.snapshot = whole("c")
	w.alert()
	if list := w.ledger.Previous().Orders.List; len(list) != 1 || *list[0].ResourceId != "c" {
		t.Errorf("orders %+v", list)
	}
}

// TestPreviousAroundAGap: a field that is not told for a while is still what it
// was, in each of the readings; what is told always counts.
func TestPreviousAroundAGap(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	seats, renews, pro := int64(317), int64(license.RenewalOn), int64(license.StatePro)
	w.snapshot = whole("a")
	w.snapshot.Overview.NotExpiredLicenseCnt = &seats
	w.snapshot.Orders.List[0].AutoRenewFlag = &renews
	w.snapshot.PurchaseState.State, w.snapshot.PurchaseState.AutomaticRenewal = &pro, &renews
	w.alert()
	w.snapshot = whole("a")
	trial := int64(license.StateTrial)
	w.snapshot.PurchaseState.State = &trial
	w.wait(hour).alert()
	p := w.ledger.Previous()
	if p.Overview.NotExpiredLicenseCnt == nil || *p.Overview.NotExpiredLicenseCnt != seats {
		t.Errorf("overview %+v", p.Overview)
	}
	if o := p.Orders.List[0]; o.AutoRenewFlag == nil || *o.AutoRenewFlag != renews {
		t.Errorf("order %+v", o)
	}
	if s := p.PurchaseState; *s.State != license.StateTrial || s.AutomaticRenewal == nil {
		t.Errorf("tcss %+v", s)
	}
	if w.snapshot.Overview.NotExpiredLicenseCnt != nil || w.snapshot.Orders.List[0].AutoRenewFlag != nil {
		t.Error("the reading itself was changed")
	}
}

// TestRerunKeepsPrevious: a rerun of a digest sees nothing, so that the next run
// sees the change.
func TestRerunKeepsPrevious(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.slot = "daily"
	w.digest()
	before := w.ledger.Previous()
	w.snapshot = whole("a")
	w.wait(hour).digest()
	if diff := cmp.Diff(before, w.ledger.Previous()); diff != "" {
		t.Errorf("previous (-before +after):\n%s", diff)
	}
}

// TestEventThatEnds: what is over by a change that is only good to know is told
// once, as being over.
func TestEventThatEnds(t *testing.T) {
	t.Parallel()
	for rule, want := range map[string][]string{
		"tcss-over":  both("resolved tcss-over"),
		"tcss-other": both("resolved tcss-over", "new tcss-state info 1>3"),
	} {
		w := newWorld(t)
		w.alert(firing("tcss-over", license.Critical))
		bought := event("tcss-state", "1>3", license.Info)
		bought.Covers = []string{rule}
		w.want("bought", w.wait(hour).alert(fine("tcss-over"), bought), want...)
		w.want("once", w.wait(hour).alert(fine("tcss-over")))
		w.wait(2 * day).alert(firing("tcss-over", license.Critical))
		bought.Severity, bought.EventID = license.Warning, "1>4"
		w.want("a warning", w.wait(hour).alert(fine("tcss-over"), bought), both("resolved tcss-over", "new tcss-state warning 1>4")...)
	}
}
