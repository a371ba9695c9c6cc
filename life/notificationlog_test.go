package life_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"licensewatch/license"
	"licensewatch/life"
)

// heads are the ledger's, a line each.
func (w *world) heads() []string {
	var lines []string
	for _, h := range w.ledger.NotificationLog().Heads(shanghai) {
		var line strings.Builder
		fmt.Fprintf(&line, "%s %s %s:", h.At.Format("02 15:04"), h.Kind, h.Headline)
		for _, channel := range w.channels {
			if a, ok := h.To[channel]; ok {
				line.WriteString(" " + channel + " " + string(a.Status))
				if !a.At.IsZero() {
					line.WriteString(" " + a.At.Format("02 15:04"))
				}
			}
		}
		lines = append(lines, line.String())
	}
	return lines
}

func (w *world) wantHeads(want ...string) {
	w.t.Helper()
	if diff := cmp.Diff(want, w.heads()); diff != "" {
		w.t.Errorf("heads (-want +got):\n%s", diff)
	}
}

// TestHeads: each message once, with what every channel did with it last.
func TestHeads(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	seats := firing("seats", license.Warning)
	w.answers["wecom"] = life.RefusedForNow
	w.alert(seats)
	w.wantHeads("22 09:07 alert alert of 1: slack accepted 22 09:07 wecom for-now 22 09:07")
	w.answers["wecom"] = life.NoAnswer
	w.wait(hour).alert(seats)
	w.wantHeads("22 09:07 alert alert of 1: slack accepted 22 09:07 wecom no-answer 22 10:07")
	delete(w.answers, "wecom")
	w.wait(hour).alert(seats)
	w.wait(hour).digest(seats)
	w.wantHeads(
		"22 09:07 alert alert of 1: slack accepted 22 09:07 wecom accepted 22 11:07",
		"22 12:07 digest digest of 1: slack accepted 22 12:07 wecom accepted 22 12:07")
}

// TestHeadsOfWhatIsNotSent: an alert that a digest replaces, one that must wait,
// and one that is given up.
func TestHeadsOfWhatIsNotSent(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.channels = []string{"wecom"}
	w.answers["wecom"] = life.RefusedForGood
	w.alert(firing("seats", license.Warning))
	w.wait(hour/2).alert(firing("seats", license.Warning), firing("tcss-over", license.Warning))
	w.wantHeads(
		"22 09:07 alert alert of 1: wecom for-good 22 09:07",
		"22 09:37 alert alert of 1: wecom waits")
	delete(w.answers, "wecom")
	w.wait(hour/4).digest(firing("seats", license.Warning), firing("tcss-over", license.Warning))
	w.wantHeads(
		"22 09:07 alert alert of 1: wecom replaced 22 09:52",
		"22 09:37 alert alert of 1: wecom replaced 22 09:52",
		"22 09:52 digest digest of 2: wecom accepted 22 09:52")
	w.answers["wecom"] = life.RefusedForNow
	w.wait(hour).alert(firing("order/a", license.Warning))
	w.wait(8 * day).alert(firing("order/a", license.Warning))
	heads := w.heads()
	if want := "22 10:52 alert alert of 1: wecom given-up 30 10:52"; len(heads) != 5 || heads[3] != want {
		t.Errorf("%q", heads)
	}
}

// TestHeadsOfNotes: one that is sent to the channels one after the other is one
// note; its id is that of the run's message.
func TestHeadsOfNotes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.answers["wecom"] = life.RefusedForNow
	w.alert(firing("seats", license.Warning))
	id := w.plan.Messages[0].ID
	w.ledger.NotificationLog().AddNote(id, "WeCom is gone", w.now, map[string]life.Delivery{"slack": {Status: life.Accepted, At: w.now}})
	w.ledger.NotificationLog().AddNote(id, "WeCom is gone", w.now, map[string]life.Delivery{"wecom": {Status: life.DeliveryStatus(life.RefusedForGood), At: w.now}})
	w.ledger.NotificationLog().AddNote(id, strings.Repeat("语", 100), w.now, nil)
	delete(w.answers, "wecom")
	w.wait(hour).alert(firing("seats", license.Warning))
	w.wantHeads(
		"22 09:07 alert alert of 1: slack accepted 22 09:07 wecom accepted 22 10:07",
		"22 09:07 note WeCom is gone: slack accepted 22 09:07 wecom for-good 22 09:07",
		"22 09:07 note "+strings.Repeat("语", 79)+"…:")
}
