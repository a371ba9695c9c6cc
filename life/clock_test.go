package life_test

import (
	"strconv"
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
			w.alert(byCalendar(at(w))) // as the rules find: only the date is another
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

// TestClockBehindSilencesNothing: what is critical and owed at night is sent by the next run
// also after one whose clock was weeks behind.
func TestClockBehindSilencesNothing(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]life.Refusal{"refused": life.RefusedForNow, "no answer": life.NoAnswer} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.hours, w.channels = officeHours, []string{"wecom"}
			expired := firing("expired", license.Critical)
			w.digest()
			w.now, w.answers["wecom"] = night, answer
			w.alert(expired)
			w.now = night.AddDate(0, 0, -19)
			w.alert(byCalendar(expired))
			delete(w.answers, "wecom")
			w.now = night.Add(2 * hour)
			w.want("once the clock is right", w.alert(byCalendar(expired)), "wecom: new expired critical", "wecom: mention")
			w.want("and later", w.wait(hour).alert(byCalendar(expired)))
		})
	}
}

// TestWrongClockAtNight: what has happened, is critical and was refused is said at night once the clock is right, whatever the runs with a wrong clock have given up.
func TestWrongClockAtNight(t *testing.T) {
	t.Parallel()
	for wrong, off := range map[string]time.Duration{"ahead": 37 * day, "behind": -19 * day} {
		for runs := 1; runs <= 3; runs++ {
			t.Run(wrong+" for "+strconv.Itoa(runs), func(t *testing.T) {
				t.Parallel()
				w := newWorld(t)
				w.hours, w.channels = officeHours, []string{"wecom"}
				expired := firing("expired", license.Critical)
				w.digest()
				w.now, w.answers["wecom"] = night, life.RefusedForNow
				w.alert(expired)
				w.now = night.Add(off)
				for range runs {
					w.alert(byCalendar(expired))
					w.wait(time.Minute)
				}
				delete(w.answers, "wecom")
				w.now = night.Add(2 * hour)
				w.want("once the clock is right", w.alert(byCalendar(expired)), "wecom: new expired critical", "wecom: mention")
				w.want("and later", w.wait(hour).alert(byCalendar(expired)))
			})
		}
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

// TestClockProducesNoRenewal: what no longer fires only because a clock was wrong is
// withdrawn; an end that has moved, or a flag, is an end as ever.
func TestClockProducesNoRenewal(t *testing.T) {
	t.Parallel()
	deadline := start.AddDate(0, 0, 20)
	over := func(w *world, key string, deadline time.Time) license.Finding {
		f := endingAt(key, w.now, deadline)
		f.State = license.OK
		return f
	}
	tests := map[string]struct {
		before  time.Duration // when it is told
		moved   int           // by so many days the end has moved then
		became  string        // what is said of it
		resolve int           // in which of the runs that follow
	}{
		"a clock was ahead": {before: 21 * day, became: "undone", resolve: 2},
		"a clock is behind": {before: 0, became: "undone", resolve: 2},
		"it was renewed":    {moved: 365, became: "resolved", resolve: 1},
		"renewed, ahead":    {before: 21 * day, moved: 365, became: "resolved", resolve: 2},
		"it renews itself":  {became: "resolved", resolve: 1},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.channels = []string{"slack"}
			w.now = start.Add(test.before)
			w.alert(endingAt("order/a", w.now, deadline))
			w.now = start
			if name == "a clock is behind" {
				w.now = start.Add(-21 * day)
			}
			for run := 1; run <= 3; run++ {
				var want []string
				if run == test.resolve {
					want = []string{"slack: " + test.became + " order/a"}
				}
				w.want("run "+strconv.Itoa(run), w.wait(hour).alert(over(w, "order/a", deadline.AddDate(0, 0, test.moved))), want...)
			}
		})
	}
}

// TestPauseOfAClock: a clock that jumps leaves no time without runs behind.
func TestPauseOfAClock(t *testing.T) {
	t.Parallel()
	for name, off := range map[string]time.Duration{"ahead": 21 * day, "behind": -21 * day} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.remarks = true
			w.digest()
			w.now = start.Add(off)
			w.alert()
			w.now = start.Add(day)
			w.want("the next digest", w.digest(), both("digest", "unchanged since 11-22")...)
			w.wait(hour).alert()
			w.wait(4 * day)
			w.want("a pause", w.digest(), both("digest", "gap 11-23 10:07 to 11-27 10:07")...)
		})
	}
}

// TestClockForgetsNothing: what is told once, and was accepted by nobody yet, is as old as it
// is, whatever the clock of the runs shows that make or see it, the platform's reruns included.
func TestClockForgetsNothing(t *testing.T) {
	t.Parallel()
	change := event("renewal", "on>off", license.Warning)
	for name, test := range map[string]struct {
		off  time.Duration // by which the clock of the runs is wrong
		runs int
		late bool // it comes while the clock is wrong
	}{
		"ahead for a run": {21 * day, 1, false}, "ahead for an event and its reruns": {21 * day, 3, false}, "ahead by as long as it is told": {7 * day, 1, false},
		"behind": {-21 * day, 3, false}, "comes while it is ahead": {21 * day, 3, true},
		"comes while it is behind": {-21 * day, 3, true}, "comes in the one run that is behind": {-21 * day, 1, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.channels = []string{"slack"}
			w.want("new", w.alert(firing("seats", license.Warning)), "slack: new seats warning")
			w.answers["slack"] = life.NoAnswer
			if !test.late {
				w.wait(hour).alert(fine("seats"), change)
			}
			w.now = start.Add(day + test.off)
			for range test.runs {
				w.alert(fine("seats"), change)
				w.wait(time.Minute)
			}
			delete(w.answers, "slack")
			w.now = start.Add(3 * day)
			got := w.alert(fine("seats"), change)
			w.want("once the clock is right", append(got, w.wait(hour).alert(fine("seats"), change)...), "slack: new renewal warning on>off", "slack: resolved seats")
		})
	}
}

// TestClockAheadHidesNoEnd: what took over from a finding only by a clock that was ahead is
// withdrawn; of the finding itself each chat hears that it goes on, or is over, also who did
// not hear of the other.
func TestClockAheadHidesNoEnd(t *testing.T) {
	t.Parallel()
	deadline := start.AddDate(0, 0, 20)
	at := func(w *world, key string, state license.State) license.Finding {
		f := endingAt(key, w.now, deadline)
		f.State = state
		return f
	}
	for name, test := range map[string]struct {
		state  license.State // of the first finding, once the clock is right
		answer life.Refusal  // of WeCom while it is not
		want   []string
	}{
		"over":               {license.OK, "", both("undone ended/a", "resolved order/a")},
		"over, and not told": {license.OK, life.RefusedForNow, []string{"slack: undone ended/a", "slack: resolved order/a", "wecom: resolved order/a"}},
		"it fires":           {license.Firing, "", both("undone ended/a", "new order/a warning 20")},
		"nothing is known":   {license.Unknown, "", both("undone ended/a")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.want("the order", w.alert(at(w, "order/a", license.Firing), at(w, "ended/a", license.OK)), both("new order/a warning 20")...)
			w.now = start.AddDate(0, 0, 40)
			if test.answer != "" {
				w.answers["wecom"] = test.answer
			}
			w.alert(at(w, "order/a", license.OK), byCalendar(at(w, "ended/a", license.Firing)))
			delete(w.answers, "wecom")
			w.now = start.Add(hour)
			got := w.alert(at(w, "order/a", test.state), at(w, "ended/a", license.OK))
			got = append(got, w.wait(hour).alert(at(w, "order/a", test.state), at(w, "ended/a", license.OK))...)
			w.want("the clock is right again", got, test.want...)
			if test.state == license.Unknown {
				w.want("it is known again", w.wait(hour).alert(at(w, "order/a", license.OK)), both("resolved order/a")...)
			}
		})
	}
}

// TestClocksForgetNothing: nor do several clocks in turn, each wrong by another time.
func TestClocksForgetNothing(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		pause time.Duration // without any run, before
		offs  []time.Duration
	}{
		"behind, and behind by less":          {0, []time.Duration{-16 * day, -5 * day}},
		"behind, and ahead":                   {0, []time.Duration{-9 * day, 35 * day}},
		"ahead, and behind":                   {0, []time.Duration{35 * day, -9 * day}},
		"behind, behind by less, and by more": {0, []time.Duration{-16 * day, -5 * day, -20 * day}},
		"behind by more each time":            {0, []time.Duration{-7 * day, -14 * day, -21 * day}},
		"ahead by more each time":             {0, []time.Duration{7 * day, 14 * day, 21 * day}},
		"in the middle of a pause":            {20 * day, []time.Duration{-5 * day}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.channels = []string{"slack"}
			w.alert(firing("seats", license.Warning))
			w.answers["slack"] = life.NoAnswer
			w.wait(hour).alert(fine("seats"))
			right := w.now.Add(test.pause)
			for _, wrong := range append([]time.Duration{0}, test.offs...) {
				for _, off := range []time.Duration{wrong, wrong, 0} {
					right = right.Add(hour)
					w.now = right.Add(off)
					w.alert(fine("seats"))
				}
			}
			delete(w.answers, "slack")
			w.now = right.Add(day)
			got := w.alert(fine("seats"))
			w.want("once the clock is right", append(got, w.wait(day).alert(fine("seats"))...), "slack: resolved seats")
		})
	}
}

// TestClockEndsNoDoubt: that a chat may not have got what is critical is known by every clock.
func TestClockEndsNoDoubt(t *testing.T) {
	t.Parallel()
	for name, offs := range map[string][]time.Duration{
		"no answer, then a clock that is behind":          {0, 0, 0, -10 * day, 0, 0},
		"no answer under a clock that is ahead":           {40 * day, 0, 0, 0},
		"no answer, then a clock that is ahead by months": {0, 0, 0, 90 * day, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.hours = officeHours
			w.channels = []string{"slack"}
			w.answers["slack"] = life.NoAnswer
			f := firing("seats", license.Critical)
			for i, off := range offs {
				w.now = night.Add(time.Duration(i)*hour + off)
				w.alert(f)
				f.Calendar = true // it has happened by now
				if doubtful := w.ledger.Doubtful(w.channels); len(doubtful) == 0 {
					t.Errorf("run %d: no doubt", i)
				}
			}
		})
	}
}

// TestAckUnderAWrongClock: what ended it under a clock that was ahead did not; what really
// has stays ended.
func TestAckUnderAWrongClock(t *testing.T) {
	t.Parallel()
	worse := func(f license.Finding) license.Finding { f.Severity = license.Critical; return f }
	for name, ended := range map[string]func(license.Finding) license.Finding{
		"its time": func(f license.Finding) license.Finding { return f }, "it got worse": worse,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			f := firing("seats", license.Warning)
			w.alert(f)
			if err := w.ledger.Acknowledge(license.Ack{Rule: "seats", Until: start.AddDate(0, 0, 7), Reason: "x", By: "y"}, w.now); err != nil {
				t.Fatal(err)
			}
			w.now = start.Add(21 * day)
			w.alert(ended(f))
			w.now = start.Add(hour)
			w.alert(f)
			if acks := w.ledger.Acks(w.now); len(acks) != 1 {
				t.Errorf("acknowledgements %+v", acks)
			}
			w.now = start.Add(8 * day)
			w.alert(f)
			if acks := w.ledger.Acks(w.now); len(acks) > 0 {
				t.Errorf("acknowledgements in the end %+v", acks)
			}
		})
	}
}
