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
	w.want("down", w.alert(ending("order/a", w.now, 7)), "slack: new order/a warning 7")
	w.want("the same is on its way", w.wait(hour).alert(ending("order/a", w.now.Add(-hour), 7)))
	if got := w.plan.Reason; got != "nothing new, 1 owed from before" {
		t.Errorf("reason %q", got)
	}
	want := []life.Owed{{Channel: "wecom", Messages: 1, Again: true}}
	if diff := cmp.Diff(want, w.ledger.Owed(w.channels, w.now, w.hours)); diff != "" {
		t.Errorf("owed (-want +got):\n%s", diff)
	}
	w.want("worse", w.wait(4*day).alert(ending("order/a", w.now, 3)), "slack: worse order/a critical 3 was 7 warning", "slack: mention")
	delete(w.answers, "wecom")
	w.want("back", w.wait(day).alert(ending("order/a", w.now, 2)),
		"wecom: new order/a warning 7", "wecom: worse order/a critical 3 was 7 warning", "wecom: mention")
	if diff := cmp.Diff(w.told["slack"], w.told["wecom"]); diff != "" {
		t.Errorf("in the end (-slack +wecom):\n%s", diff)
	}
	if got := slices.Compact(w.ids["wecom"]); !slices.Equal(got, w.ids["slack"]) {
		t.Errorf("ids %v", w.ids)
	}
	w.want("then", w.wait(hour).alert(ending("order/a", w.now.Add(-hour), 2)))
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

// TestNoAnswer: a digest counts as said, an alert is repeated once with the same
// id.
func TestNoAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.channels = []string{"wecom"}
	w.answers["wecom"] = life.NoAnswer
	w.slot = "daily"
	w.digest(firing("seats", license.Warning))
	w.want("rerun", w.digest(firing("seats", license.Warning)))
	w.alert(firing("seats", license.Warning))
	w.alert(firing("seats", license.Critical))
	w.wait(hour).alert(firing("seats", license.Critical))
	w.wait(hour).alert(firing("seats", license.Critical))
	if want := []string{"run001", "run004", "run004"}; !slices.Equal(w.ids["wecom"], want) {
		t.Errorf("sent %v, want %v", w.ids["wecom"], want)
	}
	w.answers["wecom"] = life.NoAnswer
	w.alert(firing("tcss-over", license.Critical))
	w.answers["wecom"] = life.RefusedForNow
	w.alert(firing("tcss-over", license.Critical))
	delete(w.answers, "wecom")
	w.want("accepted in the end", w.alert(firing("tcss-over", license.Critical)), "wecom: new tcss-over critical", "wecom: mention")
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
	w.ledger.Accept("bbbbbb", "wecom", w.now)
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
			w.alert(ending("order/a", w.now, 7))
			later := ending("order/a", w.wait(4*day).now, test.days)
			in := life.Input{Now: w.now, Mode: license.ModeAlert, Channels: w.channels, Snapshot: w.snapshot, RuleIDs: []string{"order"},
				Findings: []license.Finding{later}, Base: license.Report{ID: "bbbbbb"}}
			w.ledger.Plan(in)
			w.ledger.Accept("bbbbbb", "wecom", w.now)
			delete(w.answers, "wecom")
			if n := len(w.wait(2 * hour).alert(later)); n != 1 {
				t.Fatalf("told %d things", n)
			}
			w.want("then", w.wait(hour).alert(later))
			w.want("and worse", w.alert(ending("order/a", w.now, 1)), test.want...)
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
		l.Accept("a1b2c3", "slack", start)
		l.Accept("a1b2c3", "wecom", start)
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
	w.ledger.Accept("run001", "slack", w.now)
	w.ledger.Accept("run001", "nobody", w.now)
	w.ledger.Accept("nothing", "wecom", w.now)
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
