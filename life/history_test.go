package life_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"licensewatch/life"
)

// TestHistory: a month's history is begun once, tried once a day, and what came of it is
// remembered.
func TestHistory(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h, now := w.ledger.History(), w.now
	isDue := func(month string, at time.Time, isArchiveBroken bool) bool {
		got, isDue := h.Due(month, at, true, isArchiveBroken)
		return isDue && got == month
	}
	if !isDue("2026-10", now, false) {
		t.Error("the first one is not due")
	}
	h.Try(now)
	if isDue("2026-10", now.Add(time.Hour), false) || !isDue("2026-10", now.Add(day), false) {
		t.Error("it is tried twice a day, or never again")
	}
	h.BeginMonth("2026-10", 7, now)
	if isDue("2026-10", now.Add(day), false) || h.Running.Month != "2026-10" {
		t.Errorf("another one is begun beside %+v", h.Running)
	}
	if !h.Complain("2026-10") || h.Complain("2026-10") || h.Complain("2026-09") || !h.Complain("2026-11") {
		t.Error("that a month is not to be had is not told once")
	}
	h.Finish("2026-10")
	h.Finish("2026-09")
	h.End(7)
	if isDue("2026-10", now.Add(day), false) || !isDue("2026-11", now.Add(day), false) {
		t.Error("what was made is due, or what was not is not")
	}
	h.Complained = ""
	h.Lose("2026-11")
	if isDue("2026-11", now.Add(day), true) || !isDue("2026-11", now.Add(day), false) || !isDue("2026-12", now.Add(day), true) {
		t.Error("what only the archive lacks does not wait for it, or another one does")
	}
	if month, isDue := h.Due("2026-12", now.Add(day), false, false); month != "2026-11" || !isDue {
		t.Error("what the archive lacks is not begun by an alert, before another one")
	}
	h.Complain("2026-11")
	if month, _ := h.Due("2026-12", now.Add(day), true, false); month != "2026-12" {
		t.Error("what is not to be had any more is in the way of another one")
	}
	if h.BeginMonth("2026-11", 8, now); !h.Running.Sent {
		t.Error("a chat waits for what it has got")
	}
}

// TestHeldFiles: each file is waited for until it is sent and kept, or for a day and a half.
func TestHeldFiles(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	e := w.ledger.Exports()
	wantHeld := func(want ...life.ExportTask) {
		t.Helper()
		for i := range want {
			want[i].StartedAt = w.now
		}
		if diff := cmp.Diff(want, e.HeldFiles(w.now.Add(36*time.Hour-time.Second)), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("held (-want +got):\n%s", diff)
		}
	}
	e.Hold(7, w.now)
	e.End(7) // of the task, whose file is still to be sent
	e.MarkKept(7)
	e.Hold(7, w.now.Add(day)) // it is held already
	wantHeld(life.ExportTask{TaskID: 7, Kept: true})
	e.HoldToKeep(8, w.now)
	wantHeld(life.ExportTask{TaskID: 7, Kept: true}, life.ExportTask{TaskID: 8, Sent: true})
	e.MarkSent(8)
	e.MarkSent(7)
	wantHeld(life.ExportTask{TaskID: 8, Sent: true})
	if !e.Waits(8) || e.Waits(7) {
		t.Error("it is not known which is waited for")
	}
	e.MarkKept(8)
	wantHeld()
	for id := range int64(6) {
		e.Hold(id, w.now)
	}
	e.Release(3)
	wantHeld(life.ExportTask{TaskID: 2}, life.ExportTask{TaskID: 4}, life.ExportTask{TaskID: 5})
	if held := e.HeldFiles(w.now.Add(36 * time.Hour)); len(held) > 0 {
		t.Errorf("held for more than a day and a half: %+v", held)
	}
}

// TestHeldFileOfEarlierVersion: it had one, under another name.
func TestHeldFileOfEarlierVersion(t *testing.T) {
	t.Parallel()
	ledger, err := life.Decode([]byte(`{"version":1,"export_file":{"task_id":7,"started_at":"2026-11-22T01:07:00Z","sent":true}}`))
	if err != nil {
		t.Fatal(err)
	}
	held := ledger.Exports().HeldFiles(time.Date(2026, 11, 22, 2, 7, 0, 0, time.UTC))
	if len(held) != 1 || held[0].TaskID != 7 || !held[0].Sent || ledger.Exports().HeldFirst != nil {
		t.Errorf("%+v", held)
	}
}
