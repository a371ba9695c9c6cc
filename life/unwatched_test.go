package life_test

import (
	"slices"
	"testing"

	"licensewatch/license"
	"licensewatch/life"
)

// dropRule takes a rule out of those that there are.
func (w *world) dropRule(id string) {
	w.rules = slices.DeleteFunc(w.rules, func(rule string) bool { return rule == id })
}

// TestRuleSwitchedOff: that it is not watched any more is told once, with what it
// last said; one that does not fire goes without a word.
func TestRuleSwitchedOff(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.alert(firing("seats", license.Warning), firing("order/a", license.Warning), firing("order/b", license.Critical), fine("quiet"))
	w.dropRule("order")
	w.dropRule("quiet")
	w.want("the alert", w.wait(hour).alert(firing("seats", license.Warning)), both("unwatched order title of order/b 2", "superseded order/a", "superseded order/b")...)
	w.want("afterwards", w.wait(hour).alert(firing("seats", license.Warning)))
	w.want("the digest", w.wait(hour).digest(firing("seats", license.Warning)), both("ongoing seats warning", "digest")...)
	if reason := w.plan.Reason; reason != "daily digest" {
		t.Error(reason)
	}
	w.want("it is back", w.wait(hour).alert(firing("seats", license.Warning), firing("order/a", license.Warning)), both("new order/a warning")...)
}

// TestRuleSwitchedOffInADigest: a digest tells it as well.
func TestRuleSwitchedOffInADigest(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.digest(firing("seats", license.Warning))
	w.dropRule("seats")
	w.want("the digest", w.wait(day).digest(), both("unwatched seats title of seats 1", "superseded seats", "digest")...)
	w.want("the next", w.wait(day).digest(), both("digest")...)
}

// TestRuleSwitchedOffIsToldToThoseWhoHeard: and to one that refuses, later.
func TestRuleSwitchedOffIsToldToThoseWhoHeard(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.channels = []string{"slack"}
	w.alert(firing("seats", license.Warning))
	w.channels = []string{"slack", "wecom"}
	w.dropRule("seats")
	w.answers["slack"] = life.RefusedForNow
	w.want("refused", w.wait(hour).alert())
	w.answers = nil
	w.want("later", w.wait(hour).alert(), "slack: unwatched seats title of seats 1", "slack: superseded seats")
	w.want("afterwards", w.wait(hour).alert())
}

// TestRuleSwitchedOffThatIsAcknowledged: nobody is bothered, the digest lists it.
func TestRuleSwitchedOffThatIsAcknowledged(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.alert(firing("seats", license.Warning))
	w.acknowledge("seats", 5)
	w.dropRule("seats")
	w.want("the alert", w.wait(hour).alert())
	w.want("the digest", w.wait(hour).digest(), both("unwatched seats title of seats 1", "superseded seats", "digest")...)
}

// TestUnwatchedWaitsForTheHours: nobody is woken by it.
func TestUnwatchedWaitsForTheHours(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var allWeek [7]bool
	for i := range allWeek {
		allWeek[i] = true
	}
	w.hours = license.Hours{Windows: []license.HoursWindow{{Days: allWeek, From: 9 * 60, To: 21 * 60}}}
	w.alert(firing("seats", license.Warning))
	w.dropRule("seats")
	w.snapshot.Wanted = everySource[:2]
	w.want("in the night", w.wait(14*hour).alert())
	w.want("in the morning", w.wait(10*hour).alert(), both("unwatched seats title of seats 1", "unwatched tcss  0", "superseded seats")...)
	w.want("afterwards", w.wait(hour).alert())
}

// TestSourceTakenOut: it is told once, and what it said is forgotten.
func TestSourceTakenOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.alert(firing("tcss-over", license.Critical), fine("seats"))
	w.snapshot.Wanted = everySource[:2]
	w.want("the alert", w.wait(hour).alert(fine("seats")), both("unwatched tcss  0", "superseded tcss-over")...)
	if reason := w.plan.Reason; reason != "no longer watched: tcss" {
		t.Error(reason)
	}
	w.want("afterwards", w.wait(hour).alert(fine("seats")))
	if known := w.ledger.Known(); len(known) != 0 {
		t.Errorf("still known: %+v", known)
	}
	w.snapshot.Wanted = everySource
	w.want("it is back", w.wait(hour).alert(firing("tcss-over", license.Critical), fine("seats")), both("new tcss-over critical", "mention")...)
}

// TestSourceTakenOutThatWasUnread: that it could not be read is over as well.
func TestSourceTakenOutThatWasUnread(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.snapshot = without(license.SourcePurchaseState)
	for range 3 {
		w.alert()
		w.wait(hour)
	}
	w.snapshot = whole()
	w.snapshot.Wanted = everySource[:2]
	w.want("the alert", w.alert(), both("unwatched tcss  0")...)
	w.want("afterwards", w.wait(hour).alert())
}

// TestSourceThatIsBackBeforeItWasTold: nothing was lost.
func TestSourceThatIsBackBeforeItWasTold(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.alert()
	w.snapshot.Wanted = everySource[:2]
	w.channels = nil
	w.wait(hour).alert()
	w.channels = []string{"slack", "wecom"}
	w.snapshot.Wanted = everySource
	w.want("back", w.wait(hour).alert())
}
