package life_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"licensewatch/license"
	"licensewatch/life"
)

// TestRungs: which days speak, when a run sees a deadline on these days.
func TestRungs(t *testing.T) {
	t.Parallel()
	var everyDay []int
	for days := 40; days >= -3; days-- {
		everyDay = append(everyDay, days)
	}
	tests := map[string]struct{ days, want []int }{
		"some days":                        {[]int{29, 28, 13, 12, 6, 2, 1}, []int{29, 13, 6, 2, 1}},
		"every day":                        {everyDay, []int{40, 30, 14, 7, 3, 1}},
		"nobody looked for weeks":          {[]int{29, 2, 2, 1, 0, -1}, []int{29, 2, 1}},
		"seen late":                        {[]int{5, 4, 3, 2}, []int{5, 3}},
		"seen when it is over":             {[]int{-4, -5}, []int{-4}},
		"twice a day":                      {[]int{14, 14, 13, 13, 7, 7}, []int{14, 7}},
		"an earlier deadline goes on":      {[]int{14, 6, 5}, []int{14, 6}},
		"an earlier one on the same rung":  {[]int{14, 10, 8}, []int{14}},
		"from above the rungs into them":   {[]int{45, 44, 31, 30, 29}, []int{45, 30}},
		"on a rung from the first moment":  {[]int{7, 6}, []int{7}},
		"over on the day and the day next": {[]int{1, 0, -1}, []int{1}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			deadline := w.now.AddDate(0, 0, test.days[0])
			var spoke []int
			for i, days := range test.days {
				if i > 0 { // the clock goes to the day, unless the deadline has moved there
					w.now = deadline.AddDate(0, 0, -days).Add(time.Duration(i) * time.Minute)
				}
				if told := w.alert(endingAt("order/a", w.now, deadline)); len(told) > 0 {
					spoke = append(spoke, days)
				}
			}
			if !slices.Equal(spoke, test.want) {
				t.Errorf("spoke at %v days left, want %v", spoke, test.want)
			}
		})
	}
}

// TestLadders: a deadline that moves later begins a new ladder, an earlier one
// continues the present one.
func TestLadders(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.want("first", w.alert(keyedRecord("order/a", w.now, 13)), both("new order/a warning 13")...)
	w.want("the same", w.wait(hour).alert(keyedRecord("order/a", w.now.Add(-hour), 13)))
	w.want("earlier, same rung", w.alert(keyedRecord("order/a", w.now, 9)))
	w.want("as it was told", w.alert(keyedRecord("order/a", w.now, 12)))
	w.want("earlier, next rung", w.alert(keyedRecord("order/a", w.now, 6)), both("worse order/a warning 6 was 13")...)
	told := w.alert(keyedRecord("order/a", w.now, 20))
	w.want("renewed for a while", told, both("due order/a warning 20 was 6")...)
	if was := w.plan.Messages[0].Report.Firing[0].Story.WasDeadline; !was.Equal(w.now.AddDate(0, 0, 6)) {
		t.Errorf("the deadline was %v", was)
	}
	w.want("told of that", w.wait(hour).alert(keyedRecord("order/a", w.now.Add(-hour), 20)))
	w.want("the next rung of the new ladder", w.alert(keyedRecord("order/a", w.now, 7)), both("worse order/a warning 7 was 20")...)
	w.want("renewed beyond the rungs", w.alert(keyedRecord("order/a", w.now, 40)))
	w.want("down the third ladder", w.alert(keyedRecord("order/a", w.now.AddDate(0, 0, 20), 20)), both("due order/a warning 20 was 7")...)
	blind := keyedRecord("order/a", w.now, 20)
	blind.Deadline, blind.DaysLeft = time.Time{}, nil
	w.want("no deadline known", w.digest(blind), both("ongoing order/a warning", "digest")...)
	w.want("known again", w.alert(keyedRecord("order/a", w.now.AddDate(0, 0, 20), 20)))
}

// TestRungsTakenAway: a rung that was spoken stays so, also when the rule goes
// without it for a while.
func TestRungsTakenAway(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.alert(keyedRecord("order/a", w.now, 7))
	without := keyedRecord("order/a", w.now, 7)
	without.RemindAt = []int64{30, 14}
	w.want("without the rung", w.digest(without), both("ongoing order/a warning 7", "digest")...)
	w.want("with it", w.alert(keyedRecord("order/a", w.now, 7)))
}

// TestLaterByHoursOnly: ladders are about dates.
func TestLaterByHoursOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	noon := time.Date(2026, 12, 4, 12, 0, 0, 0, shanghai)
	w.alert(endingAt("order/a", w.now, noon))
	w.want("later on the same date", w.alert(endingAt("order/a", w.now, noon.Add(11*hour))))
	w.want("on the next date", w.alert(endingAt("order/a", w.now, noon.Add(12*hour))), both("due order/a warning 13 was 12")...)
}

// TestSeverity: worse speaks, milder does not.
func TestSeverity(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.want("good to know, alone", w.alert(firing("seats", license.Info)))
	w.want("good to know, in a digest", w.digest(firing("seats", license.Info)), both("new seats info", "digest")...)
	w.want("worse", w.alert(firing("seats", license.Warning)), both("worse seats warning was info")...)
	w.want("critical", w.alert(firing("seats", license.Critical)), both("worse seats critical was warning", "mention")...)
	w.want("milder", w.alert(firing("seats", license.Warning)))
	w.want("as bad as was told", w.alert(firing("seats", license.Critical)))
	w.want("milder, in a digest", w.digest(firing("seats", license.Warning)), both("ongoing seats warning", "digest")...)
	w.want("worse than was told last", w.alert(firing("seats", license.Critical)), both("worse seats critical was warning", "mention")...)
}

// TestSeverityAndRung together are one message.
func TestSeverityAndRung(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.alert(keyedRecord("order/a", w.now, 7))
	w.want("3 days", w.wait(4*day).alert(keyedRecord("order/a", w.now, 3)), both("worse order/a critical 3 was 7 warning", "mention")...)
	if n := len(w.plan.Messages); n != 1 || w.plan.Reason != "1 worse" {
		t.Errorf("%d messages, %q", n, w.plan.Reason)
	}
}

// TestRemindEvery: a rule without days speaks again when the time is over since
// this channel was told, by whatever.
func TestRemindEvery(t *testing.T) {
	t.Parallel()
	f := firing("seats", license.Warning)
	f.RemindEvery = 7 * day
	w := newWorld(t)
	w.want("new", w.alert(f), both("new seats warning")...)
	w.want("6 days 23 hours", w.wait(7*day-hour).alert(f))
	w.want("a timer that is a second early", w.wait(hour-time.Second).alert(f), both("due seats warning")...)
	w.want("just told", w.wait(day).alert(f))
	w.digest(f)
	w.want("7 days after the alert, 6 after the digest", w.wait(6*day).alert(f))
	w.want("7 days after the digest", w.wait(day).alert(f), both("due seats warning")...)
	w.answers["wecom"] = life.RefusedForNow
	w.want("wecom is down", w.wait(7*day).alert(f), "slack: due seats warning")
	w.want("and owed once", w.wait(5*day).alert(f))
	delete(w.answers, "wecom")
	w.want("it hears", w.wait(day).alert(f), "wecom: due seats warning")
	w.want("slack's week", w.wait(day).alert(f), "slack: due seats warning")
}

// TestRemindersDoNotPile: a reminder that is on its way is not reminded of.
func TestRemindersDoNotPile(t *testing.T) {
	t.Parallel()
	f := firing("seats", license.Warning)
	f.RemindEvery = day
	w := newWorld(t)
	w.answers["wecom"] = life.RefusedForNow
	w.alert(f)
	for range 4 {
		w.want("slack", w.wait(day).alert(f), "slack: due seats warning")
	}
	delete(w.answers, "wecom")
	w.want("wecom", w.wait(hour).alert(f), "wecom: new seats warning")
	w.want("both again", w.wait(day).alert(f), both("due seats warning")...)
}

// TestDailyReminderOfADailyTimer: the timer's jitter does not cost a day.
func TestDailyReminderOfADailyTimer(t *testing.T) {
	t.Parallel()
	f := firing("seats", license.Warning)
	f.RemindEvery = day
	w := newWorld(t)
	for i := range 10 {
		w.now = start.AddDate(0, 0, i).Add(time.Duration(i*7%5) * time.Minute)
		if told := w.alert(f); len(told) != 2 {
			t.Errorf("day %d: told %v", i, told)
		}
	}
}

// TestReminderOfAFrequentTimer keeps its time of day.
func TestReminderOfAFrequentTimer(t *testing.T) {
	t.Parallel()
	f := firing("seats", license.Warning)
	f.RemindEvery = day
	w := newWorld(t)
	var spoke []time.Duration
	for w.now.Before(start.Add(5 * day)) {
		if told := w.alert(f); len(told) > 0 {
			spoke = append(spoke, w.now.Sub(start))
		}
		w.wait(10 * time.Minute)
	}
	if want := []time.Duration{0, day, 2 * day, 3 * day, 4 * day}; !slices.Equal(spoke, want) {
		t.Errorf("spoke after %v, want %v", spoke, want)
	}
}

// TestOneMessage: whatever is due goes into one, worst first, soonest first.
func TestOneMessage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.digest(firing("calm", license.Info), firing("tcss-over", license.Warning))
	got := w.alert(firing("calm", license.Info), fine("tcss-over"), keyedRecord("order/late", w.now, 13), firing("trouble", license.Critical),
		keyedRecord("order/soon", w.now, 9), firing("nameless", license.Warning))
	if len(w.plan.Messages) != 1 || w.plan.Reason != "4 new, 1 resolved" {
		t.Fatalf("%d messages, %q", len(w.plan.Messages), w.plan.Reason)
	}
	var order []string
	for _, f := range w.plan.Messages[0].Report.Firing {
		order = append(order, f.Key())
	}
	if want := []string{"trouble", "order/soon", "order/late", "nameless"}; !slices.Equal(order, want) {
		t.Errorf("order %v, want %v", order, want)
	}
	w.want("all", got, both("new trouble critical", "new order/soon warning 9", "new order/late warning 13", "new nameless warning", "resolved tcss-over", "mention")...)
	w.snapshot = whole("late", "soon")
	w.want("then", w.alert(firing("trouble", license.Critical)))
	if w.plan.Reason != "nothing new" {
		t.Errorf("reason %q", w.plan.Reason)
	}
}

// TestMention: people are called when something critical is new, or worse, or due
// again, and not otherwise.
func TestMention(t *testing.T) {
	t.Parallel()
	critical, warning := firing("a", license.Critical), firing("a", license.Warning)
	often := critical
	often.RemindEvery = day
	tests := map[string]struct {
		before []license.Finding
		now    license.Finding
		want   bool
	}{
		"new critical":      {nil, critical, true},
		"new warning":       {nil, warning, false},
		"becomes critical":  {[]license.Finding{warning}, critical, true},
		"reminder":          {[]license.Finding{often}, often, true},
		"next rung":         {[]license.Finding{keyedRecord("order/a", start, 3)}, keyedRecord("order/a", start.Add(2*day), 1), true},
		"goes on":           {[]license.Finding{keyedRecord("order/a", start, 3)}, keyedRecord("order/a", start.Add(2*day), 2), false},
		"becomes isolated":  {[]license.Finding{keyedRecord("order/a", start, 1)}, firing("isolated/a", license.Critical), true},
		"a change for real": {nil, event("a", "1>2", license.Critical), true},
		"a small change":    {nil, event("a", "1>2", license.Warning), false},
	}
	for name, test := range tests {
		for _, mode := range []license.Mode{license.ModeAlert, license.ModeDigest} {
			t.Run(fmt.Sprint(name, " ", mode), func(t *testing.T) {
				t.Parallel()
				w := newWorld(t)
				if test.before != nil {
					w.alert(test.before...)
				}
				w.wait(2*day).run(mode, []license.Finding{test.now, fine("order/a")})
				got := slices.ContainsFunc(w.plan.Messages, func(m life.Message) bool { return m.Report.Mention })
				if got != test.want || len(w.plan.Messages) > 1 {
					t.Errorf("mention %t in %d messages, want %t", got, len(w.plan.Messages), test.want)
				}
			})
		}
	}
}
