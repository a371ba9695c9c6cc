package life_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"licensewatch/license"
	"licensewatch/life"
)

// TestOnceADay: by channel, note and day in the zone.
func TestOnceADay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	l, note := w.ledger, "slack does not listen any more"
	if !l.Notes().MayTell("wecom", note, "", w.now) {
		t.Error("told before it was")
	}
	l.Notes().MarkTold("wecom", note, w.now)
	w.save()
	l = w.ledger
	evening := time.Date(2026, 11, 22, 23, 59, 0, 0, shanghai)
	if l.Notes().MayTell("wecom", note, "", evening) || !l.Notes().MayTell("slack", note, "", evening) || !l.Notes().MayTell("wecom", note+".", "", evening) {
		t.Error("it is not known who was told what")
	}
	if !l.Notes().MayTell("wecom", note, "", evening.Add(time.Minute)) {
		t.Error("told yesterday counts today")
	}
	w.wait(4 * day).alert()
	if data, _ := w.ledger.Encode(); strings.Contains(string(data), `"told"`) || !w.ledger.Notes().MayTell("wecom", note, "", start) {
		t.Errorf("not forgotten:\n%s", data)
	}
	for i := range 1000 {
		w.ledger.Notes().MarkTold("wecom", fmt.Sprint(i), w.now)
	}
	if data, _ := w.ledger.Encode(); len(data) > 10_000 {
		t.Errorf("the ledger has grown to %d bytes", len(data))
	}
}

// TestExport: a task is remembered until it is ended, overdue after a day, and given up
// when another one is begun.
func TestExport(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	check := func(after time.Duration, want int64, wantState life.ExportState, wantGivenUp int64) {
		t.Helper()
		task, state := w.ledger.Exports().Pending(w.now.Add(after))
		givenUp, _ := w.ledger.Exports().GivenUp()
		if task.TaskID != want || state != wantState || givenUp.TaskID != wantGivenUp {
			t.Errorf("task %d in state %d, given up %d", task.TaskID, state, givenUp.TaskID)
		}
	}
	const first, second = 9007199254740993, 7
	check(0, 0, life.ExportNone, 0)
	w.ledger.Exports().Begin(first, w.now)
	w.save()
	check(day-time.Second, first, life.ExportRunning, 0)
	check(day, first, life.ExportOverdue, 0)
	w.ledger.Exports().End(1) // another's end
	check(0, first, life.ExportRunning, 0)
	w.ledger.Exports().Begin(second, w.now)
	w.save()
	check(0, second, life.ExportRunning, first)
	w.ledger.Exports().End(first)
	check(0, second, life.ExportRunning, 0)
	w.ledger.Exports().End(second)
	w.save()
	check(0, 0, life.ExportNone, 0)
}

// TestNextSpeak: when an alert would speak next, for who asks.
func TestNextSpeak(t *testing.T) {
	t.Parallel()
	reminded := firing("seats", license.Warning)
	reminded.RemindEvery = 7 * day
	once := firing("once", license.Warning)
	acked := func(w *world) { w.acknowledge("order/a", 9) }
	date := func(month time.Month, day int) time.Time { return time.Date(2026, month, day, 0, 0, 0, 0, shanghai) }
	tests := map[string]struct {
		told    license.Finding // what an alert said at the start
		prepare func(*world)
		ask     license.Finding // a day later
		want    time.Time
	}{
		"the next rung":           {keyedRecord("order/a", start, 20), nil, keyedRecord("order/a", start.Add(day), 19), date(11, 28)},
		"the first rung":          {keyedRecord("order/a", start, 40), nil, keyedRecord("order/a", start.Add(day), 39), date(12, 2)},
		"no rung is left":         {keyedRecord("order/a", start, 1), nil, keyedRecord("order/a", start.Add(day), 0), time.Time{}},
		"a rung is due":           {keyedRecord("order/a", start, 8), nil, keyedRecord("order/a", start.Add(day), 7), start.Add(day)},
		"a period":                {reminded, nil, reminded, start.Add(7 * day)},
		"nothing":                 {once, nil, once, time.Time{}},
		"never told":              {once, nil, reminded, start.Add(day)},
		"acknowledged":            {keyedRecord("order/a", start, 20), acked, keyedRecord("order/a", start.Add(day), 19), date(12, 2)},
		"acknowledged, never due": {keyedRecord("order/a", start, 1), acked, keyedRecord("order/a", start.Add(day), 0), date(12, 2)},
		"acknowledged, never told": {once, func(w *world) { w.acknowledge("seats", 9) },
			reminded, date(12, 2)},
		"owed":          {once, func(w *world) { w.answers["slack"] = life.RefusedForNow; w.alert(once, reminded) }, reminded, start.Add(day)},
		"does not fire": {once, nil, fine("once"), time.Time{}},
		"an event":      {once, nil, event("once", "1>2", license.Info), time.Time{}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.alert(test.told)
			said := w.plan.Messages[0].Report.Firing[0].Story.NextAt
			if test.prepare != nil {
				test.prepare(w)
			}
			w.wait(day)
			if got := w.ledger.NextSpeak(test.ask, "slack", w.now, license.Hours{}); !got.Equal(test.want) {
				t.Errorf("next at %v, want %v", got, test.want)
			}
			// What the message said holds, unless something has changed.
			if test.prepare == nil && test.told.Key() == test.ask.Key() && test.ask.State == license.Firing && !test.ask.Event &&
				!test.want.Equal(w.now) && !said.Equal(test.want) {
				t.Errorf("the message said %v, want %v", said, test.want)
			}
		})
	}
}
