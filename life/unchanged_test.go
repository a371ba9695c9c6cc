package life_test

import (
	"testing"
	"time"

	"licensewatch/license"
	"licensewatch/life"
)

// TestUnchanged: a digest knows since when the digests say what it says. Days
// that pass change nothing; what fires, how badly, and what is known does.
func TestUnchanged(t *testing.T) {
	t.Parallel()
	order := func(days int) license.Finding { return keyedRecord("order/a", start, days) }
	moved := order(12)
	moved.Deadline = moved.Deadline.AddDate(0, 0, 3)
	odd := int64(9)
	undocumented := whole("a")
	undocumented.Orders.List[0].OrderStatus = &odd
	part := whole("a")
	part.Orders.Incomplete = true
	for name, test := range map[string]struct {
		before, after []license.Finding
		snapshot      license.Snapshot // of the second digest
		unchanged     bool
	}{
		"nothing fires":  {nil, nil, whole(), true},
		"the same fires": {[]license.Finding{order(12)}, []license.Finding{order(12)}, whole(), true},
		"fewer days are left": {[]license.Finding{endingAt("order/a", start, start.AddDate(0, 0, 12))},
			[]license.Finding{endingAt("order/a", start.Add(day), start.AddDate(0, 0, 12))}, whole(), true},
		"a threshold is reached": {[]license.Finding{endingAt("order/a", start, start.AddDate(0, 0, 8))},
			[]license.Finding{endingAt("order/a", start.Add(day), start.AddDate(0, 0, 8))}, whole(), false},
		"it became critical":   {[]license.Finding{firing("seats", license.Warning)}, []license.Finding{firing("seats", license.Critical)}, whole(), false},
		"it became a warning":  {[]license.Finding{firing("seats", license.Critical)}, []license.Finding{firing("seats", license.Warning)}, whole(), false},
		"more of it":           {[]license.Finding{muchOf(40, 1)}, []license.Finding{muchOf(41, 1)}, whole(), false},
		"less of it":           {[]license.Finding{muchOf(40, 1)}, []license.Finding{muchOf(39, 1)}, whole(), false},
		"as much of it":        {[]license.Finding{muchOf(40.2, 1)}, []license.Finding{muchOf(40.9, 1)}, whole(), true},
		"a step is crossed":    {[]license.Finding{muchOf(94, 0)}, []license.Finding{muchOf(95, 0)}, whole(), false},
		"no step is crossed":   {[]license.Finding{muchOf(90, 0)}, []license.Finding{muchOf(94, 0)}, whole(), true},
		"something begins":     {nil, []license.Finding{firing("seats", license.Info)}, whole(), false},
		"something ends":       {[]license.Finding{firing("seats", license.Info)}, []license.Finding{fine("seats")}, whole(), false},
		"the deadline moved":   {[]license.Finding{order(12)}, []license.Finding{moved}, whole(), false},
		"a source is unread":   {nil, nil, without(license.SourceOrders), false},
		"a rule is unknown":    {nil, []license.Finding{unknown("seats")}, whole(), false},
		"the list is cut":      {nil, nil, part, false},
		"a value nobody knows": {nil, nil, undocumented, false},
		"an event":             {nil, []license.Finding{event("tcss-state", "3>4", license.Info)}, whole(), false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newRemarkable(t)
			w.channels = []string{"slack"}
			w.rules = []string{"seats", "order", "tcss-state"}
			w.digest(test.before...)
			w.snapshot = test.snapshot
			w.wait(day).digest(test.after...)
			got := w.plan.Messages[0].Report.Unchanged
			switch {
			case !test.unchanged && !got.IsZero():
				t.Errorf("unchanged since %s", got)
			case test.unchanged && !got.Equal(start):
				t.Errorf("unchanged since %s, want %s", got, start)
			}
			w.snapshot.ReadAt = w.now
			again := w.now
			w.wait(day).digest(still(test.after)...)
			since := w.plan.Messages[0].Report.Unchanged
			if want := map[bool]time.Time{true: start, false: again}[test.unchanged]; len(test.after) > 0 && test.after[0].Event {
				if !since.Equal(again) {
					t.Errorf("after the event: unchanged since %s, want %s", since, again)
				}
			} else if !since.Equal(want) {
				t.Errorf("the third digest: unchanged since %s, want %s", since, want)
			}
		})
	}
}

// muchOf is a finding of which there is so much, that is worse by so much more, or
// at 95 and 100.
func muchOf(amount, worseBy float64) license.Finding {
	f := firing("seats", license.Warning)
	if f.Measure, f.WorseBy = &amount, worseBy; worseBy == 0 {
		f.WorseAt = []float64{95, 100}
	}
	return f
}

// TestUnchangedIsWhatIsSaid: a digest that leaves out what was told as good to know
// does not say what the last one said.
func TestUnchangedIsWhatIsSaid(t *testing.T) {
	t.Parallel()
	w := newRemarkable(t)
	w.channels = []string{"slack"}
	old := firing("records", license.Info)
	old.RemindEvery = day
	for i, want := range []int{-1, -1, 1} { // the day since which nothing has changed
		w.digest(old)
		if got := w.plan.Messages[0].Report.Unchanged; want < 0 && !got.IsZero() || want >= 0 && !got.Equal(start.Add(time.Duration(want)*day)) {
			t.Errorf("digest %d: unchanged since %s", i, got)
		}
		w.wait(day)
	}
}

// TestUnchangedAfterAWarning: what was yellow for a change alone is not said to be
// unchanged when the next digest is green.
func TestUnchangedAfterAWarning(t *testing.T) {
	t.Parallel()
	w := newRemarkable(t)
	w.channels = []string{"slack"}
	w.rules = []string{"seats-dropped"}
	w.digest()
	w.wait(day).digest(event("seats-dropped", "300>270", license.Warning))
	for _, wait := range []bool{true, false} { // green, and only then green as yesterday
		yesterday := w.now
		w.wait(day).digest()
		if got := w.plan.Messages[0].Report.Unchanged; got.IsZero() != wait || !wait && !got.Equal(yesterday) {
			t.Errorf("%s: unchanged since %s", w.now, got)
		}
	}
}

// still is what goes on to be found.
func still(findings []license.Finding) []license.Finding {
	var all []license.Finding
	for _, f := range findings {
		if !f.Event {
			all = append(all, f)
		}
	}
	return all
}

// TestUnchangedIsByChannel: who missed a digest is told as of the last one that
// it took.
func TestUnchangedIsByChannel(t *testing.T) {
	t.Parallel()
	w := newRemarkable(t)
	w.digest()
	seats := firing("seats", license.Warning)
	w.answers["wecom"] = life.RefusedForGood
	w.want("something new", w.wait(day).digest(seats), "slack: new seats warning", "slack: digest")
	delete(w.answers, "wecom")
	w.want("the next", w.wait(day).digest(seats), "slack: ongoing seats warning", "slack: digest", "slack: unchanged since 11-23",
		"wecom: new seats warning", "wecom: digest")
	w.want("and over", w.wait(day).digest(fine("seats")), both("resolved seats", "digest")...)
	w.want("and well", w.wait(day).digest(), both("digest", "unchanged since 11-25")...)
}

// TestOnlyChanges: what says nothing new is left out, for a week at most, unless
// somebody is to be called.
func TestOnlyChanges(t *testing.T) {
	t.Parallel()
	w := newRemarkable(t)
	w.channels, w.changes = []string{"slack"}, true
	seats := firing("seats", license.Warning)
	w.want("the first", w.digest(seats), "slack: new seats warning", "slack: digest")
	for range 6 {
		w.want("in the week", w.wait(day).digest(seats))
		if w.plan.Reason != "unchanged since 2026-11-22" {
			t.Error(w.plan.Reason)
		}
	}
	w.want("after a week", w.wait(day).digest(seats), "slack: ongoing seats warning", "slack: digest", "slack: unchanged since 11-22")
	w.want("and then", w.wait(day).digest(seats))
	w.want("an alert", w.wait(hour).alert(seats, firing("tcss-over", license.Critical)), "slack: new tcss-over critical", "slack: mention")
	over := firing("tcss-over", license.Critical)
	over.RemindEvery = day
	w.want("the digest of the next day", w.wait(23*hour).digest(seats, over),
		"slack: ongoing seats warning", "slack: ongoing tcss-over critical", "slack: mention", "slack: digest")
	w.want("somebody is called", w.wait(day).digest(seats, over),
		"slack: ongoing seats warning", "slack: ongoing tcss-over critical", "slack: mention", "slack: digest", "slack: unchanged since 12-01")
	w.answers["slack"] = life.RefusedForGood
	w.want("over, and refused", w.wait(day).digest(seats, fine("tcss-over")))
	delete(w.answers, "slack")
	w.want("so it is said the next day", w.wait(day).digest(seats, fine("tcss-over")), "slack: ongoing seats warning", "slack: resolved tcss-over", "slack: digest")
	w.want("and not again", w.wait(day).digest(seats))
}

// TestOnlyChangesForOne: one channel needs the digest, the other does not.
func TestOnlyChangesForOne(t *testing.T) {
	t.Parallel()
	w := newRemarkable(t)
	w.changes, w.channels = true, []string{"slack"}
	w.digest()
	w.channels = []string{"slack", "wecom"}
	w.want("a new channel", w.wait(day).digest(), "wecom: digest")
	w.want("both know", w.wait(day).digest())
	if w.plan.Reason == "daily digest" {
		t.Error(w.plan.Reason)
	}
}

// TestOnlyChangesAndAcknowledgements: one that is given, or that ends, is a
// change; a threshold that passes meanwhile is none.
func TestOnlyChangesAndAcknowledgements(t *testing.T) {
	t.Parallel()
	w := newRemarkable(t)
	w.changes, w.channels = true, []string{"slack"}
	order := func() license.Finding { return endingAt("order/a", w.now, start.AddDate(0, 0, 20)) }
	w.digest(order())
	w.acknowledge("order/a", 12)
	if got := w.wait(day).digest(order()); len(got) == 0 {
		t.Error("an acknowledgement is given, and the digest left out")
	}
	spoke := 0
	for range 11 {
		if len(w.wait(day).digest(order())) > 0 {
			spoke++
		}
	}
	if spoke != 1 { // after a week
		t.Errorf("%d digests while it is acknowledged", spoke)
	}
	if got := w.wait(day).digest(order()); len(got) == 0 {
		t.Error("it has ended, and the digest is left out")
	}
}

// TestUnchangedAfterTheFirstOfAnAcknowledgedRule: an order that begins to fire counts once
// although its rule is acknowledged; the digest after that has another colour.
func TestUnchangedAfterTheFirstOfAnAcknowledgedRule(t *testing.T) {
	t.Parallel()
	w := newRemarkable(t)
	w.channels, w.rules, w.snapshot = []string{"slack"}, []string{"order"}, whole("a", "b")
	a, b := firing("order/a", license.Warning), firing("order/b", license.Warning)
	w.digest(a)
	if err := w.ledger.Acknowledge(license.Ack{Rule: "order", By: "oncall", Reason: "known", Until: w.now.Add(30 * day)}, w.now); err != nil {
		t.Fatal(err)
	}
	w.wait(day).digest(a)
	for i, want := range []time.Time{{}, {}, start.Add(3 * day)} {
		w.wait(day).digest(a, b)
		if got := w.plan.Messages[0].Report.Unchanged; !got.Equal(want) {
			t.Errorf("digest %d with b: unchanged since %s, want %s", i, got, want)
		}
	}
}

// TestDigestAfterAWrongClock: the last digest is the one that was accepted last, also where
// the one before was accepted under a clock that was ahead.
func TestDigestAfterAWrongClock(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.changes, w.channels, w.rules = true, []string{"slack"}, []string{"seats"}
	w.now = start.Add(30 * day)
	w.digest()
	w.now = start
	w.digest(firing("seats", license.Info))
	w.want("the same", w.wait(day).digest(firing("seats", license.Info)))
}
