package life_test

import (
	"testing"
	"time"

	"licensewatch/license"
	"licensewatch/life"
)

// TestClockAheadSilencesNothing: what was told of an order while the clock was weeks
// ahead does not count as said of the days that then really come.
func TestClockAheadSilencesNothing(t *testing.T) {
	t.Parallel()
	deadline := start.AddDate(0, 0, 29)
	at := func(w *world) license.Finding { return endingAt("order/a", w.now, deadline) }
	for name, answer := range map[string]life.Refusal{"told": "", "owed": life.RefusedForNow} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.channels = []string{"slack"}
			w.want("the order", w.alert(at(w)), "slack: new order/a warning 29")
			w.now = start.AddDate(0, 0, 28)
			if answer != "" {
				w.answers["slack"] = answer
			}
			w.alert(at(w))
			delete(w.answers, "slack")
			w.now = start.Add(hour)
			w.want("the clock is right again", w.alert(at(w)), map[string][]string{"told": {"slack: due order/a warning 29"}, "owed": nil}[name]...)
			w.want("and goes on", w.wait(hour).alert(at(w)))
			for _, left := range []int{13, 6, 2, 1} {
				w.now = deadline.AddDate(0, 0, -left)
				got := w.alert(at(w))
				if len(got) == 0 || got[0][:len("slack: worse")] != "slack: worse" {
					t.Errorf("with %d days left: %q", left, got)
				}
			}
			w.want("it is over", w.wait(hour).alert(fine("order/a")), "slack: resolved order/a")
		})
	}
}

// TestClocksDiffer: two runs whose clocks differ by a minute repeat nothing.
func TestClocksDiffer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	f := firing("seats", license.Critical)
	w.want("new", w.alert(f), both("new seats critical", "mention")...)
	w.want("a clock that is behind", w.wait(-time.Minute).alert(f))
}

// TestClockBehindWorsensNothing: what was told before a clock was behind is told again
// when it is right, and not as worse. People are called again, too: nobody knows which
// of the clocks told of a critical day.
func TestClockBehindWorsensNothing(t *testing.T) {
	t.Parallel()
	deadline := start.AddDate(0, 0, 2)
	at := func(w *world) license.Finding {
		f := endingAt("order/a", w.now, deadline)
		f.Severity = license.Critical
		return f
	}
	w := newWorld(t)
	w.channels = []string{"slack"}
	w.want("the order", w.alert(at(w)), "slack: new order/a critical 2", "slack: mention")
	w.now = start.AddDate(0, 0, -40)
	w.want("the clock is behind", w.alert(fine("order/a")))
	w.now = start.Add(hour)
	if story := w.ledger.Story(at(w), "slack", w.now, w.hours); story.Change != license.ChangeDue {
		t.Errorf("it is %s", story.Change)
	}
	w.want("the clock is right again", w.alert(at(w)), "slack: due order/a critical 2", "slack: mention")
	w.want("and goes on", w.wait(hour).alert(at(w)))
}

// TestClockBehindResolvesNothing: what no longer fires only because a run's clock is
// weeks behind is not over; what is over is told by the next run.
func TestClockBehindResolvesNothing(t *testing.T) {
	t.Parallel()
	deadline := start.AddDate(0, 0, 14)
	w := newWorld(t)
	w.channels = []string{"slack"}
	w.want("the order", w.alert(endingAt("order/a", w.now, deadline)), "slack: new order/a warning 14")
	w.now = start.AddDate(0, 0, -30)
	w.want("the clock is behind", w.alert(fine("order/a")))
	w.now = start.Add(hour)
	w.want("the clock is right again", w.alert(endingAt("order/a", w.now, deadline)), "slack: due order/a warning 14")
	w.now = start.AddDate(0, 0, -30)
	w.want("it is over while the clock is behind", w.alert(fine("order/a")))
	w.want("the next run", w.wait(hour).alert(fine("order/a")), "slack: resolved order/a")
}
