package life_test

import (
	"testing"
	"time"

	"licensewatch/license"
	"licensewatch/life"
)

// TestLateMessages: a message that was written hours ago says so, and names no
// date that is past; what is stored of it stays as it was written.
func TestLateMessages(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		after time.Duration
		late  bool
		next  bool // it still says when it speaks next
	}{
		"an hour later":    {hour, false, true},
		"just before":      {6*hour - time.Minute, false, true},
		"hours later":      {6 * hour, true, true},
		"before the date":  {3*day - hour, true, true},
		"after the date":   {4 * day, true, false},
		"on the very date": {3 * day, true, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.channels = []string{"slack"}
			w.answers["slack"] = life.RefusedForNow
			seats := firing("seats", license.Warning)
			seats.RemindEvery = 3 * day
			w.alert(seats)
			w.wait(test.after).alert(seats)
			m := w.plan.Messages[0]
			if !m.Owed || !m.Report.At.Equal(start) {
				t.Fatalf("not the first message: %+v", m)
			}
			if want := map[bool]time.Time{true: w.now}[test.late]; !m.Report.Sent.Equal(want) {
				t.Errorf("sent %s, want %s", m.Report.Sent, want)
			}
			if next := m.Report.Firing[0].Story.NextAt; next.IsZero() == test.next {
				t.Errorf("it speaks next %s", next)
			}
			w.wait(-test.after).alert(seats)
			if m := w.plan.Messages[0]; !m.Report.Sent.IsZero() || !m.Report.Firing[0].Story.NextAt.Equal(start.Add(3*day)) {
				t.Errorf("what is stored has changed: %+v", m.Report)
			}
		})
	}
}

// TestFreshMessagesAreNotLate, whatever the clock of the reading says.
func TestFreshMessagesAreNotLate(t *testing.T) {
	t.Parallel()
	w := newRemarkable(t)
	w.want("a message", w.alert(firing("seats", license.Warning)), both("new seats warning")...)
}
