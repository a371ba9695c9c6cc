package life_test

import (
	"slices"
	"strings"
	"testing"

	"licensewatch/license"
	"licensewatch/life"
)

// covered is a finding of which another one tells.
func covered(key string, severity license.Severity, by string) license.Finding {
	f := firing(key, severity)
	f.State, f.CoveredBy = license.Covered, by
	return f
}

// TestCovered: what another finding tells of is not told, and its end is not; what is
// not covered any more is compared with what was told of it.
func TestCovered(t *testing.T) {
	t.Parallel()
	isolated := firing("isolated/a", license.Critical)
	hidden := covered("expired", license.Critical, "isolated/a")
	open := func(n float64) license.Finding { return measured("expired", license.Critical, n, 1) }
	type step struct {
		digest   bool
		findings []license.Finding
		want     []string
	}
	alert := func(want []string, findings ...license.Finding) step { return step{false, findings, want} }
	tests := map[string][]step{
		"from the beginning": {
			alert(both("new isolated/a critical", "mention"), isolated, hidden),
			{true, []license.Finding{isolated, hidden}, both("ongoing isolated/a critical", "digest")},
			alert(both("resolved isolated/a"), fine("isolated/a"), fine("expired")),
		},
		"uncovered, never told": {
			alert(both("new isolated/a critical", "mention"), isolated, hidden),
			alert(both("new expired critical", "resolved isolated/a", "mention"), fine("isolated/a"), open(40)),
		},
		"covered for a while": {
			alert(both("new expired critical", "mention"), open(40)),
			alert(both("new isolated/a critical", "mention"), isolated, hidden),
			alert(both("resolved isolated/a"), fine("isolated/a"), open(40)),
		},
		"and there is more of it": {
			alert(both("new expired critical", "mention"), open(40)),
			alert(both("new isolated/a critical", "mention"), isolated, hidden),
			alert(both("worse expired critical", "resolved isolated/a", "mention"), fine("isolated/a"), open(41)),
		},
		"its end while it is covered": {
			alert(both("new expired critical", "mention"), open(40)),
			alert(both("new isolated/a critical", "mention"), isolated, hidden),
			alert(nil, isolated, fine("expired")),
			alert(both("new expired critical", "mention"), isolated, open(1)),
		},
		"its end goes with the next message": {
			alert(both("new expired critical", "mention"), open(40)),
			alert(both("new isolated/a critical", "mention"), isolated, hidden),
			alert(nil, isolated, fine("expired")),
			alert(both("resolved isolated/a", "superseded expired"), fine("isolated/a"), fine("expired")),
		},
		"its end is in the next digest": {
			alert(both("new expired critical", "mention"), open(40)),
			alert(both("new isolated/a critical", "mention"), isolated, hidden),
			alert(nil, isolated, fine("expired")),
			{true, []license.Finding{isolated, fine("expired")},
				both("ongoing isolated/a critical", "superseded expired", "digest")},
		},
		"both ends at once": {
			alert(both("new expired critical", "mention"), open(40)),
			alert(both("new isolated/a critical", "mention"), isolated, hidden),
			alert(both("resolved isolated/a", "superseded expired"), fine("isolated/a"), fine("expired")),
			alert(nil, fine("isolated/a"), fine("expired")),
		},
		"its end, once that is not known": {
			alert(both("new expired critical", "mention"), open(40)),
			alert(both("new isolated/a critical", "mention"), isolated, hidden),
			alert(nil, isolated, unknown("expired")),
			alert(nil, isolated, fine("expired")),
		},
		"covered again": {
			alert(both("new expired critical", "mention"), open(40)),
			alert(both("new isolated/a critical", "mention"), isolated, hidden),
			alert(nil, isolated, open(40)),
			alert(both("resolved expired"), isolated, fine("expired")),
		},
	}
	for name, steps := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.snapshot = whole("a")
			for i, s := range steps {
				mode := license.ModeAlert
				if s.digest {
					mode = license.ModeDigest
				}
				w.want([]string{"first", "second", "third", "fourth"}[i], w.run(mode, s.findings), s.want...)
				w.wait(hour)
			}
		})
	}
}

// TestSettled: what lingers goes on if it fired, unless another finding tells of it, and so do the
// findings that a run counts, those of a rerun as well.
func TestSettled(t *testing.T) {
	t.Parallel()
	fires := firing("full", license.Warning)
	lingers := fires
	lingers.State, lingers.Lingers = license.OK, true
	hidden, other := lingers, lingers
	hidden.CoveredBy = "worse"
	other.Rule = "other"
	for want, f := range map[license.State]license.Finding{license.Firing: lingers, license.Covered: hidden, license.OK: other} {
		for _, isRerun := range []bool{false, true} {
			w := newWorld(t)
			w.slot = "one"
			w.digest(fires)
			if !isRerun {
				w.slot = "another"
			}
			w.digest(f)
			if got := w.plan.Findings[0].State; got != want {
				t.Errorf("%s covered by %q, rerun %t: %s, want %s", f.Rule, f.CoveredBy, isRerun, got, want)
			}
		}
	}
}

// TestLingersRenamed: what lingers goes on under the new name of its order.
func TestLingersRenamed(t *testing.T) {
	t.Parallel()
	list := func(ids ...int64) license.Snapshot {
		s := whole()
		for _, id := range ids {
			s.Orders.List = append(s.Orders.List, license.Order{ResourceId: new("a"), LicenseId: &id})
		}
		s.Orders.TotalCount = int64(len(ids))
		return s
	}
	w := newWorld(t)
	w.snapshot = list(7)
	w.want("alone", w.alert(firing("full/a", license.Warning)), both("new full/a warning")...)
	lingers := fine("full/a#7")
	lingers.Severity, lingers.Lingers = license.Warning, true
	w.snapshot = list(7, 9)
	w.want("with another one", w.wait(hour).alert(lingers, fine("full/a#9")))
	if got := w.plan.Findings[0].State; got != license.Firing {
		t.Errorf("it is %s", got)
	}
	w.want("clear", w.wait(hour).alert(fine("full/a#7"), fine("full/a#9")), both("resolved full/a#7")...)
}

// TestCoveredByWhatWasKnown: a digest tells a finding about the account as one that goes on
// where all that told of it was told, while that cannot be known; an alert is quiet.
func TestCoveredByWhatWasKnown(t *testing.T) {
	t.Parallel()
	near := func(n float64, covers ...string) license.Finding {
		f := measured("near", license.Warning, n, 1)
		f.Covers = covers
		return f
	}
	a, b, unread := firing("order/a", license.Warning), firing("order/b", license.Warning), unknown("order")
	hidden := covered("near", license.Warning, "order/a")
	start := func(t *testing.T, findings ...license.Finding) *world {
		t.Helper()
		w := newWorld(t)
		w.snapshot, w.rules = whole("a", "b"), []string{"order", "near"}
		w.alert(append(findings, hidden)...)
		w.snapshot = without(license.SourceOrders)
		w.wait(hour)
		return w
	}
	saying := func(lines []string) []string { // that the orders are unread is said besides
		return slices.DeleteFunc(lines, func(line string) bool { return strings.Contains(line, "cwp.orders") })
	}
	ongoing, told := []string{"ongoing near warning", "digest"}, []string{"new near warning", "digest"}

	w := start(t, a, b)
	since := w.now.Add(-hour)
	w.want("an alert", saying(w.alert(unread, near(2, "order"))))
	w.want("a digest", saying(w.digest(unread, near(2, "order"))), both(ongoing...)...)
	if got := w.plan.Messages[0].Report.Firing[0].Story.Since; !got.Equal(since) {
		t.Errorf("since %s, want %s", got, since)
	}
	w.want("an alert after it", saying(w.wait(hour).alert(unread, near(2, "order"))))
	w.want("more than they explain", saying(w.wait(hour).alert(unread, near(3))), both("worse near warning")...)
	w.snapshot = whole("a", "b")
	w.want("they are known again", saying(w.wait(hour).alert(a, b, hidden)), []string{}...)

	w = start(t, a, b)
	w.want("more than they explain at once", saying(w.digest(unread, near(3))), both(told...)...)

	w = start(t, a, b)
	worse := near(2, "order")
	worse.Severity = license.Critical
	w.want("worse than they were", saying(w.digest(unread, worse)), both("worse near critical was warning", "digest", "mention")...)

	w = start(t, a)
	w.snapshot = whole("b")
	w.want("its order is missing once", saying(w.alert(fine("order/b"), near(2, "order"))))
	w.want("it is gone", saying(w.wait(hour).alert(fine("order/b"), near(2, "order"))), both("gone order/a", "new near warning")...)

	w = start(t, a)
	w.channels = append(w.channels, "feishu")
	w.want("a chat that is new", saying(w.digest(unread, near(2, "order"))), append(both(ongoing...), "feishu: new near warning", "feishu: digest")...)
}

// TestLingers: what fired goes on while it lingers, in messages and in counts; what did
// not fire does not begin.
func TestLingers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	full := func(n float64) license.Finding {
		f := measured("full", license.Warning, n, 0, 95, 100)
		if n < 90 {
			f.State, f.Lingers = license.OK, true
		}
		return f
	}
	w.want("below", w.alert(full(89)))
	w.want("in a digest", w.digest(full(89)), both("digest")...)
	w.want("reached", w.wait(hour).alert(full(90)), both("new full warning")...)
	for range 12 { // 270 and 269 of 300
		w.want("less", w.wait(hour).alert(full(89)))
		w.want("more", w.wait(hour).alert(full(90)))
	}
	w.want("in a digest", w.wait(hour).digest(full(89)), both("ongoing full warning", "digest")...)
	w.want("the next threshold", w.wait(hour).alert(full(95)), both("worse full warning")...)
	w.want("and again", w.wait(hour).alert(full(94)))
	w.want("and again", w.wait(hour).alert(full(96)))
	w.want("clear", w.wait(hour).alert(fine("full")), both("resolved full")...)
	w.want("not there", w.wait(hour).alert(full(89)))
}

// TestMeasure: more of it is worse, counted from what the channel was told.
func TestMeasure(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		by     float64
		at     []float64
		counts []float64
		want   []float64 // those that are told
	}{
		"one is as bad as a hundred at first": {1, nil, []float64{1, 1, 100, 100, 99, 100}, []float64{1, 100}},
		"a little more":                       {10, nil, []float64{3, 8, 12, 13, 22, 23, 250}, []float64{3, 13, 23, 250}},
		"steps":                               {0, []float64{95, 100}, []float64{90, 94, 95, 99, 100, 120}, []float64{90, 95, 100}},
		"two steps at once":                   {0, []float64{95, 100}, []float64{90, 100, 99, 100}, []float64{90, 100}},
		"either":                              {50, []float64{95}, []float64{10, 60, 95, 100, 144, 145}, []float64{10, 60, 95, 145}},
		"never":                               {0, nil, []float64{1, 1e9}, []float64{1}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			var told []float64
			for _, n := range test.counts {
				if lines := w.alert(measured("expired", license.Warning, n, test.by, test.at...)); len(lines) > 0 {
					told = append(told, n)
				}
				w.wait(hour)
			}
			if !slices.Equal(told, test.want) {
				t.Errorf("told at %v, want %v", told, test.want)
			}
		})
	}
}

// TestMeasureNotKnown is no reason to say anything, and does not make what comes next
// worse.
func TestMeasureNotKnown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.alert(measured("expired", license.Warning, 3, 1))
	w.want("not known", w.wait(hour).alert(firing("expired", license.Warning)))
	w.want("as many", w.wait(hour).alert(measured("expired", license.Warning, 3, 1)))
	w.want("more", w.wait(hour).alert(measured("expired", license.Warning, 4, 1)), both("worse expired warning")...)
}

// TestOrder: the worst first, then what most machines hang on, then the soonest; what is
// acknowledged comes last, whatever it is.
func TestOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	used := func(key string, days int, machines int64) license.Finding {
		f := keyedRecord(key, w.now, days)
		f.Machines = &machines
		return f
	}
	w.snapshot = whole("a", "b", "c", "d", "e")
	w.alert(firing("known", license.Critical))
	w.acknowledge("known", 3)
	w.wait(hour).digest(firing("known", license.Critical), used("order/a", 5, 1), used("order/b", 9, 38), used("order/c", 7, 38), keyedRecord("order/d", w.now, 2),
		firing("full", license.Warning), used("order/e", 4, 0))
	var keys []string
	for _, f := range w.plan.Messages[0].Report.Firing {
		keys = append(keys, f.Key())
	}
	if want := []string{"order/d", "order/c", "order/b", "order/a", "full", "order/e", "known"}; !slices.Equal(keys, want) {
		t.Errorf("order %v, want %v", keys, want)
	}
	if worst := w.plan.Messages[0].Report.Worst(); worst != license.Critical {
		t.Errorf("worst %s", worst)
	}
}

// TestInfo: what is good to know is said in digests, and in an alert about something
// else; what asks for reminders stands in a digest once a month.
func TestInfo(t *testing.T) {
	t.Parallel()
	old := firing("old", license.Info)
	old.RemindEvery = 30 * day
	note := firing("note", license.Info)
	w := newWorld(t)
	w.want("an alert", w.alert(old, note))
	w.want("with something else", w.wait(hour).alert(old, note, firing("full", license.Warning)), both("new old info", "new note info", "new full warning")...)
	w.want("a digest", w.wait(hour).digest(old, note, firing("full", license.Warning)), both("ongoing note info", "ongoing full warning", "digest")...)
	w.want("its end alone", w.wait(hour).alert(old, fine("note"), firing("full", license.Warning)))
	w.want("its end", w.wait(hour).digest(old, fine("note"), firing("full", license.Warning)), both("ongoing full warning", "resolved note", "digest")...)
	w.want("29 days later", w.wait(29*day-5*hour).digest(old), both("digest", "superseded full")...)
	w.want("30 days later", w.wait(day+2*hour).digest(old), both("ongoing old info", "digest")...)
	w.want("a small change", w.wait(hour).alert(old, event("tcss-state", "2>3", license.Info)))
	w.want("in the digest", w.wait(hour).digest(old), both("new tcss-state info 2>3", "digest")...)
}

// TestOneFactOnce: a digest does not list a change that an alert told beside what has
// come of it, nor a finding beside the change that tells of it.
func TestOneFactOnce(t *testing.T) {
	t.Parallel()
	off := event("renewal/a", "1>2", license.Warning)
	off.Covers = []string{"order"}
	notSet := firing("not-set", license.Info)
	notSet.Covers = []string{"renewal"}
	lapsed := firing("lapsed/a", license.Critical)
	lapsed.Covers = []string{"renewal"}
	w := newWorld(t)
	w.snapshot = whole("a", "b")
	w.want("switched off", w.alert(off, notSet), both("new renewal/a warning 1>2")...)
	w.want("a digest", w.wait(hour).digest(off, notSet, keyedRecord("order/a", w.now, 10)), both("new order/a warning 10", "ongoing not-set info", "digest")...)

	w = newWorld(t)
	w.snapshot = whole("a")
	w.want("the finding is worse than the change that tells of it", w.alert(off, lapsed), both("new lapsed/a critical", "mention")...)
	w.want("once", w.wait(hour).digest(off, lapsed), both("ongoing lapsed/a critical", "digest")...)
}

// TestEndsByKeys: who goes by keys hears of the end of all that it was told, also where nobody
// hears of what has come of it, or judges it any more.
func TestEndsByKeys(t *testing.T) {
	t.Parallel()
	isolated := firing("isolated/a", license.Critical)
	nowhere := func(*license.Finding, string) bool { return false }
	start := func(t *testing.T) *world {
		t.Helper()
		w := newWorld(t)
		w.channels = w.channels[:1]
		w.snapshot = whole("a")
		return w
	}
	moveAway := func(w *world) { w.routed, w.onlyEnds = nowhere, w.channels }
	t.Run("destroyed long ago", func(t *testing.T) {
		t.Parallel()
		w := start(t)
		w.snapshot.Orders.List[0].OrderStatus = new(int64(license.OrderDestroyed))
		w.alert(firing("destroyed/a", license.Critical))
		w.want("a week later", w.wait(8*day).digest(fine("destroyed/a")), "slack: superseded destroyed/a", "slack: digest")
	})
	t.Run("told elsewhere", func(t *testing.T) {
		t.Parallel()
		w := start(t)
		w.alert(firing("expired", license.Critical))
		moveAway(w)
		w.alert(isolated, covered("expired", license.Critical, "isolated/a"))
		w.want("over", w.wait(hour).alert(isolated, fine("expired")))
		if !w.ledger.Heard("slack") {
			t.Error("who is to hear of an end has nothing to hear")
		}
		w.want("the digest", w.wait(hour).digest(isolated, fine("expired")), "slack: superseded expired", "slack: digest")
	})
	t.Run("back where it is told elsewhere", func(t *testing.T) {
		t.Parallel()
		w := start(t)
		w.alert(isolated)
		moveAway(w)
		w.answers["slack"] = life.RefusedForNow
		w.alert(fine("isolated/a"))
		delete(w.answers, "slack")
		w.want("again", w.wait(2*day).alert(isolated), "slack: resolved isolated/a")
	})
	t.Run("acknowledged", func(t *testing.T) {
		t.Parallel()
		w := start(t)
		w.alert(isolated)
		w.acknowledge("isolated", 5)
		moveAway(w)
		w.want("over", w.wait(hour).alert(fine("isolated/a")), "slack: resolved isolated/a")
	})
	t.Run("no answer", func(t *testing.T) {
		t.Parallel()
		w := start(t)
		w.answers["slack"] = life.NoAnswer
		w.alert(isolated)
		delete(w.answers, "slack")
		moveAway(w)
		w.want("over", w.wait(hour).alert(fine("isolated/a")), "slack: resolved isolated/a")
	})
}
