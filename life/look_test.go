package life_test

import (
	"testing"

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
	w.alert(ending("order/a", w.now, 12))
	days, rung := int64(12), int64(14)
	deadline := start.AddDate(0, 0, 12)
	if diff := cmp.Diff([]life.Known{{
		Rule: "order", Subject: "a", Since: start, Seen: start, Severity: license.Warning, Title: title("title of order/a"),
	}}, w.ledger.Known()); diff != "" {
		t.Errorf("known (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(&life.Told{At: start, Severity: license.Warning, DaysLeft: &days, Deadline: deadline, Rung: &rung},
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

// TestLookAtAPause: a channel that refused for good is left alone for an hour.
func TestLookAtAPause(t *testing.T) {
	w := newWorld(t)
	w.answers["wecom"] = life.RefusedForGood
	w.alert(firing("cwp-expired", license.Critical))
	at := w.now
	if got := w.ledger.Waiting(w.now.Add(hour / 2)); len(got) != 1 || !got[0].Paused.Equal(at) {
		t.Errorf("half an hour later: %+v", got)
	}
	if got := w.ledger.Waiting(w.now.Add(hour)); len(got) != 1 || !got[0].Paused.IsZero() {
		t.Errorf("an hour later: %+v", got)
	}
	w.answers["wecom"] = life.NoAnswer
	w.wait(hour).alert(firing("cwp-expired", license.Critical))
	if got := w.ledger.Waiting(w.now); len(got) != 1 || got[0].Tries != 1 {
		t.Errorf("after a try without an answer: %+v", got)
	}
}

// TestLookAtAnHeir: a channel was told of the finding before, which this one
// took over from.
func TestLookAtAnHeir(t *testing.T) {
	w := newWorld(t)
	w.alert(firing("tcss-ending", license.Warning), fine("tcss-over"))
	w.answers["slack"] = life.RefusedForNow
	w.wait(day).alert(fine("tcss-ending"), firing("tcss-over", license.Critical))
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
