package life_test

import (
	"testing"

	"licensewatch/license"
)

// TestDoubt: an alert says that something which was read cannot be judged after three
// runs in a row, then once a day, within the hours.
func TestDoubt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.hours = officeHours
	w.want("new", w.alert(keyedRecord("order/a", w.now, 12)), both("new order/a warning 12")...)
	w.want("once", w.wait(hour).alert(unknown("order/a")))
	w.want("twice", w.wait(hour).alert(unknown("order/a")))
	w.want("three times", w.wait(hour).alert(unknown("order/a")), both("unjudged 3")...)
	if w.plan.Reason != "something cannot be judged" {
		t.Errorf("reason %q", w.plan.Reason)
	}
	w.want("said", w.wait(hour).alert(unknown("order/a")))
	w.want("a day later", w.wait(23*hour).alert(unknown("order/a")), both("unjudged 5")...)
	w.want("a digest shows it", w.wait(20*hour).digest(unknown("order/a")), both("digest")...)
	w.want("which counts", w.wait(4*hour).alert(unknown("order/a")))
	w.want("at night it waits", w.wait(13*hour).alert(unknown("order/a")))
	w.want("for the morning", w.wait(8*hour).alert(unknown("order/a")), both("unjudged 9")...)
	w.want("judged again", w.wait(hour).alert(fine("order/a")), both("resolved order/a")...)
	w.want("unknown anew", w.wait(hour).alert(unknown("order/a")))
	w.want("for the second time", w.wait(hour).alert(unknown("order/a")))
	w.acknowledge("order/a", 10)
	w.want("acknowledged", w.wait(hour).alert(unknown("order/a")))
	two := unknown("order/a")
	two.Others = []string{"b"}
	w.want("another order beside it", w.wait(hour).alert(two))
	w.want("for the second time", w.wait(hour).alert(two))
	w.want("for the third time", w.wait(hour).alert(two), both("unjudged 3")...)
}

// TestDoubtBesideAnUnreadSource: what is unknown because a source is unread is told as
// that, and what is unknown besides is told all the same.
func TestDoubtBesideAnUnreadSource(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.snapshot = without(license.SourcePurchaseState)
	tcss, seats := unknown("tcss"), unknown("seats")
	tcss.Missing, seats.Missing = []string{"tcss"}, []string{"tcss", "cwp.UsedLicenseCnt"}
	w.alert(tcss)
	w.wait(hour).alert(tcss)
	w.want("unread", w.wait(hour).alert(tcss), both("unread tcss 3")...)
	w.want("seats once", w.wait(hour).alert(tcss, seats))
	w.want("twice", w.wait(hour).alert(tcss, seats))
	w.snapshot = whole("a")
	w.snapshot.Orders.Incomplete = true
	w.want("incomplete", w.wait(hour).alert(seats), both("readable tcss")...)
	w.snapshot = whole("a")
	w.want("three times", w.wait(hour).alert(seats), both("unjudged 3")...)
}
