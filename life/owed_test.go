package life_test

import (
	"fmt"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"licensewatch/license"
	"licensewatch/life"
)

// TestOneChannelDown: the other hears everything once; the one that was down
// hears it later, with the first text and id, before anything newer.
func TestOneChannelDown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.answers["wecom"] = life.RefusedForNow
	w.want("down", w.alert(keyedRecord("order/a", w.now, 7)), "slack: new order/a warning 7")
	w.want("the same is on its way", w.wait(hour).alert(keyedRecord("order/a", w.now.Add(-hour), 7)))
	if got := w.plan.Reason; got != "nothing new, 1 owed from before" {
		t.Errorf("reason %q", got)
	}
	want := []life.Owed{{Channel: "wecom", Messages: 1, Again: true}}
	if diff := cmp.Diff(want, w.ledger.Owed(w.channels, w.now, w.hours)); diff != "" {
		t.Errorf("owed (-want +got):\n%s", diff)
	}
	w.want("worse", w.wait(4*day).alert(keyedRecord("order/a", w.now, 3)), "slack: worse order/a critical 3 was 7 warning", "slack: mention")
	delete(w.answers, "wecom")
	w.want("back", w.wait(day).alert(keyedRecord("order/a", w.now, 2)),
		"wecom: new order/a warning 7", "wecom: worse order/a critical 3 was 7 warning", "wecom: mention")
	if diff := cmp.Diff(w.told["slack"], w.told["wecom"]); diff != "" {
		t.Errorf("in the end (-slack +wecom):\n%s", diff)
	}
	if got := slices.Compact(w.ids["wecom"]); !slices.Equal(got, w.ids["slack"]) {
		t.Errorf("ids %v", w.ids)
	}
	w.want("then", w.wait(hour).alert(keyedRecord("order/a", w.now.Add(-hour), 2)))
}

// TestNewChannel hears what fires as new, with its age; the others nothing.
func TestNewChannel(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.alert(firing("seats", license.Warning))
	w.channels = append(w.channels, "slack[1]")
	w.want("then", w.wait(4*day).alert(firing("seats", license.Warning)), "slack[1]: new seats warning")
	if since := w.plan.Messages[0].Report.Firing[0].Story.Since; !since.Equal(start) {
		t.Errorf("since %v", since)
	}
}

// TestChannelMissingForAWhile: what it is owed waits for it, and troubles nobody.
func TestChannelMissingForAWhile(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.answers["wecom"] = life.RefusedForNow
	w.alert(firing("seats", license.Warning))
	w.channels = []string{"slack"}
	w.want("not there", w.wait(hour).alert(firing("seats", license.Warning)))
	if owed := w.ledger.Owed(w.channels, w.now, w.hours); len(owed) > 0 {
		t.Errorf("owed %+v", owed)
	}
	delete(w.answers, "wecom")
	w.channels = []string{"slack", "wecom", "wecom"}
	w.want("there", w.wait(hour).alert(firing("seats", license.Warning)), "wecom: new seats warning")
}

// TestNoAnswer: a digest is not sent again, and what it said is due; an alert is sent in
// three runs, and what it said is due with the next digest.
func TestNoAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.channels = []string{"wecom"}
	w.answers["wecom"] = life.NoAnswer
	w.slot = "daily"
	w.digest(firing("seats", license.Warning))
	w.want("rerun", w.digest(firing("seats", license.Warning)))
	if got := w.plan.Reason; got != "rerun of a digest that nobody is owed, wecom may not have got what was said" {
		t.Errorf("reason %q", got)
	}
	for range 5 {
		w.wait(hour).alert(firing("seats", license.Warning))
	}
	if want := []string{"run001", "run003", "run003", "run003"}; !slices.Equal(w.ids["wecom"], want) {
		t.Errorf("sent %v, want %v", w.ids["wecom"], want)
	}
	delete(w.answers, "wecom")
	w.want("not by alerts", w.wait(hour).alert(firing("seats", license.Warning)))
	if got := w.ledger.Doubtful(w.channels); !slices.Equal(got, w.channels) {
		t.Errorf("doubtful %v", got)
	}
	w.slot = "the next"
	w.want("by the digest", w.wait(hour).digest(firing("seats", license.Warning)), "wecom: new seats warning", "wecom: digest")
	unheard := w.plan.Messages[0].Report.Unheard
	if len(unheard) != 1 || unheard[0].ID != "run003" || unheard[0].Channel != "wecom" {
		t.Errorf("unheard %+v", unheard)
	}
	if got := w.ledger.Doubtful(w.channels); len(got) > 0 {
		t.Errorf("doubtful %v", got)
	}
	w.want("then", w.wait(hour).alert(firing("seats", license.Warning)))
	w.want("and then", w.wait(day).digest(firing("seats", license.Warning)), "wecom: ongoing seats warning", "wecom: digest")
	if unheard := w.plan.Messages[0].Report.Unheard; len(unheard) > 0 {
		t.Errorf("told twice: %+v", unheard)
	}
}

// TestAnswerInTheEnd: an alert that got no answer says so when it is sent again, and is
// told once it is accepted, also when it was refused in between.
func TestAnswerInTheEnd(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.answers["wecom"] = life.NoAnswer
	w.alert(firing("tcss-over", license.Critical))
	w.answers["wecom"] = life.RefusedForNow
	w.wait(hour).alert(firing("tcss-over", license.Critical))
	delete(w.answers, "wecom")
	w.want("accepted", w.wait(hour).alert(firing("tcss-over", license.Critical)), "wecom: new tcss-over critical", "wecom: mention")
	if m := w.plan.Messages[0]; !m.Report.Repeat || m.ID != "run001" {
		t.Errorf("message %s, a repeat %t", m.ID, m.Report.Repeat)
	}
	w.want("then", w.wait(hour).alert(firing("tcss-over", license.Critical)))
}

// TestNoAnswerForADay: an alert that got no answer is given up after a day, however many
// runs there were.
func TestNoAnswerForADay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.channels = []string{"wecom"}
	w.answers["wecom"] = life.NoAnswer
	w.alert(firing("seats", license.Warning))
	delete(w.answers, "wecom")
	w.want("a day later", w.wait(day).alert(firing("seats", license.Warning)))
	if got := w.ledger.Unaccepted(w.channels, w.now, w.hours); len(got) != 1 || !got[0].GivenUp.Equal(w.now) {
		t.Errorf("unaccepted %+v", got)
	}
	w.want("without a digest", w.wait(day).alert(firing("seats", license.Warning)), "wecom: new seats warning")
}

// TestUnacceptedAtNight: a silent chat is asked at night for the sake of what is said at
// night, and in the morning for all of it.
func TestUnacceptedAtNight(t *testing.T) {
	t.Parallel()
	full, over := firing("full", license.Warning), firing("over", license.Critical)
	for name, test := range map[string]struct {
		told, lost []license.Finding
		night      int
	}{
		"a warning":                   {nil, []license.Finding{full}, 0},
		"that a warning is over":      {[]license.Finding{full}, []license.Finding{fine("full")}, 0},
		"that a critical one is over": {[]license.Finding{over}, []license.Finding{fine("over")}, 0},
		"something critical":          {nil, []license.Finding{over}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.hours, w.channels = officeHours, []string{"wecom"}
			w.digest(test.told...)
			w.answers["wecom"] = life.NoAnswer
			for w.wait(9 * hour); w.now.Before(start.Add(12 * hour)); w.wait(hour) {
				w.alert(test.lost...)
			}
			if got := len(w.ledger.Unaccepted(w.channels, night, w.hours)); got != test.night {
				t.Errorf("%d alerts to ask for at night, want %d", got, test.night)
			}
			if got := len(w.ledger.Unaccepted(w.channels, morning, w.hours)); got != 1 {
				t.Errorf("%d in the morning, want 1", got)
			}
		})
	}
}

// TestMilderWithoutAnAnswer: what was said milder in a message that may have arrived, is
// told again when it is as bad as before.
func TestMilderWithoutAnAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.channels = []string{"wecom"}
	w.digest(firing("seats", license.Critical))
	w.answers["wecom"] = life.NoAnswer
	w.wait(day).digest(firing("seats", license.Warning))
	delete(w.answers, "wecom")
	w.want("worse", w.wait(hour).alert(firing("seats", license.Critical)), "wecom: worse seats critical was warning", "wecom: mention")
}

// TestLessWithoutAnAnswer: whoever may have read that there is less of it is told when
// there is more again, by what they may have read.
func TestLessWithoutAnAnswer(t *testing.T) {
	t.Parallel()
	seats := func(used float64) license.Finding { return measured("seats", license.Warning, used, 10) }
	for name, test := range map[string]struct {
		answer life.Refusal
		told   []string
	}{
		"it may have arrived": {life.NoAnswer, []string{"slack: worse seats warning"}},
		"it has not":          {life.RefusedForGood, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.channels = []string{"slack"}
			w.alert(seats(80))
			w.answers["slack"] = test.answer
			w.wait(hour).digest(seats(60))
			delete(w.answers, "slack")
			w.want("more again", w.wait(2*hour).alert(seats(75)), test.told...)
		})
	}
}

// TestEndWithoutAnAnswer: the end is told of what a channel may have heard.
func TestEndWithoutAnAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.channels = []string{"wecom"}
	w.answers["wecom"] = life.NoAnswer
	w.digest(firing("seats", license.Warning))
	delete(w.answers, "wecom")
	w.want("over", w.wait(hour).alert(fine("seats")), "wecom: resolved seats")
}

// TestCallThatIsOwed is made by the next run, and given up when nobody needs it.
func TestCallThatIsOwed(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		then    license.Finding
		refusal life.Refusal // of the call
		calls   int
	}{
		"goes on":      {firing("seats", license.Critical), "", 1},
		"is over":      {fine("seats"), "", 0},
		"down":         {firing("seats", license.Critical), life.RefusedForNow, 5},
		"dead":         {firing("seats", license.Critical), life.RefusedForGood, 1},
		"no answer":    {firing("seats", license.Critical), life.NoAnswer, 3},
		"not critical": {firing("seats", license.Warning), "", 1}, // it was when it was said
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.channels = []string{"wecom"}
			in := life.Input{Now: w.now, Mode: license.ModeAlert, Channels: w.channels, Snapshot: w.snapshot, RuleIDs: []string{"seats"},
				Base: license.Report{ID: "aaaaaa"}, Findings: []license.Finding{firing("seats", license.Critical)}}
			w.ledger.Plan(in)
			w.ledger.Accept("aaaaaa", "wecom", w.now, life.Rest{Call: true})
			in.Findings = []license.Finding{test.then}
			calls := 0
			for range 5 {
				w.save()
				in.Now = in.Now.Add(hour)
				for _, m := range w.ledger.Plan(in).Messages {
					if m.Report.OnlyCall && m.ID == "aaaaaa" && m.Report.Mention {
						calls++
					}
					if test.refusal != "" && m.Report.OnlyCall {
						w.ledger.Refuse(m.ID, "wecom", in.Now, test.refusal)
					} else {
						w.ledger.Accept(m.ID, "wecom", in.Now, life.Rest{})
					}
				}
			}
			if calls != test.calls {
				t.Errorf("%d calls, want %d", calls, test.calls)
			}
		})
	}
}

// TestUnnamed: what a message did not name is told by the next one.
func TestUnnamed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.channels = []string{"wecom"}
	findings := []license.Finding{firing("a", license.Critical), firing("b", license.Warning), event("order-renewal/a", "1>2", license.Warning), fine("tcss-gone")}
	w.alert(firing("tcss-gone", license.Warning))
	in := life.Input{Now: w.wait(hour).now, Mode: license.ModeAlert, Channels: w.channels, Snapshot: w.snapshot, Findings: findings,
		RuleIDs: []string{"a", "b", "order-renewal", "tcss-gone"}, Base: license.Report{ID: "aaaaaa"}}
	w.ledger.Plan(in)
	w.ledger.Accept("aaaaaa", "wecom", w.now, life.Rest{Unnamed: []string{"b", "order-renewal/a 1>2", "over tcss-gone"}})
	w.rules = in.RuleIDs
	w.want("the rest", w.wait(hour).alert(findings...), "wecom: new b warning", "wecom: new order-renewal/a warning 1>2", "wecom: resolved tcss-gone")
	w.want("then", w.wait(hour).alert(findings...))
}

// TestDeadAndCritical: a channel that refuses for good is left alone for an hour, but not
// with what is critical and new, until it has refused that again and again.
func TestDeadAndCritical(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.channels = []string{"wecom"}
	w.answers["wecom"] = life.RefusedForGood
	w.alert(firing("seats", license.Warning))
	for range 6 {
		w.wait(10*time.Minute).alert(firing("seats", license.Warning), firing("tcss-over", license.Critical))
	}
	if want := []string{"run001", "run001", "run002", "run001", "run002", "run001", "run002"}; !slices.Equal(w.ids["wecom"], want) {
		t.Errorf("sent %v, want %v", w.ids["wecom"], want)
	}
	if owed := w.ledger.Owed(w.channels, w.now, w.hours); owed[0].Again {
		t.Error("a rerun is said to help")
	}
}

// TestFailingSince: from the first refusal to the next acceptance.
func TestFailingSince(t *testing.T) {
	t.Parallel()
	for _, refusal := range []life.Refusal{life.RefusedForNow, life.RefusedForGood, life.NoAnswer} {
		w := newWorld(t)
		w.answers["wecom"] = refusal
		for range 3 {
			w.wait(day).digest(firing("seats", license.Warning))
		}
		if at, failing := w.ledger.FailingSince("wecom"); !failing || !at.Equal(start.Add(day)) {
			t.Errorf("%s: failing %t since %v", refusal, failing, at)
		}
		if _, failing := w.ledger.FailingSince("slack"); failing {
			t.Errorf("%s: slack fails", refusal)
		}
		delete(w.answers, "wecom")
		w.wait(day).digest(firing("seats", license.Warning))
		if _, failing := w.ledger.FailingSince("wecom"); failing {
			t.Errorf("%s: it still fails", refusal)
		}
	}
}

// TestRefusedForGood: a digest is not owed any more; an alert stays owed for a
// week and is tried once an hour.
func TestRefusedForGood(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.channels = []string{"wecom"}
	w.answers["wecom"] = life.RefusedForGood
	w.slot = "daily"
	w.digest(firing("seats", license.Warning))
	w.want("rerun", w.digest(firing("seats", license.Warning)))
	if owed := w.ledger.Owed(w.channels, w.now, w.hours); len(owed) > 0 {
		t.Errorf("a digest is owed: %+v", owed)
	}
	w.wait(2 * hour).alert(firing("seats", license.Warning))
	sent := w.runs
	for range 18 { // three hours
		w.wait(10 * time.Minute).alert(firing("seats", license.Warning))
	}
	if got := w.ids["wecom"]; len(got) != 5 || got[1] != fmt.Sprintf("run%03d", sent) || got[4] != got[1] {
		t.Errorf("sent %v", got)
	}
	if got := w.plan.Reason; got != "nothing new, 1 owed from before" {
		t.Errorf("reason %q", got)
	}
	w.want("too early", w.wait(10*time.Minute).alert(firing("seats", license.Warning), firing("tcss-over", license.Warning)))
	if got := w.plan.Reason; got != "1 new, wecom refused and must wait" {
		t.Errorf("reason %q", got)
	}
	want := []life.Owed{{Channel: "wecom", Messages: 2}}
	if diff := cmp.Diff(want, w.ledger.Owed(w.channels, w.now, w.hours)); diff != "" {
		t.Errorf("owed (-want +got):\n%s", diff)
	}
	delete(w.answers, "wecom")
	w.want("mended", w.wait(hour).alert(firing("seats", license.Warning), firing("tcss-over", license.Warning)),
		"wecom: new seats warning", "wecom: new tcss-over warning")
}

// TestOddMessage: a message that a living channel refuses does not hold up the
// others.
func TestOddMessage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.channels = []string{"wecom"}
	in := life.Input{Now: w.now, Mode: license.ModeAlert, Channels: w.channels, Snapshot: w.snapshot, Base: license.Report{ID: "aaaaaa"}}
	in.Findings = []license.Finding{firing("odd", license.Warning)}
	w.ledger.Plan(in)
	in.Base.ID, in.Findings = "bbbbbb", append(in.Findings, firing("tcss-over", license.Warning))
	if n := len(w.ledger.Plan(in).Messages); n != 2 {
		t.Fatalf("%d messages", n)
	}
	w.ledger.Refuse("aaaaaa", "wecom", w.now, life.RefusedForGood)
	w.ledger.Accept("bbbbbb", "wecom", w.now, life.Rest{})
	w.rules = []string{"odd", "tcss-over"}
	w.want("the next goes out", w.wait(time.Minute).alert(append(in.Findings, firing("another", license.Warning))...), "wecom: new another warning")
}

// TestOutOfOrder: an older message that is accepted after a newer one takes
// nothing back.
func TestOutOfOrder(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		days int
		want []string
	}{
		"a rung down":       {3, []string{"wecom: worse order/a critical 1 was 3", "wecom: mention"}},
		"on another ladder": {20, []string{"wecom: worse order/a critical 1 was 20 warning", "wecom: mention"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.channels = []string{"wecom"}
			w.answers["wecom"] = life.RefusedForGood
			w.alert(keyedRecord("order/a", w.now, 7))
			later := keyedRecord("order/a", w.wait(4*day).now, test.days)
			in := life.Input{Now: w.now, Mode: license.ModeAlert, Channels: w.channels, Snapshot: w.snapshot, RuleIDs: []string{"order"},
				Findings: []license.Finding{later}, Base: license.Report{ID: "bbbbbb"}}
			w.ledger.Plan(in)
			w.ledger.Accept("bbbbbb", "wecom", w.now, life.Rest{})
			delete(w.answers, "wecom")
			if n := len(w.wait(2 * hour).alert(later)); n != 1 {
				t.Fatalf("told %d things", n)
			}
			w.want("then", w.wait(hour).alert(later))
			w.want("and worse", w.alert(keyedRecord("order/a", w.now, 1)), test.want...)
		})
	}
}

// TestAlertsExpire: an alert that was owed for a week is given up and counted;
// what still holds is said anew.
func TestAlertsExpire(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.answers["wecom"] = life.RefusedForNow
	w.alert(firing("seats", license.Warning), event("order-renewal/a", "1>2", license.Warning))
	for range 6 {
		w.wait(day).alert(firing("seats", license.Warning))
	}
	delete(w.answers, "wecom")
	w.want("a week later", w.wait(day).alert(firing("seats", license.Warning)), "wecom: new seats warning")
	if diff := cmp.Diff([]license.Notice{{Code: license.NoticeDropped, Args: []string{"1"}}}, w.plan.Messages[0].Report.Notices); diff != "" {
		t.Errorf("notices (-want +got):\n%s", diff)
	}
	w.alert(firing("seats", license.Critical))
	if got := w.plan.Messages[0].Report.Notices; len(got) > 0 {
		t.Errorf("told twice: %v", got)
	}
}

// TestTooManyOwed: the oldest alerts are merged into one, as they are by then.
func TestTooManyOwed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.answers["wecom"] = life.RefusedForNow
	var findings []license.Finding
	for i := range 30 {
		findings = append(findings, firing(fmt.Sprintf("order/%02d", i), license.Warning))
		w.wait(time.Minute).alert(findings...)
		if owed := w.ledger.Owed(w.channels, w.now, w.hours); owed[0].Messages > 20 {
			t.Fatalf("owed %+v", owed)
		}
	}
	if n := len(w.told["slack"]); n != 30 {
		t.Errorf("slack was told %d things", n)
	}
	delete(w.answers, "wecom")
	w.wait(time.Minute).alert(findings...)
	slices.Sort(w.told["slack"])
	slices.Sort(w.told["wecom"])
	if diff := cmp.Diff(w.told["slack"], w.told["wecom"]); diff != "" {
		t.Errorf("told (-slack +wecom):\n%s", diff)
	}
	if n := len(slices.Compact(w.ids["wecom"])); n > 40 {
		t.Errorf("%d messages", n)
	}
	dropped := 0
	for _, m := range w.plan.Messages {
		for _, n := range m.Report.Notices {
			number, _ := strconv.Atoi(n.Args[0])
			dropped += number
		}
	}
	if dropped != 20 {
		t.Errorf("said that %d were dropped", dropped)
	}
}

// TestIDs: a run's first message has the run's id; no two messages share one,
// also when the same event runs again.
func TestIDs(t *testing.T) {
	t.Parallel()
	plan := func(l *life.Ledger, findings ...license.Finding) (ids []string) {
		p := l.Plan(life.Input{Now: start, Mode: license.ModeAlert, Channels: []string{"slack", "wecom"}, Findings: findings,
			Snapshot: whole(), Base: license.Report{ID: "a1b2c3"}})
		for _, m := range p.Messages {
			if m.Report.ID != m.ID {
				t.Errorf("the report has id %s, the message %s", m.Report.ID, m.ID)
			}
			ids = append(ids, m.ID)
		}
		return ids
	}
	build := func() []string {
		l := life.New()
		ids := plan(l, firing("seats", license.Warning))
		l.Accept("a1b2c3", "slack", start, life.Rest{})
		l.Accept("a1b2c3", "wecom", start, life.Rest{})
		return slices.Concat(ids, plan(l, firing("seats", license.Critical)), plan(l, firing("seats", license.Critical), firing("tcss-over", license.Warning)))
	}
	ids := build()
	if len(ids) != 4 || ids[0] != "a1b2c3" || ids[1] != ids[2] || ids[1] == ids[0] || ids[3] == ids[1] || ids[3] == ids[0] || len(ids[3]) != 6 {
		t.Errorf("ids %v", ids)
	}
	if again := build(); !slices.Equal(ids, again) {
		t.Errorf("ids %v, then %v", ids, again)
	}
}

// TestAnswersToNobody: an answer about a message that the channel is not owed
// changes nothing.
func TestAnswersToNobody(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.answers["wecom"] = life.RefusedForNow
	w.alert(firing("seats", license.Warning))
	before, _ := w.ledger.Encode()
	w.ledger.Accept("run001", "slack", w.now, life.Rest{})
	w.ledger.Accept("run001", "nobody", w.now, life.Rest{})
	w.ledger.Accept("nothing", "wecom", w.now, life.Rest{})
	w.ledger.Refuse("run001", "slack", w.now, life.RefusedForGood)
	w.ledger.Refuse("run001", "wecom", w.now, life.RefusedForNow)
	after, _ := w.ledger.Encode()
	if diff := cmp.Diff(string(before), string(after)); diff != "" {
		t.Errorf("the ledger changed:\n%s", diff)
	}
}

// TestWrongClock: a run with a clock that was far ahead does not silence those
// that come after it.
func TestWrongClock(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.channels = []string{"wecom"}
	w.now = start.AddDate(1, 0, 0)
	f := firing("seats", license.Warning)
	f.RemindEvery = day
	w.answers["wecom"] = life.RefusedForGood
	w.alert(f)
	delete(w.answers, "wecom")
	w.now = start
	w.want("the clock is right again", w.alert(f), "wecom: new seats warning")
	w.want("and goes on", w.wait(hour).alert(f))
	w.want("a day later", w.wait(day).alert(f), "wecom: due seats warning")
}
