package life_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"licensewatch/license"
	"licensewatch/life"
)

// TestLook: what the ledger tells of a finding that one channel heard of and the
// other did not.
func TestLook(t *testing.T) {
	w := newWorld(t)
	w.answers["wecom"] = life.RefusedForNow
	w.snapshot = whole("a")
	w.alert(keyedRecord("order/a", w.now, 12))
	days, rung := int64(12), int64(14)
	deadline := start.AddDate(0, 0, 12)
	if diff := cmp.Diff([]life.Known{{
		Rule: "order", Subject: "a", Since: start, Seen: start, Severity: license.Warning, Title: title("title of order/a"),
	}}, w.ledger.Known()); diff != "" {
		t.Errorf("known (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(&life.Told{At: start, Severity: license.Warning, DaysLeft: &days, Deadline: deadline, Threshold: &rung},
		w.ledger.Told("order/a", "slack")); diff != "" {
		t.Errorf("slack was told (-want +got):\n%s", diff)
	}
	for _, other := range [][2]string{{"order/a", "wecom"}, {"order/b", "slack"}} {
		if told := w.ledger.Told(other[0], other[1]); told != nil {
			t.Errorf("%s was told of %s: %+v", other[1], other[0], told)
		}
	}
	want := []life.Waiting{{ID: "run001", Mode: license.ModeAlert, At: start, Channel: "wecom", Findings: []string{"order/a"}}}
	if diff := cmp.Diff(want, w.ledger.Waiting(w.now)); diff != "" {
		t.Errorf("waiting (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"slack", "wecom"}, w.ledger.Channels()); diff != "" {
		t.Errorf("channels (-want +got):\n%s", diff)
	}
}

// TestLookBack: what was told of a finding that is over is known for a month, and
// again when it comes back and nobody was told yet.
func TestLookBack(t *testing.T) {
	w := newWorld(t)
	w.snapshot = whole("a")
	w.alert(keyedRecord("order/a", w.now, 12))
	told := w.ledger.Told("order/a", "slack")
	w.wait(30 * hour).alert(fine("order/a"))
	over := w.now
	for _, later := range []time.Duration{0, day, 29 * day} {
		w.now = over
		w.wait(later).digest(fine("order/a"))
		got := w.ledger.Told("order/a", "slack")
		if got == nil || !got.Over.Equal(over) || !got.At.Equal(told.At) || *got.DaysLeft != 12 {
			t.Errorf("%v later: %+v", later, got)
		}
	}
	w.now = over
	w.wait(30 * day).digest(fine("order/a"))
	if got := w.ledger.Told("order/a", "slack"); got != nil {
		t.Errorf("a month later: %+v", got)
	}
}

// TestLookAtAPause: a channel that refused for good is left alone for an hour.
func TestLookAtAPause(t *testing.T) {
	w := newWorld(t)
	w.answers["wecom"] = life.RefusedForGood
	w.alert(firing("cwp-expired", license.Warning))
	at := w.now
	if got := w.ledger.Waiting(w.now.Add(hour / 2)); len(got) != 1 || !got[0].Paused.Equal(at) {
		t.Errorf("half an hour later: %+v", got)
	}
	if got := w.ledger.Waiting(w.now.Add(hour)); len(got) != 1 || !got[0].Paused.IsZero() {
		t.Errorf("an hour later: %+v", got)
	}
	w.answers["wecom"] = life.NoAnswer
	w.wait(hour).alert(firing("cwp-expired", license.Warning))
	if got := w.ledger.Waiting(w.now); len(got) != 1 || got[0].Tries != 1 {
		t.Errorf("after a try without an answer: %+v", got)
	}
}

// TestLookAtWhatWasGivenUp: an alert that was given up towards one chat is owed no more,
// and who asks is promised what the runs then do.
func TestLookAtWhatWasGivenUp(t *testing.T) {
	w := newWorld(t)
	fires := firing("cwp-expired", license.Warning)
	w.answers["wecom"] = life.NoAnswer
	for range 3 {
		w.alert(fires)
		w.wait(hour)
	}
	waiting := w.ledger.Waiting(w.now)
	if len(waiting) != 1 || waiting[0].Channel != "wecom" || waiting[0].GivenUp.IsZero() || waiting[0].Former {
		t.Fatalf("waiting: %+v", waiting)
	}
	promised := w.ledger.NextSpeak(fires, "wecom", w.now, license.Hours{})
	if want := waiting[0].GivenUp.Add(day); !promised.Equal(want) {
		t.Errorf("an alert is promised for %v, want %v", promised, want)
	}
	in := w.ledger.Standings(w.now, license.Hours{})[0].To[1]
	if in.Owed || !in.Told.IsZero() || !in.GivenUp.Equal(waiting[0].GivenUp) || !in.Next.Equal(promised) {
		t.Errorf("it stands %+v", in)
	}
	delete(w.answers, "wecom")
	for ; w.now.Before(promised); w.wait(hour) {
		if said := w.alert(fires); len(said) > 0 {
			t.Fatalf("at %v, before %v, an alert said %q", w.now, promised, said)
		}
	}
	if said := w.alert(fires); len(said) == 0 || len(w.ledger.Waiting(w.now)) > 0 {
		t.Errorf("the promised alert said %q", said)
	}
}

// TestLookAtAFormerChannel: what a chat is owed that the settings do not name any more is
// not promised.
func TestLookAtAFormerChannel(t *testing.T) {
	w := newWorld(t)
	bind := func(id string) {
		w.channels = []string{"slack"}
		w.ledger.Bind([]life.Channel{{Name: "slack", ID: id}}, w.now)
	}
	bind("a")
	w.answers["slack"] = life.RefusedForNow
	w.alert(firing("cwp-expired", license.Critical))
	w.wait(hour)
	bind("b")
	if waiting := w.ledger.Waiting(w.now); len(waiting) != 1 || !waiting[0].Former {
		t.Errorf("waiting: %+v", waiting)
	}
	for _, in := range w.ledger.Standings(w.now, license.Hours{})[0].To {
		if !in.Former || !in.Next.IsZero() {
			t.Errorf("it stands %+v", in)
		}
	}
}

// TestLookAtAnHeir: a channel was told of the finding before, which this one
// took over from.
func TestLookAtAnHeir(t *testing.T) {
	w := newWorld(t)
	w.alert(firing("tcss-ending", license.Warning), fine("tcss-over"))
	w.answers["slack"] = life.RefusedForNow
	w.wait(day).alert(turned("tcss-ending", "tcss-over"), firing("tcss-over", license.Critical))
	told := w.ledger.Told("tcss-over", "slack")
	if told == nil || told.Before != "tcss-ending" || !told.At.IsZero() || told.Severity != license.Warning {
		t.Errorf("slack was told %+v", told)
	}
	if told := w.ledger.Told("tcss-over", "wecom"); told == nil || told.Before != "" || !told.At.Equal(w.now) {
		t.Errorf("wecom was told %+v", told)
	}
}

func TestLookAtASource(t *testing.T) {
	w := newWorld(t)
	w.snapshot = without(license.SourcePurchaseState)
	w.alert()
	w.wait(hour).alert()
	want := []license.SourceChange{{Source: license.SourcePurchaseState, Since: start, Runs: 2}}
	if diff := cmp.Diff(want, w.ledger.Unread()); diff != "" {
		t.Error(diff)
	}
}

// TestManyStandings: what thousands of findings take to look at grows with their number,
// not with its square. (It is not parallel: others would be counted.)
func TestManyStandings(t *testing.T) { //nolint:paralleltest // see above
	allocations := func(orders int) float64 {
		w := newWorld(t)
		w.rules = []string{"order-expiring"}
		w.unsaved(0, true, orders)
		return testing.AllocsPerRun(1, func() {
			if got := len(w.ledger.Standings(w.now, license.Hours{})); got != orders {
				t.Fatalf("%d findings", got)
			}
		})
	}
	if few, many := allocations(100), allocations(1000); many > 15*few {
		t.Errorf("%.0f allocations for 100 findings, %.0f for 1,000", few, many)
	}
}
