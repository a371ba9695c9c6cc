package life_test

import (
	"testing"
	"time"
)

// TestHistory: a month's history is begun once, tried once a day, and what came of it is
// remembered.
func TestHistory(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h, now := w.ledger.History(), w.now
	if !h.IsDue("2026-10", now) {
		t.Error("the first one is not due")
	}
	h.Try(now)
	if h.IsDue("2026-10", now.Add(time.Hour)) || !h.IsDue("2026-10", now.Add(day)) {
		t.Error("it is tried twice a day, or never again")
	}
	h.BeginMonth("2026-10", 7, now)
	if h.IsDue("2026-10", now.Add(day)) || h.Running.Month != "2026-10" {
		t.Errorf("another one is begun beside %+v", h.Running)
	}
	if !h.Complain("2026-10") || h.Complain("2026-10") || h.Complain("2026-09") || !h.Complain("2026-11") {
		t.Error("that a month is not to be had is not told once")
	}
	h.Finish("2026-10")
	h.Finish("2026-09")
	h.End(7)
	if h.IsDue("2026-10", now.Add(day)) || !h.IsDue("2026-11", now.Add(day)) {
		t.Error("what was made is due, or what was not is not")
	}
}

// TestHeldFile: a file is waited for until it is sent and kept, or for a day.
func TestHeldFile(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	e := w.ledger.Exports()
	wantHeld := func(want, isSent, isKept bool) {
		t.Helper()
		if task, isHeld := e.HeldFile(w.now.Add(day - time.Second)); isHeld != want || task.Sent != isSent || task.Kept != isKept {
			t.Errorf("%+v, %t", task, isHeld)
		}
	}
	e.Hold(7, w.now)
	e.End(7) // of the task, whose file is still to be sent
	e.MarkKept(7)
	wantHeld(true, false, true)
	e.Hold(7, w.now.Add(day)) // it is held already
	e.HoldToKeep(8, w.now)    // another one goes first
	e.Release(8)
	e.MarkSent(8)
	wantHeld(true, false, true)
	if _, isHeld := e.HeldFile(w.now.Add(day)); isHeld {
		t.Error("held for more than a day")
	}
	e.Hold(7, w.now)
	e.MarkSent(7)
	wantHeld(true, true, false)
	e.MarkKept(8)
	e.MarkKept(7)
	wantHeld(false, false, false)
	e.HoldToKeep(7, w.now)
	wantHeld(true, true, false)
	e.MarkKept(7)
	wantHeld(false, false, false)
	e.Hold(7, w.now)
	e.Release(7)
	wantHeld(false, false, false)
}
