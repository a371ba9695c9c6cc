package life_test

import (
	"slices"
	"testing"
	"time"

	"licensewatch/license"
	"licensewatch/life"
)

// night and morning are a time outside the hours and the next one within them.
var (
	night   = time.Date(2026, time.November, 23, 2, 37, 0, 0, shanghai)
	morning = time.Date(2026, time.November, 23, 9, 37, 0, 0, shanghai)
)

// byCalendar is a finding that would be there by the clock alone.
func byCalendar(f license.Finding) license.Finding {
	f.Calendar = true
	return f
}

// TestHours: what is said at night and what waits for the morning; each once.
func TestHours(t *testing.T) {
	t.Parallel()
	evening := time.Date(2026, time.November, 22, 20, 37, 0, 0, shanghai)
	daily := firing("ended", license.Critical)
	daily.RemindEvery = 5 * hour
	before := func(f license.Finding, hours int) license.Finding { // one that ends so many hours after the night
		left := int64(license.DaysLeft(night.Add(time.Duration(hours)*hour), night))
		f.Deadline, f.DaysLeft = night.Add(time.Duration(hours)*hour), &left
		return f
	}
	tests := map[string]struct {
		before          []license.Finding // seen in the evening
		now             []license.Finding // seen at night and in the morning
		orders          []string          // listed then
		night, tomorrow []string
	}{
		"something critical has happened": {nil, []license.Finding{firing("expired", license.Critical)}, nil,
			both("new expired critical", "mention"), nil},
		"a warning has happened": {nil, []license.Finding{firing("full", license.Warning)}, nil, nil, both("new full warning")},
		"something good to know": {nil, []license.Finding{firing("note", license.Info)}, nil, nil, nil},
		"critical by the calendar": {nil, []license.Finding{byCalendar(firing("ended", license.Critical))}, nil,
			nil, both("new ended critical", "mention")},
		"a threshold is reached": {[]license.Finding{keyedRecord("order/a", evening, 4)}, []license.Finding{byCalendar(keyedRecord("order/a", night, 3))}, []string{"a"},
			nil, both("worse order/a critical 3 was 4 warning", "mention")},
		"a deadline moved near": {[]license.Finding{keyedRecord("order/a", evening, 20)}, []license.Finding{keyedRecord("order/a", night, 2)}, []string{"a"},
			both("worse order/a critical 2 was 20 warning", "mention"), nil},
		"a reminder": {[]license.Finding{daily}, []license.Finding{daily}, nil, nil, both("due ended critical", "mention")},
		"it lapses before the morning": {nil, []license.Finding{byCalendar(before(firing("order/a", license.Warning), 3))}, []string{"a"},
			both("new order/a warning 0"), nil},
		"it lapses in the morning": {nil, []license.Finding{byCalendar(before(firing("order/a", license.Warning), 8))}, []string{"a"},
			nil, both("new order/a warning 0")},
		"what is good to know lapses": {nil, []license.Finding{byCalendar(before(firing("order/a", license.Info), 3))}, []string{"a"}, nil, nil},
		"it lapses, as was said": {[]license.Finding{before(firing("order/a", license.Warning), 3)}, []license.Finding{byCalendar(before(firing("order/a", license.Critical), 3))},
			[]string{"a"}, nil, both("worse order/a critical 0 was warning", "mention")},
		"it is over":          {[]license.Finding{firing("full", license.Warning)}, []license.Finding{fine("full")}, nil, nil, both("resolved full")},
		"a critical one, too": {[]license.Finding{firing("full", license.Critical)}, []license.Finding{fine("full")}, nil, nil, both("resolved full")},
		"one is over, one has happened": {[]license.Finding{firing("tcss-over", license.Critical)}, []license.Finding{fine("tcss-over"), firing("expired", license.Critical)}, nil,
			both("new expired critical", "mention"), both("resolved tcss-over")},
		"something critical was switched off": {nil, []license.Finding{event("renewal/a", "1>2", license.Critical)}, []string{"a"},
			both("new renewal/a critical 1>2", "mention"), nil},
		"something was switched off": {nil, []license.Finding{event("renewal/a", "1>2", license.Warning)}, []string{"a"},
			nil, both("new renewal/a warning 1>2")},
		"it turned into something worse": {[]license.Finding{keyedRecord("order/a", evening, 2)}, []license.Finding{fine("order/a"), firing("isolated/a", license.Critical)}, []string{"a"},
			both("worse isolated/a critical was 2 (title of order/a)", "mention"), nil},
		"and that by the calendar": {[]license.Finding{keyedRecord("order/a", evening, 2)}, []license.Finding{fine("order/a"), byCalendar(firing("ended/a", license.Critical))}, []string{"a"},
			nil, both("worse ended/a critical was 2 (title of order/a)", "mention")},
		"more of it, within the hours only": {[]license.Finding{measured("full", license.Warning, 90, 0, 95)}, []license.Finding{measured("full", license.Warning, 96, 0, 95)}, nil,
			nil, both("worse full warning")},
		"more of what is critical": {[]license.Finding{measured("expired", license.Critical, 1, 1)}, []license.Finding{measured("expired", license.Critical, 100, 1)}, nil,
			both("worse expired critical", "mention"), nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.hours, w.now = officeHours, evening
			w.snapshot = whole(test.orders...)
			w.alert(test.before...)
			w.now = night
			w.want("at night", w.alert(test.now...), test.night...)
			w.want("an hour later", w.wait(hour).alert(test.now...))
			w.now = morning
			w.want("in the morning", w.alert(test.now...), test.tomorrow...)
			w.want("once", w.wait(hour).alert(test.now...))
		})
	}
}

// TestGoneAtNight: an order that vanished is said at once where that may be worse than
// what was told of it.
func TestGoneAtNight(t *testing.T) {
	t.Parallel()
	for severity, want := range map[license.Severity][2][]string{
		license.Critical: {both("gone isolated/a"), nil},
		license.Warning:  {nil, both("gone isolated/a")},
	} {
		w := newWorld(t)
		w.hours = officeHours
		w.snapshot = whole("a")
		w.alert(firing("isolated/a", severity))
		w.snapshot, w.now = whole(), night
		w.want("one list", w.alert())
		w.want("two", w.wait(hour).alert(), want[0]...)
		w.now = morning
		w.want("in the morning", w.alert(), want[1]...)
	}
}

// TestOverAtNightAndBack: nobody heard that it was over, so nobody hears that it is
// back; and it is over since it was seen to be.
func TestOverAtNightAndBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.hours = officeHours
	w.alert(firing("expired", license.Critical))
	w.now = night
	w.want("over", w.alert(fine("expired")))
	w.want("back", w.wait(hour).alert(firing("expired", license.Critical)))
	w.want("over again", w.wait(hour).alert(fine("expired")))
	at := w.now
	w.now = morning
	w.want("in the morning", w.alert(fine("expired")), both("resolved expired")...)
	if r := w.plan.Messages[0].Report.Resolved[0]; !r.At.Equal(at) || !r.Since.Equal(start) {
		t.Errorf("over from %v to %v", r.Since, r.At)
	}
}

// TestDigestBeforeTheHours says everything all the same.
func TestDigestBeforeTheHours(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.hours = officeHours
	w.alert(firing("full", license.Warning))
	w.now = morning.Add(-hour)
	w.want("digest", w.digest(fine("full"), byCalendar(keyedRecord("order/a", w.now, 3))), both("new order/a critical 3", "resolved full", "digest", "mention")...)
	w.now = morning
	w.want("then", w.alert(fine("full"), byCalendar(keyedRecord("order/a", w.now, 3))))
}

// TestSourcesWaitForTheHours, and one that failed again is not told to be back.
func TestSourcesWaitForTheHours(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.hours = officeHours
	w.snapshot = without(license.SourcePurchaseState)
	w.alert()
	w.wait(hour).alert()
	w.want("told", w.wait(hour).alert(), both("unread tcss 3")...)
	w.now = night
	w.snapshot = whole()
	w.want("read at night", w.alert())
	w.snapshot = without(license.SourcePurchaseState)
	for range 3 {
		w.want("not any more", w.wait(hour).alert())
	}
	w.now = morning
	w.want("in the morning", w.alert(), both("unread tcss 4")...)
	w.snapshot = whole()
	w.want("read", w.wait(hour).alert(), both("readable tcss")...)
}

// TestOwedWaitsForTheHours: a chat that was down is not sent at night what nobody would
// be told then; with something that is, it gets all of it, in order, and one call.
func TestOwedWaitsForTheHours(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.hours, w.snapshot = officeHours, whole("a")
	w.channels = []string{"slack"}
	w.answers["slack"] = life.RefusedForNow
	deadline := start.AddDate(0, 0, 3)
	w.alert(firing("full", license.Warning))
	w.wait(hour).alert(firing("full", license.Warning), byCalendar(endingAt("order/a", w.now, deadline)))
	delete(w.answers, "slack")
	w.now = night
	f := byCalendar(endingAt("order/a", w.now, deadline))
	w.want("at night", w.alert(firing("full", license.Warning), f))
	if owed := w.ledger.Owed(w.channels, w.now, w.hours); len(owed) != 1 || owed[0].Messages != 2 || owed[0].Again {
		t.Errorf("owed %+v", owed)
	}
	if want := "nothing new, what is owed to slack waits for the hours"; w.plan.Reason != want {
		t.Errorf("reason %q, want %q", w.plan.Reason, want)
	}
	if owed := w.ledger.Owed(w.channels, morning, w.hours); !owed[0].Again {
		t.Errorf("owed in the morning %+v", owed)
	}
	again := *w
	again.now, again.told, again.ledger = morning, map[string][]string{}, reread(t, w.ledger)
	again.want("in the morning", again.alert(firing("full", license.Warning), f), "slack: new full warning", "slack: new order/a critical 3", "slack: mention")
	w.want("something happens", w.wait(hour).alert(firing("full", license.Warning), f, firing("expired", license.Critical)),
		"slack: new full warning", "slack: new order/a critical 3", "slack: new expired critical", "slack: mention")
	if m := w.plan.Messages; len(m) != 3 || !m[2].Report.Mention {
		t.Errorf("%d messages", len(m))
	}
}

// TestOwedAfterADigest: a digest that overtakes an alert calls people; the alert, which
// comes after it, does not once more.
func TestOwedAfterADigest(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.channels, w.snapshot = []string{"slack"}, whole("a")
	expired := firing("expired", license.Critical)
	expired.RemindEvery = day
	w.alert(expired)
	w.now = w.now.Add(day)
	w.answers["slack"] = life.RefusedForGood
	w.alert(expired, firing("full", license.Warning))
	delete(w.answers, "slack")
	w.want("the digest", w.wait(time.Minute).digest(expired, unknown("full")), "slack: ongoing expired critical", "slack: digest", "slack: mention")
	w.want("the alert", w.wait(time.Minute).alert(expired, unknown("full")), "slack: due expired critical", "slack: new full warning")
}

// TestOwedBesideADigest: an alert that waits for the hours is not sent with a digest
// because of an urgent one that the digest tells in its place.
func TestOwedBesideADigest(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.hours, w.channels = officeHours, []string{"slack"}
	expired, full := firing("expired", license.Critical), firing("full", license.Warning)
	w.answers["slack"] = life.NoAnswer
	w.alert(expired)
	w.answers["slack"] = life.RefusedForNow
	w.wait(hour).alert(expired, full)
	delete(w.answers, "slack")
	w.now = night
	w.want("at night", w.digest(expired, full), "slack: new expired critical", "slack: new full warning", "slack: digest", "slack: mention")
	if len(w.plan.Messages) != 1 {
		t.Errorf("%d messages", len(w.plan.Messages))
	}
}

// TestOwedCalls: a message that is late calls nobody about what is over, what somebody
// has acknowledged since, or what a later one calls about.
func TestOwedCalls(t *testing.T) {
	t.Parallel()
	expired := firing("expired", license.Critical)
	tests := map[string]struct {
		meanwhile func(*world)
		now       license.Finding
		calls     int
	}{
		"it goes on":         {nil, expired, 1},
		"it is acknowledged": {func(w *world) { w.acknowledge("expired", 3) }, expired, 0},
		"it is over":         {nil, fine("expired"), 0},
		"it is not known":    {nil, unknown("expired"), 1},
		"one more":           {func(w *world) { w.wait(hour).alert(expired, firing("other", license.Critical)) }, expired, 1},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.answers["wecom"] = life.RefusedForNow
			w.alert(expired)
			w.wait(time.Minute)
			if test.meanwhile != nil {
				test.meanwhile(w)
			}
			delete(w.answers, "wecom")
			w.wait(hour).alert(test.now)
			calls := 0
			for _, m := range messagesTo(w.plan, "wecom") {
				if m.Report.Mention {
					calls++
				}
			}
			if calls != test.calls {
				t.Errorf("called %d times, want %d", calls, test.calls)
			}
		})
	}
}

// TestLastChance: what ends on a day without hours is said on the last day that has
// some, and not in the night before its end.
func TestLastChance(t *testing.T) {
	t.Parallel()
	workdays := license.Hours{Windows: []license.HoursWindow{{Days: [7]bool{1: true, 2: true, 3: true, 4: true, 5: true}, From: 9 * 60, To: 18 * 60}}}
	sunday := time.Date(2026, time.November, 29, 10, 0, 0, 0, shanghai)
	tests := map[string]struct {
		first    time.Time
		calls    []string // the hours at which people are called
		messages int
	}{
		"alerts": {time.Date(2026, time.November, 25, 0, 7, 0, 0, shanghai),
			[]string{"Thu 09:07", "Fri 09:07"}, 3},
		"seen too late": {time.Date(2026, time.November, 28, 3, 7, 0, 0, shanghai),
			[]string{"Sat 03:07"}, 1},
		"seen on the last day": {time.Date(2026, time.November, 27, 16, 7, 0, 0, shanghai),
			[]string{"Fri 16:07"}, 1},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.hours, w.now = workdays, test.first
			messages := 0
			var calls []string
			for ; w.now.Before(sunday); w.now = w.now.Add(hour) {
				f := endingAt("order/a", w.now, sunday)
				f.RemindAt = append(f.RemindAt, 0)
				f.Calendar = !w.now.Equal(test.first)
				told := w.alert(f)
				if len(told) > 0 {
					messages++
				}
				if slices.Contains(told, "slack: mention") {
					calls = append(calls, w.now.Format("Mon 15:04"))
				}
			}
			if !slices.Equal(calls, test.calls) || messages != test.messages {
				t.Errorf("%d messages, calls at %v, want %d, at %v", messages, calls, test.messages, test.calls)
			}
		})
	}
}

// TestBackAtNight: a chat that is told late at night that something is over, since something
// else cannot wait, is told with it that it is back.
func TestBackAtNight(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.hours, w.channels = officeHours, []string{"wecom"}
	w.digest(firing("full", license.Warning))
	w.answers["wecom"] = life.RefusedForNow
	w.wait(hour).alert(fine("full"))
	w.now = night
	w.alert(firing("full", license.Warning), firing("expired", license.Critical))
	delete(w.answers, "wecom")
	w.want("when the chat is back", w.wait(hour).alert(firing("full", license.Warning), firing("expired", license.Critical)),
		"wecom: resolved full", "wecom: new expired critical", "wecom: new full warning", "wecom: mention")
	w.now = morning
	w.want("in the morning", w.alert(firing("full", license.Warning), firing("expired", license.Critical)))
}
