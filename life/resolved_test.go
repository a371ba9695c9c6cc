package life_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"licensewatch/license"
	"licensewatch/life"
)

// TestUnknown: what is not known never resolves and is never announced again.
func TestUnknown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.alert(firing("seats", license.Warning), keyedRecord("order/a", w.now, 13), keyedRecord("order/b", w.now, 13))
	w.snapshot = without(license.SourceOverview)
	// Orders that were not read are one finding without a subject.
	w.want("nothing known", w.alert(unknown("seats"), unknown("order")))
	w.snapshot = whole("a", "b")
	w.want("as before", w.alert(firing("seats", license.Warning), keyedRecord("order/a", w.now, 13), unknown("order/b")))
	w.want("one is over, one not known", w.alert(fine("seats"), keyedRecord("order/a", w.now, 13), unknown("order/b")), both("resolved seats", "unjudged 3")...)
	w.want("over after being unknown", w.alert(fine("seats"), keyedRecord("order/a", w.now, 13), fine("order/b")), both("resolved order/b")...)
}

// TestResolved: told once, to those who were told of it.
func TestResolved(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.want("never fired", w.alert(fine("seats")))
	w.answers["wecom"] = life.RefusedForGood
	w.digest(firing("seats", license.Warning))
	delete(w.answers, "wecom")
	w.want("only slack heard of it", w.alert(fine("seats")), "slack: resolved seats")
	r := w.plan.Messages[0].Report.Resolved[0]
	if r.Title != title("title of seats") || !r.Since.Equal(start) || r.Severity != license.Warning || !r.At.Equal(w.now) {
		t.Errorf("resolved %+v", r)
	}
	w.want("once", w.alert(fine("seats")))
	w.want("again", w.wait(hour).alert(firing("seats", license.Warning)), both("new seats warning")...)
}

// TestComesAndGoes: what came back within a day is over when it stays away for a
// day, or when a digest looks.
func TestComesAndGoes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	there, gone := firing("seats", license.Warning), fine("seats")
	w.want("new", w.alert(there), both("new seats warning")...)
	w.want("over", w.wait(hour).alert(gone), both("resolved seats")...)
	w.want("back", w.wait(hour).alert(there), both("new seats warning")...)
	for range 12 {
		w.want("away", w.wait(hour).alert(gone))
		w.want("there", w.wait(hour).alert(there))
	}
	w.want("worse all the same", w.wait(hour).alert(firing("seats", license.Critical)), both("worse seats critical was warning", "mention")...)
	w.want("away", w.wait(hour).alert(gone))
	w.want("still away", w.wait(23*hour).alert(gone))
	w.want("for a day", w.wait(hour).alert(gone), both("resolved seats")...)
	w.want("back later", w.wait(25*hour).alert(there), both("new seats warning")...)
	w.want("over at once", w.wait(hour).alert(gone), both("resolved seats")...)
	w.want("back", w.wait(hour).alert(there), both("new seats warning")...)
	w.want("a digest tells how things are", w.wait(hour).digest(gone), both("resolved seats", "digest")...)
	w.want("and what comes then is told", w.wait(hour).alert(there), both("new seats warning")...)
}

// TestComesAndGoesElsewhere: two findings about one order that take turns are not
// told each time, and none is over while the other fires.
func TestComesAndGoesElsewhere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ends, isolated := firing("ends/a", license.Critical), firing("isolated/a", license.Critical)
	told := 0
	for range 24 {
		told += len(w.alert(ends, fine("isolated/a"))) + len(w.wait(hour).alert(fine("ends/a"), isolated))
		w.wait(hour)
	}
	if told > 2*2*4 { // twice each, with a mention
		t.Errorf("told %d times in two chats", told)
	}
	for range 30 {
		w.want("one stays", w.wait(hour).alert(fine("ends/a"), isolated))
	}
	w.want("both are over", w.wait(hour).alert(fine("ends/a"), fine("isolated/a")))
	w.want("for a day", w.wait(day).alert(fine("ends/a"), fine("isolated/a")), both("resolved ends/a", "resolved isolated/a")...)
}

// TestEndWhileAnotherFires: what came back, and is over while something else fires about the same
// thing, is not told as over; who was told of it hears that the other one was it, or of both ends.
func TestEndWhileAnotherFires(t *testing.T) {
	t.Parallel()
	there, over := firing("ends/a", license.Critical), fine("ends/a")
	isolated := firing("isolated/a", license.Critical)
	w := newWorld(t)
	w.alert(there, fine("isolated/a"))
	w.wait(hour).alert(over, fine("isolated/a"))
	w.wait(hour).alert(there, fine("isolated/a"))
	w.want("another one", w.wait(hour).alert(over, isolated), both("new isolated/a critical", "mention")...)
	w.want("over for a day", w.wait(day).alert(over, isolated))
	w.want("both are over", w.wait(hour).alert(over, fine("isolated/a")), both("resolved ends/a", "resolved isolated/a")...)
}

// TestResolvedAfterWhatIsOwed: who is still owed the alert gets both, in order.
func TestResolvedAfterWhatIsOwed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.answers["wecom"] = life.RefusedForNow
	w.want("wecom is down", w.alert(firing("seats", license.Warning)), "slack: new seats warning")
	w.want("over", w.wait(hour).alert(fine("seats")), "slack: resolved seats")
	w.want("again", w.wait(hour).alert(firing("seats", license.Warning)), "slack: new seats warning")
	delete(w.answers, "wecom")
	w.want("wecom is back", w.wait(hour).alert(firing("seats", license.Warning)),
		"wecom: new seats warning", "wecom: resolved seats", "wecom: new seats warning")
	if got := w.told["wecom"]; got[1] != "resolved seats" {
		t.Errorf("order %v", got)
	}
	w.want("then", w.wait(hour).alert(firing("seats", license.Warning)))
}

// TestTakeOver: what turns into something as bad or worse is one story.
func TestTakeOver(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		before, now []license.Finding
		want        []string
	}{
		"expiring, then isolated": {
			[]license.Finding{keyedRecord("order/a", start, 7)},
			[]license.Finding{fine("order/a"), firing("isolated/a", license.Critical)},
			both("worse isolated/a critical was 7 warning (title of order/a)", "mention"),
		},
		"trial ending, then over": {
			[]license.Finding{firing("tcss-ending", license.Critical)},
			[]license.Finding{turned("tcss-ending", "tcss-over"), firing("tcss-over", license.Critical)},
			both("worse tcss-over critical was (title of tcss-ending)", "mention"),
		},
		"of the same product": {
			[]license.Finding{firing("tcss-ending", license.Critical)},
			[]license.Finding{turned("tcss-ending", "tcss-over"), firing("tcss-cores", license.Critical)},
			both("new tcss-cores critical", "resolved tcss-ending", "mention"),
		},
		"of another order": {
			[]license.Finding{keyedRecord("order/a", start, 7)},
			[]license.Finding{fine("order/a"), firing("isolated/b", license.Critical)},
			both("new isolated/b critical", "resolved order/a", "mention"),
		},
		"of another product": {
			[]license.Finding{firing("tcss-ending", license.Warning)},
			[]license.Finding{turned("tcss-ending", "tcss-over"), firing("seats", license.Critical)},
			both("new seats critical", "resolved tcss-ending", "mention"),
		},
		"milder": {
			[]license.Finding{firing("tcss-ending", license.Warning)},
			[]license.Finding{turned("tcss-ending", "tcss-hint"), firing("tcss-hint", license.Info)},
			both("new tcss-hint info", "resolved tcss-ending"),
		},
		"fired before": {
			[]license.Finding{firing("tcss-ending", license.Warning), firing("tcss-other", license.Critical)},
			[]license.Finding{turned("tcss-ending", "tcss-other"), firing("tcss-other", license.Critical)},
			both("resolved tcss-ending"),
		},
		"not known whether over": {
			[]license.Finding{firing("tcss-ending", license.Warning)},
			[]license.Finding{unknown("tcss-ending"), firing("tcss-over", license.Critical)},
			both("new tcss-over critical", "mention"),
		},
		"by the worst": {
			[]license.Finding{firing("tcss-ending", license.Warning)},
			[]license.Finding{turned("tcss-ending", "tcss-a", "tcss-b", "tcss-c"), firing("tcss-a", license.Warning), firing("tcss-b", license.Critical), firing("tcss-c", license.Critical)},
			both("worse tcss-b critical was warning (title of tcss-ending)", "new tcss-c critical", "new tcss-a warning", "mention"),
		},
		"two into one": {
			[]license.Finding{firing("tcss-mild", license.Info), firing("tcss-ending", license.Warning)},
			[]license.Finding{turned("tcss-mild", "tcss-over"), turned("tcss-ending", "tcss-over"), firing("tcss-over", license.Critical)},
			both("worse tcss-over critical was warning (title of tcss-ending)", "superseded tcss-mild", "mention"),
		},
		"a change does not": {
			[]license.Finding{firing("tcss-ending", license.Warning)},
			[]license.Finding{turned("tcss-ending", "tcss-state"), event("tcss-state", "2>1", license.Critical)},
			both("new tcss-state critical 2>1", "resolved tcss-ending", "mention"),
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.alert(test.before...)
			w.want("then", w.wait(day).alert(test.now...), test.want...)
			for _, f := range w.plan.Messages[0].Report.Firing {
				since := w.now
				if f.Story.Change == license.ChangeWorse {
					since = start
				}
				if !f.Story.Since.Equal(since) {
					t.Errorf("%s since %v, want %v", f.Key(), f.Story.Since, since)
				}
			}
			w.want("that is all", w.wait(hour).alert(test.now...))
		})
	}
}

// TestTakeOverForThoseWhoHeard: who was not told of the old story hears the new
// one as new.
func TestTakeOverForThoseWhoHeard(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.answers["wecom"] = life.RefusedForGood
	w.digest(keyedRecord("order/a", w.now, 7))
	delete(w.answers, "wecom")
	w.want("isolated", w.wait(day).alert(fine("order/a"), firing("isolated/a", license.Critical)),
		"slack: worse isolated/a critical was 7 warning (title of order/a)", "slack: mention",
		"wecom: new isolated/a critical", "wecom: mention")
	w.want("over", w.wait(day).alert(fine("order/a"), fine("isolated/a")), both("resolved isolated/a")...)
}

// TestTakeOverIsRemembered until the channel is told, also when the first
// message about it was lost, or it is over before.
func TestTakeOverIsRemembered(t *testing.T) {
	t.Parallel()
	start := func(t *testing.T) *world {
		t.Helper()
		w := newWorld(t)
		w.alert(keyedRecord("order/a", w.now, 1))
		w.answers["wecom"] = life.RefusedForGood
		w.want("a digest that wecom refuses", w.wait(day).digest(fine("order/a"), firing("isolated/a", license.Critical)),
			"slack: worse isolated/a critical was 1 (title of order/a)", "slack: digest", "slack: mention")
		delete(w.answers, "wecom")
		w.wait(2 * hour)
		return w
	}
	w := start(t)
	w.want("told by an alert", w.alert(fine("order/a"), firing("isolated/a", license.Critical)),
		"wecom: worse isolated/a critical was 1 (title of order/a)", "wecom: mention")
	w.want("over", w.alert(fine("order/a"), fine("isolated/a")), both("resolved isolated/a")...)
	w = start(t)
	w.want("over at once", w.alert(fine("order/a"), fine("isolated/a")), "slack: resolved isolated/a", "wecom: resolved order/a")
	w = start(t)
	w.want("taken over once more", w.alert(fine("order/a"), fine("isolated/a"), firing("destroyed/a", license.Critical)),
		"slack: worse destroyed/a critical was (title of isolated/a)", "slack: mention",
		"wecom: worse destroyed/a critical was 1 (title of order/a)", "wecom: mention")
}

// TestTakeOverInDoubt: a channel that may have heard of what took over first is told of the end of
// what it surely heard of as well.
func TestTakeOverInDoubt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.answers["slack"] = life.RefusedForGood // and hears of nothing
	w.alert(keyedRecord("order/a", w.now, 1))
	w.answers["wecom"] = life.NoAnswer
	w.wait(day).digest(fine("order/a"), firing("isolated/a", license.Critical))
	delete(w.answers, "wecom")
	w.want("taken over once more", w.wait(2*hour).alert(fine("order/a"), fine("isolated/a"), firing("destroyed/a", license.Critical)),
		"wecom: superseded order/a", "wecom: worse destroyed/a critical was (title of isolated/a)", "wecom: mention")
}

// TestTakeOverIsToldOnce: what came before is told with the change, and not after
// that.
func TestTakeOverIsToldOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.alert(firing("tcss-trial", license.Warning))
	w.want("takes over", w.alert(turned("tcss-trial", "tcss-over"), firing("tcss-over", license.Warning)),
		both("worse tcss-over warning was (title of tcss-trial)")...)
	w.want("gets worse", w.alert(fine("tcss-trial"), firing("tcss-over", license.Critical)), both("worse tcss-over critical was warning", "mention")...)
}

// TestWhatNeverArrived does not count as told when its finding comes back: the
// alert was given up after a week, and the digest in between was refused.
func TestWhatNeverArrived(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		before []license.Finding // what was told
		want   []string
	}{
		"told of it when it was milder": {
			[]license.Finding{keyedRecord("order/a", start, 13)},
			[]string{"wecom: worse order/a critical -5 was 13 warning", "wecom: mention"},
		},
		"never told of it": {nil, []string{"wecom: new order/a critical -5", "wecom: mention"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.channels = []string{"wecom"}
			w.alert(test.before...)
			deadline := start.AddDate(0, 0, 13)
			w.answers["wecom"] = life.RefusedForGood
			w.wait(11 * day).alert(endingAt("order/a", w.now, deadline)) // on its way for a week
			for range 6 {
				w.wait(day).ledger.EnterRun(life.Run{At: w.now, Mode: license.ModeAlert}, w.channels)
			}
			w.wait(day-hour).digest(fine("order/a"), firing("isolated/a", license.Critical))
			delete(w.answers, "wecom")
			w.want("back", w.wait(2*hour).alert(endingAt("order/a", w.now, deadline), fine("isolated/a")), test.want...)
		})
	}
}

// TestThereAndBack: what a channel was told holds again, and it has not heard of
// anything else in between.
func TestThereAndBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.alert(firing("isolated/a", license.Critical), fine("order/a"))
	w.answers["wecom"] = life.RefusedForGood
	w.want("a digest that wecom refuses", w.wait(hour).digest(fine("isolated/a"), keyedRecord("order/a", w.now, 2)),
		"slack: worse order/a critical 2 was (title of isolated/a)", "slack: digest", "slack: mention")
	delete(w.answers, "wecom")
	w.want("as before", w.wait(2*hour).alert(firing("isolated/a", license.Critical), fine("order/a")),
		"slack: worse isolated/a critical was 2 (title of order/a)", "slack: mention")

	w = newWorld(t)
	w.alert(keyedRecord("order/a", w.now, 2))
	w.answers["wecom"] = life.RefusedForGood
	w.digest(fine("order/a"), firing("isolated/a", license.Critical))
	delete(w.answers, "wecom")
	w.want("with a later deadline", w.wait(2*hour).alert(fine("isolated/a"), keyedRecord("order/a", w.now, 3)),
		"slack: worse order/a critical 3 was (title of isolated/a)", "slack: mention", "wecom: due order/a critical 3 was 2")
}

// TestEndOfWhatNeverArrived: where only a message that waits told a channel what a finding has
// turned into, the channel hears of the end under both names: the message may never arrive.
func TestEndOfWhatNeverArrived(t *testing.T) {
	t.Parallel()
	both := []string{"wecom: resolved isolated/a", "wecom: resolved order/a"}
	turned := "wecom: worse isolated/a critical was 2 (title of order/a)"
	tests := map[string]struct {
		mode   license.Mode // of the run that sees what it turns into
		silent int          // runs without an answer before the channel is well
		late   time.Duration
		want   []string
	}{
		"the digest is too old":        {license.ModeDigest, 0, 7 * hour, both},
		"the digest comes in time":     {license.ModeDigest, 0, hour, append([]string{turned, "wecom: digest"}, both...)},
		"an alert is tried longer":     {license.ModeAlert, 0, 7 * hour, append([]string{turned}, both...)},
		"an alert that got no answers": {license.ModeAlert, 3, hour, append([]string{"wecom: digest"}, both...)},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.channels = []string{"wecom"}
			w.alert(keyedRecord("order/a", w.now, 2), fine("isolated/a"))
			w.answers["wecom"] = life.RefusedForNow
			w.wait(hour).run(test.mode, []license.Finding{fine("order/a"), firing("isolated/a", license.Critical)})
			w.wait(hour).alert(fine("order/a"), fine("isolated/a"))
			w.answers["wecom"] = life.NoAnswer
			for range test.silent {
				w.wait(hour).alert(fine("order/a"), fine("isolated/a"))
			}
			delete(w.answers, "wecom")
			last := license.ModeAlert
			if test.silent > 0 { // what got no answers is left to it
				last = license.ModeDigest
			}
			got := w.wait(test.late).run(last, []license.Finding{fine("order/a"), fine("isolated/a")})
			slices.Sort(got)
			want := slices.Sorted(slices.Values(test.want))
			w.want("then", got, want...)
		})
	}
}

// TestVanished: an order that a whole list does not name is gone; otherwise
// nothing follows.
func TestVanished(t *testing.T) {
	t.Parallel()
	part := whole("b")
	part.Orders.Incomplete = true
	ended := whole("a", "b")
	status := int64(license.OrderDestroyed)
	ended.Orders.List[0].OrderStatus = &status
	unwanted := whole()
	unwanted.Wanted = []license.Source{license.SourceOverview, license.SourcePurchaseState}
	unwanted.Orders = nil
	tests := map[string]struct {
		snapshot license.Snapshot
		findings []license.Finding
		want     []string
	}{
		"from a whole list":             {whole("b"), []license.Finding{fine("order/b")}, both("gone order/a")},
		"from a list that is empty":     {whole(), nil, both("gone order/a")},
		"destroyed":                     {ended, []license.Finding{fine("order/a"), fine("order/b")}, both("destroyed order/a")},
		"another one is destroyed":      {ended, []license.Finding{fine("order/b"), keyedRecord("order/a", newWorld(t).now, 13)}, nil},
		"from a part of the list":       {part, []license.Finding{fine("order/b")}, nil},
		"not read":                      {without(license.SourceOrders), []license.Finding{unknown("order")}, nil},
		"orders are not wanted":         {unwanted, nil, both("unwatched cwp.orders  0", "superseded order/a")},
		"listed, but not judged":        {whole("a", "b"), []license.Finding{fine("order/b")}, nil},
		"listed with its namesakes":     {whole("a"), []license.Finding{fine("order/a#1"), fine("order/a#2")}, nil},
		"the rule reads something else": {whole("b"), nil, nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.snapshot = whole("a", "b")
			w.alert(keyedRecord("order/a", w.now, 13))
			w.snapshot = test.snapshot
			if len(test.want) > 0 && strings.Contains(test.want[0], "gone") {
				w.want("one list may be wrong", w.wait(hour).alert(test.findings...))
			}
			w.want("then", w.wait(hour).alert(test.findings...), test.want...)
		})
	}
}

// TestNamesakes: of orders that share a ResourceId, each has its own fate.
func TestNamesakes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.snapshot = whole("a", "a")
	w.snapshot.Orders.List[0].LicenseId, w.snapshot.Orders.List[1].LicenseId = new(int64(2)), new(int64(9))
	w.want("new", w.alert(keyedRecord("order/a#2", w.now, 3), keyedRecord("order/a#9", w.now, 20)),
		both("new order/a#2 critical 3", "new order/a#9 warning 20", "mention")...)
	w.snapshot.Orders.List[0].OrderStatus = new(int64(license.OrderDestroyed))
	w.want("one is destroyed, the other was renewed", w.wait(hour).alert(fine("order/a#2"), fine("order/a#9")),
		both("destroyed order/a#2", "resolved order/a#9")...)
}

// TestMissingFromEveryOtherList: an order that whole lists name by turns is not told each
// time.
func TestMissingFromEveryOtherList(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.snapshot = whole("a", "b")
	w.want("new", w.alert(firing("isolated/a", license.Critical), fine("isolated/b")), both("new isolated/a critical", "mention")...)
	for range 24 {
		w.snapshot = whole("b")
		w.want("missing", w.wait(hour).alert(fine("isolated/b")))
		w.snapshot = without(license.SourceOrders)
		w.want("not read", w.wait(hour).alert(unknown("isolated")))
		w.snapshot = whole("a", "b")
		w.want("there", w.wait(hour).alert(firing("isolated/a", license.Critical), fine("isolated/b")))
	}
	w.snapshot = whole("b")
	w.want("missing", w.wait(hour).alert(fine("isolated/b")))
	w.snapshot = without(license.SourceOrders)
	w.want("not read", w.wait(hour).alert(unknown("isolated")))
	w.snapshot = whole("b")
	w.want("missing again", w.wait(hour).alert(fine("isolated/b")), both("gone isolated/a")...)
}

// TestDestroyed: what is said of an order that was destroyed goes on from what was said
// of it before; later it is forgotten, or is told to be taken over.
func TestDestroyed(t *testing.T) {
	t.Parallel()
	order := func(status, used int64) license.Order {
		return license.Order{ResourceId: new("a"), OrderStatus: &status, UsedLicenseCnt: &used}
	}
	for name, test := range map[string]struct {
		used int64 // in use in the account at the end
		want []string
	}{
		"nothing has taken over": {67, nil},
		"other licenses have":    {100, both("resolved destroyed/a")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			see := func(used int64, o license.Order, findings ...license.Finding) []string {
				w.snapshot = whole()
				w.snapshot.Overview.UsedLicenseCnt, w.snapshot.Orders.List = &used, []license.Order{o}
				return w.wait(hour).alert(findings...)
			}
			destroyed := firing("destroyed/a", license.Warning)
			see(100, order(license.OrderNormal, 33), fine("isolated/a"), fine("destroyed/a"))
			w.want("isolated", see(67, order(license.OrderIsolated, 0), firing("isolated/a", license.Critical), fine("destroyed/a")), both("new isolated/a critical", "mention")...)
			w.want("destroyed", see(67, order(license.OrderDestroyed, 0), fine("isolated/a"), destroyed),
				both("worse destroyed/a warning was critical (title of isolated/a)")...)
			w.want("goes on", see(67, order(license.OrderDestroyed, 0), fine("isolated/a"), destroyed))
			w.want("over", see(test.used, order(license.OrderDestroyed, 0), fine("isolated/a"), fine("destroyed/a")), test.want...)
			if test.want != nil {
				if r := w.plan.Messages[0].Report.Resolved[0]; !r.TakenOver || r.Gone {
					t.Errorf("resolved %+v", r)
				}
			}
		})
	}
}

// TestNames: orders go by their LicenseId where they have no ResourceId; a
// finding about nothing in particular is of a group of its own.
func TestNames(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	nothing := finding("nothing", license.OK)
	nothing.Source = ""
	something := nothing
	something.State = license.Firing
	licenseID := int64(4711)
	w.snapshot.Orders.List = []license.Order{{LicenseId: &licenseID}, {}}
	w.alert(keyedRecord("order/4711", w.now, 13), something)
	w.want("listed", w.alert(fine("order/unnamed"), something))
	w.want("a story of its own", w.alert(fine("order/4711"), nothing, firing("another", license.Warning)), both("new another warning", "resolved nothing", "superseded order/4711")...)
	w.snapshot.Orders.Incomplete = true
	w.alert(fine("order/4711"))
	if n := len(w.ledger.Previous().Orders.List); n != 2 {
		t.Errorf("%d orders", n)
	}
}

// TestKept: an order that was missing from a part of the list, or while the
// orders were not read, is not announced again.
func TestKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.alert(keyedRecord("order/a", w.now, 13))
	w.snapshot = whole("b")
	w.snapshot.Orders.Incomplete = true
	w.alert(fine("order/b"))
	w.snapshot = without(license.SourceOrders)
	w.alert(unknown("order"))
	w.snapshot = whole("a")
	w.want("back", w.alert(keyedRecord("order/a", w.now, 13)))
}

// TestDropped: a rule that is removed or switched off, and one whose source is
// not wanted any more, are dropped: not resolved, but not watched.
func TestDropped(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.rules = []string{"seats", "order", "tcss-over"}
	w.alert(firing("seats", license.Warning), keyedRecord("order/a", w.now, 13), firing("tcss-over", license.Critical))
	w.rules = []string{"tcss-over"}
	w.snapshot.Wanted = []license.Source{license.SourceOverview, license.SourceOrders}
	w.want("removed", w.alert(), both("unwatched order title of order/a 1", "unwatched seats title of seats 1", "unwatched tcss  0",
		"superseded order/a", "superseded seats", "superseded tcss-over")...)
	w.rules = []string{"seats", "order", "tcss-over"}
	w.snapshot = whole("a")
	w.want("back", w.alert(firing("seats", license.Warning), keyedRecord("order/a", w.now, 13), firing("tcss-over", license.Critical)),
		both("new seats warning", "new order/a warning 13", "new tcss-over critical", "mention")...)
}

// TestRulesNotKnown: without a list of the rules a story waits 90 days.
func TestRulesNotKnown(t *testing.T) {
	t.Parallel()
	for days, want := range map[int][]string{89: nil, 91: both("new seats warning")} {
		w := newWorld(t)
		w.alert(firing("seats", license.Warning))
		in := life.Input{Mode: license.ModeAlert, Channels: w.channels, Snapshot: w.snapshot}
		for range days {
			w.wait(day)
			in.Now = w.now
			if plan := w.ledger.Plan(in); len(plan.Messages) > 0 {
				t.Fatalf("told %v", plan)
			}
		}
		w.want("back", w.alert(firing("seats", license.Warning)), want...)
	}
}

// TestNamesakeComesAndGoes: an order keeps what was said of it, and its
// acknowledgement, when another one of its ResourceId makes its name longer.
func TestNamesakeComesAndGoes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	list := func(ids ...int64) {
		w.snapshot = whole()
		for _, id := range ids {
			w.snapshot.Orders.List = append(w.snapshot.Orders.List, license.Order{ResourceId: new("a"), LicenseId: &id, OrderStatus: new(int64(license.OrderNormal))})
		}
		w.wait(hour)
	}
	list(7)
	w.answers["wecom"] = life.RefusedForNow
	w.want("new", w.alert(keyedRecord("order/a", w.now, 20), fine("other/a")), "slack: new order/a warning 20")
	w.acknowledge("order/a", 10)
	list(7, 9)
	delete(w.answers, "wecom")
	w.want("another one comes", w.alert(keyedRecord("order/a#7", w.now, 20), keyedRecord("order/a#9", w.now, 25), fine("other/a#7"), fine("other/a#9")),
		"slack: new order/a#9 warning 25", "wecom: new order/a#7 warning 20", "wecom: new order/a#9 warning 25")
	if acks := w.ledger.Acks(w.now); len(acks) != 1 || acks[0].Subject != "a#7" {
		t.Errorf("acknowledged: %+v", acks)
	}
	list(9)
	w.alert(keyedRecord("order/a", w.now, 25), fine("other/a"))
	list(9)
	w.want("the first one is gone", w.alert(keyedRecord("order/a", w.now, 25), fine("other/a")))
	list(9)
	w.want("renewed", w.alert(fine("order/a"), fine("other/a")), both("resolved order/a")...)
}

// TestNamesakeInPartOfTheList: what is not in a part of the list is still who it was.
func TestNamesakeInPartOfTheList(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	list := func(ids ...int64) {
		w.snapshot = whole()
		for _, id := range ids {
			w.snapshot.Orders.List = append(w.snapshot.Orders.List, license.Order{ResourceId: new("a"), LicenseId: &id, OrderStatus: new(int64(license.OrderNormal))})
		}
		w.wait(hour)
	}
	list(7)
	w.want("new", w.alert(keyedRecord("order/a", w.now, 20)), both("new order/a warning 20")...)
	w.acknowledge("order/a", 10)
	list(9)
	w.snapshot.Orders.Incomplete = true
	w.want("another one in a part", w.alert(keyedRecord("order/a#9", w.now, 25)), both("new order/a#9 warning 25")...)
	list(9, 7)
	w.want("both", w.alert(keyedRecord("order/a#7", w.now, 20), keyedRecord("order/a#9", w.now, 25)))
	if acks := w.ledger.Acks(w.now); len(acks) != 1 || acks[0].Subject != "a#7" {
		t.Errorf("acknowledged: %+v", acks)
	}
	list(9, 7)
	w.want("one is renewed", w.alert(keyedRecord("order/a#7", w.now, 20), fine("order/a#9")), both("resolved order/a#9")...)
}

// TestOneStandsForOthers: a finding that is OK ends what it says of itself and of those for
// which it stands, each by its own deadline: one that a wrong clock alone had near its end has
// never been.
func TestOneStandsForOthers(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		days int // left, when the rule is not true any more
		want []string
	}{
		"renewed":     {300, both("resolved order/a", "resolved order/b")},
		"wrong clock": {20, both("resolved order/a", "undone order/b")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			end := w.now.AddDate(0, 0, 13)
			w.alert(keyedRecord("order/a", w.now, 13), endingAt("order/b", w.now, end))
			one, left := fine("order/a"), int64(test.days)
			if test.days == 300 {
				end = w.now.AddDate(0, 0, 300)
			}
			one.OKOthers = []license.OKOther{{Subject: "b", Deadline: end, DaysLeft: &left}}
			w.want("then", w.wait(hour).alert(one), test.want...)
		})
	}
}
