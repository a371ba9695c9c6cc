package life_test

import (
	"testing"
	"time"

	"licensewatch/license"
	"licensewatch/life"
)

// TestSources: an alert says that a source stays unread after three runs in a
// row, then once a day, and when it can be read again.
func TestSources(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	tcss := license.SourcePurchaseState
	w.snapshot = without(tcss)
	w.want("once", w.alert())
	w.want("twice", w.wait(hour).alert())
	w.snapshot = whole()
	w.want("read, nobody was told", w.wait(hour).alert())
	w.snapshot = without(tcss)
	since := w.wait(hour).now
	w.want("once", w.alert())
	w.want("twice", w.wait(hour).alert())
	w.want("three times", w.wait(hour).alert(), both("unread tcss 3")...)
	if got := w.plan.Messages[0].Report.SourceChanges[0]; !got.Since.Equal(since) || w.plan.Reason != "tcss stays unread" {
		t.Errorf("%+v, %q", got, w.plan.Reason)
	}
	w.want("four times", w.wait(hour).alert())
	w.want("a day later", w.wait(23*hour).alert(), both("unread tcss 5")...)
	w.answers["wecom"] = life.RefusedForNow
	w.want("two days later", w.wait(day).alert(), "slack: unread tcss 6")
	w.snapshot = whole()
	w.want("read again", w.wait(hour).alert(), "slack: readable tcss")
	delete(w.answers, "wecom")
	w.want("wecom hears both", w.wait(hour).alert(), "wecom: unread tcss 6", "wecom: readable tcss")
	w.want("that is all", w.wait(hour).alert())
}

// TestSourcesInADigest: it shows what is unread anyway, which counts as said.
func TestSourcesInADigest(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.snapshot = without(license.SourceOrders, license.SourceOverview)
	w.want("digest", w.digest(), both("unread cwp.overview 1", "unread cwp.orders 1", "digest")...)
	w.wait(hour).alert()
	w.want("alert", w.wait(hour).alert())
	w.want("a day later", w.wait(22*hour).alert(), both("unread cwp.overview 4", "unread cwp.orders 4")...)
	w.snapshot = without(license.SourceOrders)
	w.want("one can be read", w.wait(day).digest(), both("unread cwp.orders 5", "readable cwp.overview", "digest")...)
	w.snapshot.Wanted = []license.Source{license.SourceOverview}
	w.want("the other is not wanted", w.wait(2*day).alert(), both("unwatched cwp.orders  0", "unwatched tcss  0")...)
	w.snapshot = whole()
	w.want("and then read", w.wait(time.Minute).alert())
}

// TestUnknownSource: one that this package has never heard of is read unless it
// failed.
func TestUnknownSource(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.snapshot.Wanted = []license.Source{"cwp.new"}
	w.want("read", w.digest(), both("digest")...)
	w.snapshot.Failures = map[license.Source]*license.Failure{"cwp.new": {}}
	w.want("failed", w.digest(), both("unread cwp.new 1", "digest")...)
}

// TestSourceBack is not told to a channel that was not told before.
func TestSourceBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.snapshot = without(license.SourceOrders)
	w.answers["wecom"] = life.RefusedForGood
	w.digest()
	delete(w.answers, "wecom")
	w.snapshot = whole()
	w.want("back", w.wait(2*hour).alert(), "slack: readable cwp.orders")
}

// TestAcksDoNotSilenceSources, nor that a rule is not known.
func TestAcksDoNotSilenceSources(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if err := w.ledger.Acknowledge(ackUntil("tcss-over", 1), w.now); err != nil {
		t.Fatal(err)
	}
	w.snapshot = without(license.SourcePurchaseState)
	w.alert(unknown("tcss-over"))
	w.alert(unknown("tcss-over"))
	w.want("unread", w.alert(unknown("tcss-over")), both("unread tcss 3")...)
	w.digest(unknown("tcss-over"))
	if n := len(w.plan.Messages[0].Report.Unknown); n != 1 {
		t.Errorf("%d unknown findings in the digest", n)
	}
}

// TestListStaysIncomplete: it is an unread source in all but name, and told like one.
func TestListStaysIncomplete(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.snapshot = whole("a")
	w.snapshot.Orders.Incomplete, w.snapshot.Orders.TotalCount = true, 2
	w.want("the first run", w.alert())
	w.want("the second run", w.wait(hour).alert())
	w.want("the third run", w.wait(hour).alert(), both("unread cwp.orders 3")...)
	if change := w.plan.Messages[0].Report.SourceChanges[0]; !change.Partly {
		t.Errorf("told as %+v", change)
	}
	told := 0
	for range 48 {
		told += len(w.wait(hour).alert())
	}
	if told != 4 { // once a day to each of the two
		t.Errorf("told %d times in two days", told)
	}
	w.snapshot = whole("a")
	w.want("complete again", w.wait(hour).alert(), both("readable cwp.orders")...)
}
