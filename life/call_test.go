package life_test

import (
	"slices"
	"testing"
	"time"

	"licensewatch/license"
)

// calls are the dates on which slack is called, by an alert each hour and, where one is
// wanted, a digest at 09:07 each day.
func (w *world) calls(days int, digests bool, findings func(now time.Time) []license.Finding) []string {
	w.t.Helper()
	var dates []string
	for range days * 24 {
		mode := license.ModeAlert
		if digests && w.now.Hour() == 9 {
			mode = license.ModeDigest
		}
		if slices.Contains(w.run(mode, findings(w.now)), "slack: mention") {
			dates = append(dates, w.now.Format("01-02"))
		}
		w.wait(hour)
	}
	return dates
}

// TestCallsBeforeTheEnd: at 3 days, at 1 and on the last day, once each.
func TestCallsBeforeTheEnd(t *testing.T) {
	t.Parallel()
	for _, digests := range []bool{false, true} {
		w := newWorld(t)
		w.hours, w.snapshot = officeHours, whole("a")
		end := time.Date(2026, time.December, 1, 23, 59, 59, 0, shanghai)
		got := w.calls(10, digests, func(now time.Time) []license.Finding {
			if !now.Before(end) {
				return []license.Finding{fine("order/a")}
			}
			f := byCalendar(endingAt("order/a", now, end))
			f.RemindAt = []int64{30, 14, 7, 3, 1, 0}
			return []license.Finding{f}
		})
		if want := []string{"11-28", "11-30", "12-01"}; !slices.Equal(got, want) {
			t.Errorf("digests %t: called on %v, want %v", digests, got, want)
		}
	}
}

// TestCallsAfterTheEnd: when it lapses, daily for a week, and then weekly; also where a
// digest tells of it before the alert does.
func TestCallsAfterTheEnd(t *testing.T) {
	t.Parallel()
	for _, digests := range []bool{false, true} {
		w := newWorld(t)
		w.hours, w.snapshot = officeHours, whole("a")
		lapse := time.Date(2026, time.November, 24, 2, 0, 0, 0, shanghai)
		got := w.calls(33, digests, func(now time.Time) []license.Finding {
			if now.Before(lapse) {
				return []license.Finding{byCalendar(endingAt("order/a", now, lapse)), fine("isolated/a")}
			}
			f := firing("isolated/a", license.Critical)
			f.RemindEvery, f.RemindLater = day, 7*day
			f.Calendar = now.Sub(lapse) >= hour
			return []license.Finding{fine("order/a"), f}
		})
		want := []string{"11-22", "11-23", "11-24", "11-25", "11-26", "11-27", "11-28", "11-29", "11-30", "12-07", "12-14", "12-21"}
		if !slices.Equal(got, want) {
			t.Errorf("digests %t: called on\n%v, want\n%v", digests, got, want)
		}
	}
}

// TestAcknowledgedCallsNobody, whatever falls due.
func TestAcknowledgedCallsNobody(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	f := firing("isolated/a", license.Critical)
	f.RemindEvery, f.RemindLater = day, 7*day
	w.snapshot = whole("a")
	w.want("new", w.alert(f), both("new isolated/a critical", "mention")...)
	w.acknowledge("isolated/a", 5)
	byCalendarOnly := func(time.Time) []license.Finding { return []license.Finding{f} }
	w.wait(hour)
	if got := w.calls(5, true, byCalendarOnly); len(got) > 0 {
		t.Errorf("called on %v", got)
	}
	if got := w.calls(2, false, byCalendarOnly); !slices.Equal(got, []string{"11-28", "11-29"}) {
		t.Errorf("called on %v after its end", got)
	}
}

// TestChangeThatWasAcknowledged since it was seen, before it was told: no alert says it,
// a digest does.
func TestChangeThatWasAcknowledged(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.hours, w.now = officeHours, night
	off := event("renewal/a", "1>2", license.Warning)
	w.want("waits", w.alert(off))
	w.acknowledge("renewal/a", 3)
	w.now = morning
	w.want("alert", w.alert(off))
	w.want("digest", w.wait(hour).digest(off), both("new renewal/a warning acked 1>2", "digest")...)
	w.want("once", w.wait(day).digest(off), both("digest")...)
}

// TestNobodyIsCalledAboutWhatIsLeftOut: an alert that leaves a critical change out, since
// something milder tells of it, is no call.
func TestNobodyIsCalledAboutWhatIsLeftOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	off := event("renewal/a", "1>2", license.Critical)
	off.Covers = []string{"order"}
	w.snapshot = whole("a")
	w.want("the order ends, too", w.alert(off, keyedRecord("order/a", w.now, 10)), both("new order/a warning 10")...)
	w.want("once", w.wait(hour).alert(off, keyedRecord("order/a", w.now, 10)))
}

// TestNoCallForWhatIsNotSaid: an event that the message leaves out, since what has come of
// it stands there, calls nobody.
func TestNoCallForWhatIsNotSaid(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.channels, w.snapshot = []string{"slack"}, whole("a")
	lost := firing("lost", license.Critical)
	w.want("lost", w.alert(lost), "slack: new lost critical", "slack: mention")
	switched := event("renewal/a", "1>2", license.Critical)
	switched.Covers = []string{"order"}
	w.want("the digest", w.wait(hour).digest(lost, switched, keyedRecord("order/a", w.now, 20)),
		"slack: ongoing lost critical", "slack: new order/a warning 20", "slack: digest")
}
